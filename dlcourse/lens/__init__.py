"""What happens inside: pure functions, a model or arrays in, numbers out."""

from dlcourse.lens.convolution import convolution_matrix, convolution_output, padding_amounts, transposed_output
from dlcourse.lens.cost import Cost, cost
from dlcourse.lens.receptive import ReceptiveField, receptive_field, receptive_fields, receptive_interval
from dlcourse.lens.table import Table

__all__ = [
    "Cost",
    "ReceptiveField",
    "Table",
    "convolution_matrix",
    "convolution_output",
    "cost",
    "padding_amounts",
    "receptive_field",
    "receptive_fields",
    "receptive_interval",
    "transposed_output",
]
