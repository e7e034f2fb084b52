# %% right: NAND and OR, then AND
def xor_weights():
    return np.array([[-2, 2], [-2, 2]]), np.array([3, -1]), np.array([1, 1]), -1.5


# %% right: one neuron for each of the two corners that count, as lists
def xor_weights():
    return [[1, -1], [-1, 1]], [-0.5, -0.5], [1, 1], -0.5


# %% right: three hidden neurons, single precision, columns and an array for the bias
def xor_weights():
    W1 = np.array([[1, 1, -1], [1, 1, -1]], dtype=np.float32)
    b1 = np.array([-0.5, -1.5, 1.5], dtype=np.float32)
    W2 = np.array([[1], [-1], [1]], dtype=np.float32)
    return [W1, b1, W2, np.array([-1.5], dtype=np.float32)]


# %% right: a neuron for each corner, as tensors
def xor_weights():
    from keras import ops

    W1 = ops.convert_to_tensor([[-1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0]])
    return W1, ops.convert_to_tensor([0.5, -0.5, -0.5, -1.5]), ops.convert_to_tensor([-1.0, 1.0, 1.0, -1.0]), -0.5


# %% right: two parallel lines of which one neuron says more than its line
def xor_weights():
    return np.array([[1, 1], [-1, -1]]), np.array([-0.5, 0.5]), np.array([1, -1]), 0.5


# %% wrong, 2 points: the lines run through the corners
# says: Your lines run too close to the corners
def xor_weights():
    return np.array([[1, 1], [1, 1]]), np.array([-1, -2]), np.array([1, -1]), -1


# %% wrong, 2 points: what the perceptron rule found in lesson 1.3
# says: Your lines run too close to the corners
def xor_weights():
    return np.array([[0.5, 1.0], [0.5, 0.5]]), np.array([-0.5, -1.5]), np.array([1, -1]), -0.5


# %% wrong, 0 points: thresholds in place of biases
# says: A bias is added: a lazy neuron has a negative one
def xor_weights():
    return np.array([[1, 1], [1, 1]]), np.array([0.5, 1.5]), np.array([1, -1]), 0.5


# %% wrong, 0 points: AND counts for it
# says: This is OR. At (1, 1)
def xor_weights():
    return np.array([[1, 1], [1, 1]]), np.array([-0.5, -1.5]), np.array([1, 1]), -0.5


# %% wrong, 0 points: the opposite
# says: It says the opposite of XOR everywhere
def xor_weights():
    return np.array([[1, 1], [1, 1]]), np.array([-0.5, -1.5]), np.array([-1, 1]), 0.5


# %% wrong, 0 points: the well-known weights for ReLU
# says: This is XOR with ReLU
def xor_weights():
    return np.array([[1, 1], [1, 1]]), np.array([0, -1]), np.array([1, -2]), 0


# %% wrong, 0 points: a row for each hidden neuron
# says: It needs two rows, one for each input
def xor_weights():
    W1 = np.array([[1, 1], [1, 1], [-1, -1]])
    return W1, np.array([-0.5, -1.5, 1.5]), np.array([1, -1, 1]), -1.5


# %% wrong, 0 points: rows and columns swapped where it cannot be seen from the shape
# says: Rows and columns of W1 are swapped
def xor_weights():
    return np.array([[1, 1], [-1, -1]]), np.array([-0.5, 1.5]), np.array([1, 1]), -1.5


# %% wrong, 0 points: a single neuron
# says: It says 1 everywhere
def xor_weights():
    return np.array([[1], [1]]), np.array([-0.5]), np.array([1]), 0


# %% wrong, 0 points: a bias is missing
# says: there are 2 hidden neurons; b1 holds 1 biases
def xor_weights():
    return np.array([[1, 1], [1, 1]]), np.array([-0.5]), np.array([1, -1]), -0.5


# %% wrong, 0 points: returns the corners' answers
# says: Return four things: W1, b1, W2, b2
def xor_weights():
    return np.array([0, 1, 1, 0, 0])
