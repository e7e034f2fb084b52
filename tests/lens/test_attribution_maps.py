import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens import grad_cam, integrated_gradients, occlusion, saliency
from dlcourse.lens.attribution_maps import ATTRIBUTIONS, attribution_map

RNG = np.random.default_rng(1)
PICTURE = RNG.uniform(0, 1, (18, 24, 3)).astype("float32")
GREY = np.full_like(PICTURE, 0.5)


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(2)
    return keras.Sequential(
        [keras.Input((18, 24, 3)), layers.Conv2D(4, 3, strides=2, activation="relu", name="conv"),
         layers.GlobalAveragePooling2D(), layers.Dense(3, "softmax")]
    )  # fmt: skip


def test_each_is_what_its_own_function_says(model):
    x = PICTURE[None]
    expected = {
        "saliency": np.abs(saliency(model, x, 1)[0]).max(-1),
        "integrated_gradients": integrated_gradients(model, x, 1, baseline=0.5, steps=32)[0].sum(-1),
        "grad_cam": grad_cam(model, x, 1)[0],
        "occlusion": occlusion(model, x, 1, size=3, stride=1, value=0.5)[0],
    }
    for kind in ATTRIBUTIONS:
        found = attribution_map(model, PICTURE, kind, 1, GREY)
        np.testing.assert_allclose(found.values, expected[kind], atol=1e-6)
        assert found.signed == (kind in ("integrated_gradients", "occlusion"))


def test_they_lie_where_they_are_about(model):
    """A single bright spot decides a linear model; each map is the largest over it."""
    linear = keras.Sequential([keras.Input((18, 24, 3)), layers.Flatten(), layers.Dense(2)])
    kernel = np.zeros((18, 24, 3, 2), "float32")
    kernel[9, 20, :, 1] = 1
    linear.set_weights([kernel.reshape(-1, 2), np.zeros(2)])
    picture = np.full((18, 24, 3), 0.5, "float32")
    picture[9, 20] = 1
    for kind in ("saliency", "integrated_gradients", "occlusion"):
        found = attribution_map(linear, picture, kind, 1, GREY)
        top, left, height, width = found.region
        row, column = np.argwhere(found.values == found.values.max()).mean(0)
        assert top + (row + 0.5) * height / found.values.shape[0] == pytest.approx(9.5, abs=0.51)
        assert left + (column + 0.5) * width / found.values.shape[1] == pytest.approx(20.5, abs=0.51)


def test_a_picture_without_channels_has_a_map_too():
    flat = keras.Sequential([keras.Input((6, 7)), layers.Flatten(), layers.Dense(2)])
    assert attribution_map(flat, PICTURE[:6, :7, 0], "saliency", 0, GREY[:6, :7, 0]).values.shape == (6, 7)


def test_another_kind_is_refused(model):
    with pytest.raises(CourseError, match="attribution"):
        attribution_map(model, PICTURE, "dream", 1, GREY)
