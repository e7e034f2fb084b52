/**
 * A picture changed by exactly so much, as lens/transforming.py does it.
 *
 * @typedef {import("../shared/js/warp.js").Image} Image
 * @typedef {{turn: number, shift_x: number, shift_y: number, size: number, light: number}} Change  `turn`: degrees,
 *   counter-clockwise; the shifts: shares of width and height; `size`: 2 is twice as large; `light`: a factor
 */
import { warped } from "../shared/js/warp.js";

/** @param {Image} image @param {Change} change @param {string} fill @returns {Image} */
export function transformed(image, change, fill) {
  const matrix = matrixOf(image, change);
  const isMoved = [1, 0, 0, 0, 1, 0].some((number, index) => matrix[index] !== number);
  const { light } = change;
  if (!isMoved && light === 1) return image;
  const copy = isMoved ? warped(image, matrix, fill) : { ...image, values: Float32Array.from(image.values) };
  const { values } = copy;
  if (light !== 1)
    for (let index = 0; index < values.length; index++) values[index] = Math.min(values[index] * light, 1);
  return copy;
}

/**
 * The six numbers that lead from a pixel (column, row) of the changed picture to its place in the old one.
 *
 * @param {{height: number, width: number}} image
 * @param {Change} change
 */
export function matrixOf({ height, width }, { turn, shift_x, shift_y, size }) {
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  const radians = (turn * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians) / size, Math.sin(radians) / size];
  const [right, down] = [x + shift_x * width, y + shift_y * height];
  return [cos, -sin, x - cos * right + sin * down, sin, cos, y - sin * right - cos * down];
}
