"""Maps of features and neighbours in them, against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from dlcourse.errors import CourseError
from dlcourse.lens.embedding import agreement, agreement_by_chance, embedded, nearest

RNG = np.random.default_rng(3)
FEATURES = arrays(float, st.tuples(st.integers(3, 20), st.integers(1, 8)), elements=st.integers(-3, 3))


@pytest.mark.parametrize("shape", [(30, 7), (9, 40), (25, 2)])
def test_pca_is_that_of_scikit_learn_with_signs_of_its_own(shape):
    features = RNG.normal(size=shape) * np.linspace(1, 3, shape[1])
    found = embedded(features, "pca")
    expected = PCA(2, svd_solver="full").fit_transform(features)
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-9)
    np.testing.assert_allclose(embedded(features[:, ::-1], "pca"), found, atol=1e-9)


def test_a_single_feature_lies_on_a_line():
    points = embedded([[1], [2], [4]], "pca")
    np.testing.assert_allclose(points, [[-4 / 3, 0], [-1 / 3, 0], [5 / 3, 0]], atol=1e-12)


@pytest.mark.slow
def test_tsne_keeps_groups_together_and_repeats_itself():
    groups = np.repeat(np.arange(3), 20)
    features = RNG.normal(size=(60, 80)) + 6 * np.eye(3)[groups] @ RNG.normal(size=(3, 80))
    points = embedded(features, "tsne")
    assert points.shape == (60, 2)
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=1e-4)
    assert agreement(groups, nearest(points, 5).indices).mean() == 1
    np.testing.assert_array_equal(points, embedded(features, "tsne"))


@pytest.mark.slow
def test_tsne_takes_a_single_feature_and_few_examples():
    points = embedded([[1], [2], [4], [7], [9]], "tsne")
    assert points.shape == (5, 2)
    assert np.isfinite(points).all()


@given(FEATURES, st.data())
def test_neighbours_are_those_of_scikit_learn(features, data):
    k = data.draw(st.integers(1, len(features) - 1))
    found = nearest(features, k)
    distances, _ = NearestNeighbors(n_neighbors=k).fit(features).kneighbors()  # without the examples themselves
    np.testing.assert_allclose(found.distances, distances, atol=1e-9)
    for number, (indices, lengths) in enumerate(zip(found.indices, found.distances, strict=True)):
        assert number not in indices
        assert len(set(indices)) == k
        np.testing.assert_allclose(np.linalg.norm(features[indices] - features[number], axis=1), lengths)
        pairs = list(zip(lengths, indices, strict=True))
        assert pairs == sorted(pairs)


def test_of_very_many_features_the_distances_are_the_same():
    features = RNG.normal(size=(12, 5000))
    found = nearest(features, 11)
    distances, indices = NearestNeighbors(n_neighbors=11, algorithm="brute").fit(features).kneighbors()
    np.testing.assert_array_equal(found.indices, indices)
    np.testing.assert_allclose(found.distances, distances)


def test_agreement_counts_neighbours_of_the_same_class():
    labels = [0, 0, 1, 1]
    assert agreement(labels, np.array([[1, 2], [0, 3], [3, 0], [0, 1]])).tolist() == [0.5, 0.5, 0.5, 0]


@given(st.lists(st.integers(0, 2), min_size=2, max_size=20))
def test_chance_is_the_agreement_with_all_others(labels):
    others = np.array([[other for other in range(len(labels)) if other != number] for number in range(len(labels))])
    assert agreement_by_chance(labels) == pytest.approx(agreement(labels, others).mean())


@pytest.mark.parametrize(
    ("features", "settings", "sentence"),
    [
        ([1, 2, 3], {}, r"`features` must hold a row of numbers .* the shape \(3,\)"),
        ([["a"], ["b"]], {}, "a row of numbers"),
        ([[1, np.nan], [2, 3]], {}, "NaN or infinite"),
        (np.ones((6, 3)), {}, "All `features` are alike"),
        (np.eye(4), {}, 't-SNE needs 5 examples or more, but there are 4: take method="pca"'),
        (np.eye(4), {"method": "umap"}, "`method` must be .* but it is 'umap'"),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence(features, settings, sentence):
    with pytest.raises(CourseError, match=sentence):
        embedded(features, **settings)


def test_there_are_not_more_neighbours_than_others():
    with pytest.raises(CourseError, match="`k` must be from 1 to 3, as there are 4 examples, but it is 4"):
        nearest(np.eye(4), 4)
