"""Parameter counts against those that papers and other implementations state."""

import math

import keras
import pytest

from dlcourse import nets


def trainable(model):
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def multiply_adds(model):
    """Of convolutions and dense layers, by their textbook formula; one picture."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
            total += math.prod(layer.output.shape[1:3]) * math.prod(layer.kernel.shape)
        elif isinstance(layer, keras.layers.Dense):
            total += math.prod(layer.kernel.shape)
    return total


@pytest.mark.parametrize(
    ("build", "published"),
    [
        (lambda: nets.lenet5(), 61_706),  # LeCun 1998 as rebuilt everywhere: 156 + 2,416 + 48,120 + 10,164 + 850
        (lambda: nets.lenet5((28, 28, 1), padding="same"), 61_706),
        # Caffe's bvlc_alexnet has groups: 60,965,224; the sum without them: 62,378,344
        (lambda: nets.alexnet(), 62_378_344),
        (lambda: nets.alexnet(groups=2), 60_965_224),
        (lambda: nets.vgg(16), 138_357_544),  # keras.io/api/applications
        (lambda: nets.vgg(19), 143_667_240),
        (lambda: nets.googlenet(), 6_998_552),  # Caffe's bvlc_googlenet without its auxiliary classifiers
        (lambda: nets.resnet(50), 25_636_712),  # keras.io/api/applications, as those below
        (lambda: nets.resnet(101), 44_707_176),
        (lambda: nets.resnet(152), 60_419_944),
        (lambda: nets.densenet(121), 8_062_504),
        (lambda: nets.densenet(169), 14_307_880),
        (lambda: nets.densenet(201), 20_242_984),
        (lambda: nets.mobilenet(), 4_253_864),
        (lambda: nets.autoencoder(), 2_837_314),  # 784-1000-500-250-30 and back, dense with biases
        (lambda: nets.vision_transformer((224, 224, 3), 1000, 16, 768, 12, 12), 86_567_656),  # torchvision's vit_b_16
        (lambda: nets.efficientnet_lite0(), 4_652_008 + 42_016),  # lukemelas' port, with its moving averages
    ],
)
def test_parameters_are_those_published(build, published):
    assert build().count_params() == published


@pytest.mark.parametrize(
    ("depth", "published", "paper"),
    [  # akamaster/pytorch_resnet_cifar10; He et al. 2016, table 6
        (20, 269_722, 0.27e6),
        (32, 464_154, 0.46e6),
        (44, 658_586, 0.66e6),
        (56, 853_018, 0.85e6),
        (110, 1_727_962, 1.7e6),
        (18, 11_689_512, None),  # torchvision
        (34, 21_797_672, None),
    ],
)
def test_trainable_parameters_of_resnets_are_those_published(depth, published, paper):
    model = nets.resnet(depth)
    assert trainable(model) == published
    if paper:
        assert trainable(model) == pytest.approx(paper, rel=0.02)
        assert trainable(nets.resnet(depth, links=False)) == published


def test_trainable_parameters_of_small_densenets_are_those_published():
    assert trainable(nets.densenet(40)) == 1_019_722  # Huang et al. 2017, table 2: 1.0 M
    assert trainable(nets.densenet(100)) == 769_162  # andreasveit/densenet-pytorch; the paper's 0.8 M


def test_trainable_parameters_of_dcgan_are_those_of_radfords_network():
    generator, discriminator = nets.gan((64, 64, 3), latent=100, widths=(64, 128, 256, 512))
    assert trainable(generator) == 3_576_704  # PyTorch's DCGAN tutorial
    assert trainable(discriminator) == 2_765_568


@pytest.mark.parametrize(
    ("build", "published"),
    [
        (lambda: nets.alexnet(groups=2), 0.724e9),  # Sze et al. 2017, "Efficient processing of DNNs", table II: 724 M
        (lambda: nets.alexnet(), 1.135e9),
        (lambda: nets.resnet(18), 1.8e9),  # He et al. 2016, table 1
        (lambda: nets.resnet(34), 3.6e9),
        (lambda: nets.mobilenet(), 0.569e9),  # Howard et al. 2017, table 4
        (lambda: nets.efficientnet_lite0(), 0.407e9 - 0.02e9),  # TensorFlow's table: 407 M with additions and biases
    ],
)
def test_multiply_adds_are_those_published(build, published):
    assert multiply_adds(build()) == pytest.approx(published, rel=0.03)


def test_inception_blocks_have_the_weights_of_the_papers_table():
    # Szegedy et al. 2015, table 1, column "params", in units of 1,024, weights without biases
    # (4c and 5a are left out: the table's 463 and 1072 are not what its own filters give, 497.5 and 1018)
    table = {"3a": 159, "3b": 380, "4a": 364, "4b": 437, "4d": 580, "4e": 840, "5b": 1388}
    model = nets.googlenet()
    for block, thousands in table.items():
        kernels = [
            math.prod(layer.kernel.shape)
            for layer in model.layers
            if layer.name.startswith(f"inception_{block}_") and layer.weights
        ]
        assert len(kernels) == 6
        assert sum(kernels) / 1024 == pytest.approx(thousands, rel=0.02), block


def test_unet_has_the_sum_of_its_convolutions():
    def convolution(size, channels, filters):
        return (size * size * channels + 1) * filters

    down = [(1, 64), (64, 128), (128, 256), (256, 512), (512, 1024)]
    total = sum(convolution(3, a, b) + convolution(3, b, b) for a, b in down)
    for a, b in [(1024, 512), (512, 256), (256, 128), (128, 64)]:
        total += convolution(2, a, b) + convolution(3, a, b) + convolution(3, b, b)
    assert nets.unet((None, None, 1)).count_params() == total + convolution(1, 64, 2) == 31_030_658


@pytest.mark.parametrize(
    ("cell", "gates", "biases"), [("rnn", 1, 1), ("lstm", 4, 1), ("gru", 3, 2)]
)  # gates x (inputs + units + biases) x units
def test_recurrent_cells_have_their_gates(cell, gates, biases):
    model = nets.recurrent((None, 5), 2, cell, units=(7, 3), vocabulary=None)
    assert model.get_layer(f"{cell}1").count_params() == gates * (5 + 7 + biases) * 7
    assert model.get_layer(f"{cell}2").count_params() == gates * (7 + 3 + biases) * 3
    assert model.count_params() == gates * ((5 + 7 + biases) * 7 + (7 + 3 + biases) * 3) + 3 * 2 + 2


def test_a_transformer_block_has_the_parameters_of_the_first_paper():
    # 3,152,384: torch.nn.TransformerEncoderLayer(512, 8, 2048)
    counts = [nets.transformer((9,), 5, 11, width=512, heads=8, hidden=2048, blocks=n).count_params() for n in (1, 2)]
    assert counts[1] - counts[0] == 3_152_384
    assert counts[0] - 3_152_384 == 11 * 512 + 9 * 512 + 2 * 512 + 512 * 5 + 5


@pytest.mark.parametrize(
    ("build", "count"),
    [
        (lambda: nets.variational_autoencoder(), (784 + 1) * 500 + 2 * (500 + 1) * 2 + (2 + 1) * 500 + (500 + 1) * 784),
        (lambda: nets.recurrent(), 92_736),
        (lambda: nets.temporal_convolution(), 100_992),
        (lambda: nets.transformer(), 112_448),
        (lambda: nets.vision_transformer(), 208_074),
        (lambda: nets.diffusion(), 120_481),
        (lambda: nets.diffusion((2,), (128, 128, 128)), 62_786),
        (lambda: nets.unet(), 31_031_810),
    ],
)
def test_counts_in_the_docstrings_are_true(build, count):
    model = build()
    assert model.count_params() == count
    assert f"{count:,}" in getattr(nets, BUILDERS.get(model.name, model.name)).__doc__


BUILDERS = {"lstm": "recurrent"}
