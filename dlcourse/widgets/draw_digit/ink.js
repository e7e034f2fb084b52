/**
 * How a drawing becomes a digit as a network knows it: the arithmetic of MNIST, as ink.py has it, too.
 *
 * @typedef {import("../shared/js/convolution.js").Plane} Plane  of ink, 0 for paper to 1
 */
import { resampled } from "../shared/js/resample.js";

export const PIXELS = 28; // rows and columns of a digit
const BOX = 20; // what the ink is scaled into
const MIDDLE = 14; // the row and the column of the centre of mass, rounded
const TIE = 1e-6; // what lies just between two pixels goes the same way here and in Python

/** A drawing at 28 × 28, where it stands. @param {Plane} plane @returns {Plane} */
export function shrunk(plane) {
  return resampled(plane, PIXELS, PIXELS);
}

/**
 * A drawing as MNIST would hold it: scaled into 20 × 20, its centre of mass in the middle of 28 × 28.
 *
 * @param {Plane} plane
 * @returns {Plane & {box: {top, left, height, width} | null}} the box around the ink comes with it
 */
export function centred(plane) {
  const digit = { height: PIXELS, width: PIXELS, values: new Float64Array(PIXELS * PIXELS), box: boxOf(plane) };
  if (!digit.box) return digit;
  const { top, left, height, width } = digit.box;
  const longest = Math.max(height, width);
  const size = [height, width].map((length) => Math.max(1, Math.floor((BOX * length) / longest + 0.5)));
  const small = resampled(plane, size[0], size[1], [top, left, height, width]);
  const [down, right] = shifts(small);
  small.values.forEach((ink, index) => {
    const row = Math.floor(index / small.width) + down;
    const column = (index % small.width) + right;
    if (row >= 0 && row < PIXELS && column >= 0 && column < PIXELS) digit.values[row * PIXELS + column] = ink;
  });
  return digit;
}

/** The smallest box that holds all ink; null where there is none. */
function boxOf({ height, width, values }) {
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!values[row * width + column]) continue;
      top = Math.min(top, row);
      bottom = row;
      left = Math.min(left, column);
      right = Math.max(right, column);
    }
  }
  return bottom < 0 ? null : { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/** How far the ink must move, down and to the right, for its centre of mass to come to the middle. */
function shifts({ width, values }) {
  let [sum, rows, columns] = [0, 0, 0];
  values.forEach((ink, index) => {
    sum += ink;
    rows += ink * Math.floor(index / width);
    columns += ink * (index % width);
  });
  return [rows, columns].map((moment) => Math.floor(MIDDLE - moment / sum + 0.5 + TIE));
}

/** A canvas of bytes as ink from 0 to 1. @returns {Plane} */
export function inkOf(bytes, side) {
  return { height: side, width: side, values: Float64Array.from(bytes, (byte) => byte / 255) };
}

/**
 * Draws a line of a soft round brush into a canvas of bytes.
 *
 * @param {Uint8Array} bytes  changed in place
 * @param {[number, number]} start  column and row
 * @param {[number, number]} end
 */
export function drawLine(bytes, side, start, end, radius) {
  const way = [end[0] - start[0], end[1] - start[1]];
  const squared = Math.max(way[0] * way[0] + way[1] * way[1], 1e-9);
  const reach = radius + 1;
  const [first, last] = [0, 1].map((isEnd) => (axis) => {
    const edge = isEnd ? Math.max(start[axis], end[axis]) + reach : Math.min(start[axis], end[axis]) - reach;
    return Math.min(Math.max(Math.floor(edge), 0), side - 1);
  });
  for (let row = first(1); row <= last(1); row++) {
    for (let column = first(0); column <= last(0); column++) {
      const [x, y] = [column + 0.5 - start[0], row + 0.5 - start[1]];
      const share = Math.min(Math.max((x * way[0] + y * way[1]) / squared, 0), 1);
      const distance = Math.hypot(x - share * way[0], y - share * way[1]);
      const ink = Math.floor(Math.min(Math.max(radius + 0.5 - distance, 0), 1) * 255 + 0.5);
      const index = row * side + column;
      if (ink > bytes[index]) bytes[index] = ink;
    }
  }
}

/** A canvas of bytes whose ink has moved, down and to the right; what leaves the canvas is gone. */
export function moved(bytes, side, down, right) {
  return Uint8Array.from({ length: side * side }, (_, index) => {
    const row = Math.floor(index / side) - down;
    const column = (index % side) - right;
    return row >= 0 && row < side && column >= 0 && column < side ? bytes[row * side + column] : 0;
  });
}
