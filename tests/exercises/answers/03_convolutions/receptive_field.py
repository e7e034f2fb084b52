# %% right: walks down from the last layer
def receptive_field(layers):
    size = 1
    for kernel, stride, dilation in layers[::-1]:
        size = (size - 1) * stride + (kernel - 1) * dilation + 1
    return size


# %% right: marks every pixel that a unit reads
def pixels_of(unit, layers):
    if not layers:
        return {unit}
    *below, (kernel, stride, dilation) = layers
    return set().union(*(pixels_of(unit * stride + i * dilation, below) for i in {0, kernel - 1}))


def receptive_field(layers):
    pixels = pixels_of(0, list(layers))
    return max(pixels) - min(pixels) + 1


# %% right: sums of products with NumPy
def receptive_field(layers):
    if len(layers) == 0:
        return 1
    kernels, strides, dilations = np.array(layers).T
    jumps = np.concatenate([[1], np.cumprod(strides)[:-1]])
    return 1 + np.sum((kernels - 1) * dilations * jumps)


# %% wrong, 0 points: adds the kernels up
# says: You added the kernels up.
def receptive_field(layers):
    return sum(kernel for kernel, _, _ in layers) or 1


# %% wrong, 0 points: returns the fields of all layers, as in the lesson
# says: Only that of the last one is asked for.
def receptive_field(layers):
    size, jump, sizes = 1, 1, [1]
    for kernel, stride, dilation in layers:
        size += (kernel - 1) * dilation * jump
        jump *= stride
        sizes.append(size)
    return sizes


# %% wrong, 0 points: starts from 0
# says: A pixel sees itself: start from 1.
def receptive_field(layers):
    size, jump = 0, 1
    for kernel, stride, dilation in layers:
        size += (kernel - 1) * dilation * jump
        jump *= stride
    return size


# %% wrong, 1 point: lets a stride count for its own kernel
# says: let the size grow first
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        jump *= stride
        size += (kernel - 1) * dilation * jump
    return size


# %% wrong, 1 point: forgets a stride after the next layer
# says: A stride is forgotten after the next layer.
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        size += (kernel - 1) * dilation * jump
        jump = stride
    return size


# %% wrong, 1 point: leaves the strides out
# says: You left the strides out.
def receptive_field(layers):
    return 1 + sum((kernel - 1) * dilation for kernel, _, dilation in layers)


# %% wrong, 1 point: leaves the dilation out
# says: You left the dilation out.
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride, _ in layers:
        size += (kernel - 1) * jump
        jump *= stride
    return size


# %% wrong, 1 point: takes kernel times dilation for the span
# says: it has two gaps, not three
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        size += (kernel * dilation - 1) * jump
        jump *= stride
    return size


# %% wrong, 1.5 points: lets the dilation count in pixels behind a stride
# says: Behind a stride it counts in distances of 3 pixels.
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        size += (kernel - 1) * max(dilation, jump)
        jump *= stride
    return size


# %% wrong, 1 point: walks down with the rule for walking up
# says: You walked down from the last layer
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride, dilation in reversed(layers):
        size += (kernel - 1) * dilation * jump
        jump *= stride
    return size
