# %% right: unit by unit, in loops
def batch_norm(x, gamma, beta, moving_mean, moving_variance, training, momentum, epsilon):
    out = np.zeros(x.shape)
    means, variances = list(moving_mean), list(moving_variance)
    for unit in range(x.shape[1]):
        mean, variance = means[unit], variances[unit]
        if training:
            mean = sum(x[:, unit]) / len(x)
            variance = sum((number - mean) ** 2 for number in x[:, unit]) / len(x)
            means[unit] += (1 - momentum) * (mean - means[unit])
            variances[unit] += (1 - momentum) * (variance - variances[unit])
        for example in range(len(x)):
            out[example, unit] = gamma[unit] * (x[example, unit] - mean) / (variance + epsilon) ** 0.5 + beta[unit]
    return out, means, variances


# %% right: Keras' own layer, in single precision
def batch_norm(x, gamma, beta, moving_mean, moving_variance, training, momentum, epsilon):
    layer = keras.layers.BatchNormalization(momentum=momentum, epsilon=epsilon)
    layer.build(x.shape)
    layer.set_weights([gamma, beta, moving_mean, moving_variance])
    out = layer(x.astype("float32"), training=training)
    return out, layer.moving_mean, layer.moving_variance


# %% right: TensorFlow's moments, and a helper for the formula
def normalised(x, mean, variance, gamma, beta, epsilon):
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)


def batch_norm(x, gamma, beta, moving_mean, moving_variance, training, momentum, epsilon):
    if not training:
        return normalised(x, moving_mean, moving_variance, gamma, beta, epsilon), moving_mean, moving_variance
    mean, variance = tf.nn.moments(tf.constant(x), axes=[0])
    out = normalised(x, mean, variance, gamma, beta, epsilon)
    keep = [momentum * old + (1 - momentum) * new for old, new in ((moving_mean, mean), (moving_variance, variance))]
    return [out, *keep]


# %% wrong, 1 point: the variance of a sample (ddof=1)
# says: divided by one less than the number of examples
def batch_norm(x, gamma, beta, moving_mean, moving_variance, training, momentum, epsilon):
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = x.mean(axis=0), x.var(axis=0, ddof=1)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta, moving_mean, moving_variance


# %% wrong, 2 points: PyTorch's diary, with the variance of a sample
# says: divided by one less than the number of examples
def batch_norm(x, gamma, beta, moving_mean, moving_variance, training, momentum, epsilon):
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * x.var(axis=0, ddof=1)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta, moving_mean, moving_variance


# %% wrong, 1 point: epsilon after the root
# says: Epsilon was added after the root
def batch_norm(x, gamma, beta, moving_mean, moving_variance, training, momentum, epsilon):
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    return gamma * (x - mean) / (np.sqrt(variance) + epsilon) + beta, moving_mean, moving_variance


# %% wrong, 2 points: momentum the other way round
# says: Momentum is the share of the diary that is kept
def batch_norm(x, gamma, beta, moving_mean, moving_variance, training, momentum, epsilon):
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        moving_mean = (1 - momentum) * moving_mean + momentum * mean
        moving_variance = (1 - momentum) * moving_variance + momentum * variance
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta, moving_mean, moving_variance


# %% wrong, 2 points: normalises by the batch in use, too
# says: In use take the diary
def batch_norm(x, gamma, beta, moving_mean, moving_variance, training, momentum, epsilon):
    mean, variance = x.mean(axis=0), x.var(axis=0)
    if training:
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta, moving_mean, moving_variance


# %% wrong, 2 points: writes the diary in use, too
# says: The diary was written in use
def batch_norm(x, gamma, beta, moving_mean, moving_variance, training, momentum, epsilon):
    mean, variance = (x.mean(axis=0), x.var(axis=0)) if training else (moving_mean, moving_variance)
    out = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    moving_mean = momentum * moving_mean + (1 - momentum) * x.mean(axis=0)
    moving_variance = momentum * moving_variance + (1 - momentum) * x.var(axis=0)
    return out, moving_mean, moving_variance


# %% wrong, 2 points: reads the diary it has just written
# says: You normalised by the diary after its update
def batch_norm(x, gamma, beta, moving_mean, moving_variance, training, momentum, epsilon):
    if training:
        moving_mean = momentum * moving_mean + (1 - momentum) * x.mean(axis=0)
        moving_variance = momentum * moving_variance + (1 - momentum) * x.var(axis=0)
    return gamma * (x - moving_mean) / np.sqrt(moving_variance + epsilon) + beta, moving_mean, moving_variance


# %% wrong, 1 point: one mean for all units together
# says: You took one mean for all units together
def batch_norm(x, gamma, beta, moving_mean, moving_variance, training, momentum, epsilon):
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = x.mean(), x.var()
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta, moving_mean, moving_variance
