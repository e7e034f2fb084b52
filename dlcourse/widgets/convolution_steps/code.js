/** A convolution, a transposed one or a pooling on a few numbers as plain Keras, with the very weights. */
import { biasesOf, channelsOf, MAXIMUM, pools, TRANSPOSED, windowOf } from "./window_steps.js";

const INDENT = " ".repeat(4);

/** @param {import("./window_steps.js").State} state */
export function stepsCode(state) {
  const { operation, stride, dilation, padding } = state;
  const channels = state.input[0][0].length;
  const [rows, columns] = windowOf(state);
  const lines = ["import keras", "import numpy as np", ""];
  const plane = (channel) => state.input.map((row) => row.map((at) => at[channel]));
  const planes = Array.from({ length: channels }, (_, channel) => plane(channel));
  lines.push(`x = np.array(${nested(planes)}, "float32")  # channel, row, column`);
  lines.push("x = x.transpose(1, 2, 0)  # height × width × channels, as Keras has it", "");
  const full = padding === "full";
  const settings = [`strides=${stride}`, `padding="${full ? "valid" : padding}"`];
  if (pools(state)) {
    const name = operation === MAXIMUM ? "MaxPooling2D" : "AveragePooling2D";
    lines.push(`layer = keras.layers.${name}(pool_size=(${rows}, ${columns}), ${settings.join(", ")})`);
    lines.push("output = np.asarray(layer(x[None]))[0]");
    return lines.join("\n");
  }
  const filters = channelsOf(state);
  const kernels = Array.from({ length: filters }, (_, filter) =>
    Array.from({ length: channels }, (_, channel) =>
      state.kernel.map((row) => row.map((weights) => weights[channel][filter])),
    ),
  );
  const transposed = operation === TRANSPOSED;
  lines.push(`kernel = np.array(${nested(kernels)}, "float32")  # output channel, input channel, row, column`);
  lines.push(
    transposed
      ? "kernel = kernel.transpose(2, 3, 0, 1)  # a transposed convolution has its output channels before its inputs"
      : "kernel = kernel.transpose(2, 3, 1, 0)  # rows × columns × input channels × output channels",
    `bias = np.array([${biasesOf(state).join(", ")}], "float32")`,
    "",
    `layer = keras.layers.${transposed ? "Conv2DTranspose" : "Conv2D"}(`,
    `${INDENT}filters=${filters},`,
    `${INDENT}kernel_size=(${rows}, ${columns}),`,
    ...settings.map((setting) => `${INDENT}${setting},`),
    `${INDENT}dilation_rate=${dilation},`,
    `${INDENT}activation=${state.relu ? '"relu"' : "None"},`,
    ")",
    `layer.build((None, None, None, ${channels}))  # batch, height, width, channels`,
    "layer.set_weights([kernel, bias])",
  );
  if (transposed && dilation > 1) lines.push("# without oneDNN, TensorFlow cannot run a dilation here");
  if (full) {
    const [above, beside] = [(rows - 1) * dilation, (columns - 1) * dilation];
    lines.push(`padded = keras.layers.ZeroPadding2D((${above}, ${beside}))(x[None])  # Keras has no padding "full"`);
  }
  lines.push(`output = np.asarray(layer(${full ? "padded" : "x[None]"}))[0]`);
  return lines.join("\n");
}

/** Nested lists, the innermost ones in a line. */
function nested(values, depth = 0) {
  if (typeof values[0] === "number") return `[${values.join(", ")}]`;
  const inner = INDENT.repeat(depth + 1);
  const lines = values.map((value) => `${inner}${nested(value, depth + 1)},\n`);
  return `[\n${lines.join("")}${INDENT.repeat(depth)}]`;
}
