# %% right: multiplies by the reciprocal, in single precision
def scaled(pictures):
    return np.asarray(pictures, dtype=np.float32) * np.float32(1 / 255)


# %% right: Keras' layer for it, which returns a tensor
import keras


def scaled(pictures):
    return keras.layers.Rescaling(1 / 255)(pictures)


# %% wrong, 1 point: divides by the batch's own maximum
# says: so that a dark batch stays dark
def scaled(pictures):
    return pictures / pictures.max()


# %% wrong, 0 points: whole-number division
# says: `//` throws away what stands behind the point
def scaled(pictures):
    return pictures // 255


# %% wrong, 0 points: divides by 256
# says: the largest byte is 255
def scaled(pictures):
    return pictures / 256


# %% wrong, 0 points: forgets to return
# says: does your function end in `return
def scaled(pictures):
    pictures = pictures / 255


# %% wrong, 0 points: flattens along the way
# says: Its shape is (4,), and should be (2, 2)
def scaled(pictures):
    return pictures.reshape(-1) / 255


# %% wrong, 0 points: from -1 to 1, as some networks want it
# says: Here 0 stays 0; only divide
def scaled(pictures):
    return pictures / 127.5 - 1


# %% wrong, 0 points: divides in place, which bytes cannot do
# says: in `scaled`: pictures /= 255
def scaled(pictures):
    pictures /= 255
    return pictures


# %% wrong, 1 point: divides each picture by its own maximum
# says: so that a dark batch stays dark
def scaled(pictures):
    return np.array([picture / picture.max() for picture in pictures[None]])[0]
