"""The autoencoder and the variational autoencoder: a picture through a few numbers and back."""

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from dlcourse.errors import CourseError
from dlcourse.nets import arguments
from dlcourse.nets.arguments import Activation, Shape


def autoencoder(
    input_shape: Shape = (28, 28, 1),
    latent: int = 30,
    hidden: Sequence[int] = (1000, 500, 250),
    filters: Sequence[int] = (),
    output_activation: Activation = "sigmoid",
) -> keras.Model:
    """An encoder to `latent` numbers and its mirror image, a decoder.

    Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural networks", Science 313, 2006.

    2,837,314 parameters as it comes, the paper's 784-1000-500-250-30 and back; its hidden units are logistic
    and trained layer by layer, these are ReLU and trained at once.

    Args:
        input_shape: The shape of one example without the batch.
        latent: Numbers in the middle.
        hidden: Units of the encoder's dense layers; the decoder has them in reverse.
        filters: Filters of 3x3 convolutions with stride 2 before the dense layers, for pictures; the decoder has
            transposed convolutions after its dense layers. Height and width must be divisible by
            2 ** len(filters).
        output_activation: Activation of the reconstruction: "sigmoid" for values in 0..1, None for any.

    Returns:
        An uncompiled model, example to reconstruction, with two models as its layers: `encoder` and `decoder`
        (`model.get_layer("decoder")`). Their layers are `encoder_conv1`, ..., `encoder_dense1`, ..., `latent`,
        and `decoder_dense1`, ..., `decoder_conv1`, ..., `reconstruction`.

    Raises:
        CourseError: An argument is out of its range, or a size not divisible.
    """
    sizes = _check("autoencoder", input_shape, latent, hidden, filters, output_activation)

    inputs = keras.Input(sizes, name="encoder_input")
    code = layers.Dense(latent, name="latent")(_encode(inputs, hidden, filters))
    encoder = keras.Model(inputs, code, name="encoder")
    decoder = _decoder(sizes, latent, hidden, filters, output_activation)

    inputs = keras.Input(sizes, name="input")
    return keras.Model(inputs, decoder(encoder(inputs)), name="autoencoder")


def variational_autoencoder(
    input_shape: Shape = (28, 28, 1),
    latent: int = 2,
    hidden: Sequence[int] = (500,),
    filters: Sequence[int] = (),
    kl_weight: float = 1.0,
    output_activation: Activation = "sigmoid",
    seed: int | None = None,
) -> keras.Model:
    """An autoencoder whose middle is a cloud around a point, kept close to the standard normal distribution.

    Kingma and Welling, "Auto-encoding variational Bayes", ICLR 2014.

    788,788 parameters as it comes: 500 hidden units on either side, as in the paper's experiments on digits.

    Plain `compile` and `fit(x, x)` train it: the Kullback-Leibler term is added inside the model, divided by the
    number of values of an example. With loss="binary_crossentropy", which Keras averages over these values too,
    the loss shown is the negative evidence lower bound per value.

    Args:
        input_shape: The shape of one example without the batch.
        latent: Numbers in the middle; 2 to draw the latent plane.
        hidden: Units of the encoder's dense layers; the decoder has them in reverse.
        filters: Filters of convolutions with stride 2 before the dense layers, as in `autoencoder`.
        kl_weight: Weight of the Kullback-Leibler term: 1 as in the paper, other values make a beta-VAE.
        output_activation: Activation of the reconstruction: "sigmoid" for values in 0..1, None for any.
        seed: Seed of the clouds; None draws one.

    Returns:
        An uncompiled model, example to reconstruction, with the layers `encoder` (a model with two outputs, mean
        and logarithm of the variance), `sample` and `decoder` (a model). In training the code is drawn from the
        cloud, otherwise it is the cloud's mean, so that predictions can be repeated.

    Raises:
        CourseError: An argument is out of its range, or a size not divisible.
    """
    name = "variational_autoencoder"
    sizes = _check(name, input_shape, latent, hidden, filters, output_activation)
    arguments.between(name, "kl_weight", kl_weight, 0, math.inf)

    inputs = keras.Input(sizes, name="encoder_input")
    x = _encode(inputs, hidden, filters)
    mean = layers.Dense(latent, dtype="float32", name="mean")(x)
    log_variance = layers.Dense(latent, dtype="float32", name="log_variance")(x)
    encoder = keras.Model(inputs, [mean, log_variance], name="encoder")
    decoder = _decoder(sizes, latent, hidden, filters, output_activation)
    sample = Sample(kl_weight / math.prod(sizes), seed=seed, dtype="float32", name="sample")

    inputs = keras.Input(sizes, name="input")
    return keras.Model(inputs, decoder(sample(encoder(inputs))), name=name)


def kl_divergence(mean: Any, log_variance: Any) -> Any:
    """How far each normal distribution is from the standard one, in nats.

    The Kullback-Leibler divergence of N(mean, variance) from N(0, 1), summed over the last axis:
    (mean² + variance - 1 - log variance) / 2.

    Args:
        mean: Means, batch x dimensions.
        log_variance: Natural logarithms of the variances, of the same shape.

    Returns:
        One number for each row of the batch.
    """
    return 0.5 * ops.sum(ops.square(mean) + ops.exp(log_variance) - 1 - log_variance, axis=-1)


@keras.saving.register_keras_serializable(package="dlcourse")
class Sample(layers.Layer):
    """Draw from N(mean, variance) in training, and add that distribution's divergence from N(0, 1) to the loss.

    Args:
        kl_weight: What the divergence, averaged over the batch, is multiplied by.
        seed: Seed of the draws; None draws one.
        **kwargs: What every Keras layer takes.
    """

    def __init__(self, kl_weight: float = 1.0, seed: int | None = None, **kwargs: Any) -> None:
        """Keep the weight, and start the random numbers."""
        super().__init__(**kwargs)
        self.kl_weight = kl_weight
        self.seed = seed
        self.random = keras.random.SeedGenerator(seed)

    def call(self, distribution: Any, training: bool = False) -> Any:
        """A point of each distribution, given as [mean, log variance]; its mean outside training."""
        mean, log_variance = distribution
        self.add_loss(self.kl_weight * ops.mean(kl_divergence(mean, log_variance)))
        if not training:
            return mean
        noise = keras.random.normal(ops.shape(mean), dtype=mean.dtype, seed=self.random)
        return mean + ops.exp(0.5 * log_variance) * noise

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the mean."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """What `from_config` needs."""
        return {**super().get_config(), "kl_weight": self.kl_weight, "seed": self.seed}


def _check(
    network: str,
    input_shape: object,
    latent: object,
    hidden: object,
    filters: object,
    output_activation: Activation,
) -> tuple[Any, ...]:
    arguments.whole(network, "latent", latent)
    arguments.whole_numbers(network, "hidden", hidden)
    arguments.whole_numbers(network, "filters", filters)
    arguments.activation(network, "output_activation", output_activation)
    halvings = len(filters)  # type: ignore[arg-type]  # a tuple, as whole_numbers has seen
    if halvings:
        return arguments.picture(network, input_shape, multiple=2**halvings)
    if not isinstance(input_shape, tuple | list) or not input_shape:
        raise CourseError(
            f"{network} needs the shape of one example without the batch, like (28, 28, 1); received {input_shape!r}."
        )
    return arguments.shape(network, input_shape, ", ".join(["size"] * len(input_shape)))


def _encode(x: Any, hidden: Sequence[int], filters: Sequence[int]) -> Any:
    for i, maps in enumerate(filters, start=1):
        x = layers.Conv2D(maps, 3, strides=2, padding="same", activation="relu", name=f"encoder_conv{i}")(x)
    x = layers.Flatten(name="encoder_flatten")(x)
    for i, units in enumerate(hidden, start=1):
        x = layers.Dense(units, activation="relu", name=f"encoder_dense{i}")(x)
    return x


def _decoder(
    sizes: tuple[Any, ...],
    latent: int,
    hidden: Sequence[int],
    filters: Sequence[int],
    output_activation: Activation,
) -> keras.Model:
    inputs = keras.Input((latent,), name="decoder_input")
    x = inputs
    for i, units in enumerate(reversed(hidden), start=1):
        x = layers.Dense(units, activation="relu", name=f"decoder_dense{i}")(x)
    if filters:
        height, width = (size // 2 ** len(filters) for size in sizes[:2])
        x = layers.Dense(height * width * filters[-1], activation="relu", name="decoder_maps")(x)
        x = layers.Reshape((height, width, filters[-1]), name="decoder_reshape")(x)
        for i, maps in enumerate(reversed(filters), start=1):
            x = layers.Conv2DTranspose(maps, 3, strides=2, padding="same", activation="relu", name=f"decoder_conv{i}")(
                x
            )
        outputs = layers.Conv2D(
            sizes[-1], 3, padding="same", activation=output_activation, dtype="float32", name="reconstruction"
        )(x)
    else:
        x = layers.Dense(math.prod(sizes), activation=output_activation, dtype="float32", name="reconstruction")(x)
        outputs = layers.Reshape(sizes, dtype="float32", name="reconstruction_shape")(x)
    return keras.Model(inputs, outputs, name="decoder")
