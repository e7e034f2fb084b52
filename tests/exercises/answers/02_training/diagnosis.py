# %% right: in another order, written with capitals
def diagnosis():
    return {"D": "Too small", "C": "Too large", "B": "Right", "A": "Too long"}


# %% right: computed from the curves
def read(in_training, in_validation):
    if in_validation[-1] > 1.15 * min(in_validation):
        return "too long"
    if in_training[-1] > 15:
        return "too small"
    return "too large" if in_validation[-1] > 15 else "right"


def diagnosis():
    return {name: read(*curves) for name, curves in runs.items()}


# %% wrong, 1 point: mixes up too large and too long
# says: Was validation never better than at the end?
def diagnosis():
    return {"A": "too large", "B": "right", "C": "too long", "D": "too small"}


# %% wrong, 1 point: looks at the distance only, so close together is right
# says: Both are close together, but look how high: 2.5 and 6.5 %
def diagnosis():
    return {"A": "too long", "B": "too small", "C": "too large", "D": "right"}


# %% wrong, 0.5 points: looks at training only
# says: Perfect in training counts for nothing
def diagnosis():
    return {"A": "right", "B": "right", "C": "right", "D": "too long"}


# %% wrong, 1.5 points: takes every gap for overfitting
# says: A gap alone is no illness
def diagnosis():
    return {"A": "too long", "B": "too large", "C": "too large", "D": "too small"}


# %% wrong, 1 point: words of its own
# says: is none of the four words
def diagnosis():
    return {"A": "overfitting", "B": "right", "C": "overfitting", "D": "too small"}


# %% wrong, 1.5 points: forgets a run
# says: There is no "D" in your dictionary
def diagnosis():
    return {"A": "too long", "B": "right", "C": "too large"}


# %% wrong, 0 points: a list
# says: Return a dictionary
def diagnosis():
    return ["too long", "right", "too large", "too small"]
