"""What one sees: widgets that answer within a frame, on the learner's own picture, kernel, layer or network.

Each is shown by being the last line of a cell, can be read and set from the next one, and has a still picture for
places where no widget lives. Importing them loads neither TensorFlow nor Keras.
"""

from dlcourse.widgets.activations import Activations
from dlcourse.widgets.augmenter import Augmenter
from dlcourse.widgets.convolution_steps import ConvolutionSteps
from dlcourse.widgets.draw_digit import DrawDigit
from dlcourse.widgets.feature_maps import FeatureMaps
from dlcourse.widgets.gradient_flow import GradientFlow
from dlcourse.widgets.kernels import Kernels
from dlcourse.widgets.optimizers import Optimizers
from dlcourse.widgets.playground import Playground
from dlcourse.widgets.receptive_field import ReceptiveField
from dlcourse.widgets.shared.picture_input import Picture, picture
from dlcourse.widgets.training_board import TrainingBoard

__all__ = [
    "Activations",
    "Augmenter",
    "ConvolutionSteps",
    "DrawDigit",
    "FeatureMaps",
    "GradientFlow",
    "Kernels",
    "Optimizers",
    "Picture",
    "Playground",
    "ReceptiveField",
    "TrainingBoard",
    "picture",
]
