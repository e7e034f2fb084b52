/** The rounded network as plain Keras, to run and to take home. */

const FLOAT = 32;

/** @param {import("./state.js").View} view */
export function roundedCode({ described, rows, symmetric, perChannel }) {
  if (!described.name) return tinyCode(rows, symmetric, perChannel);
  const rounded = rows.filter(({ bits }) => bits !== FLOAT);
  const plain = rounded.every(({ name, kind }) => /^(Dense|Conv\dD)$/.test(kind) && !/[/#:]/.test(name));
  const copy = ["import keras", "", "small = keras.models.clone_model(model)"];
  if (!plain)
    return [...copy, "small.set_weights(widget.weights())  # the rounded ones, in the order of Keras"].join("\n");
  return [
    ...["import keras", "", "from dlcourse.lens import dequantise, quantise", ""],
    ...copy.slice(2),
    "small.set_weights(model.get_weights())",
    ...bitsAsCode(rounded),
    "for name, count in bits.items():",
    "    layer = small.get_layer(name)",
    "    kernel, *others = layer.get_weights()",
    `    levels = quantise(kernel, count, symmetric=${python(symmetric)}${perChannel ? ", axis=-1" : ""})`,
    "    layer.set_weights([dequantise(levels), *others])",
    "outputs = small(x)  # x: your examples",
  ].join("\n");
}

/** The same for the network at hand, whose weights come from the widget. */
function tinyCode(rows, symmetric, perChannel) {
  return [
    "import keras",
    "from keras import layers",
    "",
    "small = keras.Sequential([",
    "    keras.Input((784,)),",
    '    layers.Dense(32, activation="relu", name="hidden1"),',
    '    layers.Dense(16, activation="relu", name="hidden2"),',
    '    layers.Dense(10, activation="softmax", name="digits"),',
    "])",
    "small.set_weights(widget.weights())  # rounded so:",
    ...rows
      .filter(({ bits }) => bits !== FLOAT)
      .map(
        ({ name, bits }) =>
          `# ${name}: quantise(kernel, ${bits}, symmetric=${python(symmetric)}${perChannel ? ", axis=-1" : ""})`,
      ),
  ].join("\n");
}

function bitsAsCode(rows) {
  const pairs = rows.map(({ name, bits }) => `${JSON.stringify(name)}: ${bits}`);
  const line = `bits = {${pairs.join(", ")}}`;
  return line.length <= 100 ? [line] : ["bits = {", ...pairs.map((pair) => `    ${pair},`), "}"];
}

function python(flag) {
  return flag ? "True" : "False";
}
