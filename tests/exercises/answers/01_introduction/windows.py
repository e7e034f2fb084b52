# %% right: NumPy's own sliding window
def windows(series, width):
    return np.lib.stride_tricks.sliding_window_view(series, width)[:-1], series[width:]


# %% right: lists that grow
def windows(series, width):
    inputs, answers = [], []
    for end in range(width, len(series)):
        inputs.append(list(series[end - width : end]))
        answers.append(series[end])
    return inputs, answers


# %% right: all places at once, as tensors
def windows(series, width):
    places = np.arange(len(series) - width)[:, None] + np.arange(width)
    return [keras.ops.convert_to_tensor(series[places]), keras.ops.convert_to_tensor(series)[width:]]


# %% wrong, 1 point: one window more, which has no answer
# says: has no number after it: leave it out
def windows(series, width):
    return np.lib.stride_tricks.sliding_window_view(series, width), series[width:]


# %% wrong, 0 points: stops one window early
# says: One window is missing
def windows(series, width):
    starts = range(len(series) - width - 1)
    return np.array([series[start : start + width] for start in starts]), series[width:-1]


# %% wrong, 0 points: moves on by a whole window
# says: Move on by one number, not by a whole window
def windows(series, width):
    starts = range(0, len(series) - width, width)
    return np.array([series[start : start + width] for start in starts]), series[width::width]


# %% wrong, 1 point: the answer is the window's own last number
# says: Each answer is the last number of its own window
def windows(series, width):
    inputs = np.array([series[start : start + width] for start in range(len(series) - width)])
    return inputs, inputs[:, -1]


# %% wrong, 1 point: leaves a gap between window and answer
# says: Between a window and its answer a number was left out
def windows(series, width):
    inputs = np.array([series[start : start + width] for start in range(len(series) - width)])
    return inputs, series[width + 1 :]


# %% wrong, 1 point: the answer is part of the input as well
# says: Your windows hold their answer as well
def windows(series, width):
    inputs = np.array([series[start : start + width + 1] for start in range(len(series) - width)])
    return inputs, inputs[:, -1]


# %% wrong, 1 point: windows as columns
# says: each window should be a row
def windows(series, width):
    return np.array([series[lag : len(series) - width + lag] for lag in range(width)]), series[width:]


# %% wrong, 1 point: answers as a column
# says: The answers are a column
def windows(series, width):
    inputs = np.array([series[start : start + width] for start in range(len(series) - width)])
    return inputs, series[width:, None]


# %% wrong, 0 points: forgets the answers
# says: Return two things: the inputs and the answers
def windows(series, width):
    return np.array([series[start : start + width] for start in range(len(series) - width)])
