# %% right: prepared before the model, as in lesson 1.4, with one-hot answers; a function around predict
def train(pictures, labels):
    def prepared(some):
        return some.reshape(-1, 784) / 255

    net = keras.Sequential([
        keras.Input((784,)),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    net.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    net.fit(prepared(pictures), keras.utils.to_categorical(labels, 10), epochs=10, batch_size=64, verbose=0)
    return lambda some: net.predict(prepared(some), verbose=0)


# %% right: Functional, scores first and softmax when asked, trained with from_logits
def train(pictures, labels):
    entry = keras.Input((28, 28), name="digit")
    ink = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(entry))
    scores = keras.layers.Dense(10)(keras.layers.Dense(384, "relu", name="describe")(ink))
    model = keras.Model(entry, scores)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(pictures, labels, epochs=10, batch_size=64, verbose=0)
    return keras.Model(entry, keras.layers.Softmax()(scores))


# %% right: a class that can be called, a batch-normalised and thinned-out network
class Reader:
    def __init__(self, pictures, labels):
        from keras import layers

        self.mean, self.spread = pictures.mean(), pictures.std()
        self.model = keras.Sequential([
            layers.Flatten(),
            layers.Dense(512, activation="relu"),
            layers.BatchNormalization(),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax"),
        ])
        self.model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        self.model.fit(self.scaled(pictures), labels, epochs=10, batch_size=64, verbose=0)

    def scaled(self, pictures):
        return (pictures.astype("float32") - self.mean) / self.spread

    def __call__(self, pictures):
        return self.model(self.scaled(pictures), training=False)


train = Reader


# %% right: a small convolutional network, and its predict
def train(pictures, labels):
    from keras import layers

    model = keras.Sequential([layers.Rescaling(1 / 255), layers.Reshape((28, 28, 1))])
    for filters in (16, 32):
        model.add(layers.Conv2D(filters, 3, activation="relu"))
        model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
    model.fit(pictures, labels, epochs=5, batch_size=64)
    return model.predict


# %% wrong, 1 point: never calls fit
# says: hardly more than by guessing. Is `fit` called
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(256, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return model


# %% wrong, 0 points: returns the diary of the training
# says: Return the model.
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return model.fit(pictures, labels, epochs=1, verbose=0)


# %% wrong, 3 points: scales before training, and forgets it when asked
# says: and is asked with 0 to 255: scale new pictures, too
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(pictures / 255, labels, epochs=10, batch_size=64, verbose=0)
    return model


# %% wrong, 1 point: never scales, and has few neurons
# says: Large inputs do that (are the pictures scaled
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(pictures, labels, epochs=5, batch_size=64, verbose=0)
    return model


# %% wrong, 0 points: flattens before the model, and returns the model alone
# says: Your model wants rows of 784 numbers
def train(pictures, labels):
    model = keras.Sequential([
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(pictures.reshape(-1, 784) / 255, labels, epochs=1, batch_size=64, verbose=0)
    return model


# %% wrong, 1 point: reads along the columns of the table, so that pictures are mixed up
# says: do picture i and label i belong together?
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((784,)),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(pictures.reshape(784, -1).T / 255, labels, epochs=3, batch_size=64, verbose=0)
    return lambda some: model(some.reshape(-1, 784) / 255)


# %% wrong, 3 points: scores in place of probabilities
# says: should be probabilities: positive, together 1
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10),
    ])
    model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(pictures, labels, epochs=10, batch_size=64, verbose=0)
    return model


# %% wrong, 2 points: answers with the digit
# says: Return all ten probabilities, not the digit
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(pictures, labels, epochs=10, batch_size=64, verbose=0)
    return lambda some: np.array(model(some)).argmax(axis=1)


# %% wrong, 2 points: learns from the test set
# says: Nobody does: has it seen them before?
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(256, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy")
    model.fit(digits.test.x, digits.test.y, epochs=25, batch_size=64, verbose=0)
    return model


# %% wrong, 2 points: learns from the notebook's digits, not from what it is given
# says: Use only the two arguments, not `digits`
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(digits.train.x, digits.train.y, epochs=10, batch_size=64, verbose=0)
    return model


# %% wrong, 1 point: plain gradient descent, one epoch
# says: It can still learn: scaled pictures, more epochs
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
    model.fit(pictures, labels, batch_size=64, verbose=0)
    return model


# %% wrong, 0 points: one-hot answers with the loss for integers
# says: Your code stopped with ValueError
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(pictures, keras.utils.to_categorical(labels, 10), epochs=1, verbose=0)
    return model


# %% wrong, 3 points: scales each time by the batch's own mean and spread
# says: depends on the other pictures asked with it
def train(pictures, labels):
    def prepared(some):
        return ((some - some.mean(axis=0)) / (some.std(axis=0) + 1)).reshape(-1, 784)

    model = keras.Sequential([
        keras.Input((784,)),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(prepared(pictures), labels, epochs=10, batch_size=64, verbose=0)
    return lambda some: model(prepared(some))
