"""`PictureMap`: pictures laid out by their features, and the nearest neighbours of each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from traitlets import Dict, observe, validate

from dlcourse.errors import CourseError
from dlcourse.lens.embedding import METHODS, agreement
from dlcourse.widgets.picture_map.mapped import NEIGHBOURS, Mapped, mapped, mapped_at_hand
from dlcourse.widgets.picture_map.still import picture_map_still
from dlcourse.widgets.picture_map.words import picture_map_words
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.traits import Checked, is_number, one_of, whole
from dlcourse.widgets.shared.widget import Widget, browser_files


class Neighbour(NamedTuple):
    """The number of a picture near another one, and how far it is away."""

    picture: int
    distance: float


@dataclass(frozen=True, eq=False)
class Look:
    """What the map shows.

    Attributes:
        mapped: The pictures.
        points: Where they lie.
        method: By which method.
        picked: Which is looked at.
        neighbours: The numbers of its neighbours.
        same: For each picture the share of its neighbours that are of its class; None where nobody knows.
    """

    mapped: Mapped
    points: np.ndarray
    method: str
    picked: int
    neighbours: np.ndarray
    same: np.ndarray | None


def _picked(value: Any) -> int:
    if not is_number(value) or value != int(value):
        raise CourseError(f"`picked` must be the number of a picture, but it is {value!r}.")
    return int(value)


class PictureMap(Widget):
    """Pictures laid out by their features: what a network finds alike lies together.

    The map is drawn by PCA or t-SNE; a picture that is picked is joined to its nearest neighbours among the features
    themselves, in all of their dimensions, which are listed with their distances. Where the classes are known, it is
    counted how many neighbours share them: the better the features, the more. The map is moved by hand or with Shift
    and the arrow keys, and scaled with + and -, or with the wheel once it was clicked.

    Args:
        features: A row of numbers for each picture, as `base.predict(x)` gives them; at most 500. Without any, digits
            by the second layer of a small network.
        images: The pictures, n × height × width (× channels).
        labels: Their classes: numbers, one-hot rows or names; None where nobody knows.
        classes: What the class numbers are called.
        method: "tsne" for a map that keeps near neighbours near, "pca" for the two directions in which the features
            vary most. A trait, as all that follow.
        picked: The number of the picture that is looked at.
        k: How many neighbours are shown, 1 to 20.

    Raises:
        CourseError: If an argument cannot be used, with the mend.

    Example:
        >>> widget = PictureMap(features, images, labels, method="pca")
        >>> widget.picked = 7
        >>> widget.neighbours()[0]
        Neighbour(picture=0, distance=7.511...)
    """

    _esm, _css = browser_files(Path(__file__).parent, {"most": NEIGHBOURS})
    _settings = ("method", "picked", "k")

    # how the pictures are laid out
    method = Checked(one_of("method", METHODS), "tsne").tag(sync=True)
    # what is looked at
    picked = Checked(_picked, 0).tag(sync=True)
    k = Checked(whole("k", 1, NEIGHBOURS), 5).tag(sync=True)
    # the pictures, their neighbours, and for each method that was asked for where they lie
    _mapped = Dict().tag(sync=True)
    _points = Dict().tag(sync=True)

    def __init__(
        self,
        features: Any = None,
        images: Any = None,
        labels: Any = None,
        classes: Any = None,
        method: str = "tsne",
        **settings: Any,
    ) -> None:
        """See the class."""
        self._refuse_unknown(settings, "features", "images", "labels", "classes")
        self._shown = _given(features, images, labels, classes)
        super().__init__(method=method, **settings)
        self._mapped = self._shown.described()
        self._lay_out()
        self._remember_start()

    @property
    def points(self) -> np.ndarray:
        """Where the pictures lie: two coordinates each."""
        return self._shown.points(self.method)

    def neighbours(self) -> list[Neighbour]:
        """The nearest neighbours of the picture that is looked at, the nearest first."""
        indices, distances = (table[self.picked, : self.k].tolist() for table in self._shown.neighbours)
        return [Neighbour(number, distance) for number, distance in zip(indices, distances, strict=True)]

    @property
    def agreement(self) -> float | None:
        """The share of the neighbours, over all pictures, that are of their picture's class; None without labels."""
        same = self._same()
        return None if same is None else float(same.mean())

    def _same(self) -> np.ndarray | None:
        labels = self._shown.labels
        return None if labels is None else agreement(labels, self._shown.neighbours.indices[:, : self.k])

    @validate("picked")
    def _known_picture(self, proposal: dict[str, Any]) -> int:
        count = len(self._shown.features)
        if not 0 <= proposal["value"] < count:
            raise CourseError(f"`picked` must be a picture's number, 0 to {count - 1}, but it is {proposal['value']}.")
        return proposal["value"]

    @validate("k")
    def _enough_others(self, proposal: dict[str, Any]) -> int:
        return min(proposal["value"], self._shown.neighbours.indices.shape[1])

    @observe("method")
    def _other_method(self, _: Any) -> None:
        if self._start:
            self._lay_out()

    def _lay_out(self) -> None:
        """Hands over where the pictures lie; always by PCA too, which costs nothing."""
        points = {method: self._shown.points(method) for method in {"pca", self.method}}
        self._points = self._points | {method: array.astype("float32").tobytes() for method, array in points.items()}

    def _look(self) -> Look:
        return Look(
            mapped=self._shown,
            points=self.points,
            method=self.method,
            picked=self.picked,
            neighbours=self._shown.neighbours.indices[self.picked, : self.k],
            same=self._same(),
        )

    def _in_words(self, look: Look) -> str:
        return picture_map_words(look)

    def _still(self, look: Look) -> Sheet:
        """The map, the picture that is looked at, and its neighbours."""
        return picture_map_still(look)


def _given(features: Any, images: Any, labels: Any, classes: Any) -> Mapped:
    if features is not None:
        return mapped(features, images, labels, classes)
    for name, value in {"images": images, "labels": labels, "classes": classes}.items():
        if value is not None:
            raise CourseError(f"`{name}` is for features of yours: write PictureMap(features, images).")
    return mapped_at_hand()
