/** A deep stack as plain Keras, with its task, to run and to take home. */

const INDENT = " ".repeat(4);
const INITIALIZERS = {
  small: "keras.initializers.RandomNormal(stddev=0.01)",
  large: "keras.initializers.RandomNormal(stddev=1.0)",
  glorot: '"glorot_normal"',
  he: '"he_normal"',
  lecun: '"lecun_normal"',
};

/**
 * @param {import("./deep_stack.js").Settings} settings
 * @param {string} spirals  the source of the function that makes the data
 */
export function flowCode(settings, spirals) {
  const { depth, width, activation, initialization, batch_norm: normed, residual, seed } = settings;
  const initializer = INITIALIZERS[initialization];
  const dense = normed ? ", use_bias=False" : "";
  return [
    "import keras",
    "import numpy as np",
    "from keras import layers",
    "",
    "",
    spirals.trimEnd(),
    "",
    "",
    "x, y = two_spirals()",
    `keras.utils.set_random_seed(${seed})`,
    "out = inputs = keras.Input((2,))",
    `for number in range(${depth}):`,
    ...(residual ? [`${INDENT}before = out`] : []),
    `${INDENT}out = layers.Dense(${width}, kernel_initializer=${initializer}${dense})(out)`,
    ...(normed ? [`${INDENT}out = layers.BatchNormalization()(out)`] : []),
    `${INDENT}out = layers.Activation("${activation}")(out)`,
    ...(residual ? [`${INDENT}if number > 0:`, `${INDENT}${INDENT}out = layers.add([before, out])`] : []),
    `outputs = layers.Dense(1, kernel_initializer=${initializer})(out)`,
    "model = keras.Model(inputs, outputs)",
    `model.compile(keras.optimizers.SGD(${settings.learning_rate}), keras.losses.BinaryCrossentropy(from_logits=True))`,
    "",
    "from dlcourse.lens import gradient_flow",
    "",
    "print(gradient_flow(model, x, y))",
    `history = model.fit(x, y, batch_size=${settings.batch}, epochs=20, verbose=0)`,
    'print(history.history["loss"])',
  ].join("\n");
}

/** How a learner's own training is recorded. */
export const RECORDING = [
  "from dlcourse.widgets import GradientFlow",
  "",
  "# model, x, y: a compiled model and its data",
  "widget = GradientFlow(model, x, y)",
  "model.fit(x, y, epochs=3, callbacks=[widget.callback(every=20)])  # looks after every 20 batches",
  "widget  # now it can be played back",
].join("\n");
