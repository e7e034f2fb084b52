/** The widget's state as plain Keras, to run and to take home. */

const GREY = "[0.299, 0.587, 0.114]";
const INDENT = " ".repeat(4);

/**
 * @param {{image: {name: string, shape: number[]}, known: boolean, kernel: number[][], bias: number, stride: number,
 *   dilation: number, padding: string, relu: boolean, channel: string}} state
 *   `known`: whether the picture is one of the course's photographs, so that its name is enough
 */
export function kerasCode({ image, known, kernel, bias, stride, dilation, padding, relu, channel }) {
  const size = kernel.length;
  const lines = ["import keras", "import numpy as np"];
  if (known) lines.push("from dlcourse.widgets import picture");
  lines.push("");
  if (known) lines.push(`image = picture("${image.name}").values  # height × width × channels, 0 to 1`);
  else lines.push("# image: height × width × channels, 0 to 1; this one is in widget.image.values");
  if (image.shape[2] === 1) lines.push("plane = image[:, :, 0]");
  else if (channel === "grey") lines.push(`plane = image @ ${GREY}  # brightness, as the eye weighs the colours`);
  else lines.push(`plane = image[:, :, ${["red", "green", "blue"].indexOf(channel)}]  # ${channel}`);
  lines.push(...matrix("kernel", kernel), "");
  lines.push(
    "layer = keras.layers.Conv2D(",
    `${INDENT}filters=1,`,
    `${INDENT}kernel_size=${size},`,
    `${INDENT}strides=${stride},`,
    `${INDENT}padding="${padding}",`,
    `${INDENT}dilation_rate=${dilation},`,
    `${INDENT}activation=${relu ? '"relu"' : "None"},`,
    ")",
    "layer.build((None, None, None, 1))  # batch, height, width, channels",
    `layer.set_weights([kernel[:, :, None, None], np.array([${bias}])])`,
    "output = layer(plane[None, :, :, None])[0, :, :, 0]",
  );
  return lines.join("\n");
}

/** Whole numbers over one denominator where that is exact, else the numbers as they are. */
function matrix(name, rows) {
  const numbers = rows.flat();
  for (const below of [1, 2, 4, 8, 12, 16, 9, 25, 49, 81, 121, 256, 4096, 65536, 1048576]) {
    const whole = numbers.map((value) => Math.round(value * below));
    if (whole.every((value, index) => value / below === numbers[index])) {
      const text = rows.map((row) => row.map((value) => Math.round(value * below) || 0));
      const end = below === 1 ? ', "float32")' : `, "float32") / ${below}`;
      return layout(name, text, end);
    }
  }
  return layout(name, rows, ', "float32")');
}

function layout(name, rows, end) {
  const lines = rows.map((row) => `[${row.join(", ")}]`);
  if (lines.length === 1) return [`${name} = np.array([${lines[0]}]${end}`];
  return [`${name} = np.array([`, ...lines.map((line) => `${INDENT}${line},`), `]${end}`];
}
