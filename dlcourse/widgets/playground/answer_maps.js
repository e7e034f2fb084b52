/** What neurons answer to the places of a square grid, as pictures around zero. */
import { bitmap } from "../shared/js/canvas.js";
import { diverging } from "../shared/js/palette.js";

/**
 * One unit's picture; the colours reach as far as its answers.
 *
 * @param {Float64Array} outputs  of a layer, for each place of the grid its units side by side
 * @param {{unit: number, units: number, size: number, every?: number, theme}} which
 *   `size`: places along each axis; `every`: only each so many of them are drawn
 */
export function answerMap(outputs, { unit, units, size, every = 1, theme }) {
  const side = size / every;
  const values = new Float64Array(side * side);
  let reach = 1e-3;
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at++) {
      values[at] = outputs[(row * every * size + column * every) * units + unit];
      reach = Math.max(reach, Math.abs(values[at]));
    }
  }
  return bitmap({ width: side, height: side, values }, diverging(reach, theme));
}

/** Small pictures of all units of a layer. */
export function answerMaps(outputs, size, theme) {
  const units = outputs.length / (size * size);
  return Array.from({ length: units }, (_, unit) => answerMap(outputs, { unit, units, size, every: 2, theme }));
}
