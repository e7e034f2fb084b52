# %% right: number by number, in a loop, into lists
def momentum_step(weights, velocity, gradient, rate, momentum):
    shape = np.shape(weights)
    speeds, places = [], []
    for w, v, g in zip(np.ravel(weights), np.ravel(velocity), np.ravel(gradient)):
        speed = momentum * v - rate * g
        speeds.append(speed)
        places.append(w + speed)
    return np.reshape(places, shape), np.reshape(speeds, shape)


# %% right: TensorFlow's tensors, in single precision
def momentum_step(weights, velocity, gradient, rate, momentum):
    weights, velocity, gradient = (tf.cast(each, tf.float32) for each in (weights, velocity, gradient))
    speed = momentum * velocity - rate * gradient
    return [weights + speed, speed]


# %% right: with a helper, both stacked in one array
def speed_of(velocity, gradient, rate, momentum):
    return velocity * momentum + gradient * -rate


def momentum_step(weights, velocity, gradient, rate, momentum):
    speed = speed_of(velocity, gradient, rate, momentum)
    return np.stack([weights + speed, speed])


# %% wrong, 0 points: uphill
# says: You walk uphill
def momentum_step(weights, velocity, gradient, rate, momentum):
    velocity = momentum * velocity + rate * gradient
    return weights + velocity, velocity


# %% wrong, 0.5 points: PyTorch's convention; the path alone is right
# says: Your velocity leaves out the rate and the sign
def momentum_step(weights, velocity, gradient, rate, momentum):
    velocity = momentum * velocity + gradient
    return weights - rate * velocity, velocity


# %% wrong, 1.5 points: changes what came in
# says: The velocity that came in was changed
def momentum_step(weights, velocity, gradient, rate, momentum):
    velocity *= momentum
    velocity -= rate * gradient
    weights += velocity
    return weights, velocity


# %% wrong, 1.5 points: changes the weights that came in
# says: All places of the path are the same array
def momentum_step(weights, velocity, gradient, rate, momentum):
    velocity = momentum * velocity - rate * gradient
    weights += velocity
    return weights, velocity


# %% wrong, 0.5 points: plain gradient descent
# says: The old velocity is forgotten
def momentum_step(weights, velocity, gradient, rate, momentum):
    velocity = -rate * gradient
    return weights + velocity, velocity


# %% wrong, 0 points: the weights take the old velocity
# says: The ball stands still
def momentum_step(weights, velocity, gradient, rate, momentum):
    return weights + velocity, momentum * velocity - rate * gradient


# %% wrong, 0 points: a running mean, the gradient shrunk by 1 - momentum
# says: momentum shrinks the old velocity, not the gradient
def momentum_step(weights, velocity, gradient, rate, momentum):
    velocity = momentum * velocity - (1 - momentum) * rate * gradient
    return weights + velocity, velocity


# %% wrong, 0 points: velocity first
# says: You return the velocity first
def momentum_step(weights, velocity, gradient, rate, momentum):
    velocity = momentum * velocity - rate * gradient
    return velocity, weights + velocity


# %% wrong, 0 points: Nesterov's momentum
# says: This looks one step ahead
def momentum_step(weights, velocity, gradient, rate, momentum):
    velocity = momentum * velocity - rate * gradient
    return weights + momentum * velocity - rate * gradient, velocity
