# %% right: evenly drawn, with the limits that give this spread
def first_weights(inputs, outputs, activation, rng):
    limit = np.sqrt(6 / inputs) if activation == "relu" else np.sqrt(6 / (inputs + outputs))
    return rng.uniform(-limit, limit, (inputs, outputs))


# %% right: Keras' initializers, which return tensors
def first_weights(inputs, outputs, activation, rng):
    seed = int(rng.integers(1_000_000_000))
    names = {"relu": keras.initializers.HeNormal, "tanh": keras.initializers.GlorotNormal}
    return names[activation](seed=seed)((inputs, outputs))


# %% right: unit by unit, in single precision
def spread(inputs, outputs, activation):
    if activation == "relu":
        return (2 / inputs) ** 0.5
    return (2 / (inputs + outputs)) ** 0.5


def first_weights(inputs, outputs, activation, rng):
    columns = [rng.standard_normal(inputs) * spread(inputs, outputs, activation) for _ in range(outputs)]
    return np.array(columns, dtype=np.float32).T


# %% wrong, 0.5 points: takes the variance for the spread
# says: You took the variance for the spread
def first_weights(inputs, outputs, activation, rng):
    variance = 2 / inputs if activation == "relu" else 2 / (inputs + outputs)
    return rng.normal(scale=variance, size=(inputs, outputs))


# %% wrong, 1 point: Xavier for everything
# says: This is Xavier's spread
def first_weights(inputs, outputs, activation, rng):
    return rng.normal(scale=np.sqrt(2 / (inputs + outputs)), size=(inputs, outputs))


# %% wrong, 1.5 points: He for everything
# says: This is He's spread. For tanh take Xavier's
def first_weights(inputs, outputs, activation, rng):
    return rng.normal(scale=np.sqrt(2 / inputs), size=(inputs, outputs))


# %% wrong, 1.5 points: divides by the outputs
# says: What adds up in a unit is its inputs
def first_weights(inputs, outputs, activation, rng):
    variance = 2 / outputs if activation == "relu" else 2 / (inputs + outputs)
    return rng.normal(scale=np.sqrt(variance), size=(inputs, outputs))


# %% wrong, 1.5 points: Xavier by the inputs alone
# says: You looked at the inputs only
def first_weights(inputs, outputs, activation, rng):
    variance = 2 / inputs if activation == "relu" else 1 / inputs
    return rng.normal(scale=np.sqrt(variance), size=(inputs, outputs))


# %% wrong, 0.5 points: evenly drawn between minus and plus the spread
# says: drawn evenly between -a and a
def first_weights(inputs, outputs, activation, rng):
    spread = np.sqrt(2 / inputs if activation == "relu" else 2 / (inputs + outputs))
    return rng.uniform(-spread, spread, (inputs, outputs))


# %% wrong, 0 points: turned round
# says: the inputs come first
def first_weights(inputs, outputs, activation, rng):
    variance = 2 / inputs if activation == "relu" else 2 / (inputs + outputs)
    return rng.normal(scale=np.sqrt(variance), size=(outputs, inputs))


# %% wrong, 1.5 points: the same weights at every call
# says: Two layers got the same weights
def first_weights(inputs, outputs, activation, rng):
    variance = 2 / inputs if activation == "relu" else 2 / (inputs + outputs)
    return np.random.default_rng(0).normal(scale=np.sqrt(variance), size=(inputs, outputs))


# %% wrong, 0 points: only positive weights
# says: Are there negative weights, too?
def first_weights(inputs, outputs, activation, rng):
    variance = 2 / inputs if activation == "relu" else 2 / (inputs + outputs)
    return np.abs(rng.normal(scale=np.sqrt(variance), size=(inputs, outputs)))
