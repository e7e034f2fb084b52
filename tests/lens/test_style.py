import keras
import numpy as np
import pytest
from keras import layers, ops

from dlcourse.errors import CourseError
from dlcourse.lens.style import gram, style_transfer

RNG = np.random.default_rng(3)
CONTENT, STYLE, NOISE = RNG.uniform(0, 1, (3, 8, 12, 3)).astype("float32")


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(2)
    return keras.Sequential(
        [
            keras.Input((8, 12, 3)),
            layers.Conv2D(6, 3, activation="relu", name="one"),
            layers.Conv2D(8, 3, activation="relu", name="two"),
            layers.Flatten(name="flat"),
        ]
    )


def test_from_noise_both_losses_fall(model):
    transfer = style_transfer(model, CONTENT, STYLE, ["two"], ["one", "two"], start=NOISE, steps=40)
    assert transfer.content_losses[-1] < transfer.content_losses[0] / 2
    assert transfer.style_losses[-1] < transfer.style_losses[0] / 2
    assert transfer.picture.shape == (8, 12, 3)
    assert len(transfer.style_losses) == 41


def test_from_the_content_the_style_comes(model):
    transfer = style_transfer(model, CONTENT, STYLE, ["two"], ["one"], steps=20)
    assert transfer.content_losses[0] == pytest.approx(0, abs=1e-9)
    assert transfer.style_losses[-1] < transfer.style_losses[0] / 2


def test_without_weight_for_the_style_the_content_comes(model):
    transfer = style_transfer(
        model, CONTENT, STYLE, ["one"], ["two"], start=NOISE, steps=100, rate=0.05, style_weight=0, smoothness=0
    )
    assert transfer.content_losses[-1] < transfer.content_losses[0] / 10


def test_the_first_losses_are_those_of_the_definition(model):
    transfer = style_transfer(model, CONTENT, STYLE, ["two"], ["one", "two"], start=NOISE, steps=1)

    def at(name, picture):
        part = keras.Model(model.inputs[0], model.get_layer(name).output)
        return part.predict(picture[None], verbose=0)[0]

    def gram_of(name, picture):
        maps = at(name, picture)
        return np.einsum("xyi,xyj->ij", maps, maps) / maps[..., 0].size

    aim = at("two", CONTENT)
    assert transfer.content_losses[0] == pytest.approx(
        ((at("two", NOISE) - aim) ** 2).mean() / (aim**2).mean(), rel=1e-4
    )
    parts = []
    for name in ("one", "two"):
        goal = gram_of(name, STYLE)
        parts.append(((gram_of(name, NOISE) - goal) ** 2).mean() / (goal**2).mean())
    assert transfer.style_losses[0] == pytest.approx(np.mean(parts), rel=1e-4)


def test_a_gram_matrix_forgets_the_places():
    np.testing.assert_allclose(ops.convert_to_numpy(gram(np.array([[[1.0, 2.0], [3.0, 0.0]]]))), [[[5, 1], [1, 2]]])
    maps = RNG.normal(size=(2, 3, 4, 5)).astype("float32")
    shuffled = maps.reshape(2, 12, 5)[:, RNG.permutation(12)].reshape(2, 4, 3, 5)
    np.testing.assert_allclose(ops.convert_to_numpy(gram(maps)), ops.convert_to_numpy(gram(shuffled)), rtol=1e-4)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"content_layers": "two"}, r"`content_layers` must be a list of at least one layer, but it is 'two'"),
        ({"style_layers": []}, r"`style_layers` must be a list of at least one layer"),
        ({"style_layers": ["flat"]}, r"The layer 'flat' has no places"),
        ({"style_layers": ["three"]}, r"There is no layer 'three'"),
        ({"style": CONTENT * 255}, r"divide by 255"),
        ({"style": None}, r"`style` must be a picture, but it is None"),
        ({"style_weight": -1}, r"Weights must be finite and not below 0"),
        ({"steps": 0.5}, r"`steps` must be a whole number"),
    ],
)
def test_wrong_settings_are_refused(model, settings, sentence):
    given = {"content": CONTENT, "style": STYLE, "content_layers": ["two"], "style_layers": ["one"], **settings}
    with pytest.raises(CourseError, match=sentence):
        style_transfer(model, **given)


def test_pictures_of_different_sizes_are_refused():
    model = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(2, 3, name="one")])
    with pytest.raises(CourseError, match=r"`content` has the shape \(8, 12, 3\) but `style` \(7, 12, 3\)"):
        style_transfer(model, CONTENT, STYLE[1:], ["one"], ["one"])
