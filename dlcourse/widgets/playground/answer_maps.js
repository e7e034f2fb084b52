/** What neurons answer to the places of a square grid, as pictures around zero. */
import { bitmap } from "../shared/js/canvas.js";
import { remember } from "../shared/js/memory.js";
import { diverging } from "../shared/js/palette.js";
import { FEATURES, GRID, gridOf, inputsOf } from "./planes.js";

const PALE = 0.45; // of the colours' reach is used behind points, so that these stand out
const EVERY = 2; // so many places of the grid make one pixel of a small picture

/**
 * The pictures of one view, each made anew only where its answers or the theme are not as they were.
 *
 * @typedef {import("./network.js").Pass} Pass  of the places of the grid
 * @typedef {import("../shared/js/palette.js").Theme} Theme
 */
export function answerMaps() {
  return {
    /** What all features are over a frame, small. */
    features: remember((frame, theme) => smallMaps(inputsOf(gridOf(frame, GRID), Object.keys(FEATURES), frame), theme)),
    /** What the neurons of each hidden layer answer, small. */
    hidden: remember((/** @type {Pass} */ pass, theme) =>
      pass.outputs.slice(0, -1).map((outputs) => smallMaps(outputs, theme)),
    ),
    /** What one neuron of a layer answers. */
    neuron: remember((/** @type {Pass} */ pass, layer, unit, theme) => answerMap(pass.outputs[layer], unit, 1, theme)),
    /** How probable orange is, from shares over a grid of that size. */
    whole: remember((/** @type {Float64Array} */ shares, size, theme) =>
      bitmap({ width: size, height: size, values: shares.map((share) => 2 * share - 1) }, diverging(1 / PALE, theme)),
    ),
  };
}

/** @param {Float64Array} outputs  of a layer @param {Theme} theme */
function smallMaps(outputs, theme) {
  return Array.from({ length: outputs.length / (GRID * GRID) }, (_, unit) => answerMap(outputs, unit, EVERY, theme));
}

/**
 * One neuron's picture; the colours reach as far as its answers.
 *
 * @param {Float64Array} outputs  of a layer, for each place of the grid its neurons side by side
 * @param {number} unit  the neuron's number
 * @param {number} every  only each so many places along each axis are drawn
 * @param {Theme} theme
 */
function answerMap(outputs, unit, every, theme) {
  const units = outputs.length / (GRID * GRID);
  const side = GRID / every;
  const values = new Float64Array(side * side);
  let reach = 1e-3;
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at++) {
      values[at] = outputs[(row * every * GRID + column * every) * units + unit];
      reach = Math.max(reach, Math.abs(values[at]));
    }
  }
  return bitmap({ width: side, height: side, values }, diverging(reach, theme));
}
