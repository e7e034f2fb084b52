"""`load`, and what gets the public files here before they are needed."""

import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dlcourse.data.catalogue import CATALOGUE, Entry, Public
from dlcourse.data.dataset import Card, Dataset, Parts
from dlcourse.data.download import Unreachable
from dlcourse.data.keras_sets import settle
from dlcourse.data.remote_file import RemoteFile
from dlcourse.data.remote_tree import RemoteTree
from dlcourse.errors import CourseError, unknown

SIZES = ("small", "full")


def load(name: str, size: str = "small", **options: Any) -> Dataset:
    """Load a data set of the course.

    Args:
        name: as `dlcourse data list` shows it, for example "mnist", "signs" or "cifar10".
        size: "small" comes with the installed packages or is generated, without a network and the same for
            everybody; "full" is the public set, from the mirror folder, else the cache, else downloaded.
        options: what the data set lets one choose, for example `load("signs", count=1000, seed=1)`.

    Returns:
        The data set: `.train.x`, `.train.y`, `.test.x`, `.test.y` (NumPy), `.classes`, and `.card`, which says
        what one example is, its licence and how to cite it.

    Raises:
        CourseError: there is no such name, size or option, or the files cannot be had; the sentence says what to do.

    Example:
        >>> digits = load("mnist")
        >>> digits.train.x.shape
        (4000, 28, 28)
    """
    entry = _entry(name)
    if size not in SIZES:
        raise unknown("size", size, SIZES)
    if size == "small":
        if entry.small is None:
            raise CourseError(_no_small(name, entry))
        parts = _checked(entry.small, options, name)(**options)
        return _dataset(name, entry, parts, {})
    if entry.full is None:
        raise CourseError(f"{name} is made by the course and has no full set; load({name!r}) gives it.")
    return _load_full(name, entry, entry.full, options)


def fetch(name: str) -> list[Path]:
    """Have the public files of a data set at hand, verified; return where they lie."""
    entry = _entry(name)
    if entry.full is None:
        return []  # comes with the course
    return [_obtain(source, name, entry, entry.full) for source in entry.full.sources]


def fill_mirror(name: str, mirror: Path) -> Path:
    """Put the public files of a data set into a mirror folder, under their upstream names; return its folder there."""
    entry = _entry(name)
    if entry.full is None:
        raise CourseError(f"{name} comes with the course; a mirror need not hold it.")
    folder = mirror / (entry.full.folder or name)
    for source in entry.full.sources:
        near = source.at_hand(_mirrored(name, entry.full), entry.full.cache(name))
        source.fill(folder, near)
    return folder


def is_at_hand(name: str) -> bool:
    """Whether the full set can be loaded without a network (its files are there; not yet verified)."""
    public = _entry(name).full
    if public is None:
        return False
    mirrored, cache = _mirrored(name, public), public.cache(name)
    return any(
        files and all(file.at_hand(mirrored, cache) is not None for file in files)
        for files in (public.sources, public.originals)
    )


def mirror_folder() -> Path | None:
    """The classroom's mirror, `DLCOURSE_MIRROR`: a folder a data set, files under their upstream names."""
    folder = os.environ.get("DLCOURSE_MIRROR")
    return Path(folder).expanduser() if folder else None


def _entry(name: str) -> Entry:
    if not isinstance(name, str) or name not in CATALOGUE:
        raise unknown("data set", name, CATALOGUE)
    return CATALOGUE[name]


def _load_full(name: str, entry: Entry, public: Public, options: dict[str, Any]) -> Dataset:
    mirrored = _mirrored(name, public)
    if (
        mirrored is not None
        and public.read_originals
        and all((mirrored / file.name).is_file() for file in public.originals)
    ):
        paths = [file.obtain(mirrored, public.cache(name)) for file in public.originals]
        parts = _checked(public.read_originals, options, name, given=1)(paths[0].parent, **options)
        return _dataset(name, entry, parts, _digests(public.originals))
    given = 0 if public.keras is not None else len(public.sources)
    read = _checked(public.read, options, name, given)
    paths = [_obtain(source, name, entry, public) for source in public.sources]
    if public.keras is not None:
        for source, path in zip(public.sources, paths, strict=True):
            settle(path, source.cached_in(public.cache(name)))
        paths = []
    return _dataset(name, entry, read(*paths, **options), _digests(public.sources))


def _obtain(source: RemoteFile | RemoteTree, name: str, entry: Entry, public: Public) -> Path:
    try:
        return source.obtain(_mirrored(name, public), public.cache(name))
    except Unreachable as error:
        small = f"load({name!r}) for the small set" if entry.small else "a set that needs none, such as load('mnist')"
        raise Unreachable(
            f"{error} Three ways out: run it again, it goes on where it stopped; set DLCOURSE_MIRROR to a folder "
            f"that holds {public.folder or name}/{source.name}; or use {small}."
        ) from error


def _mirrored(name: str, public: Public) -> Path | None:
    mirror = mirror_folder()
    return None if mirror is None else mirror / (public.folder or name)


def _dataset(name: str, entry: Entry, parts: Parts, digests: dict[str, str]) -> Dataset:
    train, test, classes = parts
    counts = {"train": len(train), "test": len(test)}
    card = Card(name, entry.title, entry.example, counts, entry.licence, entry.source, entry.cite, digests)
    return Dataset(train, test, classes, card)


def _digests(sources: tuple[RemoteFile | RemoteTree, ...]) -> dict[str, str]:
    return {source.name: source.sha256 for source in sources}


def _checked(read: Callable[..., Parts], options: dict[str, Any], name: str, given: int = 0) -> Callable[..., Parts]:
    names = list(inspect.signature(read).parameters)[given:]
    for option in options:
        if option not in names:
            if names:
                raise unknown(f"option of {name}", option, names)
            raise CourseError(f"{name} has no options; {option!r} was given.")
    return read


def _no_small(name: str, entry: Entry) -> str:
    megabytes = entry.full.megabytes if entry.full else 0
    small = ", ".join(other for other, its in CATALOGUE.items() if its.small)
    return (
        f"{name} has no small set that comes with the course; load({name!r}, 'full') fetches it ({megabytes} MB), "
        f"or take one that needs no network: {small}."
    )
