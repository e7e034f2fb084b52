# %% right: pokes every pixel, up and down
def influence(model, picture, row, column):
    height, width = picture.shape[:2]
    poked = np.repeat(picture[None].astype("float32"), 2 * height * width, axis=0)
    places = np.arange(height * width)
    flat = poked.reshape(2, height * width, height * width)
    flat[0, places, places] += 0.01
    flat[1, places, places] -= 0.01
    answers = model.predict(poked, verbose=0)[:, row, column, 0].reshape(2, height, width)
    return np.abs(answers[0] - answers[1]) / 0.02


# %% right: picks the unit with a mask, and the sign goes by the root of the square
def influence(model, picture, row, column):
    pixels = tf.Variable(np.asarray(picture, np.float32)[np.newaxis])
    with tf.GradientTape() as tape:
        answers = model(pixels)
        mask = np.zeros(answers.shape, np.float32)
        mask[0, row, column, 0] = 1
        total = tf.reduce_sum(answers * mask)
    return tf.sqrt(tape.gradient(total, pixels)[0, ..., 0] ** 2)


# %% right: all units' gradients, then one of them
def influence(model, picture, row, column):
    pixels = tf.convert_to_tensor(picture[None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        answers = model(pixels)
    return abs(tape.jacobian(answers, pixels)[0, row, column, 0, 0, :, :, 0])


# %% wrong, 1 point: keeps the signs
# says: A pixel that holds the unit down counts as well
def influence(model, picture, row, column):
    pixels = tf.constant(picture[None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        unit = model(pixels)[0, row, column, 0]
    return tape.gradient(unit, pixels).numpy()[0, :, :, 0]


# %% wrong, 0 points: asks for the gradient of the whole map
# says: These are all units of the map at once.
def influence(model, picture, row, column):
    pixels = tf.constant(picture[None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        answers = model(pixels)
    return np.abs(tape.gradient(answers, pixels).numpy()[0, :, :, 0])


# %% wrong, 0 points: always the first unit
# says: This is the unit at row 0, column 0.
def influence(model, picture, row, column):
    pixels = tf.constant(picture[None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        unit = model(pixels)[0, 0, 0, 0]
    return np.abs(tape.gradient(unit, pixels).numpy()[0, :, :, 0])


# %% wrong, 1 point: mixes up row and column
# says: Row and column are mixed up: the row comes first.
def influence(model, picture, row, column):
    pixels = tf.constant(picture[None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        unit = model(pixels)[0, column, row, 0]
    return np.abs(tape.gradient(unit, pixels).numpy()[0, :, :, 0])


# %% wrong, 0 points: rescales to at most 1
# says: You divided by the largest number. Do not rescale.
def influence(model, picture, row, column):
    pixels = tf.constant(picture[None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        unit = model(pixels)[0, row, column, 0]
    slopes = np.abs(tape.gradient(unit, pixels).numpy()[0, :, :, 0])
    return slopes / slopes.max()


# %% wrong, 0 points: does not watch the picture
# says: The gradient is None
def influence(model, picture, row, column):
    pixels = tf.constant(picture[None], tf.float32)
    with tf.GradientTape() as tape:
        unit = model(pixels)[0, row, column, 0]
    return np.abs(tape.gradient(unit, pixels).numpy()[0, :, :, 0])


# %% wrong, 0 points: multiplies by the picture
# says: You multiplied by the picture.
def influence(model, picture, row, column):
    pixels = tf.constant(picture[None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        unit = model(pixels)[0, row, column, 0]
    return np.abs(tape.gradient(unit, pixels).numpy() * picture[None])[0, :, :, 0]
