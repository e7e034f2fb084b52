"""Augmenter from Python, and in node against Keras; the browser is in tests/browser/test_augmenter.py."""

import base64
import io

import keras
import numpy as np
import pytest
from displayed import words_of
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from properties import examples

from dlcourse.data.sign_shapes import CLASSES, face
from dlcourse.errors import CourseError
from dlcourse.widgets import Augmenter
from dlcourse.widgets.augmenter.augmenting import copies
from dlcourse.widgets.augmenter.labels import WAYS, ways_of
from dlcourse.widgets.shared.palette import PALETTE, rgb

AMOUNTS = "rotation shift_x shift_y zoom shear brightness contrast noise cutout".split()

STILL = {"mirrored": False, "upside": False, "angle": 0, "shift": [0, 0], "zoom": 1, "shear": 0}
STILL |= {"brightness": 0, "contrast": 1, "noise": 0, "cut": 0, "place": [0, 0]}


@st.composite
def cases(draw):
    """A picture that is not square, a change of it, and what comes in from beyond the edge."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    height, width = draw(st.sampled_from([(7, 12), (16, 9), (11, 10), (1, 5)]))
    share = st.floats(-0.5, 0.5)
    used = st.booleans()
    return {
        "values": generator.random((height, width, draw(st.sampled_from([1, 3])))).astype("float32"),
        "change": {
            "mirrored": draw(used),
            "upside": draw(used),
            "angle": draw(st.floats(-180, 180)) if draw(used) else 0,
            "shift": [draw(share), draw(share)] if draw(used) else [0, 0],
            "zoom": draw(st.floats(0.3, 2)) if draw(used) else 1,
            "shear": draw(share) if draw(used) else 0,
            "brightness": draw(share) if draw(used) else 0,
            "contrast": draw(st.floats(0, 2)) if draw(used) else 1,
            "noise": 0,
            "cut": 0,
            "place": [0, 0],
        },
        "fill": draw(st.sampled_from(["constant", "nearest", "reflect"])),
    }


def by_keras(case):
    """The same change by Keras' layers, each with the one value that it may draw."""
    change, layers = case["change"], keras.layers
    image = case["values"]
    image = image[::-1] if change["upside"] else image
    picture = np.ascontiguousarray(image[:, ::-1] if change["mirrored"] else image)[None]
    fill = {"fill_mode": case["fill"]}
    if change["angle"]:
        turns = change["angle"] / 360
        picture = layers.RandomRotation((turns, turns), **fill)(picture, training=True)
    if any(change["shift"]):
        right, down = change["shift"]
        picture = layers.RandomTranslation((down, down), (right, right), **fill)(picture, training=True)
    if change["zoom"] != 1:
        zoom = change["zoom"] - 1
        picture = layers.RandomZoom((zoom, zoom), **fill)(picture, training=True)
    if change["shear"]:
        layer = layers.RandomShear(x_factor=0.5, **fill)
        layer.build(picture.shape)
        factor = keras.ops.convert_to_tensor([[change["shear"], 0.0]])
        picture = layer.transform_images(picture, {"shear_factor": factor})
    if change["brightness"]:
        factor = (change["brightness"], change["brightness"])
        picture = layers.RandomBrightness(factor, value_range=(0, 1))(picture, training=True)
    if change["contrast"] != 1:
        layer = layers.RandomContrast(0.5, value_range=(0, 1))
        picture = layer.transform_images(keras.ops.convert_to_tensor(picture), {"contrast_factor": change["contrast"]})
    return np.asarray(picture)[0]


def image_of(values):
    height, width, channels = values.shape
    return {"height": height, "width": width, "channels": channels, "values": values.ravel().tolist()}


@pytest.mark.slow
def test_the_browser_changes_pictures_as_keras_does(in_node):
    collected = []

    @examples(3.8)
    @given(cases())
    def collect(case):
        collected.append(case)

    collect()
    turned = {**STILL, "angle": 70}  # of a thin picture, most comes from far beyond the edge
    thin = np.random.default_rng(0).random((3, 16, 1)).astype("float32")
    collected += [{"values": thin, "change": turned, "fill": fill} for fill in ("reflect", "nearest", "constant")]
    body = """
        const image = { ...state.image, values: Float32Array.from(state.image.values) };
        return augmented(image, state.change, state.fill).values;
    """
    given_to_node = [case | {"image": image_of(case["values"]), "values": None} for case in collected]
    answers = in_node({"augmenter/augment.js": "augmented"}, body, given_to_node)
    for case, answer in zip(collected, answers, strict=True):
        np.testing.assert_allclose(np.reshape(answer, case["values"].shape), by_keras(case), atol=1e-5)


def test_a_covered_square_is_that_of_keras(in_node):
    values = np.ones((20, 30, 1), "float32")
    body = """
        const image = { ...state.image, values: Float32Array.from(state.image.values) };
        return augmented(image, { ...UNCHANGED, cut: 0.25, place: state.place }, "constant").values;
    """
    places = [[0, 0], [1, 1], [0.5, 0.3]]
    given_to_node = [{"image": image_of(values), "place": place} for place in places]
    layer = keras.layers.RandomErasing((1, 1), scale=(0.25, 0.25), fill_value=0, value_range=(0, 1))
    black = int((np.asarray(layer(values[None], training=True)) == 0).sum())
    for (x, y), answer in zip(
        places, in_node({"augmenter/augment.js": "augmented, UNCHANGED"}, body, given_to_node), strict=True
    ):
        covered = np.reshape(answer, (20, 30)) == 0
        assert covered.sum() == black == 150
        assert covered[int(np.ceil(y * 10)), int(np.ceil(x * 15))]


def test_copies_are_repeatable_and_within_the_amounts(in_node):
    reach = dict(zip(AMOUNTS, [30, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.1, 0.2], strict=True))
    base = reach | {"flip_horizontal": True, "flip_vertical": False, "strength": 0.5}
    body = "return Array.from({ length: 400 }, (_, seed) => draw(state, seed));"
    many, again, other = in_node(
        {"augmenter/augment.js": "draw"}, body, [base, base, base | {"rotation": 0, "flip_vertical": True}]
    )
    assert many == again
    angles = np.array([change["angle"] for change in many])
    assert np.abs(angles).max() <= 15
    assert np.abs(angles).max() > 14
    assert abs(angles.mean()) < 1.5
    shifts = np.array([change["shift"] for change in many])
    assert (np.abs(shifts).max(0) <= [0.05, 0.1]).all()
    assert abs(np.corrcoef(shifts.T)[0, 1]) < 0.15
    assert 150 < sum(change["mirrored"] for change in many) < 250
    assert not any(change["upside"] for change in many)
    # moving one slider leaves the rest as it was
    assert [change["zoom"] for change in many] == [change["zoom"] for change in other]
    assert [change["mirrored"] for change in many] == [change["mirrored"] for change in other]


@pytest.mark.parametrize("fill", ["constant", "nearest", "reflect"])
def test_the_still_picture_has_the_copies_of_the_browser(fill, in_node):
    amounts = dict(zip(AMOUNTS, [60, 0.3, 0.2, 0.4, 0.3, 0.2, 0.4, 0.1, 0.1], strict=True))
    for more in ({}, dict.fromkeys(AMOUNTS, 0)):
        picture = np.random.default_rng(2).integers(0, 256, (14, 23, 3), dtype=np.uint8)
        widget = Augmenter(picture, fill=fill, flip_vertical=True, strength=0.9, seed=77, **amounts | more)
        names = (*AMOUNTS, "flip_horizontal", "flip_vertical", "strength", "seed", "fill")
        case = {name: getattr(widget, name) for name in names} | {"image": image_of(picture / 255)}
        body = """
            const image = { ...state.image, values: Float32Array.from(state.image.values) };
            const change = (copy) => draw(state, state.seed * 1009 + 2 * 101 + copy);
            return [3, 4, 5, 6].map((copy) => augmented(image, change(copy), state.fill).values);
        """
        (by_browser,) = in_node({"augmenter/augment.js": "augmented, draw"}, body, [case])
        for mine, other in zip(copies(picture, widget, 2, 7)[3:], by_browser, strict=True):
            np.testing.assert_allclose(mine.ravel(), np.multiply(other, 255), atol=0.51)


# labels

LABEL = """
    const image = { ...state.image, values: Float32Array.from(state.image.values) };
    return labelAfter(state.label, state.ways, { ...UNCHANGED, ...state.change }, image);
"""


def answers(in_node, questions):
    image = image_of(np.random.default_rng(1).random((24, 24, 1)).astype("float32"))
    given_to_node = [
        {"label": label, "ways": ways_of(label), "change": change, "image": image} for label, change in questions
    ]
    labels = in_node({"augmenter/augment.js": "labelAfter, UNCHANGED"}, LABEL, given_to_node)
    return [(label["keeps"], label["becomes"] or label["why"]) for label in labels]


def test_whether_a_copy_keeps_its_label(in_node):
    mirrored, upside = {"mirrored": True}, {"upside": True}
    expected = [
        ("turn left", mirrored, (False, "turn right")),
        ("turn left", upside, (True, "turn left")),
        ("turn left", mirrored | upside, (False, "turn right")),
        ("turn left", {"angle": 180}, (False, "turn right")),
        ("turn left", {"angle": -90}, (False, "straight ahead")),
        ("turn left", {"angle": 20}, (True, "turn left")),
        ("turn left", {"angle": 45}, (False, "between")),
        ("straight ahead", mirrored, (True, "straight ahead")),
        ("straight ahead", {"angle": 90}, (False, "turn left")),
        ("straight ahead", upside, (False, "way")),
        ("pedestrians", mirrored, (True, "pedestrians")),
        ("pedestrians", upside, (False, "way")),
        ("limit 50", mirrored, (False, "way")),
        ("limit 80", upside, (True, "limit 80")),
        ("6", {"angle": 180}, (False, "9")),
        ("6", {"angle": -175}, (False, "9")),
        ("6", mirrored | upside, (False, "9")),
        ("6", mirrored, (False, "way")),
        ("8", mirrored, (True, "8")),
        ("priority road", {"angle": 90}, (True, "priority road")),
        ("yield", {"zoom": 3, "shift": [0, 0.9]}, (False, "gone")),
        ("yield", {"zoom": 0.5}, (True, "yield")),
        ("yield", {"cut": 0.9}, (False, "gone")),
    ]
    labels = answers(in_node, [(label, change) for label, change, _ in expected])
    assert labels == [answer for _, _, answer in expected]


def test_a_picture_of_nothing_keeps_no_label(in_node):
    flat = {"label": "6", "ways": ways_of("6"), "change": {}, "image": image_of(np.ones((9, 9, 1)))}
    (label,) = in_node({"augmenter/augment.js": "labelAfter, UNCHANGED"}, LABEL, [flat])
    assert (label["keeps"], label["why"]) == (False, "flat")


@pytest.mark.parametrize("name", CLASSES)
def test_the_table_of_labels_fits_the_drawings(name):
    """What the table says becomes of a sign looks like the sign it becomes."""
    faces = {sign: np.asarray(face(sign, "new"), float) / 255 for sign in CLASSES}
    by_meaning = {"pedestrians", "bicycles", "roadworks"}  # who looks the other way
    rough = {"limit 30", "limit 80", "minimum 30", "priority crossing"}  # 3 and 8 are nearly symmetric
    for way, becomes in ways_of(name).items():
        turned = faces[name][:, ::-1] if way.startswith("m") else faces[name]
        turned = np.rot90(turned, int(way.removeprefix("m") or 0) // 90)
        differences = {sign: np.abs(turned - other).mean() for sign, other in faces.items()}
        if name not in by_meaning:
            assert min(differences, key=differences.get) == becomes
            assert differences[becomes] < (0.02 if name in rough else 0.004)
    for way in set(WAYS) - set(ways_of(name)):
        turned = np.rot90(
            faces[name][:, ::-1] if way.startswith("m") else faces[name], int(way.removeprefix("m") or 0) // 90
        )
        assert min(np.abs(turned - other).mean() for other in faces.values()) > 0.004


def test_labels_nobody_knows():
    assert ways_of("cat") is None
    assert Augmenter("cat", labels=["cat"])._ways == {}
    assert set(Augmenter()._ways) == {"turn left", "pedestrians", "limit 50", "6"}


# code


def test_the_code_shown_makes_the_same_kind_of_copies(in_node):
    settings_shown = dict(zip(AMOUNTS, [36, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.1, 0.2], strict=True))
    full = settings_shown | {"flip_horizontal": True, "flip_vertical": True, "strength": 0.5, "fill": "nearest"}
    nothing = dict.fromkeys(AMOUNTS, 0) | {
        "flip_horizontal": False,
        "flip_vertical": False,
        "strength": 1,
        "fill": "reflect",
    }
    codes = in_node({"augmenter/code.js": "augmentCode"}, "return augmentCode(state);", [full, nothing])
    names, bare = {}, {}
    exec(codes[0], names)
    exec(codes[1], bare)
    layers = {type(layer).__name__: layer.get_config() for layer in names["augment"].layers}
    assert layers["RandomRotation"]["factor"] == pytest.approx((-0.05, 0.05))
    assert layers["RandomTranslation"]["height_factor"] == pytest.approx(0.1)
    assert layers["RandomTranslation"]["width_factor"] == pytest.approx(0.05)
    assert layers["RandomTranslation"]["fill_mode"] == "nearest"
    assert layers["RandomFlip"]["mode"] == "horizontal_and_vertical"
    assert layers["GaussianNoise"]["stddev"] == pytest.approx(0.05)
    assert set(layers) == {"RandomFlip", "GaussianNoise"} | {
        f"Random{kind}" for kind in "Rotation Translation Zoom Shear Brightness Contrast Erasing".split()
    }
    pictures = np.random.default_rng(0).random((2, 20, 30, 3)).astype("float32")
    augmented = np.asarray(names["augment"](pictures, training=True))
    assert augmented.shape == pictures.shape
    assert not np.allclose(augmented, pictures)
    np.testing.assert_array_equal(bare["augment"](pictures, training=True), pictures)


# state


def test_the_default_is_a_full_demonstration():
    widget = Augmenter()
    assert widget.labels == ["turn left", "pedestrians", "limit 50", "6"]
    assert [image.pixels.shape for image in widget.images] == [(48, 48, 3)] * 3 + [(28, 28, 1)]
    assert widget.flip_horizontal


def test_traits_are_set_and_set_back():
    widget = Augmenter(np.zeros((2, 10, 14, 3), np.uint8), rotation=5, labels=np.array([3, 8]))
    assert widget.labels == ["3", "8"]
    widget.rotation, widget.seed, widget.images = 90, 7, ["cat", np.eye(12)]
    assert max(widget.images[0].pixels.shape) == 72
    widget.reset()
    assert (widget.rotation, widget.seed) == (5, 0)
    assert widget.images[0].pixels.shape == (10, 14, 3)


@pytest.mark.parametrize("kind", ["list", "sequential", "one"])
def test_own_layers_make_the_copies(kind):
    layers = [
        keras.layers.Rescaling(1 / 255),
        keras.layers.RandomFlip(seed=1),
        keras.layers.RandomRotation(0.1, seed=1),
    ]
    given_layers = {"list": layers, "sequential": keras.Sequential(layers), "one": layers[1]}[kind]
    widget = Augmenter(layers=given_layers)
    rows = widget._own["rows"]
    assert [len(row) for row in rows] == [4] * 4
    copies = [np.frombuffer(copy["bytes"], np.uint8) for copy in rows[0]]
    assert any(not np.array_equal(copy, copies[0]) for copy in copies)
    assert copies[0].max() > 100  # also where a Rescaling is among them
    before = rows
    widget._heard(widget, {"do": "more"}, [])
    assert widget._own["throw"] == 2
    assert widget._own["rows"] != before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"images": 3}, "`images` must be a picture or a list of pictures, but it is of type int."),
        ({"images": []}, "`images` is empty"),
        ({"images": np.full((2, 5, 5, 3), np.nan)}, "75 values that are NaN or infinite"),
        ({"images": np.zeros((2, 5, 5, 2))}, "a picture is height × width, or height × width × 1 or 3."),
        ({"images": np.zeros((3, 5, 5, 3)), "labels": ["a"]}, "There are 3 pictures but 1 labels"),
        ({"labels": "6"}, "`labels` must be a list of names"),
        ({"rotation": 181}, "`rotation` must be a number from 0 to 180, but it is 181."),
        ({"zoom": -0.1}, "`zoom` must be a number from 0 to 0.8, but it is -0.1."),
        ({"noise": "much"}, "`noise` must be a number from 0 to 0.5, but it is 'much'."),
        ({"fill": "wrap"}, "There is no fill 'wrap'."),
        ({"flip_horizontal": 1}, "`flip_horizontal` must be True or False"),
        ({"seed": 1.5}, "`seed` must be a whole number"),
        ({"rotate": 1}, "There is no argument of Augmenter 'rotate'. Did you mean 'rotation'?"),
        ({"layers": 3}, "`layers` must be a Keras layer, a Sequential or a list of layers"),
        ({"layers": keras.layers.Flatten()}, "which is no pictures: leave out layers such as Flatten."),
        (
            {"layers": keras.layers.Conv2D(3, 99, name="wide")},
            "The layer 'wide' does not take a picture of (48, 48, 3)",
        ),
    ],
)
def test_a_mistake_is_told_in_a_sentence(arguments, sentence):
    with pytest.raises(CourseError) as error:
        Augmenter(**arguments)
    assert sentence in str(error.value)


def test_without_layers_there_are_no_more_copies():
    with pytest.raises(CourseError, match="There are no layers: the copies come from the sliders"):
        Augmenter().more()


@pytest.mark.parametrize(
    "arguments",
    [{}, {"noise": 0.2, "cutout": 0.1, "shear": 0.2, "flip_vertical": True}, {"images": "cat"}, {"strength": 0}],
)
def test_a_still_picture_and_words_stand_in_for_it(arguments):
    widget = Augmenter(**arguments)
    data, metadata = widget._repr_mimebundle_()
    png = base64.b64decode(data["image/png"])
    assert len(png) < 150_000
    with Image.open(io.BytesIO(png)) as still:
        assert still.width == 2 * metadata["image/png"]["width"]
        colours = np.asarray(still.convert("RGB")).reshape(-1, 3).astype(int)
    assert (np.abs(colours - rgb(PALETTE["window"])).sum(1) < 40).sum() > 200
    assert data["text/plain"] == words_of(widget)
    assert "4 random copies each" in words_of(widget)
