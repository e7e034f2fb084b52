"""Residual networks, and their plain twins without links."""

from typing import Any

import keras
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.nets import arguments
from dlcourse.nets.applications import application
from dlcourse.nets.arguments import Activation, Shape

_CIFAR = (8, 14, 20, 32, 44, 56, 110)  # 6 n + 2; the paper has 20 and up
_IMAGENET = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3)}  # blocks in each stage
_BOTTLENECK = {
    50: keras.applications.ResNet50,
    101: keras.applications.ResNet101,
    152: keras.applications.ResNet152,
}


def residual_block(x: Any, filters: int, stride: int, links: bool, shortcut: str, name: str) -> Any:
    """Two 3x3 convolutions, and a link that adds the block's input to their result.

    Args:
        x: The maps, batch x height x width x channels, as a Keras tensor.
        filters: Filters of both convolutions: as many as x has channels, or twice as many.
        stride: Stride of the first convolution.
        links: Whether there is a link; without it the block is a plain one.
        shortcut: What the link does where the shape changes: "zeros" or "projection", see `resnet`.
        name: What the names of the block's layers begin with.

    Returns:
        The block's maps, with `filters` channels.
    """
    y = layers.Conv2D(
        filters,
        3,
        strides=stride,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}_1_conv",
    )(x)
    y = layers.BatchNormalization(name=f"{name}_1_bn")(y)
    y = layers.ReLU(name=f"{name}_1_relu")(y)
    y = layers.Conv2D(
        filters, 3, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"{name}_2_conv"
    )(y)
    y = layers.BatchNormalization(name=f"{name}_2_bn")(y)
    if links:
        if x.shape[-1] != filters:
            x = _fit(x, filters, stride, shortcut, name)
        y = layers.Add(name=f"{name}_add")([x, y])
    return layers.ReLU(name=f"{name}_out")(y)


def _fit(x: Any, filters: int, stride: int, shortcut: str, name: str) -> Any:
    """The block's input in the shape of its output."""
    # Every second value of every second row: what a 1x1 convolution with stride 2 would look at. A stride in
    # the convolution itself can crash TensorFlow 2.21 on CPU.
    x = layers.MaxPooling2D(1, strides=stride, name=f"{name}_0_pool")(x)
    if shortcut == "zeros":
        zeros = layers.Rescaling(0.0, name=f"{name}_0_zeros")(x)
        return layers.Concatenate(name=f"{name}_0_concat")([x, zeros])
    x = layers.Conv2D(filters, 1, use_bias=False, kernel_initializer="he_normal", name=f"{name}_0_conv")(x)
    return layers.BatchNormalization(name=f"{name}_0_bn")(x)


def resnet(
    depth: int = 20,
    input_shape: Shape | None = None,
    classes: int | None = None,
    links: bool = True,
    shortcut: str | None = None,
    classifier_activation: Activation = "softmax",
) -> keras.Model:
    """A residual network of the paper's CIFAR family or of its ImageNet family; the depth tells which.

    He, Zhang, Ren and Sun, "Deep residual learning for image recognition", CVPR 2016.

    Trainable parameters (`count_params` also counts batch normalisation's moving averages):

    - CIFAR, 32 x 32 x 3, 10 classes, shortcut "zeros", with or without links: 269,722 at depth 20 (the paper's
      0.27 M), 464,154 at 32 (0.46 M), 658,586 at 44 (0.66 M), 853,018 at 56 (0.85 M), 1,727,962 at 110 (1.7 M).
    - ImageNet, 224 x 224 x 3, 1,000 classes, shortcut "projection": 11,689,512 at depth 18, 21,797,672 at 34.
    - Depths 50, 101 and 152 are those of `keras.applications`, without trained weights: 25,636,712, 44,707,176
      and 60,419,944 with moving averages. Their convolutions have biases, which the paper's do not need.

    Args:
        depth: Layers with weights: 8, 14, 20, 32, 44, 56 or 110 (CIFAR), 18, 34, 50, 101 or 152 (ImageNet).
        input_shape: (height, width, channels), None for a size that may vary; by default the family's.
            Depths 50, 101 and 152 need fixed sizes of at least 32.
        classes: Units of the last layer; by default the family's.
        links: False gives the plain twin: the same layers without the links.
        shortcut: What a link does where a stage halves the maps and doubles the channels. Both take every
            second pixel; then "zeros" fills the new channels with zeros (the paper's option A, for CIFAR) and
            "projection" mixes channels by a 1x1 convolution (option B, for ImageNet). By default the family's.
        classifier_activation: Activation of the last layer; None gives logits.

    Returns:
        An uncompiled model with layers `conv1_conv`, `conv1_bn`, `conv1_relu`, (`pool1_pool`,)
        `conv2_block1_1_conv`, `conv2_block1_1_bn`, ..., `conv2_block1_add`, `conv2_block1_out`, ...,
        `avg_pool`, `predictions`. In the CIFAR family the first convolution is followed by `conv2` as well.

    Raises:
        CourseError: An argument is out of its range, or arguments do not go together.
    """
    arguments.choice("resnet", "depth", depth, sorted((*_CIFAR, *_IMAGENET, *_BOTTLENECK)))
    cifar = depth in _CIFAR
    sizes = arguments.picture(
        "resnet",
        input_shape or ((32, 32, 3) if cifar else (224, 224, 3)),
        smallest=32 if depth in _BOTTLENECK else 1,
        any_size=depth not in _BOTTLENECK,
    )
    classes = (10 if cifar else 1000) if classes is None else classes
    arguments.answer("resnet", classes, classifier_activation)
    arguments.switch("resnet", "links", links)
    arguments.choice("resnet", "shortcut", shortcut, (None, "zeros", "projection"))
    if shortcut and not links:
        raise CourseError(f"resnet with links=False has no shortcuts; leave out shortcut={shortcut!r}.")
    if depth in _BOTTLENECK:
        if shortcut or not links:
            raise CourseError(
                f"resnet of depth {depth} is the one of keras.applications and takes neither shortcut nor "
                f"links=False; the depths that do are {', '.join(map(str, sorted((*_CIFAR, *_IMAGENET))))}."
            )
        return application(_BOTTLENECK[depth], sizes, classes=classes, classifier_activation=classifier_activation)
    shortcut = shortcut or ("zeros" if cifar else "projection")
    stages = ((depth - 2) // 6,) * 3 if cifar else _IMAGENET[depth]
    filters = 16 if cifar else 64

    inputs = keras.Input(sizes, name="input")
    x = layers.Conv2D(
        filters,
        3 if cifar else 7,
        strides=1 if cifar else 2,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name="conv1_conv",
    )(inputs)
    x = layers.BatchNormalization(name="conv1_bn")(x)
    x = layers.ReLU(name="conv1_relu")(x)
    if not cifar:
        x = layers.MaxPooling2D(3, strides=2, padding="same", name="pool1_pool")(x)
    for stage, blocks in enumerate(stages, start=2):
        for block in range(1, blocks + 1):
            stride = 2 if stage > 2 and block == 1 else 1
            x = residual_block(x, filters * 2 ** (stage - 2), stride, links, shortcut, name=f"conv{stage}_block{block}")
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    outputs = layers.Dense(classes, activation=classifier_activation, dtype="float32", name="predictions")(x)
    return keras.Model(inputs, outputs, name=f"{'resnet' if links else 'plain'}{depth}")
