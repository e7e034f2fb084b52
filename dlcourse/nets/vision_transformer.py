"""The vision transformer: a picture as a sequence of patches."""

from typing import Any

import keras
from keras import layers, ops

from dlcourse.errors import CourseError
from dlcourse.nets import arguments
from dlcourse.nets.arguments import Activation, Shape
from dlcourse.nets.transformer import LearnedPositions, check_attention, transformer_block


def vision_transformer(
    input_shape: Shape = (32, 32, 3),
    classes: int = 10,
    patch: int = 4,
    width: int = 64,
    heads: int = 4,
    blocks: int = 4,
    hidden: int | None = None,
    dropout: float = 0.0,
    classifier_activation: Activation = "softmax",
) -> keras.Model:
    """A transformer over patches of a picture, with one learned token more that gathers the answer.

    Dosovitskiy and others, "An image is worth 16x16 words", ICLR 2021.

    208,074 parameters as it comes. ViT-B/16 of the paper, `vision_transformer((224, 224, 3), 1000, patch=16,
    width=768, heads=12, blocks=12)`, has 86,567,656 (the paper's 86 M).

    Args:
        input_shape: (height, width, channels), both divisible by patch.
        classes: Units of the last layer.
        patch: Height and width of a patch in pixels.
        width: Numbers that stand for a patch, throughout.
        heads: Attention heads; they share the width.
        blocks: Blocks of attention and small network.
        hidden: Units of the small network's hidden layer; by default 4 x width.
        dropout: Share that is dropped in training.
        classifier_activation: Activation of the last layer; None gives logits.

    Returns:
        An uncompiled model with layers `patches`, `sequence`, `class_token`, `positions`, `block1_1_norm`,
        `block1_1_attention`, ..., `norm`, `answer`, `predictions`.

    Raises:
        CourseError: An argument is out of its range, or the patches do not fill the picture.
    """
    name = "vision_transformer"
    sizes: Any = arguments.picture(name, input_shape)
    arguments.answer(name, classes, classifier_activation)
    arguments.whole(name, "patch", patch)
    check_attention(name, width, heads, blocks, hidden, dropout)
    if sizes[0] % patch or sizes[1] % patch:
        raise CourseError(
            f"{name} cuts pictures into patches, so height and width must be divisible by patch; "
            f"received input_shape={sizes} and patch={patch}."
        )

    inputs = keras.Input(sizes, name="input")
    x = layers.Conv2D(width, patch, strides=patch, name="patches")(inputs)  # rows x columns x width
    x = layers.Reshape((-1, width), name="sequence")(x)
    x = ClassToken(name="class_token")(x)
    x = LearnedPositions(name="positions")(x)
    for i in range(1, blocks + 1):
        x = transformer_block(x, heads, hidden or 4 * width, causal=False, dropout=dropout, name=f"block{i}")
    x = layers.LayerNormalization(epsilon=1e-6, name="norm")(x)
    x = FirstStep(name="answer")(x)
    outputs = layers.Dense(classes, activation=classifier_activation, dtype="float32", name="predictions")(x)
    return keras.Model(inputs, outputs, name=name)


@keras.saving.register_keras_serializable(package="dlcourse")
class ClassToken(layers.Layer):
    """Put a learned step before each sequence, batch x steps x width to batch x (1 + steps) x width."""

    def build(self, input_shape: Any) -> None:
        """Make the token."""
        self.token = self.add_weight(shape=(1, 1, input_shape[-1]), initializer="zeros", name="token")

    def call(self, sequence: Any) -> Any:
        """The sequence behind its token."""
        token = ops.broadcast_to(ops.cast(self.token, sequence.dtype), (ops.shape(sequence)[0], 1, sequence.shape[-1]))
        return ops.concatenate([token, sequence], axis=1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """One step more."""
        return (input_shape[0], input_shape[1] + 1, input_shape[2])


@keras.saving.register_keras_serializable(package="dlcourse")
class FirstStep(layers.Layer):
    """The first step of each sequence, batch x steps x width to batch x width."""

    def call(self, sequence: Any) -> Any:
        """The numbers of the first step."""
        return sequence[:, 0]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape without the steps."""
        return (input_shape[0], *input_shape[2:])
