/** The probabilities and the layer as plain Keras, to run and to take home. */

/** @param {import("./state.js").View} view */
export function paintedCode({ described, attribution, attributed, asked }) {
  const { size, given, grey, finish, layer, example } = described;
  const outputs = "model(batch, training=False)";
  const lines = [
    "import keras",
    "import numpy as np",
    "",
    "",
    "def batch_of(bytes_):",
    '    pixels = bytes_[None].astype("float32") / 255  # one picture, 0 to 1',
    `    return ${given}`,
    "",
    "",
    ...(example ? ["model = widget.model"] : []),
    `batch = batch_of(widget.painted)  # ${size.join(" × ")}, what you painted`,
    `probabilities = ${finish === "scores" ? `keras.ops.softmax(${outputs})` : outputs}`,
    "print(np.asarray(probabilities)[0].argmax())",
  ];
  if (attribution === "none") return lines.join("\n");
  const settings = {
    saliency: "",
    integrated_gradients: `, baseline=grey[0], steps=32`,
    grad_cam: layer ? `, layer=${JSON.stringify(layer)}` : "",
    occlusion: `, size=${share(size, 6)}, stride=${share(size, 12)}, value=float(grey.mean())`,
  };
  lines.push("", `from dlcourse.lens import ${attribution}`, "");
  if (attributed === "original") lines.push("batch = batch_of(widget.image.pixels)");
  if (["integrated_gradients", "occlusion"].includes(attribution)) {
    lines.push(`grey = ${grey}`);
  }
  lines.push(`layer = ${attribution}(model, batch, target=${asked}${settings[attribution]})[0]`);
  return lines.join("\n");
}

/** A share of a picture's shorter side, in whole pixels. @param {number[]} size @param {number} parts */
function share([rows, columns], parts) {
  return Math.max(1, Math.floor(Math.min(rows, columns) / parts));
}
