/**
 * Points of two classes in the plane, and what a network is told of them. dlcourse/widgets/playground_network.py does
 * the same in Python.
 *
 * @typedef {{x: Float64Array, y: Float64Array}} Points  x: two coordinates a point; y: 0 or 1
 * @typedef {{x: [number, number], y: [number, number], center: [number, number], scale: [number, number]}} Frame
 *   the part of the plane that is seen, and how coordinates are scaled before the network sees them
 */

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
 * @param {{clean: string, draws: string}} sent  float32 in base64: the points without noise, and what noise 1 would add
 */
export function unpackedPlane({ clean, draws }) {
  return { clean: numbers(clean), draws: numbers(draws) };
}

function numbers(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** The points of such a set at a noise, as `dlcourse.data.planes.plane` draws them. @returns {Points} */
export function noisy({ clean, draws, labels }, noise) {
  return { x: Float64Array.from(clean, (place, at) => place + noise * draws[at]), y: Float64Array.from(labels) };
}

/** Points from [x1, x2, class] each. @returns {Points} */
export function pointsOf(rows) {
  const x = Float64Array.from(rows.flatMap((row) => row.slice(0, 2)));
  return { x, y: Float64Array.from(rows, (row) => row[2]) };
}

/**
 * Whether a point is trained on, or kept for the test: by its number alone, evenly spread, so that points that come
 * later, or a larger share, leave the roles of the others as they are.
 */
export function isTraining(index, share) {
  return (index * GOLDEN + FIRST) % 1 < share;
}

/** Training points and test points. @returns {[Points, Points]} */
export function split({ x, y }, share) {
  const sides = [[], []];
  for (let index = 0; index < y.length; index++) {
    sides[isTraining(index, share) ? 0 : 1].push([x[2 * index], x[2 * index + 1], y[index]]);
  }
  return sides.map(pointsOf);
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

/** Where a place lies in a frame, in shares of its width from the left and of its height from the top. */
export function sharesOfFrame([x1, x2], { x, y }) {
  return [(x1 - x[0]) / (x[1] - x[0]), (y[1] - x2) / (y[1] - y[0])];
}

/** A number between those of a grid, at a place given in shares of its width and height. */
export function sampled(values, size, across, down) {
  const [column, row] = [across, down].map((share) => Math.min(Math.max(share * size - 0.5, 0), size - 1.000001));
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
        const [one, other] = [corners[side], corners[(side + 1) % 4]];
        if (one > 0 === other > 0) continue;
        const share = one / (one - other);
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
