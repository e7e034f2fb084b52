# %% right: Keras' optimizer takes the step, Keras' loss the mean
def train(predict, variables, x, y, size, epochs, rate):
    optimizer, squares = keras.optimizers.SGD(rate), keras.losses.MeanSquaredError()
    losses = []
    for _ in range(epochs):
        for first in range(0, len(x), size):
            with tf.GradientTape() as tape:
                loss = squares(y[first : first + size], predict(x[first : first + size]))
            optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
            losses.append(loss.numpy())
    return losses


# %% right: mini-batches by a tf.data pipeline, losses as an array
def train(predict, variables, x, y, size, epochs, rate):
    pairs = tf.data.Dataset.from_tensor_slices((x, y)).batch(size).repeat(epochs)
    losses = []
    for some, answers in pairs:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(answers - predict(some)))
        gradients = tape.gradient(loss, variables)
        for place, variable in enumerate(variables):
            variable.assign(variable - rate * gradients[place])
        losses.append(loss)
    return np.array(losses)


# %% right: a helper for the step, slices by np.array_split's places
def step(predict, variables, some, answers, rate):
    with tf.GradientTape() as tape:
        error = predict(some) - answers
        loss = tf.reduce_sum(error * error) / tf.cast(tf.size(error), error.dtype)
    slopes = tape.gradient(loss, variables)
    [variable.assign_sub(rate * slope) for variable, slope in zip(variables, slopes)]
    return float(loss)


def train(predict, variables, x, y, size, epochs, rate):
    places = np.arange(size, len(x), size)
    batches = list(zip(np.split(x, places), np.split(y, places)))
    return [step(predict, variables, some, answers, rate) for _ in range(epochs) for some, answers in batches]


# %% wrong, 0 points: gives the name to something else
# says: The weight has not moved
def train(predict, variables, x, y, size, epochs, rate):
    losses = []
    for _ in range(epochs):
        for start in range(0, len(x), size):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((predict(x[start : start + size]) - y[start : start + size]) ** 2)
            for variable, gradient in zip(variables, tape.gradient(loss, variables)):
                variable = variable - rate * gradient
            losses.append(float(loss))
    return losses


# %% wrong, 0 points: the sum of the squares
# says: you took their sum
def train(predict, variables, x, y, size, epochs, rate):
    losses = []
    for _ in range(epochs):
        for start in range(0, len(x), size):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum((predict(x[start : start + size]) - y[start : start + size]) ** 2)
            for variable, gradient in zip(variables, tape.gradient(loss, variables)):
                variable.assign_sub(rate * gradient)
            losses.append(float(loss))
    return losses


# %% wrong, 1 point: leaves the last, smaller mini-batch out
# says: The last example was left out
def train(predict, variables, x, y, size, epochs, rate):
    losses, size = [], min(size, len(x))
    for _ in range(epochs):
        for number in range(len(x) // size):
            some = slice(number * size, (number + 1) * size)
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((predict(x[some]) - y[some]) ** 2)
            for variable, gradient in zip(variables, tape.gradient(loss, variables)):
                variable.assign_sub(rate * gradient)
            losses.append(float(loss))
    return losses


# %% wrong, 0 points: uphill
# says: You walk uphill
def train(predict, variables, x, y, size, epochs, rate):
    losses = []
    for _ in range(epochs):
        for start in range(0, len(x), size):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((predict(x[start : start + size]) - y[start : start + size]) ** 2)
            for variable, gradient in zip(variables, tape.gradient(loss, variables)):
                variable.assign_add(rate * gradient)
            losses.append(float(loss))
    return losses


# %% wrong, 2 points: the losses after the step
# says: These are the losses after each step
def train(predict, variables, x, y, size, epochs, rate):
    losses = []
    for _ in range(epochs):
        for start in range(0, len(x), size):
            some, answers = x[start : start + size], y[start : start + size]
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((predict(some) - answers) ** 2)
            for variable, gradient in zip(variables, tape.gradient(loss, variables)):
                variable.assign_sub(rate * gradient)
            losses.append(float(tf.reduce_mean((predict(some) - answers) ** 2)))
    return losses


# %% wrong, 2 points: one loss an epoch, as fit reports it
# says: give back one for each step
def train(predict, variables, x, y, size, epochs, rate):
    reported = []
    for _ in range(epochs):
        losses = []
        for start in range(0, len(x), size):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((predict(x[start : start + size]) - y[start : start + size]) ** 2)
            for variable, gradient in zip(variables, tape.gradient(loss, variables)):
                variable.assign_sub(rate * gradient)
            losses.append(float(loss))
        reported.append(np.mean(losses))
    return reported


# %% wrong, 1 point: every step with all examples
# says: This was one step with all three examples
def train(predict, variables, x, y, size, epochs, rate):
    losses = []
    for _ in range(epochs):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((predict(x) - y) ** 2)
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(rate * gradient)
        losses.append(float(loss))
    return losses


# %% wrong, 0 points: the epochs are forgotten
# says: Two epochs were asked for
def train(predict, variables, x, y, size, epochs, rate):
    losses = []
    for start in range(0, len(x), size):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((predict(x[start : start + size]) - y[start : start + size]) ** 2)
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(rate * gradient)
        losses.append(float(loss))
    return losses


# %% wrong, 1 point: the loops are inside out
# says: Every mini-batch was used twice in a row
def train(predict, variables, x, y, size, epochs, rate):
    losses = []
    for start in range(0, len(x), size):
        for _ in range(epochs):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((predict(x[start : start + size]) - y[start : start + size]) ** 2)
            for variable, gradient in zip(variables, tape.gradient(loss, variables)):
                variable.assign_sub(rate * gradient)
            losses.append(float(loss))
    return losses
