/**
 * A picture as the network gets it: the middle of it in the input's proportions, scaled to its size and its brightness.
 * Nothing here knows the page.
 *
 * @typedef {import("./pictures.js").Picture} Picture
 * @typedef {[number, number, number]} Sizes  rows, columns and channels
 */
import { planeOf } from "./pictures.js";
import { central, resampled } from "./resample.js";

const BLANK = 140; // pixels of the longer side of an empty picture to draw on

/**
 * @param {Picture} image
 * @param {{size: Sizes, white: number}} described  `white`: what the network gets for white
 * @returns {Float32Array} channel beside channel
 */
export function inputOf(image, { size: [rows, columns, channels], white }) {
  const colours = channels === 1 || image.shape[2] === 1 ? ["grey"] : ["red", "green", "blue"];
  const planes = colours.map((colour) => {
    const plane = planeOf(image, colour);
    return resampled(plane, rows, columns, central(plane.height, plane.width, [rows, columns])).values;
  });
  const values = new Float32Array(rows * columns * channels);
  for (let index = 0; index < values.length; index++) {
    const plane = planes[(index % channels) % planes.length];
    values[index] = plane[Math.floor(index / channels)] * white;
  }
  return values;
}

/**
 * Where a point of the input lies in the picture that it was cut from.
 *
 * @param {Picture} image
 * @param {Sizes} size  of the input
 * @param {[number, number]} point  down and across, as shares of the input's height and width
 * @returns {[number, number]} row and column of the picture's pixels
 */
export function pixelAt({ shape }, [rows, columns], [down, across]) {
  const [top, left, tall, wide] = central(shape[0], shape[1], [rows, columns]);
  return [top + down * tall, left + across * wide];
}

/** Height and width of an empty picture for an input. @returns {[number, number]} */
export function blankSize([rows, columns]) {
  const scale = BLANK / Math.max(rows, columns);
  return [Math.max(1, Math.round(rows * scale)), Math.max(1, Math.round(columns * scale))];
}

/** The same in bytes, as a picture of its own. @param {Picture} image @param {number[]} size @returns {Picture} */
export function fittedPicture(image, size) {
  const values = inputOf(image, { size: /** @type {Sizes} */ (size), white: 1 });
  const bytes = Uint8Array.from(values, (value) => Math.floor(255 * value + 0.5));
  return { name: image.name, shape: /** @type {Sizes} */ (size), bytes: new DataView(bytes.buffer) };
}
