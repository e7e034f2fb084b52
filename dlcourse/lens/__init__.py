"""What happens inside: pure functions, a model or arrays in, numbers out.

Each result prints as text. Its picture is one call away in `dlcourse.lens.pictures`, which alone loads matplotlib.
"""

from dlcourse.lens.activations import activations, feature_maps
from dlcourse.lens.adversarial import Adversarial, adversarial
from dlcourse.lens.confusion import Confusion, confusion
from dlcourse.lens.convolution import convolution_matrix, convolution_output, padding_amounts, transposed_output
from dlcourse.lens.cost import Cost, cost
from dlcourse.lens.dreaming import Dream, Prior, dream
from dlcourse.lens.effective import effective_receptive_field
from dlcourse.lens.flow import GradientFlow, LayerFlow, gradient_flow
from dlcourse.lens.gradients import gradient_of_input, gradients_of_weights
from dlcourse.lens.occlusion import occlusion
from dlcourse.lens.receptive import ReceptiveField, receptive_field, receptive_fields, receptive_interval
from dlcourse.lens.saliency import grad_cam, integrated_gradients, saliency
from dlcourse.lens.style import StyleTransfer, style_transfer
from dlcourse.lens.surfaces import DecisionSurface, LossSurface, decision_surface, loss_surface
from dlcourse.lens.table import Table

__all__ = [
    "Adversarial",
    "Confusion",
    "Cost",
    "DecisionSurface",
    "Dream",
    "GradientFlow",
    "LayerFlow",
    "LossSurface",
    "Prior",
    "ReceptiveField",
    "StyleTransfer",
    "Table",
    "activations",
    "adversarial",
    "confusion",
    "convolution_matrix",
    "convolution_output",
    "cost",
    "decision_surface",
    "dream",
    "effective_receptive_field",
    "feature_maps",
    "grad_cam",
    "gradient_flow",
    "gradient_of_input",
    "gradients_of_weights",
    "integrated_gradients",
    "loss_surface",
    "occlusion",
    "padding_amounts",
    "receptive_field",
    "receptive_fields",
    "receptive_interval",
    "saliency",
    "style_transfer",
    "transposed_output",
]
