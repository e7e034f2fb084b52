/** The orbit as plain Keras, to run and to take home. */

/** @param {import("./state.js").View & {asked: {given: string, finish: string}[]}} view  `asked`: the networks */
export function orbitCode({ name, way, change, fill, label, names, asked }) {
  const amounts = Object.entries({ ...change, [name]: null });
  const settings = amounts.map(([each, value]) => `${each}=${value === null ? "value" : value}`).join(", ");
  const values = way.log
    ? `np.geomspace(${way.low}, ${way.high}, ${way.count})`
    : `np.linspace(${way.low}, ${way.high}, ${way.count})`;
  return [
    "import keras",
    "import numpy as np",
    "",
    "picture = widget.picture.values  # height × width × channels, 0 to 1",
    "",
    "",
    "def changed(turn, shift_x, shift_y, size, light):",
    "    height, width = picture.shape[:2]",
    "    x, y = (width - 1) / 2, (height - 1) / 2",
    "    cos, sin = np.cos(np.radians(turn)) / size, np.sin(np.radians(turn)) / size",
    "    right, down = x + shift_x * width, y + shift_y * height",
    "    # from a pixel of the result to its place in the picture, column before row",
    "    matrix = [cos, -sin, x - cos * right + sin * down, sin, cos, y - sin * right - cos * down, 0, 0]",
    '    moved = keras.ops.image.affine_transform(picture[None], np.array([matrix], "float32"),',
    `                                             fill_mode="${fill}", data_format="channels_last")`,
    "    return np.clip(np.asarray(moved)[0] * light, 0, 1)",
    "",
    "",
    `values = ${values}`,
    `pictures = np.stack([changed(${settings}) for value in values])`,
    ...asked.flatMap(({ given, finish }, number) => (given ? asking(given, finish, names[number], number, label) : [])),
  ].join("\n");
}

function asking(pixels, finish, network, number, label) {
  const name = number === 0 ? "model" : "other";
  const outputs = `${name}(${pixels})`;
  return [
    "",
    `probabilities = ${finish === "scores" ? `keras.ops.softmax(${outputs})` : outputs}  # of ${network}`,
    `curve${number ? "_of_other" : ""} = np.asarray(probabilities)[:, ${label}]`,
  ];
}
