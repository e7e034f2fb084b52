# %% right: one network, born once, with its first weights put back before every rate
def best_rate(build, rates, training, validation, test, epochs):
    network = build()
    first, trials = network.get_weights(), []
    for rate in rates:
        network.set_weights(first)
        network.compile(optimizer=keras.optimizers.SGD(rate), loss="sparse_categorical_crossentropy")
        network.fit(*training, epochs=epochs, verbose=0)
        trials.append((network.evaluate(*validation, verbose=0), rate, network.get_weights()))
    _, rate, weights = min(trials, key=lambda each: each[0])
    network.set_weights(weights)
    return rate, network, network.evaluate(*test, verbose=0)


# %% right: the loop written out on a static graph, no compile and no fit
def loss_of(network, x, y):
    return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, network(x)))


def trained(network, rate, x, y, epochs):
    @tf.function
    def step(some, answers):
        with tf.GradientTape() as tape:
            loss = loss_of(network, some, answers)
        for weight, slope in zip(network.trainable_variables, tape.gradient(loss, network.trainable_variables)):
            weight.assign(weight - rate * slope)

    for some, answers in tf.data.Dataset.from_tensor_slices((x, y)).batch(32).repeat(epochs):
        step(some, answers)
    return network


def best_rate(build, rates, training, validation, test, epochs):
    networks = {rate: trained(build(), rate, *training, epochs) for rate in rates}
    best = min(rates, key=lambda rate: float(loss_of(networks[rate], *validation)))
    return [best, networks[best], loss_of(networks[best], *test)]


# %% right: validation watched by fit, with a metric compiled in
def best_rate(build, rates, training, validation, test, epochs):
    networks, losses = [], []
    for rate in rates:
        network = build()
        network.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
        network.optimizer.learning_rate = rate
        history = network.fit(*training, epochs=epochs, validation_data=validation, verbose=0).history
        networks.append(network)
        losses.append(history["val_loss"][-1])
    place = int(np.argmin(losses))
    return rates[place], networks[place], networks[place].evaluate(*test, verbose=0)[0]


# %% wrong, 2.5 points: chooses by the training data
# says: This rate is best on the training data
def best_rate(build, rates, training, validation, test, epochs):
    network = build()
    network.compile("sgd", "sparse_categorical_crossentropy")
    first, trials = network.get_weights(), []
    for rate in rates:
        network.set_weights(first)
        network.optimizer.learning_rate = rate
        history = network.fit(*training, epochs=epochs, verbose=0).history
        trials.append((history["loss"][-1], rate, network.get_weights()))
    _, rate, weights = min(trials, key=lambda each: each[0])
    network.set_weights(weights)
    return rate, network, network.evaluate(*test, verbose=0)


# %% wrong, 2.5 points: chooses by the test data
# says: This rate is best on the test data
def best_rate(build, rates, training, validation, test, epochs):
    network = build()
    network.compile("sgd", "sparse_categorical_crossentropy")
    first, trials = network.get_weights(), []
    for rate in rates:
        network.set_weights(first)
        network.optimizer.learning_rate = rate
        network.fit(*training, epochs=epochs, verbose=0)
        trials.append((network.evaluate(*test, verbose=0), rate, network.get_weights()))
    loss, rate, weights = min(trials, key=lambda each: each[0])
    network.set_weights(weights)
    return rate, network, loss


# %% wrong, 0.5 points: one network goes on and on; on digits the last rate has destroyed it
# says: Is the network born anew for each rate?
def best_rate(build, rates, training, validation, test, epochs):
    network, best = build(), None
    network.compile("sgd", "sparse_categorical_crossentropy")
    for rate in rates:
        network.optimizer.learning_rate = rate
        network.fit(*training, epochs=epochs, verbose=0)
        loss = network.evaluate(*validation, verbose=0)
        if best is None or loss < best[0]:
            best = loss, rate, network
    return best[1], best[2], best[2].evaluate(*test, verbose=0)


# %% wrong, 1.5 points: returns the network of the last rate, and its loss
# says: This is the network of the last rate
def best_rate(build, rates, training, validation, test, epochs):
    network = build()
    network.compile("sgd", "sparse_categorical_crossentropy")
    first, trials = network.get_weights(), []
    for rate in rates:
        network.set_weights(first)
        network.optimizer.learning_rate = rate
        network.fit(*training, epochs=epochs, verbose=0)
        trials.append((network.evaluate(*validation, verbose=0), rate, network.get_weights()))
    return min(trials, key=lambda each: each[0])[1], network, network.evaluate(*validation, verbose=0)


# %% wrong, 2 points: returns a newborn network
# says: This network has learned nothing
def best_rate(build, rates, training, validation, test, epochs):
    network = build()
    network.compile("sgd", "sparse_categorical_crossentropy")
    first, trials = network.get_weights(), []
    for rate in rates:
        network.set_weights(first)
        network.optimizer.learning_rate = rate
        network.fit(*training, epochs=epochs, verbose=0)
        trials.append((network.evaluate(*validation, verbose=0), rate, network.get_weights()))
    network.set_weights(first)
    return min(trials, key=lambda each: each[0])[1], network, network.evaluate(*test, verbose=0)


# %% wrong, 3.5 points: reports the validation loss
# says: This is the loss on the validation data
def best_rate(build, rates, training, validation, test, epochs):
    network = build()
    network.compile("sgd", "sparse_categorical_crossentropy")
    first, trials = network.get_weights(), []
    for rate in rates:
        network.set_weights(first)
        network.optimizer.learning_rate = rate
        network.fit(*training, epochs=epochs, verbose=0)
        trials.append((network.evaluate(*validation, verbose=0), rate, network.get_weights()))
    loss, rate, weights = min(trials, key=lambda each: each[0])
    network.set_weights(weights)
    return rate, network, loss


# %% wrong, 2.5 points: chooses by the share of right answers, which is the same for all
# says: do you choose by the loss, not by the share
def best_rate(build, rates, training, validation, test, epochs):
    network = build()
    network.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    first, trials = network.get_weights(), []
    for rate in rates:
        network.set_weights(first)
        network.optimizer.learning_rate = rate
        network.fit(*training, epochs=epochs, verbose=0)
        trials.append((network.evaluate(*validation, verbose=0)[1], rate, network.get_weights()))
    _, rate, weights = max(trials, key=lambda each: each[0])
    network.set_weights(weights)
    return rate, network, network.evaluate(*test, verbose=0)[0]


# %% wrong, 3.5 points: reports the share of right answers
# says: This is the share of right answers
def best_rate(build, rates, training, validation, test, epochs):
    network = build()
    network.compile("sgd", "sparse_categorical_crossentropy")
    first, trials = network.get_weights(), []
    for rate in rates:
        network.set_weights(first)
        network.optimizer.learning_rate = rate
        network.fit(*training, epochs=epochs, verbose=0)
        trials.append((network.evaluate(*validation, verbose=0), rate, network.get_weights()))
    _, rate, weights = min(trials, key=lambda each: each[0])
    network.set_weights(weights)
    right = np.mean(np.asarray(network(test[0])).argmax(axis=1) == test[1])
    return rate, network, right


# %% wrong, 2.5 points: takes the smallest validation loss on the way, not the last one
# says: Is your loss that after the last epoch?
def best_rate(build, rates, training, validation, test, epochs):
    network = build()
    network.compile("sgd", "sparse_categorical_crossentropy")
    first, trials = network.get_weights(), []
    for rate in rates:
        network.set_weights(first)
        network.optimizer.learning_rate = rate
        history = network.fit(*training, epochs=epochs, validation_data=validation, verbose=0).history
        trials.append((min(history["val_loss"]), rate, network.get_weights()))
    _, rate, weights = min(trials, key=lambda each: each[0])
    network.set_weights(weights)
    return rate, network, network.evaluate(*test, verbose=0)
