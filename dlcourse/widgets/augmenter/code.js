/** The sliders of Augmenter as plain Keras, to run and to take home. */

/** @param {Record<string, any>} s the settings, as the traits have them @returns {string} */
export function augmentCode(s) {
  const number = (value) => String(Number((value * s.strength).toFixed(4)));
  const fill = `fill_mode="${s.fill}"`;
  const flips = s.flip_horizontal ? (s.flip_vertical ? "horizontal_and_vertical" : "horizontal") : "vertical";
  const cut = number(s.cutout);
  const layers = [
    [s.flip_horizontal || s.flip_vertical, `RandomFlip("${flips}")`],
    [
      on(s, "rotation"),
      `RandomRotation(${number(s.rotation / 360)}, ${fill}),  # turns: ${number(s.rotation)} degrees`,
    ],
    [on(s, "shift_x", "shift_y"), `RandomTranslation(${number(s.shift_y)}, ${number(s.shift_x)}, ${fill})`],
    [on(s, "zoom"), `RandomZoom(${number(s.zoom)}, ${fill})`],
    [on(s, "shear"), `RandomShear(x_factor=${number(s.shear)}, ${fill})`],
    [on(s, "brightness"), `RandomBrightness(${number(s.brightness)}, value_range=(0, 1))`],
    [on(s, "contrast"), `RandomContrast(${number(s.contrast)}, value_range=(0, 1))`],
    [on(s, "noise"), `GaussianNoise(${number(s.noise)})`],
    [on(s, "cutout"), `RandomErasing((1, 1), scale=(${cut}, ${cut}), fill_value=0, value_range=(0, 1))`],
  ].filter(([isOn]) => isOn);
  const written = layers.map(([, call]) => `    layers.${call.includes("),  #") ? call : `${call},`}`);
  return [
    "import keras",
    "from keras import layers",
    "",
    "# for pictures with values from 0 to 1; in training only: evaluate and predict leave them as they are",
    written.length ? "augment = keras.Sequential([" : "augment = keras.Sequential([layers.Identity()])",
    ...written,
    ...(written.length ? ["])"] : []),
    "# copies = augment(images, training=True)",
    "# or as the first part of a model: keras.Sequential([augment, layers.Conv2D(...), ...])",
  ].join("\n");
}

function on(settings, ...names) {
  return settings.strength > 0 && names.some((name) => settings[name] > 0);
}
