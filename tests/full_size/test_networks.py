"""Networks in their full size are what papers and other implementations say: parameters, products, receptive fields.

Each is built once, and let go before the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

import keras
import pytest
from profiler import profiled_products

from dlcourse import nets
from dlcourse.lens.costs import cost
from dlcourse.lens.receptive import receptive_field


@dataclass(frozen=True)
class Published:
    """A network and what is published of it; None where no number is that all agree on."""

    build: Callable[[], keras.Model]
    parameters: int | None = None
    trainable: int | None = None
    products: float | None = None  # millions of multiply-adds
    field: tuple[str, int] | None = None  # the side of what a unit sees, at the layer named
    profiled: bool = False  # whether TensorFlow's profiler counts the products, too


def application(name: str) -> Callable[[], keras.Model]:
    return lambda: getattr(keras.applications, name)(weights=None)


# Parameters: keras.io/api/applications; LeNet 156 + 2,416 + 48,120 + 10,164 + 850; Caffe's bvlc_alexnet has groups, and
# its bvlc_googlenet is counted without the auxiliary classifiers; the autoencoder is 784-1000-500-250-30 and back;
# torchvision's vit_b_16; lukemelas' EfficientNet-Lite0, with its moving averages. Trainable ones of the small ResNets:
# akamaster/pytorch_resnet_cifar10 (He et al. 2016, table 6), ResNet-18 and 34: torchvision; DenseNet-40: Huang et al.
# 2017, table 2: 1.0 M; DenseNet-100: andreasveit/densenet-pytorch, the paper's 0.8 M.
#
# Products: VGG16: 15.5 G (He et al. 2016 write 15.3 for the convolutions, and 3.8 G for ResNet-50; 3.86 G is the count
# with the classifier that later tables have); AlexNet: 724 M (Sze et al. 2017, "Efficient processing of DNNs", table
# II); ResNet-18 and 34: He et al. 2016, table 1; MobileNet: 569 M (Howard et al. 2017, table 4); MobileNetV2: 300 M
# (Sandler et al. 2018); InceptionV3: 5.7 G (Szegedy et al. 2016, table 3's model at 299 pixels, as counted by later
# tables); EfficientNet-Lite0: TensorFlow's table has 407 M with additions and biases.
#
# Fields: Araujo, Norris and Sim, Distill 2019 (doi 10.23915/distill.00021). Those of the ResNets follow by hand: 11
# after the first pooling, then 2 * j more for each block at stride j = 4, 8, 16, 32.
NETWORKS = {
    "LeNet-5": Published(lambda: nets.lenet5(), 61_706),
    "LeNet-5 on 28 x 28": Published(lambda: nets.lenet5((28, 28, 1), padding="same"), 61_706),
    "AlexNet": Published(lambda: nets.alexnet(), 62_378_344, products=1_135),
    "AlexNet of two towers": Published(lambda: nets.alexnet(groups=2), 60_965_224, products=724),
    "VGG16": Published(lambda: nets.vgg(16), 138_357_544, None, 15_500, ("block5_pool", 212), profiled=True),
    "VGG19": Published(lambda: nets.vgg(19), 143_667_240),
    "GoogLeNet": Published(lambda: nets.googlenet(), 6_998_552),
    "InceptionV3": Published(application("InceptionV3"), None, None, 5_700, ("mixed10", 1311), profiled=True),
    "InceptionResNetV2": Published(application("InceptionResNetV2"), field=("conv_7b_ac", 3039)),
    "ResNet-20": Published(lambda: nets.resnet(20), None, 269_722),
    "ResNet-20 without links": Published(lambda: nets.resnet(20, links=False), None, 269_722),
    "ResNet-32": Published(lambda: nets.resnet(32), None, 464_154),
    "ResNet-44": Published(lambda: nets.resnet(44), None, 658_586),
    "ResNet-56": Published(lambda: nets.resnet(56), None, 853_018),
    "ResNet-110": Published(lambda: nets.resnet(110), None, 1_727_962),
    "ResNet-110 without links": Published(lambda: nets.resnet(110, links=False), None, 1_727_962),
    "ResNet-18": Published(lambda: nets.resnet(18), None, 11_689_512, 1_800),
    "ResNet-34": Published(lambda: nets.resnet(34), None, 21_797_672, 3_600),
    "ResNet-50": Published(lambda: nets.resnet(50), 25_636_712, None, 3_860, ("conv5_block3_out", 483), profiled=True),
    "ResNet-101": Published(lambda: nets.resnet(101), 44_707_176, field=("conv5_block3_out", 1027)),
    "ResNet-152": Published(lambda: nets.resnet(152), 60_419_944, field=("conv5_block3_out", 1507)),
    "DenseNet-40": Published(lambda: nets.densenet(40), None, 1_019_722),
    "DenseNet-100": Published(lambda: nets.densenet(100), None, 769_162),
    "DenseNet-121": Published(lambda: nets.densenet(121), 8_062_504, profiled=True),
    "DenseNet-169": Published(lambda: nets.densenet(169), 14_307_880),
    "DenseNet-201": Published(lambda: nets.densenet(201), 20_242_984),
    "MobileNet": Published(lambda: nets.mobilenet(), 4_253_864, None, 569, ("conv_pw_13_relu", 315), profiled=True),
    "MobileNetV2": Published(application("MobileNetV2"), products=300),
    "EfficientNetB0": Published(application("EfficientNetB0"), profiled=True),
    "EfficientNet-Lite0": Published(lambda: nets.efficientnet_lite0(), 4_652_008 + 42_016, products=387),
    "autoencoder": Published(lambda: nets.autoencoder(), 2_837_314),
    "ViT-B/16": Published(lambda: nets.vision_transformer((224, 224, 3), 1000, 16, 768, 12, 12), 86_567_656),
}


@pytest.fixture(autouse=True)
def blank_weights(monkeypatch):
    """All weights are zeros: it takes seconds to draw 140 million of them, and only their shapes are asked for."""

    def zeros(self, shape, dtype=None):
        return keras.ops.zeros(shape, dtype)

    monkeypatch.setattr(keras.initializers.VarianceScaling, "__call__", zeros)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_what_is_published_of_it(name):
    published = NETWORKS[name]
    model = published.build()
    total = cost(model).total
    trainable = sum(prod(weight.shape) for weight in model.trainable_weights)
    assert total.parameters == model.count_params() == (published.parameters or model.count_params())
    assert total.trainable == trainable == (published.trainable or trainable)
    if published.products is not None:
        assert total.multiply_adds == pytest.approx(published.products * 1e6, rel=0.03)
    if published.profiled and keras.backend.backend() == "tensorflow":
        assert total.multiply_adds == profiled_products(model)
    if published.field is not None:
        layer, side = published.field
        record = receptive_field(model, layer)
        assert (record.size, record.stride) == ((side, side), (32, 32))


def test_trainable_parameters_of_dcgan_are_those_of_radfords_network():
    generator, discriminator = nets.gan((64, 64, 3), latent=100, widths=(64, 128, 256, 512))
    counts = [sum(prod(weight.shape) for weight in model.trainable_weights) for model in (generator, discriminator)]
    assert counts == [3_576_704, 2_765_568]  # PyTorch's DCGAN tutorial


def test_inception_blocks_have_the_weights_of_the_papers_table():
    # Szegedy et al. 2015, table 1, column "params", in units of 1,024, weights without biases
    # (4c and 5a are left out: the table's 463 and 1072 are not what its own filters give, 497.5 and 1018)
    table = {"3a": 159, "3b": 380, "4a": 364, "4b": 437, "4d": 580, "4e": 840, "5b": 1388}
    model = nets.googlenet()
    for block, thousands in table.items():
        kernels = [
            prod(layer.kernel.shape)
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
    builder = {"lstm": "recurrent"}.get(model.name, model.name)
    assert f"{count:,}" in getattr(nets, builder).__doc__


@pytest.mark.parametrize(
    ("cell", "gates", "biases"), [("rnn", 1, 1), ("lstm", 4, 1), ("gru", 3, 2)]
)  # gates x (inputs + units + biases) x units
def test_recurrent_cells_have_their_gates(cell, gates, biases):
    model = nets.recurrent((None, 5), 2, cell, units=(7, 3), vocabulary=None)
    assert model.get_layer(f"{cell}1").count_params() == gates * (5 + 7 + biases) * 7
    assert model.get_layer(f"{cell}2").count_params() == gates * (7 + 3 + biases) * 3
    assert model.count_params() == gates * ((5 + 7 + biases) * 7 + (7 + 3 + biases) * 3) + 3 * 2 + 2
