/** The playground's network as plain Keras, with the very weights. */
import { FEATURES } from "./planes.js";

const INDENT = " ".repeat(4);
const RULES = {
  adam: (rate) => `keras.optimizers.Adam(${rate})`,
  sgd: (rate) => `keras.optimizers.SGD(${rate})`,
  momentum: (rate) => `keras.optimizers.SGD(${rate}, momentum=0.9)`,
};

/**
 * @param {{data: string, noise: number, features: string[], frame: import("./planes.js").Frame, layers: number[],
 *   activation: string, optimizer: string, learning_rate: number, regularization: string, rate: number, batch: number,
 *   weights: (number[] | number[][])[]}} state
 * @returns {string} code that ends in `probabilities`, those of class 1 for each of the points
 */
export function playgroundCode(state) {
  const { data, noise, features, frame, layers, activation, weights } = state;
  const own = data === "yours";
  const plain = features.join() === "x1,x2" && isPlain(frame);
  return [
    "import keras",
    "import numpy as np",
    ...(own ? [] : ["from dlcourse.data.planes import plane"]),
    "",
    ...(own
      ? ["# points and labels: yours, as in (points, labels), test = widget.split()"]
      : [`both = plane("${data}", noise=${noise})  # training and test together`, "points, labels = both.x, both.y"]),
    ...(plain ? ["inputs = points"] : inputLines(features, frame)),
    "",
    "model = keras.Sequential([",
    `${INDENT}keras.Input((${features.length},)),`,
    ...layers.map((units) => `${INDENT}${layerCode(units, activation, state)},`),
    `${INDENT}${layerCode(1, "sigmoid", state)},`,
    "])",
    "model.set_weights([",
    ...weights.map((array) => `${INDENT}np.array(${written(array)}),`),
    "])",
    `model.compile(${RULES[state.optimizer](state.learning_rate)}, "binary_crossentropy", metrics=["accuracy"])`,
    `# to train on: model.fit(inputs, labels, batch_size=${state.batch}, epochs=10)`,
    "probabilities = model.predict(inputs, verbose=0)",
  ].join("\n");
}

function isPlain({ center, scale }) {
  return center.every((at) => at === 0) && scale.every((by) => by === 1);
}

function inputLines(features, frame) {
  const lines = ["x1, x2 = points[:, 0], points[:, 1]"];
  if (!isPlain(frame)) {
    const [[c1, c2], [s1, s2]] = [frame.center, frame.scale];
    lines[0] = `x1, x2 = (points[:, 0] - ${bracketed(c1)}) / ${s1}, (points[:, 1] - ${bracketed(c2)}) / ${s2}`;
  }
  return [...lines, `inputs = np.stack([${features.map((name) => FEATURES[name].code).join(", ")}], axis=1)`];
}

function bracketed(value) {
  return value < 0 ? `(${value})` : `${value}`;
}

function layerCode(units, activation, { regularization, rate }) {
  const costs = { l1: "L1", l2: "L2" }[regularization];
  const regularizer = costs ? `, kernel_regularizer=keras.regularizers.${costs}(${rate})` : "";
  return `keras.layers.Dense(${units}, activation="${activation}"${regularizer})`;
}

/** Eight digits are more than float32 holds. */
function written(array) {
  const short = (_, value) => (typeof value === "number" ? Number(value.toPrecision(8)) : value);
  return JSON.stringify(array, short).replaceAll(",", ", ");
}
