# %% right: in loops, with plain numbers
def read_confusion(matrix):
    classes = len(matrix)
    right = sum(matrix[n][n] for n in range(classes))
    recall = []
    for n in range(classes):
        total = sum(matrix[n])
        recall.append(matrix[n][n] / total if total > 0 else float("nan"))
    most, pair = -1, None
    for a in range(classes):
        for b in range(a + 1, classes):
            if matrix[a][b] + matrix[b][a] > most:
                most, pair = matrix[a][b] + matrix[b][a], (a, b)
    return float(right / np.sum(matrix)), recall, pair


# %% right: vectorised; NumPy warns of 0 / 0, and says nan
def read_confusion(matrix):
    both = np.triu(matrix + matrix.T, k=1)
    pair = np.unravel_index(both.argmax(), both.shape)
    return np.trace(matrix) / matrix.sum(), np.diag(matrix) / matrix.sum(axis=1), pair


# %% right: on a copy that it clears, in single precision
def wrong_only(matrix):
    matrix = np.array(matrix)
    np.fill_diagonal(matrix, 0)
    return matrix


def read_confusion(matrix):
    wrong = wrong_only(matrix)
    totals = matrix.sum(axis=1).astype("float32")
    totals[totals == 0] = np.nan
    both = wrong + wrong.T
    return [1 - wrong.sum() / matrix.sum(), np.diag(matrix) / totals, np.argwhere(both == both.max())[0]]


# %% wrong, 2 points: divides by the columns
# says: Recall asks for those that *were* a 0
def read_confusion(matrix):
    both = np.triu(matrix + matrix.T, k=1)
    columns = np.maximum(matrix.sum(axis=0), 1)
    return np.trace(matrix) / matrix.sum(), np.diag(matrix) / columns, np.unravel_index(both.argmax(), both.shape)


# %% wrong, 3 points: a class without examples has the recall 0
# says: Here there were none; say `np.nan`
def read_confusion(matrix):
    both = np.triu(matrix + matrix.T, k=1)
    recall = np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1)
    return np.trace(matrix) / matrix.sum(), recall, np.unravel_index(both.argmax(), both.shape)


# %% wrong, 3 points: divides plain numbers by 0
# says: ZeroDivisionError: division by zero
def read_confusion(matrix):
    numbers = matrix.tolist()
    recall = [row[n] / sum(row) for n, row in enumerate(numbers)]
    both = np.triu(matrix + matrix.T, k=1)
    return np.trace(matrix) / matrix.sum(), recall, np.unravel_index(both.argmax(), both.shape)


# %% wrong, 3 points: the largest single field, one direction only
# says: both directions of a pair count together
def read_confusion(matrix):
    wrong = matrix - np.diag(np.diag(matrix))
    pair = sorted(np.unravel_index(wrong.argmax(), wrong.shape))
    return np.trace(matrix) / matrix.sum(), np.diag(matrix) / matrix.sum(axis=1), pair


# %% wrong, 3 points: counts the diagonal
# says: the diagonal is what is right. Leave it out
def read_confusion(matrix):
    both = matrix + matrix.T
    pair = np.unravel_index(both.argmax(), both.shape)
    return np.trace(matrix) / matrix.sum(), np.diag(matrix) / matrix.sum(axis=1), pair


# %% wrong, 3.5 points: clears the caller's diagonal
# says: Your function changed the caller's matrix
def read_confusion(matrix):
    accuracy, recall = np.trace(matrix) / matrix.sum(), np.diag(matrix) / matrix.sum(axis=1)
    np.fill_diagonal(matrix, 0)
    both = np.triu(matrix + matrix.T)
    return accuracy, recall, np.unravel_index(both.argmax(), both.shape)


# %% wrong, 1 point: clears the diagonal before it counts
# says: did something clear it before you counted
def read_confusion(matrix):
    np.fill_diagonal(matrix, 0)
    both = np.triu(matrix + matrix.T)
    pair = np.unravel_index(both.argmax(), both.shape)
    return np.trace(matrix) / matrix.sum(), np.diag(matrix) / matrix.sum(axis=1), pair


# %% wrong, 3.5 points: the accuracy is the mean of the recalls
# says: This is the mean of the recalls
def read_confusion(matrix):
    both = np.triu(matrix + matrix.T, k=1)
    recall = np.diag(matrix) / matrix.sum(axis=1)
    return np.nanmean(recall), recall, np.unravel_index(both.argmax(), both.shape)


# %% wrong, 3 points: the pair the wrong way round
# says: put the smaller class first
def read_confusion(matrix):
    both = np.tril(matrix + matrix.T, k=-1)
    pair = np.unravel_index(both.argmax(), both.shape)
    return np.trace(matrix) / matrix.sum(), np.diag(matrix) / matrix.sum(axis=1), pair
