# %% right: counts the places one by one
def output_size(size, kernel, stride, padding, dilation):
    if padding == "same":
        return len(range(0, size, stride))
    last = size - (kernel - 1) * dilation
    return sum(1 for start in range(0, last, stride))


# %% right: asks Keras
def output_size(size, kernel, stride, padding, dilation):
    layer = keras.layers.Conv2D(4, kernel, strides=stride, padding=padding, dilation_rate=dilation)
    return layer.compute_output_shape((None, size, size, 2))[2]


# %% right: one formula, with the zeros of "same" added up on both sides
import math


def output_size(size, kernel, stride, padding, dilation):
    span = dilation * (kernel - 1) + 1
    zeros = span - 1 if padding == "same" else 0
    return 1 + math.floor((size + zeros - span) / stride)


# %% wrong, 1 point: forgets the place where the window starts
# says: The place where it starts counts, too.
def output_size(size, kernel, stride, padding, dilation):
    if padding == "same":
        return -(-size // stride)
    return (size - ((kernel - 1) * dilation + 1)) // stride


# %% wrong, 2 points: rounds up with valid
# says: A window of "valid" that hangs over the rim does not count.
def output_size(size, kernel, stride, padding, dilation):
    if padding == "same":
        return -(-size // stride)
    return -(-(size - (kernel - 1) * dilation - 1) // stride) + 1


# %% wrong, 2 points: divides with a fraction left over
# says: A window cannot take half a step
def output_size(size, kernel, stride, padding, dilation):
    if padding == "same":
        return -(-size // stride)
    return (size - (kernel - 1) * dilation - 1) / stride + 1


# %% wrong, 2 points: same rounds down
# says: With "same" the last window may hang over the rim
def output_size(size, kernel, stride, padding, dilation):
    if padding == "same":
        return size // stride
    return (size - (kernel - 1) * dilation - 1) // stride + 1


# %% wrong, 2 points: same keeps the size, whatever the stride
# says: "same" keeps the size only where the stride is 1.
def output_size(size, kernel, stride, padding, dilation):
    if padding == "same":
        return size
    return (size - (kernel - 1) * dilation - 1) // stride + 1


# %% wrong, 2 points: same with half a kernel on either side, also for an even one
# says: a kernel of 4 asks for 3 zeros in all.
def output_size(size, kernel, stride, padding, dilation):
    span = (kernel - 1) * dilation + 1
    zeros = 2 * (span // 2) if padding == "same" else 0
    return (size + zeros - span) // stride + 1


# %% wrong, 2 points: leaves the dilation out
# says: You left the dilation out
def output_size(size, kernel, stride, padding, dilation):
    if padding == "same":
        return -(-size // stride)
    return (size - kernel) // stride + 1


# %% wrong, 2 points: takes kernel times dilation for the span
# says: The kernel spans 5 pixels here, not 6
def output_size(size, kernel, stride, padding, dilation):
    if padding == "same":
        return -(-size // stride)
    return (size - kernel * dilation) // stride + 1
