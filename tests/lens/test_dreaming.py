import keras
import numpy as np
import pytest
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.lens.dreaming import Prior, dream
from dlcourse.lens.smoothness import total_variation


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(2)
    return keras.Sequential(
        [
            keras.Input((10, 14, 3)),
            layers.Conv2D(4, 3, activation="relu", bias_initializer="ones", name="conv"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, "softmax", name="out"),
        ],
        name="small",
    )


@pytest.mark.parametrize("prior", [None, Prior()])
@pytest.mark.parametrize(("layer", "unit"), [("conv", 2), ("conv", None), ("out", 1)])
def test_a_dream_raises_what_it_was_asked_for(model, prior, layer, unit):
    dreamed = dream(model, layer, unit, steps=15, prior=prior)
    assert dreamed.activations[-1] > dreamed.activations[0]
    assert dreamed.picture.shape == (10, 14, 3)
    assert (dreamed.picture.min(), dreamed.picture.max()) >= (0, 0)
    assert dreamed.picture.max() <= 1
    again = dream(model, layer, unit, steps=15, prior=prior)
    np.testing.assert_array_equal(dreamed.picture, again.picture)


def test_the_activation_is_the_one_of_the_picture(model):
    dreamed = dream(model, "conv", 2, steps=3)
    part = keras.Model(model.inputs[0], model.get_layer("conv").output)
    assert dreamed.activations[-1] == pytest.approx(
        part.predict(dreamed.picture[None], verbose=0)[..., 2].mean(), rel=1e-5
    )


def test_a_linear_unit_is_pleased_step_by_step_up_to_the_corner_of_the_range():
    model = keras.Sequential([keras.Input((2, 3, 1)), layers.Flatten(), layers.Dense(1, name="out")])
    kernel = np.array([1, -1, 2, -3, 1, -2.0])
    model.set_weights([kernel[:, None], np.zeros(1)])
    start = np.full((2, 3, 1), 1.5)
    for steps in (7, 60, 200):  # inside the range, with some values at its ends, with all of them there
        dreamed = dream(model, "out", 0, start, steps=steps, rate=0.05, prior=None, bounds=(-2, 5))
        along = 0.05 * kernel / np.sqrt((kernel**2).mean())  # the gradient is the kernel, wherever one stands
        np.testing.assert_allclose(dreamed.picture.ravel(), np.clip(1.5 + steps * along, -2, 5), atol=1e-4)
    np.testing.assert_array_equal(dreamed.picture.ravel(), np.where(kernel > 0, 5, -2))


def test_a_prior_makes_it_smooth(model):
    plain = dream(model, "conv", 2, steps=30, prior=None).picture
    smooth = dream(model, "conv", 2, steps=30, prior=Prior(smoothness=2)).picture
    assert float(total_variation(smooth[None])) < float(total_variation(plain[None])) / 2


def test_total_variation_counts_both_axes():
    picture = np.array([[0.0, 1.0, 0.0], [2.0, 1.0, 0.0]], "float32").reshape(1, 2, 3, 1)
    assert float(total_variation(picture)) == pytest.approx((4 + 0 + 0) / 3 + (1 + 1 + 1 + 1) / 4)
    assert float(total_variation(np.ones((1, 4, 5, 3), "float32"))) == 0


def test_progress_is_told_each_step(model):
    reports = []
    dreamed = dream(model, "conv", steps=4, progress=lambda step, picture: reports.append((step, picture.copy())))
    assert [step for step, _ in reports] == [1, 2, 3, 4]
    np.testing.assert_array_equal(reports[-1][1], dreamed.picture)


def test_it_can_begin_with_a_picture(model):
    start = np.random.default_rng(1).uniform(0, 1, (10, 14, 3))
    dreamed = dream(model, "conv", start=start, steps=1, rate=0.001)
    np.testing.assert_allclose(dreamed.picture, start, atol=0.02)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"layer": "cnov"}, r"There is no layer 'cnov'\. Did you mean 'conv'"),
        ({"unit": 4}, r"There is no unit 4 in the layer 'conv': it has 4, counted from 0 to 3"),
        ({"steps": 0}, r"`steps` must be a whole number from 1 on"),
        ({"rate": -1}, r"`rate` must be a number above 0"),
        ({"bounds": (1, 0)}, r"`bounds` must be the least and the greatest"),
        ({"bounds": 1}, r"`bounds` must be two numbers"),
        ({"start": np.full((10, 14, 3), 200.0)}, r"`x` holds values up to 200.*divide by 255"),
        ({"start": np.full((10, 14, 3), -0.5)}, r"goes from -0.5 to -0.5, but bounds are 0 and 1"),
        ({"start": np.zeros((2, 10, 14, 3))}, r"one picture at a time, but it got 2"),
    ],
)
def test_wrong_settings_are_refused(model, settings, sentence):
    with pytest.raises(CourseError, match=sentence):
        dream(model, **{"layer": "conv", **settings})


def test_a_model_of_any_size_needs_a_start():
    model = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(2, 3, name="conv")], name="any")
    with pytest.raises(CourseError, match=r"'any' takes pictures of any size.*pass one to begin with"):
        dream(model, "conv")
    assert dream(model, "conv", start=np.full((6, 9, 3), 0.5), steps=1).picture.shape == (6, 9, 3)


def test_a_unit_that_does_not_answer_is_told():
    model = keras.Sequential([keras.Input((3, 4, 1)), layers.Conv2D(1, 2, activation="relu", name="conv")])
    model.set_weights([-np.ones((2, 2, 1, 1)), np.zeros(1)])
    with pytest.raises(CourseError, match=r"'conv' does not answer to the picture to begin with.*take another unit"):
        dream(model, "conv", 0)
