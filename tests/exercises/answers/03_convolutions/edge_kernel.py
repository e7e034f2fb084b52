# %% right: only the two middle neighbours
def edge_kernel():
    return [[0, 0, 0], [-1, 0, 1], [0, 0, 0]]


# %% right: one-sided, of fractions
def edge_kernel():
    return np.outer([0.2, 0.5, 0.3], [-1, 1, 0]).astype(np.float32)


# %% right: taken from the course, as a tensor
def edge_kernel():
    from dlcourse.lens import named_kernel

    return tf.constant(named_kernel("Sobel x"), tf.float32)


# %% right: learned from examples
def edge_kernel():
    rng = np.random.default_rng(0)
    windows = rng.random((200, 3, 3))
    wanted = (windows[:, :, 2] - windows[:, :, 0]).sum(axis=1)
    return np.linalg.lstsq(windows.reshape(200, 9), wanted, rcond=None)[0].reshape(3, 3)


# %% wrong, 1 point: made for a kernel that is turned
# says: It finds the edges the wrong way round.
def edge_kernel():
    return np.array([[1, 0, -1]] * 3)


# %% wrong, 0 points: finds level edges
# says: It does not answer to upright edges at all.
def edge_kernel():
    return np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])


# %% wrong, 1 point: slanting
# says: It answers to level edges, too
def edge_kernel():
    return np.array([[-2, -1, 0], [-1, 0, 1], [0, 1, 2]])


# %% wrong, 1 point: finds thin lines
# says: At one and the same edge it answers above 0 and below 0
def edge_kernel():
    return np.array([[-1, 2, -1]] * 3)


# %% wrong, 0 points: edges of every direction
# says: It answers to level edges, too
def edge_kernel():
    return np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])


# %% wrong, 0 points: does not add up to 0
# says: its nine numbers do not add up to 0
def edge_kernel():
    return np.array([[0, 0, 1]] * 3)


# %% wrong, 0 points: a row instead of a square
# says: The kernel should have the shape (3, 3)
def edge_kernel():
    return np.array([[-1, 0, 1]])
