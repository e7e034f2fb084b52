/** A layer's maps as plain Keras, to run and to take home. */

/**
 * @param {{model: {name: string, code: string, form: number[]}, layer: string, map: number, first: boolean,
 *   shape: number[]}} state  `first`: whether the layer is the input itself
 */
export function mapCode({ model, layer, map, first, shape }) {
  const lines = model.code ? [model.code, ""] : ["import keras", ""];
  lines.push("x = widget.input  # the picture as the network gets it, a batch of one");
  if (first) lines.push("maps = x[0]");
  else if (/[/#:]/.test(layer)) {
    const name = JSON.stringify(layer.split(":")[0]);
    lines.push(
      "",
      "from dlcourse.lens import activations  # finds layers inside nested models, too",
      "",
      `maps = activations(model, x, [${name}])[${name}][0]`,
    );
  } else {
    lines.push(
      `part = keras.Model(model.inputs[0], model.get_layer(${JSON.stringify(layer)}).output)`,
      "maps = keras.ops.convert_to_numpy(part(x))[0]",
    );
  }
  if (shape.length === 3) lines.push(`one = maps[:, :, ${map}]  # of rows × columns × channels`);
  else if (shape.length === 1) lines.push(`one = maps[${map}]`);
  return lines.join("\n");
}
