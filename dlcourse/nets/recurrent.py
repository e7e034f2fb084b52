"""Sequences step by step: recurrent networks, and the temporal convolution that does without recurrence."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.nets import arguments
from dlcourse.nets.arguments import Activation, Shape

_CELLS = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}


def recurrent(
    input_shape: Shape = (None,),
    outputs: int = 64,
    cell: str = "lstm",
    units: Sequence[int] = (128,),
    vocabulary: int | None = 64,
    embedding: int = 32,
    every_step: bool = False,
    dropout: float = 0.0,
    output_activation: Activation = "softmax",
) -> keras.Model:
    """A recurrent network: it reads a sequence step by step, and carries a state along.

    Elman, "Finding structure in time", Cognitive Science 14, 1990 (rnn); Hochreiter and Schmidhuber, "Long
    short-term memory", Neural Computation 9, 1997 (lstm; with the forget gate of Gers and others, 2000); Cho and
    others, "Learning phrase representations using RNN encoder-decoder", EMNLP 2014 (gru).

    With u units on f features a layer has u (f + u + 1) parameters (rnn), 4 u (f + u + 1) (lstm) or
    3 u (f + u + 2) (gru, with the second bias of Keras). As it comes: 92,736.

    Three uses:

    - classify a sequence: `outputs=classes`
    - foretell the next token at every step: `outputs=vocabulary, every_step=True`
    - foretell a value: `input_shape=(steps, features), vocabulary=None, outputs=1, output_activation=None`

    Args:
        input_shape: (steps,) for tokens, given as whole numbers below vocabulary; (steps, features) for series. None
            for a number of steps that may vary.
        outputs: Units of the last layer.
        cell: "rnn", "lstm" or "gru".
        units: Units of each recurrent layer, first to last.
        vocabulary: How many tokens there are; None for series.
        embedding: Numbers that stand for a token; without meaning for series.
        every_step: Answer at every step rather than once, after the last.
        dropout: Share of each recurrent layer's inputs that is dropped in training.
        output_activation: Activation of the last layer: "softmax" for classes and tokens, None for values.

    Returns:
        An uncompiled model with layers `embedding` (tokens), `lstm1`, `lstm2`, ... (named after the cell),
        `predictions`.

    Raises:
        CourseError: An argument is out of its range, or arguments do not go together.
    """
    sizes = check_sequence("recurrent", input_shape, outputs, vocabulary, embedding, output_activation)
    arguments.choice("recurrent", "cell", cell, _CELLS)
    arguments.whole_numbers("recurrent", "units", units, fewest=1)
    arguments.switch("recurrent", "every_step", every_step)
    arguments.between("recurrent", "dropout", dropout, 0, 1)

    inputs, x = sequence_input(sizes, vocabulary, embedding)
    for i, width in enumerate(units, start=1):
        sequence = every_step or i < len(units)
        x = _CELLS[cell](width, return_sequences=sequence, dropout=dropout, name=f"{cell}{i}")(x)
    answers = layers.Dense(outputs, activation=output_activation, dtype="float32", name="predictions")(x)
    return keras.Model(inputs, answers, name=cell)


def temporal_block(x: Any, filters: int, kernel_size: int, dilation: int, dropout: float, name: str) -> Any:
    """Two causal convolutions over time, and a link that adds the block's input to their result.

    Args:
        x: The sequence, batch x steps x features, as a Keras tensor.
        filters: Filters of both convolutions.
        kernel_size: Steps that each convolution looks at, none of them in the future.
        dilation: Distance between these steps.
        dropout: Share of whole channels that is dropped in training, after each convolution.
        name: What the names of the block's layers begin with.

    Returns:
        A sequence of the same length, with `filters` features.
    """
    y = x
    for i in (1, 2):
        y = layers.Conv1D(
            filters,
            kernel_size,
            padding="causal",
            dilation_rate=dilation,
            activation="relu",
            kernel_initializer="he_normal",
            name=f"{name}_conv{i}",
        )(y)
        y = layers.SpatialDropout1D(dropout, name=f"{name}_dropout{i}")(y)
    if x.shape[-1] != filters:
        x = layers.Conv1D(filters, 1, name=f"{name}_conv0")(x)
    x = layers.Add(name=f"{name}_add")([x, y])
    return layers.ReLU(name=f"{name}_out")(x)


def temporal_convolution(
    input_shape: Shape = (None,),
    outputs: int = 64,
    filters: int = 64,
    blocks: int = 4,
    kernel_size: int = 3,
    vocabulary: int | None = 64,
    embedding: int = 32,
    every_step: bool = False,
    dropout: float = 0.0,
    output_activation: Activation = "softmax",
) -> keras.Model:
    """A temporal convolutional network: causal convolutions whose dilation doubles from block to block.

    Bai, Kolter and Koltun, "An empirical evaluation of generic convolutional and recurrent networks for sequence
    modeling", 2018 (arXiv 1803.01271); without its weight normalisation.

    An answer looks back over 1 + 2 (kernel_size - 1) (2 ** blocks - 1) steps. As it comes: 61 steps, 100,992
    parameters.

    Args:
        input_shape: (steps,) for tokens, (steps, features) for series, as in `recurrent`.
        outputs: Units of the last layer.
        filters: Filters of every convolution.
        blocks: Blocks of two convolutions; block i has dilation 2 ** (i - 1).
        kernel_size: Steps that each convolution looks at.
        vocabulary: How many tokens there are; None for series.
        embedding: Numbers that stand for a token; without meaning for series.
        every_step: Answer at every step rather than once, from the last.
        dropout: Share of whole channels that is dropped in training, after each convolution.
        output_activation: Activation of the last layer: "softmax" for classes and tokens, None for values.

    Returns:
        An uncompiled model with layers `embedding` (tokens), `block1_conv1`, `block1_dropout1`, `block1_conv2`,
        ..., `block1_add`, `block1_out`, ..., `last_step` (unless every_step), `predictions`.

    Raises:
        CourseError: An argument is out of its range, or arguments do not go together.
    """
    name = "temporal_convolution"
    sizes = check_sequence(name, input_shape, outputs, vocabulary, embedding, output_activation)
    arguments.whole(name, "filters", filters)
    arguments.whole(name, "blocks", blocks)
    arguments.whole(name, "kernel_size", kernel_size, minimum=2)
    arguments.switch(name, "every_step", every_step)
    arguments.between(name, "dropout", dropout, 0, 1)

    inputs, x = sequence_input(sizes, vocabulary, embedding)
    for i in range(1, blocks + 1):
        x = temporal_block(x, filters, kernel_size, 2 ** (i - 1), dropout, name=f"block{i}")
    if not every_step:
        x = LastStep(name="last_step")(x)
    answers = layers.Dense(outputs, activation=output_activation, dtype="float32", name="predictions")(x)
    return keras.Model(inputs, answers, name=name)


@keras.saving.register_keras_serializable(package="dlcourse")
class LastStep(layers.Layer):
    """The last step of each sequence, batch x steps x features to batch x features."""

    def call(self, sequence: Any) -> Any:
        """The features of the last step."""
        return sequence[:, -1]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape without the steps."""
        return (input_shape[0], *input_shape[2:])


def check_sequence(
    network: str,
    input_shape: Any,
    outputs: object,
    vocabulary: object,
    embedding: object,
    output_activation: Activation,
    any_length: bool = True,
) -> tuple[int | None, ...]:
    """The input shape of a network that reads tokens or a series, refused where it or the ends do not fit."""
    if vocabulary is not None:
        arguments.whole(network, "vocabulary", vocabulary, minimum=2)
    axes = "steps, features" if vocabulary is None else "steps"
    if isinstance(input_shape, tuple | list) and len(input_shape) in (1, 2) and len(input_shape) != len(axes.split()):
        raise CourseError(
            f"{network} needs input_shape=(steps,) with a vocabulary, for tokens, or (steps, features) with "
            f"vocabulary=None, for series; received {tuple(input_shape)} and vocabulary={vocabulary!r}."
        )
    sizes = arguments.shape(network, input_shape, axes, open_axes=1 if any_length else 0)
    arguments.whole(network, "outputs", outputs)
    arguments.whole(network, "embedding", embedding)
    arguments.activation(network, "output_activation", output_activation)
    if outputs == 1 and output_activation in ("softmax", keras.activations.softmax):
        raise CourseError(
            f"{network} with outputs=1 and a softmax answers 1 whatever it reads; "
            f"use output_activation=None for a value, or 'sigmoid' for yes or no."
        )
    return sizes


def sequence_input(sizes: tuple[int | None, ...], vocabulary: int | None, embedding: int) -> tuple[Any, Any]:
    """The input layer, and what the first layer after it reads: the embedded tokens, or the series itself."""
    if vocabulary is None:
        inputs = keras.Input(sizes, name="input")
        return inputs, inputs
    inputs = keras.Input(sizes, dtype="int32", name="input")
    return inputs, layers.Embedding(vocabulary, embedding, name="embedding")(inputs)
