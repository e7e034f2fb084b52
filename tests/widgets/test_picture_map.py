"""PictureMap in Python: what it takes, what it refuses, and what can be read from it."""

import numpy as np
import pytest
from displayed import words_of
from sklearn.neighbors import NearestNeighbors

from dlcourse.errors import CourseError
from dlcourse.widgets import PictureMap
from dlcourse.widgets.picture_map.mapped import MOST, mapped

RNG = np.random.default_rng(7)
LABELS = np.arange(30) % 3
FEATURES = RNG.normal(size=(30, 12)) + 2 * np.eye(3)[LABELS] @ RNG.normal(size=(3, 12))
IMAGES = RNG.integers(0, 256, (30, 20, 14, 3), dtype=np.uint8)


def small_map(**settings):
    return PictureMap(FEATURES, IMAGES, LABELS, method="pca", **settings)


def test_neighbours_are_found_among_the_features_and_not_on_the_map():
    widget = small_map(picked=4, k=6)
    distances, indices = NearestNeighbors(n_neighbors=6).fit(FEATURES).kneighbors()
    assert [neighbour.picture for neighbour in widget.neighbours()] == indices[4].tolist()
    assert [neighbour.distance for neighbour in widget.neighbours()] == pytest.approx(distances[4].tolist())
    assert widget.agreement == pytest.approx((LABELS[indices] == LABELS[:, None]).mean())
    _, on_the_map = NearestNeighbors(n_neighbors=6).fit(widget.points).kneighbors()
    assert indices[4].tolist() != on_the_map[4].tolist()


def test_settings_are_traits_and_reset_goes_back():
    widget = small_map()
    widget.k, widget.picked = 20, 29
    assert len(widget.neighbours()) == 20
    widget.reset()
    assert (widget.k, widget.picked, widget.method) == (5, 0, "pca")
    few = PictureMap(FEATURES[:4], IMAGES[:4], method="pca", k=20)
    assert few.k == len(few.neighbours()) == 3


def test_classes_come_as_numbers_as_rows_as_names_or_not_at_all():
    names = np.array(["fox", "cat", "owl"])[LABELS]
    assert mapped(FEATURES, IMAGES, names).classes == ["cat", "fox", "owl"]
    hot = mapped(FEATURES, IMAGES, np.eye(3)[LABELS], ["fox", "cat", "owl"])
    np.testing.assert_array_equal(hot.labels, LABELS)
    without = PictureMap(FEATURES, IMAGES, method="pca")
    assert without.agreement is None
    nearest = ", ".join(str(neighbour.picture) for neighbour in without.neighbours())
    assert words_of(without).endswith(f"Nearest to picture 0: {nearest}.")


def test_pictures_travel_small():
    images = RNG.random((30, 200, 130, 3), dtype="float32")
    pictures = mapped(FEATURES, images).pictures
    assert max(pictures.shape[1:3]) <= 64
    assert pictures.mean() == pytest.approx(255 * images.mean(), abs=1)


@pytest.mark.slow
def test_the_other_map_is_computed_when_it_is_asked_for():
    widget = small_map()
    assert list(widget._points) == ["pca"]
    widget.method = "tsne"
    assert set(widget._points) == {"pca", "tsne"}
    assert np.frombuffer(widget._points["tsne"], "float32") == pytest.approx(widget.points.ravel(), rel=1e-5)
    assert "laid out by t-SNE" in words_of(widget)


@pytest.mark.slow
def test_digits_are_at_hand():
    widget = PictureMap()
    assert widget.method == "tsne"
    assert widget._mapped["count"] == 300
    assert widget.agreement > 0.8


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"features": None}, r"`images` is for features of yours: write PictureMap\(features, images\)"),
        ({"images": None}, "What do the features belong to"),
        ({"images": IMAGES[:3]}, "`images` holds 3 pictures for 30 examples"),
        ({"features": np.zeros((30, 4))}, "All `features` are alike"),
        ({"features": np.zeros((MOST + 1, 4))}, "there are features of 501: pass some of them"),
        ({"labels": [1, 2]}, "`labels` has 2 classes for 30 pictures"),
        ({"labels": LABELS - 1}, "`labels` must be class numbers from 0 on, or names"),
        ({"classes": ["a", "b"]}, "`labels` go up to 2, but `classes` has 2 names"),
        ({"picked": 30}, "`picked` must be a picture's number, 0 to 29, but it is 30"),
        ({"picked": "cat"}, "`picked` must be the number of a picture"),
        ({"k": 21}, "`k` must be a whole number from 1 to 20"),
        ({"method": "umap"}, "There is no method 'umap'"),
        ({"lables": LABELS}, r"There is no argument of PictureMap 'lables'\. Did you mean 'labels'"),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence(arguments, sentence):
    given = {"features": FEATURES, "images": IMAGES, "labels": LABELS, "method": "pca"}
    with pytest.raises(CourseError, match=sentence):
        PictureMap(**given | arguments)


def test_words_and_still_follow_what_is_set():
    widget = small_map(k=3)
    words, still = words_of(widget), widget._still(widget._look()).png()
    assert words.startswith("PictureMap: 30 pictures by their 12 features, laid out by PCA. Picture 0 is '0'; of its 3")
    widget.picked = 8
    assert words_of(widget) != words
    assert widget._still(widget._look()).png() != still
