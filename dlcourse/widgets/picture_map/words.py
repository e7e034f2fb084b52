"""What `PictureMap` says in Python, as words.js does in the browser."""

from typing import Any

from dlcourse.widgets.shared.words import percent

METHOD_NAMES = {"pca": "PCA", "tsne": "t-SNE"}


def picture_map_words(look: Any) -> str:
    """How many pictures are laid out, which is picked, and what its neighbours are.

    Args:
        look: What `PictureMap._look` says.
    """
    shown = look.mapped
    count, dimensions = shown.features.shape
    text = f"PictureMap: {count} pictures by their {dimensions} features, laid out by {METHOD_NAMES[look.method]}. "
    near = ", ".join(str(number) for number in look.neighbours)
    if shown.labels is None:
        return f"{text}Nearest to picture {look.picked}: {near}."
    name, k = shown.classes[shown.labels[look.picked]], len(look.neighbours)
    alike = int((shown.labels[look.neighbours] == shown.labels[look.picked]).sum())
    text += f"Picture {look.picked} is {name!r}; of its {k} nearest neighbours ({near}) {alike} are, too. "
    return text + f"Over all pictures {percent(float(look.same.mean()))} of the neighbours share the class."
