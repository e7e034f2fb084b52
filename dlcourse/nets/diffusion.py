"""Denoising diffusion: a network that tells, at a time, how much of what it sees is noise."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from dlcourse.errors import CourseError
from dlcourse.nets import arguments
from dlcourse.nets.arguments import Shape
from dlcourse.nets.transformer import sinusoids


def diffusion(
    input_shape: Shape = (28, 28, 1),
    widths: Sequence[int] = (32, 64),
    time_width: int = 64,
) -> keras.Model:
    """A denoiser `model([x, t])` -> noise; the lesson writes the schedule, the loss and the way back.

    Ho, Jain and Abbeel, "Denoising diffusion probabilistic models", NeurIPS 2020. For pictures it is a small U-Net
    whose blocks are residual, know the time and normalise over groups of channels, without the paper's attention;
    for points it is a dense network whose layers know the time.

    120,481 parameters as it comes; 62,786 for points with input_shape=(2,), widths=(128, 128, 128).

    Args:
        input_shape: One example: (height, width, channels), both divisible by 2 ** (len(widths) - 1), or (values,),
            like (2,) for points in the plane.
        widths: Pictures: filters from full size to smallest, each divisible by 4. Points: units of the hidden layers.
        time_width: Numbers that stand for the time; even.

    Returns:
        An uncompiled model with inputs `x` (batch x input_shape) and `t` (batch; any number, steps 0, 1, 2, ... in the
        paper), output of the shape of x, and layers `time`, `time_dense`, then `down1_conv1`, ..., `bottom_conv1`,
        ..., `up1_conv1`, ..., `noise` (pictures) or `dense1`, `dense1_time`, `dense1_add`, ..., `noise` (points).

    Raises:
        CourseError: An argument is out of its range, or a size not divisible.
    """
    arguments.whole_numbers("diffusion", "widths", widths, fewest=1)
    points = isinstance(input_shape, tuple | list) and len(input_shape) == 1
    if points:
        sizes = arguments.shape("diffusion", input_shape, "values")
    else:
        sizes = arguments.picture("diffusion", input_shape, multiple=2 ** (len(widths) - 1), any_size=True)
        if any(width % _GROUPS for width in widths):
            raise CourseError(
                f"diffusion normalises channels in {_GROUPS} groups, so each of widths must be divisible by {_GROUPS}; "
                f"received {tuple(widths)}."
            )
    arguments.whole("diffusion", "time_width", time_width, minimum=2)
    if time_width % 2:
        raise CourseError(f"diffusion needs an even time_width, half sines, half cosines; received {time_width}.")

    x = keras.Input(sizes, name="x")
    t = keras.Input((), name="t")
    time = Time(time_width, name="time")(t)
    time = layers.Dense(time_width, activation="silu", name="time_dense")(time)
    features = _points(x, time, widths) if points else _picture(x, time, widths)
    last = layers.Dense if points else layers.Conv2D
    size = {} if points else {"kernel_size": 3, "padding": "same"}
    # zero: an untrained network foretells no noise, the mean of all noise
    noise = last(sizes[-1], **size, kernel_initializer="zeros", dtype="float32", name="noise")(features)
    return keras.Model([x, t], noise, name="diffusion")


_GROUPS = 4


def _points(x: Any, time: Any, widths: Sequence[int]) -> Any:
    for i, units in enumerate(widths, start=1):
        y = layers.Dense(units, name=f"dense{i}")(x)
        when = layers.Dense(units, name=f"dense{i}_time")(time)
        y = layers.Add(name=f"dense{i}_add")([y, when])
        x = layers.Activation("silu", name=f"dense{i}_silu")(y)
    return x


def _picture(x: Any, time: Any, widths: Sequence[int]) -> Any:
    fine = {}
    for level, filters in enumerate(widths[:-1], start=1):
        x = fine[level] = _block(x, time, filters, f"down{level}")
        x = layers.AveragePooling2D(2, name=f"down{level}_pool")(x)
    x = _block(x, time, widths[-1], "bottom")
    for level in range(len(widths) - 1, 0, -1):
        x = layers.UpSampling2D(2, name=f"up{level}_upsample")(x)
        x = layers.Concatenate(name=f"up{level}_concat")([fine[level], x])
        x = _block(x, time, widths[level - 1], f"up{level}")
    return x


def _block(x: Any, time: Any, filters: int, name: str) -> Any:
    y = layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv1")(x)
    when = layers.Dense(filters, name=f"{name}_time")(time)
    when = layers.Reshape((1, 1, filters), name=f"{name}_time_shape")(when)
    y = layers.Add(name=f"{name}_time_add")([y, when])
    y = layers.GroupNormalization(_GROUPS, name=f"{name}_norm1")(y)
    y = layers.Activation("silu", name=f"{name}_silu1")(y)
    y = layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv2")(y)
    y = layers.GroupNormalization(_GROUPS, name=f"{name}_norm2")(y)
    y = layers.Activation("silu", name=f"{name}_silu2")(y)
    x = layers.Conv2D(filters, 1, name=f"{name}_conv0")(x)
    return layers.Add(name=f"{name}_add")([x, y])


@keras.saving.register_keras_serializable(package="dlcourse")
class Time(layers.Layer):
    """Times as waves of many lengths, batch to batch x width.

    Args:
        width: How many numbers stand for a time; even.
        **kwargs: What every Keras layer takes.
    """

    def __init__(self, width: int, **kwargs: Any) -> None:
        """Keep the width."""
        super().__init__(autocast=False, **kwargs)  # float16 would blur a time like 999.5
        self.width = width

    def call(self, times: Any) -> Any:
        """The waves at these times."""
        return keras.ops.cast(sinusoids(times, self.width), self.compute_dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """One axis more."""
        return (*input_shape, self.width)

    def get_config(self) -> dict[str, Any]:
        """What `from_config` needs."""
        return {**super().get_config(), "width": self.width}
