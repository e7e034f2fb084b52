# %% right: a loop over the labels, a list of lists
def one_hot(labels, classes):
    rows = []
    for label in labels:
        row = [0] * classes
        row[label] = 1
        rows.append(row)
    return rows


# %% right: compares each label with each column, which gives True and False
def one_hot(labels, classes):
    return labels[:, None] == np.arange(classes)


# %% right: rows of the unit matrix, in single precision
def one_hot(labels, classes):
    return np.eye(classes, dtype=np.float32)[labels]


# %% right: Keras' operation for it, which returns a tensor
def one_hot(labels, classes):
    from keras import ops

    return ops.one_hot(labels, classes)


# %% wrong, 1 point: as many columns as the largest label needs
# says: There are only as many columns as the largest label needs
def one_hot(labels, classes):
    return np.eye(labels.max() + 1)[labels]


# %% wrong, 1 point: a column for each label that occurs
# says: a column only for each label that occurs
def one_hot(labels, classes):
    return (labels[:, None] == np.unique(labels)).astype(float)


# %% wrong, 0 points: one index, so that whole rows become 1
# says: you need a row and a column
def one_hot(labels, classes):
    rows = np.zeros((len(labels), classes))
    for row in labels:
        rows[row % len(labels)] = 1
    return rows


# %% wrong, 0 points: these columns in all rows
# says: Each row has its own column
def one_hot(labels, classes):
    rows = np.zeros((len(labels), classes))
    rows[:, labels] = 1
    return rows


# %% wrong, 0 points: rows and columns swapped
# says: Rows and columns are swapped
def one_hot(labels, classes):
    columns = np.zeros((classes, len(labels)))
    columns[labels, np.arange(len(labels))] = 1
    return columns


# %% wrong, 0 points: counts labels from 1
# says: Labels begin at 0
def one_hot(labels, classes):
    rows = np.zeros((len(labels), classes))
    rows[np.arange(len(labels)), labels - 1] = 1
    return rows


# %% wrong, 0 points: writes the label, not a 1
# says: The row holds its label where the 1 should be
def one_hot(labels, classes):
    rows = np.zeros((len(labels), classes))
    rows[np.arange(len(labels)), labels] = labels
    return rows


# %% wrong, 0 points: mixes up how many labels and how many classes there are
# says: Its shape is (3, 4), and should be (4, 3)
def one_hot(labels, classes):
    rows = np.zeros((classes, len(labels)))
    for row, label in enumerate(labels[:classes]):
        rows[row, label] = 1
    return rows
