/**
 * An attribution as colours over a picture. Nothing here knows the page.
 *
 * @typedef {{shape: [number, number], values: DataView, region: [number, number, number, number], signed: boolean,
 *   class: number, picture: number}} Sent  as Python has computed it
 * @typedef {{rows: number, columns: number, values: Float32Array, reach: number, region: number[], signed: boolean}}
 *   Layer  `region`: what of the picture it lies over, in its pixels: top, left, height, width
 */
import { float32sIn } from "../shared/js/bytes.js";

export const FOR = [224, 123, 20]; // what speaks for the class
export const AGAINST = [47, 116, 189];
const SATURATED = 0.99; // the share of the numbers that do not reach the full colour

/** @param {Sent} sent @returns {Layer} */
export function layerOf({ shape: [rows, columns], values, region, signed }) {
  const numbers = float32sIn(values);
  return { rows, columns, values: numbers, reach: reachOf(numbers), region, signed };
}

/** The size from which on a number has its full colour; 0 where all are 0. @param {Float32Array} values */
export function reachOf(values) {
  const sizes = Float32Array.from(values, Math.abs).sort();
  const place = (sizes.length - 1) * SATURATED;
  const before = Math.floor(place);
  const after = Math.min(before + 1, sizes.length - 1);
  const quantile = sizes[before] + (sizes[after] - sizes[before]) * (place - before);
  return quantile || sizes[sizes.length - 1];
}

/** Four bytes for each number: its colour, and how little of the picture is seen through it. @param {Layer} layer */
export function coloursOf({ values, reach }) {
  const colours = new Uint8ClampedArray(4 * values.length);
  for (let place = 0; place < values.length; place++) {
    colours.set(values[place] < 0 ? AGAINST : FOR, 4 * place);
    colours[4 * place + 3] = reach ? 255 * Math.min(1, Math.abs(values[place]) / reach) : 0;
  }
  return colours;
}

/** Where a number is the largest, as row and column of the picture. @param {Layer} layer @returns {[number, number]} */
export function peakOf({ values, rows, columns, region: [top, left, height, width] }) {
  let peak = 0;
  for (let place = 1; place < values.length; place++) if (values[place] > values[peak]) peak = place;
  const [row, column] = [Math.floor(peak / columns), peak % columns];
  return [top + ((row + 0.5) * height) / rows, left + ((column + 0.5) * width) / columns];
}
