# %% right: number by number
def dropout(x, rate, training, rng):
    if not training or rate == 0:
        return x.copy()
    flat = [0.0 if rng.random() < rate else number / (1 - rate) for number in x.ravel()]
    return np.reshape(flat, x.shape)


# %% right: Keras' layer, which returns a tensor
def dropout(x, rate, training, rng):
    return keras.layers.Dropout(rate, dtype="float64")(x, training=training)


# %% right: a copy, and a mask of its own, in single precision
def mask_of(shape, rate, rng):
    return rng.binomial(1, 1 - rate, shape).astype("float32")


def dropout(x, rate, training, rng):
    out = np.array(x, dtype="float32")
    if training:
        out *= mask_of(x.shape, rate, rng)
        out /= 1 - rate
    return out


# %% wrong, 1 point: rate is taken for the share that stays
# says: `rate` is the share to strike out, not the share to keep
def dropout(x, rate, training, rng):
    if not training:
        return x
    return x * (rng.random(x.shape) < rate) / rate


# %% wrong, 0.5 points: scales in use instead of in training
# says: the scaling is all done in training
def dropout(x, rate, training, rng):
    if not training:
        return x * (1 - rate)
    return x * (rng.random(x.shape) >= rate)


# %% wrong, 1 point: does not scale at all
# says: What is left has its old size
def dropout(x, rate, training, rng):
    return x * (rng.random(x.shape) >= rate) if training else x


# %% wrong, 1 point: multiplies where it should divide
# says: What is left is made smaller
def dropout(x, rate, training, rng):
    return x * (rng.random(x.shape) >= rate) * (1 - rate) if training else x


# %% wrong, 1.5 points: looks not at training
# says: Numbers were struck out in use
def dropout(x, rate, training, rng):
    return x * (rng.random(x.shape) >= rate) / (1 - rate)


# %% wrong, 0.5 points: strikes out whole rows
# says: Whole rows are struck out
def dropout(x, rate, training, rng):
    if not training:
        return x
    mask = rng.random((len(x),) + (1,) * (x.ndim - 1)) >= rate
    return x * mask / (1 - rate)


# %% wrong, 1.5 points: strikes out the same places at every call
# says: Two calls struck out the same places
def dropout(x, rate, training, rng):
    if not training:
        return x
    return x * (np.random.default_rng(0).random(x.shape) >= rate) / (1 - rate)


# %% wrong, 1.5 points: changes the x that came in
# says: The x that came in was changed
def dropout(x, rate, training, rng):
    if training:
        x[rng.random(x.shape) < rate] = 0
        x /= 1 - rate
    return x


# %% wrong, 1 point: divides by the share that happened to stay
# says: the share that happened to stay
def dropout(x, rate, training, rng):
    if not training:
        return x
    mask = rng.random(x.shape) >= rate
    return x * mask / mask.mean()
