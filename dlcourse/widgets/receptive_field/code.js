/** A stack of convolutions and pooling as plain Keras. */

const INDENT = " ".repeat(4);
const FILTERS = 8;

/**
 * @param {{layers: import("./reach.js").Layer[], size: [number, number]}} stack
 * @returns {string} code that ends in the table of its receptive fields
 */
export function stackCode({ layers, size: [rows, columns] }) {
  return [
    "import keras",
    "from keras import layers",
    "",
    "from dlcourse.lens import receptive_fields",
    "",
    `model = keras.Sequential([  # ${FILTERS} filters each: their number does not change what a unit sees`,
    `${INDENT}keras.Input((${rows}, ${columns}, 3)),`,
    ...layers.flatMap(layerCode).map((line) => `${INDENT}${line},`),
    "])",
    "receptive_fields(model)",
  ].join("\n");
}

function layerCode({ kind, kernel, stride, padding, dilation }) {
  const lines = [];
  if (typeof padding === "number") lines.push(`layers.ZeroPadding2D(${padding})`);
  const options = [];
  if (kind === "convolution") {
    if (stride > 1) options.push(`strides=${stride}`);
    if (padding === "same") options.push('padding="same"');
    if (dilation > 1) options.push(`dilation_rate=${dilation}`);
    lines.push(`layers.Conv2D(${[FILTERS, kernel, ...options].join(", ")})`);
  } else {
    if (stride !== kernel) options.push(`strides=${stride}`);
    if (padding === "same") options.push('padding="same"');
    lines.push(`layers.MaxPooling2D(${[kernel, ...options].join(", ")})`);
  }
  return lines;
}
