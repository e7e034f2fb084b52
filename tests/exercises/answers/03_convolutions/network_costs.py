# %% right: asks Keras and the lens
from dlcourse.lens import cost


def built(layer, shape):
    if layer["kind"] == "conv":
        inner = [keras.layers.Conv2D(layer["filters"], layer["kernel"], strides=layer["stride"], padding="same")]
    else:
        inner = [keras.layers.Flatten(), keras.layers.Dense(layer["units"])]
    return keras.Sequential([keras.Input(shape), *inner])


def parameters(layer, shape):
    return built(layer, shape).count_params()


def multiply_adds(layer, shape):
    return cost(built(layer, shape)).total.multiply_adds


# %% right: counts weights and places apart
def weights(layer, shape):
    if layer["kind"] == "conv":
        return np.zeros((layer["kernel"], layer["kernel"], shape[-1], layer["filters"])).size, layer["filters"]
    return np.zeros((*shape, layer["units"])).size, layer["units"]


def parameters(layer, shape):
    return sum(weights(layer, shape))


def multiply_adds(layer, shape):
    places = 1
    if layer["kind"] == "conv":
        for size in shape[:2]:
            places *= len(range(0, size, layer["stride"]))
    return weights(layer, shape)[0] * places


# %% right: a class a kind, fractions in between
import math


class Conv:
    def __init__(self, layer, shape):
        self.each = layer["kernel"] * layer["kernel"] * shape[2]
        self.out = layer["filters"]
        self.places = math.ceil(shape[0] / layer["stride"]) * math.ceil(shape[1] / layer["stride"])


class Dense:
    def __init__(self, layer, shape):
        self.each, self.out, self.places = math.prod(shape), layer["units"], 1.0


def parameters(layer, shape):
    counted = {"conv": Conv, "dense": Dense}[layer["kind"]](layer, shape)
    return (counted.each + 1) * counted.out


def multiply_adds(layer, shape):
    counted = {"conv": Conv, "dense": Dense}[layer["kind"]](layer, shape)
    return counted.each * counted.out * counted.places


# %% wrong, 1.5 points: forgets the biases
# says: The biases are missing: one for each
def parameters(layer, shape):
    if layer["kind"] == "dense":
        return np.prod(shape) * layer["units"]
    return layer["kernel"] ** 2 * shape[2] * layer["filters"]


def multiply_adds(layer, shape):
    places = 1
    if layer["kind"] == "conv":
        places = -(-shape[0] // layer["stride"]) * -(-shape[1] // layer["stride"])
    return parameters(layer, shape) * places


# %% wrong, 1.5 points: counts the biases as work
# says: Biases are added, not multiplied
def parameters(layer, shape):
    if layer["kind"] == "dense":
        return (np.prod(shape) + 1) * layer["units"]
    return (layer["kernel"] ** 2 * shape[2] + 1) * layer["filters"]


def multiply_adds(layer, shape):
    places = 1
    if layer["kind"] == "conv":
        places = -(-shape[0] // layer["stride"]) * -(-shape[1] // layer["stride"])
    return parameters(layer, shape) * places


# %% wrong, 2 points: counts the places of the input
# says: count its places, not those of the input
def parameters(layer, shape):
    if layer["kind"] == "dense":
        return (np.prod(shape) + 1) * layer["units"]
    return (layer["kernel"] ** 2 * shape[2] + 1) * layer["filters"]


def multiply_adds(layer, shape):
    if layer["kind"] == "dense":
        return np.prod(shape) * layer["units"]
    return layer["kernel"] ** 2 * shape[2] * layer["filters"] * shape[0] * shape[1]


# %% wrong, 2 points: uses each weight of a convolution once
# says: Each weight is used at every place of the output, not once.
def parameters(layer, shape):
    if layer["kind"] == "dense":
        return (np.prod(shape) + 1) * layer["units"]
    return (layer["kernel"] ** 2 * shape[2] + 1) * layer["filters"]


def multiply_adds(layer, shape):
    if layer["kind"] == "dense":
        return np.prod(shape) * layer["units"]
    return layer["kernel"] ** 2 * shape[2] * layer["filters"]


# %% wrong, 1 point: forgets that a kernel reads every channel
# says: Each kernel has a slice for every channel that comes in.
def parameters(layer, shape):
    if layer["kind"] == "dense":
        return (np.prod(shape) + 1) * layer["units"]
    return layer["kernel"] ** 2 * layer["filters"] + layer["filters"]


def multiply_adds(layer, shape):
    if layer["kind"] == "dense":
        return np.prod(shape) * layer["units"]
    places = -(-shape[0] // layer["stride"]) * -(-shape[1] // layer["stride"])
    return layer["kernel"] ** 2 * layer["filters"] * places


# %% wrong, 2 points: does not flatten before the dense layer
# says: Maps are flattened first
def parameters(layer, shape):
    if layer["kind"] == "dense":
        return (shape[-1] + 1) * layer["units"]
    return (layer["kernel"] ** 2 * shape[2] + 1) * layer["filters"]


def multiply_adds(layer, shape):
    if layer["kind"] == "dense":
        return shape[-1] * layer["units"]
    places = -(-shape[0] // layer["stride"]) * -(-shape[1] // layer["stride"])
    return layer["kernel"] ** 2 * shape[2] * layer["filters"] * places


# %% wrong, 2 points: rounds the size of the output down
# says: With *same* padding the size is rounded up
def parameters(layer, shape):
    if layer["kind"] == "dense":
        return (np.prod(shape) + 1) * layer["units"]
    return (layer["kernel"] ** 2 * shape[2] + 1) * layer["filters"]


def multiply_adds(layer, shape):
    if layer["kind"] == "dense":
        return np.prod(shape) * layer["units"]
    places = (shape[0] // layer["stride"]) * (shape[1] // layer["stride"])
    return layer["kernel"] ** 2 * shape[2] * layer["filters"] * places
