"""Features on a map of two dimensions, and which examples are neighbours in all of their dimensions.

A map has to lie: what is far apart in a thousand dimensions can come together in two, and the other way round. So
neighbours are always sought among the features themselves.
"""

from typing import Any, NamedTuple

import numpy as np

from dlcourse.errors import CourseError

METHODS = ("pca", "tsne")
_FEWEST = 5  # examples, below which t-SNE has no neighbours to keep
_PERPLEXITY = 30.0  # about how many neighbours t-SNE tries to keep near
_WIDE = 4000  # features: of more, there are first made as few as there are examples
_BEFORE = 50  # dimensions that t-SNE is given: more are first reduced by PCA


class Nearest(NamedTuple):
    """The nearest other examples of each, the nearest first: examples × k."""

    indices: np.ndarray
    distances: np.ndarray


def embedded(features: Any, method: str = "tsne") -> np.ndarray:
    """Lays examples out on a plane by their features.

    Args:
        features: One row of numbers for each example; more axes are flattened.
        method: "pca" for the two directions in which the features vary most, a shadow of the whole; "tsne" for a plane
            on which near neighbours stay near, while distances further away say nothing. It begins with the plane of
            PCA, so that there is no chance in it.

    Returns:
        Two coordinates for each example, float64, around 0.

    Raises:
        CourseError: If the features are no numbers, all alike, or too few; or there is no such method.

    Example:
        >>> embedded([[0, 0, 1], [0, 0, 2], [0, 0, 4]], method="pca")[:, 1]
        array([0., 0., 0.])
    """
    rows = checked_features(features)
    if method not in METHODS:
        raise CourseError(f'`method` must be "pca" or "tsne", but it is {method!r}.')
    if np.ptp(rows, axis=0).max() == 0:
        raise CourseError("All `features` are alike: there is nothing to lay out. Take those of another layer.")
    if method == "pca":
        return _principal(rows, 2)
    if len(rows) < _FEWEST:
        raise CourseError(f't-SNE needs {_FEWEST} examples or more, but there are {len(rows)}: take method="pca".')
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    perplexity = min(_PERPLEXITY, (len(rows) - 1) / 3)
    reduced = _principal(rows, _BEFORE)
    spread = reduced / reduced.std(axis=0).max()
    with threadpool_limits(1):  # so few points take ten times as long where threads wait for each other
        points = TSNE(init="pca", perplexity=perplexity, random_state=0).fit_transform(spread.astype("float32"))
    return _principal(points.astype(float), 2)  # turned, so that it is widest from left to right


def nearest(features: Any, k: int = 5) -> Nearest:
    """The nearest neighbours of each example, by the length of the difference of their features.

    Args:
        features: As in `embedded`.
        k: How many; at most one less than there are examples. Of equally near ones the first come first.

    Returns:
        Their numbers and their distances.

    Raises:
        CourseError: If the features are no numbers, or there are not so many others.

    Example:
        >>> nearest([[0], [1], [5]], k=1).indices.ravel()
        array([1, 0, 1])
    """
    rows = checked_features(features)
    if not 1 <= k < len(rows):
        raise CourseError(f"`k` must be from 1 to {len(rows) - 1}, as there are {len(rows)} examples, but it is {k}.")
    if rows.shape[1] > _WIDE:
        rows = _principal(rows, len(rows))  # turned: all distances stay, with fewer numbers to subtract
    indices = np.empty((len(rows), k), int)
    distances = np.empty((len(rows), k))
    for number, row in enumerate(rows):
        lengths = np.linalg.norm(rows - row, axis=1)
        lengths[number] = np.inf
        order = np.argsort(lengths, kind="stable")[:k]
        indices[number], distances[number] = order, lengths[order]
    return Nearest(indices, distances)


def agreement(labels: Any, neighbours: np.ndarray) -> np.ndarray:
    """For each example the share of its neighbours that are of its class.

    Args:
        labels: The classes.
        neighbours: The numbers of the neighbours, examples × k, as `nearest` finds them.

    Example:
        >>> agreement(["cat", "cat", "dog"], nearest([[0], [1], [5]], k=2).indices)
        array([0.5, 0.5, 0. ])
    """
    classes = np.asarray(labels)
    return (classes[neighbours] == classes[:, None]).mean(axis=1)


def agreement_by_chance(labels: Any) -> float:
    """The share that `agreement` has on average where features say nothing of the classes.

    Example:
        >>> agreement_by_chance(["cat", "cat", "dog", "dog"])
        0.3333333333333333
    """
    _, counts = np.unique(np.asarray(labels), return_counts=True)
    return float((counts * (counts - 1)).sum() / (counts.sum() * (counts.sum() - 1)))


def checked_features(features: Any) -> np.ndarray:
    """Rows of finite numbers, float64.

    Raises:
        CourseError: If they are none, or fewer than two.
    """
    rows = np.asarray(features)
    if rows.ndim < 2 or len(rows) < 2 or rows.size == 0 or rows.dtype.kind not in "biuf":
        raise CourseError(
            "`features` must hold a row of numbers for each of two or more examples, as features.predict(x) gives "
            f"them, but they have the shape {rows.shape} and the type {rows.dtype}."
        )
    rows = rows.reshape(len(rows), -1).astype(float)
    if not np.isfinite(rows).all():
        raise CourseError("`features` hold values that are NaN or infinite: find out where they come from.")
    return rows


def _principal(rows: np.ndarray, dimensions: int) -> np.ndarray:
    """Coordinates along the directions of the largest variance; the largest weight of each direction is positive."""
    centred = rows - rows.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    directions = directions[:dimensions]
    largest = np.abs(directions).argmax(axis=1)
    directions = directions * np.sign(directions[np.arange(len(directions)), largest])[:, None]
    points = centred @ directions.T
    return np.pad(points, ((0, 0), (0, max(0, 2 - points.shape[1]))))
