"""The transformer, as an encoder and as a causal language model."""

import math
from typing import Any

import keras
from keras import layers, ops

from dlcourse.errors import CourseError
from dlcourse.nets import arguments
from dlcourse.nets.arguments import Activation, Shape
from dlcourse.nets.recurrent import check_sequence


def transformer_block(x: Any, heads: int, hidden: int, causal: bool, dropout: float, name: str) -> Any:
    """Attention over all steps, then a small network on each step; each added to what came in.

    Normalisation comes before each part (Xiong and others, "On layer normalization in the transformer
    architecture", ICML 2020), which trains without a warm-up; the first paper has it behind.

    Args:
        x: The sequence, batch x steps x width, as a Keras tensor.
        heads: Attention heads, each of width / heads numbers.
        hidden: Units of the hidden layer of the small network.
        causal: Whether a step may look only at itself and what came before.
        dropout: Share that is dropped in training: of attention weights, and of both parts' results.
        name: What the names of the block's layers begin with.

    Returns:
        A sequence of the same shape.
    """
    width = x.shape[-1]
    y = layers.LayerNormalization(epsilon=1e-6, name=f"{name}_1_norm")(x)
    y = layers.MultiHeadAttention(heads, width // heads, dropout=dropout, name=f"{name}_1_attention")(
        y, y, use_causal_mask=causal
    )
    y = layers.Dropout(dropout, name=f"{name}_1_dropout")(y)
    x = layers.Add(name=f"{name}_1_add")([x, y])

    y = layers.LayerNormalization(epsilon=1e-6, name=f"{name}_2_norm")(x)
    y = layers.Dense(hidden, activation="gelu", name=f"{name}_2_dense1")(y)
    y = layers.Dense(width, name=f"{name}_2_dense2")(y)
    y = layers.Dropout(dropout, name=f"{name}_2_dropout")(y)
    return layers.Add(name=f"{name}_2_add")([x, y])


def transformer(
    input_shape: Shape = (64,),
    outputs: int = 64,
    vocabulary: int | None = 64,
    width: int = 64,
    heads: int = 4,
    blocks: int = 2,
    hidden: int | None = None,
    causal: bool = False,
    every_step: bool | None = None,
    positions: str | None = "learned",
    dropout: float = 0.0,
    output_activation: Activation = "softmax",
) -> keras.Model:
    """A transformer: every step attends to every other (encoder), or to those before it (causal).

    Vaswani and others, "Attention is all you need", NeurIPS 2017. The causal one is laid out like GPT-2
    (Radford and others, "Language models are unsupervised multitask learners", 2019), with an output layer of its
    own.

    A block of width w and hidden layer h has 4 w (w + 1) + h (w + 1) + w (h + 1) + 4 w parameters: 3,152,384 for the
    first paper's 512 and 2,048. As it comes: 112,448.

    Three uses, as in `recurrent`:

    - classify a sequence: `outputs=classes`
    - foretell the next token at every step: `outputs=vocabulary, causal=True`
    - foretell a value: `input_shape=(steps, features), vocabulary=None, outputs=1, output_activation=None`

    Args:
        input_shape: (steps,) for tokens, given as whole numbers below vocabulary; (steps, features) for series. None
            for a number of steps that may vary, unless positions are learned.
        outputs: Units of the last layer.
        vocabulary: How many tokens there are; None for series.
        width: Numbers that stand for a step, throughout.
        heads: Attention heads; they share the width.
        blocks: Blocks of attention and small network.
        hidden: Units of the small network's hidden layer; by default 4 x width.
        causal: Whether a step may look only at itself and what came before.
        every_step: Answer at every step rather than once, from the average over steps; by default like causal.
        positions: How a step's place is told: "learned", "sinusoidal" (as in the first paper), or None, which
            leaves the order unknown.
        dropout: Share that is dropped in training.
        output_activation: Activation of the last layer: "softmax" for classes and tokens, None for values.

    Returns:
        An uncompiled model with layers `embedding`, `positions`, `block1_1_norm`, `block1_1_attention`, ...,
        `block1_2_dense1`, ..., `norm`, `average` (unless every_step), `predictions`.

    Raises:
        CourseError: An argument is out of its range, or arguments do not go together.
    """
    every_step = causal if every_step is None else every_step
    arguments.whole("transformer", "width", width)
    arguments.choice("transformer", "positions", positions, ("learned", "sinusoidal", None))
    if positions == "learned" and isinstance(input_shape, tuple | list) and None in input_shape[:1]:
        raise CourseError(
            "transformer learns a position for each step, so input_shape needs a fixed number of steps; "
            f"received {tuple(input_shape)}: give the number, or positions='sinusoidal'."
        )
    sizes = check_sequence("transformer", input_shape, outputs, vocabulary, width, output_activation)
    check_attention("transformer", width, heads, blocks, hidden, dropout)
    arguments.switch("transformer", "causal", causal)
    arguments.switch("transformer", "every_step", every_step)
    if positions == "sinusoidal" and width % 2:
        raise CourseError(f"transformer needs an even width for sinusoidal positions; received width={width}.")

    if vocabulary is None:
        inputs = keras.Input(sizes, name="input")
        x = layers.Dense(width, name="embedding")(inputs)
    else:
        inputs = keras.Input(sizes, dtype="int32", name="input")
        x = layers.Embedding(vocabulary, width, name="embedding")(inputs)
    if positions == "learned":
        x = LearnedPositions(name="positions")(x)
    elif positions == "sinusoidal":
        x = SinusoidalPositions(name="positions")(x)
    for i in range(1, blocks + 1):
        x = transformer_block(x, heads, hidden or 4 * width, causal, dropout, name=f"block{i}")
    x = layers.LayerNormalization(epsilon=1e-6, name="norm")(x)
    if not every_step:
        x = layers.GlobalAveragePooling1D(name="average")(x)
    answers = layers.Dense(outputs, activation=output_activation, dtype="float32", name="predictions")(x)
    return keras.Model(inputs, answers, name="transformer")


def check_attention(network: str, width: int, heads: object, blocks: object, hidden: object, dropout: object) -> None:
    """Refuse numbers of which no transformer's blocks can be made."""
    arguments.whole(network, "width", width)
    arguments.whole(network, "heads", heads)
    arguments.whole(network, "blocks", blocks)
    arguments.between(network, "dropout", dropout, 0, 1)
    if hidden is not None:
        arguments.whole(network, "hidden", hidden)
    if width % heads:  # type: ignore[operator]  # a whole number, as seen above
        raise CourseError(
            f"{network} shares its width among the heads, so width must be divisible by heads; "
            f"received width={width} and heads={heads}."
        )


def sinusoids(positions: Any, width: int) -> Any:
    """Waves of `width` / 2 lengths, from 2 pi to 10,000 x 2 pi, read at these positions.

    Args:
        positions: Places or times, of any shape.
        width: How many numbers stand for a position; even. The first half are sines, the second cosines.

    Returns:
        The numbers, with one axis more than `positions`.
    """
    rates = ops.exp(-math.log(10_000) * ops.arange(width // 2, dtype="float32") / (width // 2))
    angles = ops.expand_dims(ops.cast(positions, "float32"), -1) * rates
    return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)


@keras.saving.register_keras_serializable(package="dlcourse")
class LearnedPositions(layers.Layer):
    """Add to each step a vector that is learned for its place, batch x steps x width."""

    def build(self, input_shape: Any) -> None:
        """Make the table of vectors, steps x width."""
        self.table = self.add_weight(
            shape=tuple(input_shape[1:]), initializer=keras.initializers.RandomNormal(stddev=0.02), name="table"
        )

    def call(self, sequence: Any) -> Any:
        """The sequence with its places."""
        return sequence + self.table

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The same shape."""
        return input_shape


@keras.saving.register_keras_serializable(package="dlcourse")
class SinusoidalPositions(layers.Layer):
    """Add to each step the waves of its place, batch x steps x width."""

    def call(self, sequence: Any) -> Any:
        """The sequence with its places."""
        _, steps, width = ops.shape(sequence)
        return sequence + ops.cast(sinusoids(ops.arange(steps), width), sequence.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The same shape."""
        return input_shape
