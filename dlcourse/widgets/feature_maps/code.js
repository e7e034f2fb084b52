/** A layer's maps as plain Keras, to run and to take home. */

const SCALED = "scaled input"; // as shared/browser_network.py calls what the model gets

/** @param {import("./state.js").View} view */
export function mapCode({ described, layer: { name, shape }, index, map }) {
  const lines = described.code ? [described.code, ""] : ["import keras", ""];
  lines.push("x = widget.input  # the picture as the network gets it, a batch of one");
  if (index === 0 || name === SCALED) lines.push("maps = x[0]");
  else if (/[/#:]/.test(name)) {
    const layer = JSON.stringify(name.split(":")[0]);
    lines.push(
      "",
      "from dlcourse.lens import activations  # finds layers inside nested models, too",
      "",
      `maps = activations(model, x, [${layer}])[${layer}][0]`,
    );
  } else {
    lines.push(
      `part = keras.Model(model.inputs[0], model.get_layer(${JSON.stringify(name)}).output)`,
      "maps = keras.ops.convert_to_numpy(part(x))[0]",
    );
  }
  if (shape.length === 3) lines.push(`one = maps[:, :, ${map}]  # of rows × columns × channels`);
  else if (shape.length === 1) lines.push(`one = maps[${map}]`);
  return lines.join("\n");
}
