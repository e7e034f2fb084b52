# %% right: Keras' own, in single precision
def conv2d(pictures, kernels, bias, stride):
    x, w, b = (keras.ops.convert_to_tensor(array, "float32") for array in (pictures, kernels, bias))
    return keras.ops.conv(x, w, strides=stride, padding="valid") + b


# %% right: all windows at once, then one sum of products
def conv2d(pictures, kernels, bias, stride):
    windows = np.lib.stride_tricks.sliding_window_view(pictures, kernels.shape[:2], axis=(1, 2))
    return np.einsum("nrcxij,ijxf->nrcf", windows[:, ::stride, ::stride], kernels) + bias


# %% right: windows as rows of one large matrix, pictures one by one
def columns_of(picture, h, w, stride):
    rows = (picture.shape[0] - h) // stride + 1
    columns = (picture.shape[1] - w) // stride + 1
    parts = []
    for i in range(h):
        for j in range(w):
            parts.append(picture[i::stride, j::stride][:rows, :columns])
    return np.concatenate(parts, axis=-1)


def conv2d(pictures, kernels, bias, stride):
    h, w, _, filters = kernels.shape
    matrix = kernels.reshape(-1, filters)
    return np.stack([columns_of(picture, h, w, stride) @ matrix + bias for picture in pictures])


# %% right: a layer with weights set
def conv2d(pictures, kernels, bias, stride):
    layer = keras.layers.Conv2D(kernels.shape[3], kernels.shape[:2], strides=stride)
    layer.build(pictures.shape)
    layer.set_weights([kernels, bias])
    return layer(pictures)


# %% wrong, 2 points: turns the kernels
# says: You turned the kernel by 180°.
def conv2d(pictures, kernels, bias, stride):
    kernels = kernels[::-1, ::-1]
    h, w = kernels.shape[:2]
    rows, columns = (pictures.shape[1] - h) // stride + 1, (pictures.shape[2] - w) // stride + 1
    result = np.zeros((len(pictures), rows, columns, len(bias))) + bias
    for i in range(h):
        for j in range(w):
            result += pictures[:, i::stride, j::stride][:, :rows, :columns] @ kernels[i, j]
    return result


# %% wrong, 2 points: forgets the bias
# says: The bias is missing.
def conv2d(pictures, kernels, bias, stride):
    windows = np.lib.stride_tricks.sliding_window_view(pictures, kernels.shape[:2], axis=(1, 2))
    return np.einsum("nrcxij,ijxf->nrcf", windows[:, ::stride, ::stride], kernels)


# %% wrong, 2 points: adds the bias at each position of the kernel
# says: The bias is added once for each weight of the kernel.
def conv2d(pictures, kernels, bias, stride):
    h, w = kernels.shape[:2]
    rows, columns = (pictures.shape[1] - h) // stride + 1, (pictures.shape[2] - w) // stride + 1
    result = 0
    for i in range(h):
        for j in range(w):
            result = result + pictures[:, i::stride, j::stride][:, :rows, :columns] @ kernels[i, j] + bias
    return result


# %% wrong, 2 points: leaves the stride out
# says: The stride is left out.
def conv2d(pictures, kernels, bias, stride):
    return np.array(keras.ops.conv(pictures, kernels, padding="valid")) + bias


# %% wrong, 2 points: strides down only
# says: The stride is left out going across.
def conv2d(pictures, kernels, bias, stride):
    windows = np.lib.stride_tricks.sliding_window_view(pictures, kernels.shape[:2], axis=(1, 2))
    return np.einsum("nrcxij,ijxf->nrcf", windows[:, ::stride], kernels) + bias


# %% wrong, 2 points: a loop over pictures and pixels
# says: Which of your loops runs over pictures or pixels?
def conv2d(pictures, kernels, bias, stride):
    h, w = kernels.shape[:2]
    rows, columns = (pictures.shape[1] - h) // stride + 1, (pictures.shape[2] - w) // stride + 1
    result = np.zeros((len(pictures), rows, columns, len(bias)))
    for n in range(len(pictures)):
        for r in range(rows):
            for c in range(columns):
                window = pictures[n, r * stride : r * stride + h, c * stride : c * stride + w]
                result[n, r, c] = np.tensordot(window, kernels, 3) + bias
    return result


# %% wrong, 2 points: a loop over pixels, all pictures at once
# says: Which of your loops runs over pictures or pixels?
def conv2d(pictures, kernels, bias, stride):
    h, w = kernels.shape[:2]
    rows, columns = (pictures.shape[1] - h) // stride + 1, (pictures.shape[2] - w) // stride + 1
    result = np.zeros((len(pictures), rows, columns, len(bias)))
    for r in range(rows):
        for c in range(columns):
            windows = pictures[:, r * stride : r * stride + h, c * stride : c * stride + w]
            result[:, r, c] = np.tensordot(windows, kernels, 3) + bias
    return result


# %% wrong, 1 point: mixes up channels in and channels out
# says: Channels in and out are mixed up
def conv2d(pictures, kernels, bias, stride):
    h, w = kernels.shape[:2]
    rows, columns = (pictures.shape[1] - h) // stride + 1, (pictures.shape[2] - w) // stride + 1
    result = np.zeros((len(pictures), rows, columns, kernels.shape[2])) + bias
    for i in range(h):
        for j in range(w):
            result += pictures[:, i::stride, j::stride][:, :rows, :columns] @ kernels[i, j].T
    return result
