# %% right: row by row, in plain Python
import math


def softmax(scores):
    rows = []
    for row in scores.tolist():
        powers = [math.exp(score - max(row)) for score in row]
        rows.append([power / sum(powers) for power in powers])
    return rows


# %% right: Keras' operation, which returns a tensor in single precision
def softmax(scores):
    return keras.ops.softmax(keras.ops.convert_to_tensor(scores, "float32"), axis=-1)


# %% right: subtracts the logarithm of the sum, in a helper
def log_sum_exp(scores):
    top = np.max(scores, axis=-1)
    return top + np.log(np.sum(np.exp(scores.T - top), axis=0))


def softmax(scores):
    return np.exp(scores.T - log_sum_exp(scores)).T


# %% wrong, 1 point: as the lesson writes it, without subtracting
# says: exp(1000) is too large, and exp(-1000) becomes 0
def softmax(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


# %% wrong, 1 point: subtracts the largest score of the whole batch
# says: You subtract the same from all rows
def softmax(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum(axis=1, keepdims=True)


# %% wrong, 1 point: subtracts the mean
# says: You subtract each row's mean
def softmax(scores):
    powers = np.exp(scores - scores.mean(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


# %% wrong, 1 point: cuts scores off
# says: Scores were cut off at some size
def softmax(scores):
    powers = np.exp(np.clip(scores, -500, 500))
    return powers / powers.sum(axis=1, keepdims=True)


# %% wrong, 0 points: sums over the whole batch
# says: All numbers together add up to 1
def softmax(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


# %% wrong, 0 points: sums over the columns
# says: Each column adds up to 1
def softmax(scores):
    powers = np.exp(scores - scores.max(axis=0))
    return powers / powers.sum(axis=0)


# %% wrong, 0 points: forgets exp
# says: exp is missing: you divided the scores themselves
def softmax(scores):
    return scores / scores.sum(axis=1, keepdims=True)


# %% wrong, 0 points: forgets keepdims
# says: could not be broadcast together
def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1))
    return powers / powers.sum(axis=1)


# %% wrong, 0 points: divides by the largest
# says: You divided by the row's largest, not by its sum
def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.max(axis=1, keepdims=True)


# %% wrong, 0 points: the logistic function
# says: In softmax a row's classes share one sum
def softmax(scores):
    return 1 / (1 + np.exp(-scores))


# %% wrong, 0 points: log-softmax
# says: These are the logarithms of the probabilities
def softmax(scores):
    moved = scores - scores.max(axis=1, keepdims=True)
    return moved - np.log(np.exp(moved).sum(axis=1, keepdims=True))
