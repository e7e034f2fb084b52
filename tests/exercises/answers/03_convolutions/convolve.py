# %% right: Keras' own, in single precision
def convolve(picture, kernel):
    images = np.asarray(picture, "float32")[None, :, :, None]
    weights = np.asarray(kernel, "float32")[:, :, None, None]
    return keras.ops.conv(images, weights, padding="valid")[0, :, :, 0]


# %% right: all windows at once
from numpy.lib.stride_tricks import sliding_window_view


def convolve(picture, kernel):
    return np.einsum("rcij,ij->rc", sliding_window_view(picture, kernel.shape), kernel)


# %% right: four loops over plain numbers
def products(picture, kernel, top, left):
    for i in range(len(kernel)):
        for j in range(len(kernel[0])):
            yield float(picture[top + i][left + j]) * float(kernel[i][j])


def convolve(picture, kernel):
    tops = range(len(picture) - len(kernel) + 1)
    lefts = range(len(picture[0]) - len(kernel[0]) + 1)
    return [[sum(products(picture, kernel, top, left)) for left in lefts] for top in tops]


# %% right: one matrix product
def convolve(picture, kernel):
    from dlcourse.lens import convolution_matrix, convolution_output

    matrix = convolution_matrix(kernel.astype(float), picture.shape)
    return (matrix @ picture.ravel()).reshape(convolution_output(picture.shape, kernel.shape))


# %% wrong, 2 points: turns the kernel, as mathematicians do
# says: You turned the kernel by 180°.
from scipy.signal import convolve2d


def convolve(picture, kernel):
    return convolve2d(picture, kernel, mode="valid")


# %% wrong, 2 points: makes the result like the picture
# says: The fractions are cut off: the result was made for whole numbers
def convolve(picture, kernel):
    h, w = kernel.shape
    result = np.zeros_like(picture)[h - 1 :, w - 1 :]
    for r in range(result.shape[0]):
        for c in range(result.shape[1]):
            result[r, c] = np.sum(picture[r : r + h, c : c + w] * kernel)
    return result


# %% wrong, 2 points: takes every kernel for a square
# says: a kernel's height and width may differ
def convolve(picture, kernel):
    k = kernel.shape[0]
    result = np.zeros((picture.shape[0] - k + 1, picture.shape[1] - k + 1))
    for r in range(result.shape[0]):
        for c in range(result.shape[1]):
            result[r, c] = np.sum(picture[r : r + k, c : c + k] * kernel)
    return result


# %% wrong, 0 points: puts zeros around the picture
# says: You put zeros around the picture. Only whole windows count here.
def convolve(picture, kernel):
    images = np.asarray(picture, "float32")[None, :, :, None]
    weights = np.asarray(kernel, "float32")[:, :, None, None]
    return np.array(keras.ops.conv(images, weights, padding="same"))[0, :, :, 0]


# %% wrong, 0 points: leaves out the last row and column
# says: a window of 2 fits 3 times into 4.
def convolve(picture, kernel):
    h, w = kernel.shape
    result = np.zeros((picture.shape[0] - h, picture.shape[1] - w))
    for r in range(result.shape[0]):
        for c in range(result.shape[1]):
            result[r, c] = np.sum(picture[r : r + h, c : c + w] * kernel)
    return result


# %% wrong, 0 points: takes the mean
# says: A convolution adds the products up and does not divide.
def convolve(picture, kernel):
    h, w = kernel.shape
    result = np.zeros((picture.shape[0] - h + 1, picture.shape[1] - w + 1))
    for r in range(result.shape[0]):
        for c in range(result.shape[1]):
            result[r, c] = np.mean(picture[r : r + h, c : c + w] * kernel)
    return result


# %% wrong, 0 points: multiplies matrices instead of numbers
# says: That is a matrix product of window and kernel.
def convolve(picture, kernel):
    h, w = kernel.shape
    result = np.zeros((picture.shape[0] - h + 1, picture.shape[1] - w + 1))
    for r in range(result.shape[0]):
        for c in range(result.shape[1]):
            result[r, c] = np.sum(picture[r : r + h, c : c + w] @ kernel)
    return result
