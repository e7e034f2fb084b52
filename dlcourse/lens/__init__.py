"""What happens inside: pure functions, a model or arrays in, numbers out.

Each result prints as text. Its picture is one call away in `dlcourse.lens.pictures`, which alone loads matplotlib.
Each name brings its module with it when it is first asked for: the arithmetic of convolutions needs no Keras.
"""

from importlib import import_module
from typing import Any

_NAMES = {
    "ablation": "without",
    "attribution": "grad_cam integrated_gradients saliency",
    "attribution_maps": "AttributionMap attribution_map",
    "convolution": "convolution_matrix convolution_output convolve padding_amounts transposed_output",
    "costs": "Cost cost",
    "covering": "occlusion",
    "cuts": "Cut Part",
    "cutting": "parts_of",
    "descent": "descent_path",
    "dreaming": "Dream Prior dream",
    "effective": "effective_receptive_field",
    "decades": "LayerSizes Sizes sizes",
    "embedding": "Nearest agreement agreement_by_chance embedded nearest",
    "flow": "FlowObserver FlowSizes LayerFlow gradient_flow",
    "drift": "edges kolmogorov_smirnov population_stability shares",
    "fooling": "Adversarial adversarial",
    "gradients": "gradient_of_input gradients_of_weights",
    "kernels": "named_kernel",
    "layer_outputs": "activations depthwise_outputs feature_maps",
    "mistakes": "Confusion confusion",
    "painting": "blur_reach blurred brush_mask moved_part painted_over",
    "precision": "WeightTensor outputs_with weight_tensors",
    "quantisation": "Quantised dequantise quantise stored_bytes",
    "recurrence": "GradientOverTime Hold RecurrentCell Unrolled gradient_over_time recurrent_cell unrolled",
    "receptive": "LayerField receptive_field receptive_fields receptive_interval",
    "shapes": "DigitShape digit_shape",
    "style": "StyleTransfer style_transfer",
    "surfaces": "DecisionSurface LossSurface decision_surface loss_surface",
    "table": "Table",
    "thresholds": (
        "Best CalibrationBin Counts ThresholdCurve average_precision best_threshold brier calibration "
        "calibration_error counts_at roc_area threshold_curve"
    ),
    "transforming": "transformed",
}
# no function may be called like a module: importing the module would put it in the function's place
_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = sorted(_MODULES)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    attribute = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = attribute
    return attribute


def __dir__() -> list[str]:
    return [*globals(), *__all__]
