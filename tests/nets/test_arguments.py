"""What a builder says of arguments that it cannot take: one sentence, before any layer is made."""

import re

import keras
import pytest

from dlcourse import nets
from dlcourse.errors import CourseError

WRONG = [
    (
        lambda: nets.lenet5(classes=0),
        "lenet5 needs classes to be a whole number of at least 1; received 0.",
    ),
    (
        lambda: nets.lenet5(classes=True),
        "lenet5 needs classes to be a whole number of at least 1; received True.",
    ),
    (
        lambda: nets.lenet5(classes=1),
        "lenet5 with classes=1 and a softmax answers 1 whatever it sees; use classes=2, or "
        "classifier_activation='sigmoid'.",
    ),
    (
        lambda: nets.autoencoder(hidden=128),
        "autoencoder needs hidden to be a tuple of positive whole numbers, like (64, 32); received 128.",
    ),
    (
        lambda: nets.lenet5(activation="rellu"),
        "lenet5 needs activation to be an activation that Keras knows, like 'relu', 'tanh' or 'softmax', or a "
        "function; received 'rellu'.",
    ),
    (lambda: nets.alexnet(dropout=1.0), "alexnet needs dropout of at least 0 and below 1; received 1.0."),
    (lambda: nets.unet(batch_norm=1), "unet needs batch_norm to be True or False; received 1."),
    (
        lambda: nets.lenet5((28, 28)),
        "lenet5 needs input_shape=(height, width, channels), without the batch; received (28, 28).",
    ),
    (
        lambda: nets.lenet5((16, 15, 1)),
        "lenet5 needs pictures of at least 16 x 16, because its strides and poolings shrink them; received "
        "input_shape=(16, 15, 1).",
    ),
    (lambda: nets.lenet5(pooling="avg"), "lenet5 needs pooling to be one of 'average', 'max'; received 'avg'."),
    (lambda: nets.lenet5(padding="full"), "lenet5 needs padding to be one of 'valid', 'same'; received 'full'."),
    (lambda: nets.alexnet(groups=3), "alexnet needs groups to be one of 1, 2; received 3."),
    (
        lambda: nets.alexnet((67, 66, 3)),
        "alexnet needs pictures of at least 67 x 67, because its strides and poolings shrink them; received "
        "input_shape=(67, 66, 3).",
    ),
    (lambda: nets.vgg(13), "vgg needs depth to be one of 16, 19; received 13."),
    (
        lambda: nets.vgg(16, (None, None, 3)),
        "vgg needs input_shape=(height, width, channels) in positive whole numbers; received (None, None, 3).",
    ),
    (
        lambda: nets.googlenet((None, None, None)),
        "googlenet needs input_shape=(height, width, channels) in positive whole numbers, None where any size may "
        "come; received (None, None, None).",
    ),
    (
        lambda: nets.resnet(21),
        "resnet needs depth to be one of 8, 14, 18, 20, 32, 34, 44, 50, 56, 101, 110, 152; received 21.",
    ),
    (
        lambda: nets.resnet(50, links=False),
        "resnet of depth 50 is the one of keras.applications and takes neither shortcut nor links=False; the depths "
        "that do are 8, 14, 18, 20, 32, 34, 44, 56, 110.",
    ),
    (
        lambda: nets.resnet(20, links=False, shortcut="zeros"),
        "resnet with links=False has no shortcuts; leave out shortcut='zeros'.",
    ),
    (
        lambda: nets.resnet(shortcut="identity"),
        "resnet needs shortcut to be one of None, 'zeros', 'projection'; received 'identity'.",
    ),
    (lambda: nets.densenet(120), "densenet needs depth to be one of 40, 100, 121, 169, 201; received 120."),
    (lambda: nets.mobilenet(alpha=0), "mobilenet needs alpha of at least 0.05 and below 4; received 0."),
    (
        lambda: nets.unet((40, 48, 3)),
        "unet needs a height and a width divisible by 16, because it halves them 4 times; received "
        "input_shape=(40, 48, 3): pad or crop the pictures.",
    ),
    (lambda: nets.unet(depth=0), "unet needs depth to be a whole number of at least 1; received 0."),
    (
        lambda: nets.autoencoder((28, 30, 1), filters=(4, 8)),
        "autoencoder needs a height and a width divisible by 4, because it halves them 2 times; received "
        "input_shape=(28, 30, 1): pad or crop the pictures.",
    ),
    (
        lambda: nets.autoencoder(()),
        "autoencoder needs the shape of one example without the batch, like (28, 28, 1); received ().",
    ),
    (
        lambda: nets.variational_autoencoder(kl_weight=-1),
        "variational_autoencoder needs kl_weight of at least 0 and below inf; received -1.",
    ),
    (
        lambda: nets.gan(widths=()),
        "gan needs widths to be a tuple of at least 1 positive whole numbers, like (64, 32); received ().",
    ),
    (
        lambda: nets.gan((30, 28, 1)),
        "gan needs a height and a width divisible by 4, because it halves them 2 times; received "
        "input_shape=(30, 28, 1): pad or crop the pictures.",
    ),
    (
        lambda: nets.gan(classifier_activation="softmax"),
        "gan needs classifier_activation to be one of 'sigmoid', None; received 'softmax'.",
    ),
    (lambda: nets.recurrent(cell="ltsm"), "recurrent needs cell to be one of 'rnn', 'lstm', 'gru'; received 'ltsm'."),
    (
        lambda: nets.recurrent((None, 3)),
        "recurrent needs input_shape=(steps,) with a vocabulary, for tokens, or (steps, features) with "
        "vocabulary=None, for series; received (None, 3) and vocabulary=64.",
    ),
    (
        lambda: nets.recurrent((9, 3), 1, vocabulary=None),
        "recurrent with outputs=1 and a softmax answers 1 whatever it reads; use output_activation=None for a value, "
        "or 'sigmoid' for yes or no.",
    ),
    (
        lambda: nets.temporal_convolution(kernel_size=1),
        "temporal_convolution needs kernel_size to be a whole number of at least 2; received 1.",
    ),
    (
        lambda: nets.transformer(width=10),
        "transformer shares its width among the heads, so width must be divisible by heads; received width=10 and "
        "heads=4.",
    ),
    (
        lambda: nets.transformer((None,)),
        "transformer learns a position for each step, so input_shape needs a fixed number of steps; received (None,): "
        "give the number, or positions='sinusoidal'.",
    ),
    (
        lambda: nets.transformer(width=9, heads=3, positions="sinusoidal"),
        "transformer needs an even width for sinusoidal positions; received width=9.",
    ),
    (
        lambda: nets.vision_transformer((32, 30, 3)),
        "vision_transformer cuts pictures into patches, so height and width must be divisible by patch; received "
        "input_shape=(32, 30, 3) and patch=4.",
    ),
    (
        lambda: nets.diffusion(widths=(6, 8)),
        "diffusion normalises channels in 4 groups, so each of widths must be divisible by 4; received (6, 8).",
    ),
    (
        lambda: nets.diffusion(time_width=5),
        "diffusion needs an even time_width, half sines, half cosines; received 5.",
    ),
]


@pytest.mark.parametrize(("build", "sentence"), WRONG)
def test_wrong_arguments_get_one_sentence_and_no_layer(build, sentence, monkeypatch):
    def forbidden(*args, **kwargs):
        raise AssertionError("a layer was made")

    monkeypatch.setattr(keras.layers.Layer, "__init__", forbidden)
    monkeypatch.setattr(keras, "Input", forbidden)
    with pytest.raises(CourseError) as error:
        build()
    assert str(error.value) == sentence
    assert len(re.findall(r"[.!?](?= |$)", sentence)) == 1


@pytest.mark.parametrize(
    ("build", "too_small"),
    [
        (lambda n: nets.lenet5((n, n + 1, 1)), 15),
        (lambda n: nets.lenet5((n + 1, n, 1), padding="same"), 11),
        (lambda n: nets.alexnet((n, n, 1), 2), 66),
        (lambda n: nets.densenet(40, (n, n, 1), 2), 3),
    ],
)
def test_the_smallest_size_that_is_taken_is_the_smallest_that_works(build, too_small):
    with pytest.raises(CourseError, match=f"at least {too_small + 1} x {too_small + 1}"):
        build(too_small)
    model = build(too_small + 1)
    assert all(size > 0 for layer in model.layers for size in layer.output.shape[1:])
