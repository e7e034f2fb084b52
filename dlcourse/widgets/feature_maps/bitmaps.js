/** Maps and pictures in their colours, a pixel for a number. */
import { bitmap } from "../shared/js/canvas.js";
import { brightness, diverging, sequential } from "../shared/js/palette.js";
import { rangeOf } from "./maps.js";

/**
 * The colours of a range: around zero where something lies below, else from zero up.
 *
 * @param {import("./maps.js").Range} range
 * @param {{dark: boolean}} theme
 */
export function scaleOf({ low, high }, theme) {
  return low < 0 ? diverging(high, theme) : sequential(0, high, theme);
}

/** A map in its own colours, or in those of a range that it shares with others. */
export function mapBitmap(plane, theme, range = rangeOf(plane.values)) {
  return bitmap(plane, scaleOf(range, theme));
}

/** A map of the picture itself, in greys. */
export function greyBitmap(plane, white) {
  return bitmap({ ...plane, values: plane.values.map((value) => value / white) }, brightness());
}

/** The picture as the network gets it. */
export function inputBitmap(input, { size: [height, width, channels], white }) {
  if (channels === 1) return greyBitmap({ height, width, values: input }, white);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  const pixels = pen.createImageData(width, height);
  for (let place = 0; place < height * width; place++) {
    for (let colour = 0; colour < 3; colour++) {
      pixels.data[4 * place + colour] = Math.round((input[3 * place + colour] / white) * 255);
    }
    pixels.data[4 * place + 3] = 255;
  }
  pen.putImageData(pixels, 0, 0);
  return canvas;
}
