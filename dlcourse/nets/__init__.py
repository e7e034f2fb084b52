"""What learns: plain Keras functions, one architecture family a file.

Each returns an uncompiled `keras.Model` whose layers have names that can be foretold.
"""

from dlcourse.nets.alexnet import alexnet
from dlcourse.nets.autoencoder import autoencoder, kl_divergence, variational_autoencoder
from dlcourse.nets.densenet import dense_block, densenet
from dlcourse.nets.diffusion import diffusion
from dlcourse.nets.efficientnet import efficientnet_lite0
from dlcourse.nets.gan import Gan, gan
from dlcourse.nets.googlenet import googlenet, inception_block
from dlcourse.nets.lenet import lenet5
from dlcourse.nets.mobilenet import mobilenet
from dlcourse.nets.pretrained import imagenet_classes, prepare, pretrained, top
from dlcourse.nets.recurrent import recurrent, temporal_block, temporal_convolution
from dlcourse.nets.resnet import residual_block, resnet
from dlcourse.nets.transformer import sinusoids, transformer, transformer_block
from dlcourse.nets.unet import unet
from dlcourse.nets.vgg import vgg
from dlcourse.nets.vision_transformer import vision_transformer

__all__ = [
    "Gan",
    "alexnet",
    "autoencoder",
    "dense_block",
    "densenet",
    "diffusion",
    "efficientnet_lite0",
    "gan",
    "googlenet",
    "imagenet_classes",
    "inception_block",
    "kl_divergence",
    "lenet5",
    "mobilenet",
    "prepare",
    "pretrained",
    "recurrent",
    "residual_block",
    "resnet",
    "sinusoids",
    "temporal_block",
    "temporal_convolution",
    "top",
    "transformer",
    "transformer_block",
    "unet",
    "variational_autoencoder",
    "vgg",
    "vision_transformer",
]
