# %% right: a loop
from math import log


def cross_entropy(probabilities, labels):
    total = 0
    for row, label in zip(probabilities, labels):
        total -= log(max(row[label], 1e-7))
    return total / len(labels)


# %% right: by one-hot rows
def cross_entropy(probabilities, labels):
    targets = np.eye(probabilities.shape[1])[labels]
    return -(targets * np.log(np.clip(probabilities, 1e-7, None))).sum(axis=1).mean()


# %% right: Keras' own loss, a tensor in single precision
def cross_entropy(probabilities, labels):
    return keras.losses.SparseCategoricalCrossentropy()(labels, probabilities.astype("float32"))


# %% wrong, 1 point: lets 0 be infinite
# says: It is infinite: the logarithm of 0
def cross_entropy(probabilities, labels):
    return -np.log(probabilities[np.arange(len(labels)), labels]).mean()


# %% wrong, 1 point: by one-hot rows, where 0 times infinity is nan
# says: and yet it is nan: 0 times the logarithm of 0
def cross_entropy(probabilities, labels):
    return -(np.eye(probabilities.shape[1])[labels] * np.log(probabilities)).sum(axis=1).mean()


# %% wrong, 1 point: leaves zeros out
# says: It is the worst of all: it counts as 10⁻⁷
def cross_entropy(probabilities, labels):
    given = probabilities[np.arange(len(labels)), labels]
    return -np.log(given, out=np.zeros_like(given), where=given > 0).mean()


# %% wrong, 1 point: takes another smallest probability
# says: 0 should count as 10⁻⁷. You took 10⁻¹²
def cross_entropy(probabilities, labels):
    given = probabilities[np.arange(len(labels)), labels]
    return -np.log(np.maximum(given, 1e-12)).mean()


# %% wrong, 0 points: divides by all numbers
# says: You divided by all numbers of the batch (6)
def cross_entropy(probabilities, labels):
    return -(np.eye(probabilities.shape[1])[labels] * np.log(np.maximum(probabilities, 1e-7))).mean()


# %% wrong, 1 point: the sum over the batch
# says: This is the sum over the batch
def cross_entropy(probabilities, labels):
    return -np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-7)).sum()


# %% wrong, 0 points: forgets the minus
# says: the minus is missing
def cross_entropy(probabilities, labels):
    return np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-7)).mean()


# %% wrong, 1 point: all combinations of rows and labels
# says: takes the columns of *all* labels from each row
def cross_entropy(probabilities, labels):
    return -np.log(np.maximum(probabilities[:, labels], 1e-7)).mean()


# %% wrong, 0 points: takes the largest probability
# says: You took each row's largest probability
def cross_entropy(probabilities, labels):
    return -np.log(np.maximum(probabilities.max(axis=1), 1e-7)).mean()


# %% wrong, 1 point: the mean first, then the logarithm
# says: First the logarithm of each, then the mean
def cross_entropy(probabilities, labels):
    return -np.log(np.maximum(probabilities[np.arange(len(labels)), labels].mean(), 1e-7))


# %% wrong, 0 points: charges the wrong classes, too
# says: The classes that are wrong count, too
def cross_entropy(probabilities, labels):
    targets = np.eye(probabilities.shape[1])[labels]
    some = np.clip(probabilities, 1e-7, 1 - 1e-7)
    return -(targets * np.log(some) + (1 - targets) * np.log(1 - some)).sum(axis=1).mean()


# %% wrong, 0 points: no mean at all
# says: This is one loss for each picture
def cross_entropy(probabilities, labels):
    return -np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-7))


# %% wrong, 0 points: the logarithm to base 2
# says: This uses the logarithm to base 2
def cross_entropy(probabilities, labels):
    return -np.log2(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-7)).mean()
