# %% right: Functional, no batch normalisation, scores instead of probabilities
def train(pictures, labels):
    inputs = keras.Input((28, 28, 1))
    maps = keras.layers.Conv2D(16, 5, activation="relu", name="strokes")(inputs)
    maps = keras.layers.MaxPooling2D(2)(maps)
    maps = keras.layers.Conv2D(32, 3, activation="relu")(maps)
    maps = keras.layers.MaxPooling2D(2)(maps)
    maps = keras.layers.Dropout(0.4)(keras.layers.Flatten()(maps))
    reader = keras.Model(inputs, keras.layers.Dense(10)(maps))
    rate = keras.optimizers.schedules.CosineDecay(5e-3, 7 * 63)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    reader.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, metrics=["accuracy"])
    reader.fit(pictures, labels, epochs=7, batch_size=64, verbose=0)
    return reader


# %% right: three blocks, one-hot labels, numbers in double precision
def block(filters, kernel=3):
    yield keras.layers.Conv2D(filters, kernel, padding="same", use_bias=False)
    yield keras.layers.BatchNormalization(momentum=0.9)
    yield keras.layers.ReLU()
    yield keras.layers.MaxPooling2D(2)


def train(pictures, labels):
    head = [keras.layers.Flatten(), keras.layers.Dropout(0.3), keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential([keras.Input((28, 28, 1)), *block(8, 5), *block(16), *block(32), *head])
    rate = keras.optimizers.schedules.CosineDecay(8e-3, 5 * 63)
    model.compile(keras.optimizers.Adam(rate), "categorical_crossentropy")
    model.fit(pictures.astype("float64"), np.eye(10)[labels], epochs=5, batch_size=64, verbose=0)
    return model


# %% right: a class of its own, and a training loop written out
class Reader(keras.Model):
    def __init__(self):
        super().__init__()
        self.parts = [
            keras.layers.Conv2D(16, 5, strides=2, padding="same", activation="relu"),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.Conv2D(24, 3, padding="same", activation="relu"),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(10),
        ]

    def call(self, x, training=False):
        for part in self.parts:
            kinds = (keras.layers.BatchNormalization, keras.layers.Dropout)
            x = part(x, training=training) if isinstance(part, kinds) else part(x)
        return x


def train(pictures, labels):
    reader = Reader()
    reader(pictures[:1])
    epochs, batches = 5, tf.data.Dataset.from_tensor_slices((pictures, labels)).shuffle(4000).batch(64)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(6e-3, epochs * len(batches)))
    optimizer.build(reader.trainable_variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = keras.ops.mean(keras.losses.sparse_categorical_crossentropy(y, reader(x, training=True), True))
        weights = reader.trainable_weights
        optimizer.apply_gradients(zip(tape.gradient(loss, [w.value for w in weights]), weights))

    for _ in range(epochs):
        for x, y in batches:
            step(x, y)
    return reader


# %% wrong, 2 points: a dense network within the budget
# says: There is no convolution in it.
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Flatten(),
        keras.layers.Dense(25, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    model.fit(pictures, labels, epochs=12, batch_size=64, verbose=0)
    return model


# %% wrong, 3 points: a good network over budget
# says: Most of them sit in the first dense layer
def train(pictures, labels):
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for filters, kernel, stride in [(16, 5, 2), (32, 3, 1), (64, 3, 1)]:
        model.add(keras.layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False))
        model.add(keras.layers.BatchNormalization(momentum=0.9))
        model.add(keras.layers.ReLU())
        if stride == 1:
            model.add(keras.layers.MaxPooling2D(2))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dropout(0.3))
    model.add(keras.layers.Dense(10, activation="softmax"))
    rate = keras.optimizers.schedules.CosineDecay(6e-3, 4 * 63)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    model.fit(pictures, labels, epochs=4, batch_size=64, verbose=0)
    return model


# %% wrong, 2 points: compiles and forgets to train
# says: Was the model fitted before it was returned?
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(16, 5, strides=2, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% wrong, 0 points: returns what fit returns
# says: It is the History that `fit` returns.
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(8, 5, strides=2, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model.fit(pictures, labels, epochs=1, batch_size=64, verbose=0)


# %% wrong, 1 point: one number for each picture
# says: and should give (1000, 10): ten for
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(8, 5, strides=2, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(1),
    ])
    model.compile("adam", "mse")
    model.fit(pictures, labels, epochs=1, batch_size=64, verbose=0)
    return model


# %% wrong, 2 points: stops too early
# says: so it has not learned all that it could
def train(pictures, labels):
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(8, 5, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Conv2D(16, 3, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(pictures, labels, epochs=1, batch_size=64, verbose=0)
    return model


# %% wrong, 2 points: changes the pictures outside the model
# says: did you change the pictures before `fit`, outside the model?
def train(pictures, labels):
    ink_is_dark = 1 - 2 * pictures
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(8, 5, strides=2, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(ink_is_dark, labels, epochs=2, batch_size=64, verbose=0)
    return model
