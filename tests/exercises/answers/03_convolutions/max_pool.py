# %% right: Keras' layer
def max_pool(pictures, window, stride):
    return keras.layers.MaxPooling2D(window, strides=stride)(np.asarray(pictures, "float32"))


# %% right: the largest of all shifted pictures
def max_pool(pictures, window, stride):
    rows = (pictures.shape[1] - window) // stride + 1
    columns = (pictures.shape[2] - window) // stride + 1
    best = np.full((pictures.shape[0], rows, columns, pictures.shape[3]), -np.inf)
    for i in range(window):
        for j in range(window):
            best = np.maximum(best, pictures[:, i::stride, j::stride][:, :rows, :columns])
    return best


# %% right: all windows at once
def max_pool(pictures, window, stride):
    view = np.lib.stride_tricks.sliding_window_view(pictures, (window, window), axis=(1, 2))
    return view[:, ::stride, ::stride].max(axis=(4, 5))


# %% wrong, 1.5 points: starts from 0
# says: A 0 won that is not in the picture
def max_pool(pictures, window, stride):
    rows = (pictures.shape[1] - window) // stride + 1
    columns = (pictures.shape[2] - window) // stride + 1
    best = np.zeros((pictures.shape[0], rows, columns, pictures.shape[3]))
    for i in range(window):
        for j in range(window):
            best = np.maximum(best, pictures[:, i::stride, j::stride][:, :rows, :columns])
    return best


# %% wrong, 1.5 points: reshapes, so that windows never overlap
# says: the window moves by `stride`, not by its own width
def max_pool(pictures, window, stride):
    n, h, w, c = pictures.shape
    h, w = h // window, w // window
    squares = pictures[:, : h * window, : w * window].reshape(n, h, window, w, window, c)
    return squares.max(axis=(2, 4))


# %% wrong, 1.5 points: makes a window of what is left over
# says: Only whole windows count.
def max_pool(pictures, window, stride):
    n, h, w, c = pictures.shape
    rows, columns = max((h - window) // stride + 1, 1), -(-(w - window) // stride) + 1
    result = np.zeros((n, rows, columns, c))
    for r in range(rows):
        for k in range(columns):
            top, left = r * stride, k * stride
            result[:, r, k] = pictures[:, top : top + window, left : left + window].max(axis=(1, 2))
    return result


# %% wrong, 1 point: takes the largest of all channels
# says: The channels are mixed: each
def max_pool(pictures, window, stride):
    rows = (pictures.shape[1] - window) // stride + 1
    columns = (pictures.shape[2] - window) // stride + 1
    result = np.zeros((len(pictures), rows, columns, 1))
    for r in range(rows):
        for k in range(columns):
            top, left = r * stride, k * stride
            result[:, r, k, 0] = pictures[:, top : top + window, left : left + window].max(axis=(1, 2, 3))
    return result


# %% wrong, 0 points: pools by the mean
# says: These are means. Max pooling keeps the largest number.
def max_pool(pictures, window, stride):
    return keras.ops.average_pool(np.asarray(pictures, "float32"), window, strides=stride)


# %% wrong, 1.5 points: takes what is farthest from 0
# says: You took the number that is farthest from 0.
def max_pool(pictures, window, stride):
    view = np.lib.stride_tricks.sliding_window_view(pictures, (window, window), axis=(1, 2))
    view = view[:, ::stride, ::stride]
    largest, smallest = view.max(axis=(4, 5)), view.min(axis=(4, 5))
    return np.where(np.abs(smallest) > np.abs(largest), smallest, largest)
