/**
 * Points of two classes in the plane, and what a network is told of them; network.py does the same in Python.
 *
 * @typedef {{x: Float64Array, y: Float64Array}} Points  x: two coordinates a point; y: 0 or 1
 * @typedef {[x1: number, x2: number, label: number]} Row  a point as the traits have it
 * @typedef {{x: number[], y: number[], center: number[], scale: number[]}} Frame
 *   the part of the plane that is seen, from and to in each coordinate, and how coordinates are scaled before the
 *   network sees them
 * @typedef {{clean: Float32Array, draws: Float32Array, labels: number[]}} Plane
 *   a data set: its points without noise, what noise 1 would add, and their classes
 */
import { clamp } from "../shared/js/bounds.js";

export const GRID = 64; // places along each axis at which the network is asked

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const FIRST = 0.4; // so that half of 400 are 200

/** What can be told of a point, by the names that Python uses, in the order of their inputs. */
export const FEATURES = {
  x1: { sign: "x₁", code: "x1", of: (x1) => x1 },
  x2: { sign: "x₂", code: "x2", of: (_, x2) => x2 },
  "x1^2": { sign: "x₁²", code: "x1**2", of: (x1) => x1 * x1 },
  "x2^2": { sign: "x₂²", code: "x2**2", of: (_, x2) => x2 * x2 },
  "x1*x2": { sign: "x₁x₂", code: "x1 * x2", of: (x1, x2) => x1 * x2 },
  "sin(pi*x1)": { sign: "sin πx₁", code: "np.sin(np.pi * x1)", of: (x1) => Math.sin(Math.PI * x1) },
  "sin(pi*x2)": { sign: "sin πx₂", code: "np.sin(np.pi * x2)", of: (_, x2) => Math.sin(Math.PI * x2) },
};

/**
 * A data set as Python sends it, ready for any noise.
 *
 * @param {{clean: string, draws: string, labels: number[]}} sent  float32 in base64
 * @returns {Plane}
 */
export function unpackedPlane({ clean, draws, labels }) {
  return { clean: float32sOf(clean), draws: float32sOf(draws), labels };
}

function float32sOf(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** Its points at a noise, as `dlcourse.data.planes.plane` draws them. @param {Plane} plane @returns {Points} */
export function noisy({ clean, draws, labels }, noise) {
  return { x: Float64Array.from(clean, (place, at) => place + noise * draws[at]), y: Float64Array.from(labels) };
}

/** @param {Row[]} rows @returns {Points} */
export function pointsOf(rows) {
  const x = Float64Array.from(rows.flatMap((row) => row.slice(0, 2)));
  return { x, y: Float64Array.from(rows, (row) => row[2]) };
}

/** @param {Points} points @returns {Row[]} */
export function rowsOf({ x, y }) {
  return Array.from(y, (label, index) => [x[2 * index], x[2 * index + 1], label]);
}

/**
 * Whether a point is trained on, or kept for the test: by its number alone, evenly spread, so that points that come
 * later, or a larger share, leave the roles of the others as they are.
 */
export function isTraining(index, share) {
  return (index * GOLDEN + FIRST) % 1 < share;
}

/** Training points and test points. @param {Points} points @param {number} share @returns {[Points, Points]} */
export function split(points, share) {
  const sides = { training: [], test: [] };
  rowsOf(points).forEach((row, index) => sides[isTraining(index, share) ? "training" : "test"].push(row));
  return [pointsOf(sides.training), pointsOf(sides.test)];
}

/** What the network is told of points: a row each with the chosen features. */
export function inputsOf(x, names, { center, scale }) {
  const count = x.length / 2;
  const features = names.map((name) => FEATURES[name].of);
  const inputs = new Float64Array(count * names.length);
  for (let index = 0; index < count; index++) {
    const x1 = (x[2 * index] - center[0]) / scale[0];
    const x2 = (x[2 * index + 1] - center[1]) / scale[1];
    features.forEach((of, number) => {
      inputs[index * names.length + number] = of(x1, x2);
    });
  }
  return inputs;
}

/** The places of a grid over a frame, row by row from the top left, each in the middle of its cell. */
export function gridOf({ x: [left, right], y: [low, high] }, size) {
  const places = new Float64Array(2 * size * size);
  for (let row = 0, at = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      places[at++] = left + ((column + 0.5) / size) * (right - left);
      places[at++] = high - ((row + 0.5) / size) * (high - low);
    }
  }
  return places;
}

/**
 * Where a place lies in a frame, in shares of its width from the left and of its height from the top.
 *
 * @param {number[]} place
 * @param {Frame} frame
 */
export function sharesOfFrame([x1, x2], { x, y }) {
  return [(x1 - x[0]) / (x[1] - x[0]), (y[1] - x2) / (y[1] - y[0])];
}

/**
 * The place in a frame at such shares of it; beyond its edges, the nearest one on them.
 *
 * @param {number[]} shares
 * @param {Frame} frame
 */
export function placeAt([across, down], { x, y }) {
  return [x[0] + clamp(across, 0, 1) * (x[1] - x[0]), y[1] - clamp(down, 0, 1) * (y[1] - y[0])];
}

/**
 * A number between those of a square grid.
 *
 * @param {ArrayLike<number>} values
 * @param {number} size  places along each axis
 * @param {number[]} shares  of its width and height
 */
export function sampled(values, size, [across, down]) {
  const [column, row] = [across, down].map((share) => clamp(share * size - 0.5, 0, size - 1.000001));
  const [j, i] = [Math.floor(column), Math.floor(row)];
  const [right, below] = [column - j, row - i];
  const at = i * size + j;
  const above = values[at] * (1 - right) + values[at + 1] * right;
  return above * (1 - below) + (values[at + size] * (1 - right) + values[at + size + 1] * right) * below;
}

/**
 * Where a grid of numbers crosses zero: short lines, [x0, y0, x1, y1] each, in cells from the middle of the first one.
 */
export function zeroLines(values, size) {
  const lines = [];
  for (let row = 0; row < size - 1; row++) {
    for (let column = 0; column < size - 1; column++) {
      const at = row * size + column;
      const corners = [values[at], values[at + 1], values[at + size + 1], values[at + size]];
      const crossings = [];
      for (let side = 0; side < 4; side++) {
        const [start, end] = [corners[side], corners[(side + 1) % 4]];
        if (start > 0 === end > 0) continue;
        const share = start / (start - end);
        const [fromX, fromY] = CORNERS[side];
        const [toX, toY] = CORNERS[(side + 1) % 4];
        crossings.push(column + fromX + share * (toX - fromX), row + fromY + share * (toY - fromY));
      }
      if (crossings.length >= 4) lines.push(crossings.slice(0, 4));
      if (crossings.length === 8) lines.push(crossings.slice(4));
    }
  }
  return lines;
}

const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];
