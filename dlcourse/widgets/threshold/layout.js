/**
 * Where things are on the page, in CSS pixels.
 *
 * @typedef {object} Dots
 * @property {number} width
 * @property {number} height
 * @property {number} left  where probability 0 lies
 * @property {number} across  from there to probability 1
 * @property {number} middle  the line between the two lanes
 * @property {number} size  of a dot, with its gap
 * @property {Float32Array} x  the middle of each dot
 * @property {Float32Array} y
 *
 * @typedef {{width: number, height: number, left: number, top: number, across: number, tall: number}} Chart
 */
import { clamp } from "../shared/js/bounds.js";

const WIDE = 700; // from here on there are two columns
const [MARGIN, LANE, NARROW_LANE, WORDS] = [10, 118, 96, 24]; // of the dots: beside them, a lane's height, for words
const [LARGEST, SMALLEST, AREA] = [9, 4.5, 36]; // dots; the height of the room for them, were they spread evenly
const GAP = 3; // between the line and the first dot
const CHART = { left: 52, right: 12, top: 10, bottom: 34, height: 232, most: 440 };

/** @returns {boolean} whether there are two columns */
export function isWide(width) {
  return width >= WIDE;
}

/**
 * Where each example's dot lies: at its probability, stacked on those beside it, the positive ones upwards.
 *
 * @param {ArrayLike<number>} probabilities
 * @param {boolean[]} truths
 * @param {number} width
 * @returns {Dots}
 */
export function dotsOf(probabilities, truths, width) {
  const lane = isWide(width) ? LANE : NARROW_LANE;
  const [left, across, middle] = [MARGIN, width - 2 * MARGIN, WORDS + lane];
  const order = Array.from(probabilities, (_, index) => index).sort(
    (index, other) => probabilities[index] - probabilities[other] || index - other,
  );
  const size = clamp(Math.sqrt((AREA * across) / (order.length + 1)), SMALLEST, LARGEST);
  const keys = Int32Array.from(
    order,
    (_, index) => 2 * columnOf(probabilities[index], across, size) + (truths[index] ? 1 : 0),
  );
  const counts = new Map();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const x = new Float32Array(order.length);
  const y = new Float32Array(order.length);
  const below = new Map();
  for (const index of order) {
    const key = keys[index];
    const apart = Math.min(size, (lane - GAP) / counts.get(key)); // where there are many, they overlap
    const away = GAP + ((below.get(key) ?? 0) + 0.5) * apart;
    below.set(key, (below.get(key) ?? 0) + 1);
    x[index] = left + ((key >> 1) + 0.5) * size;
    y[index] = truths[index] ? middle - away : middle + away;
  }
  return { width, height: 2 * (WORDS + lane), left, across, middle, size, x, y };
}

function columnOf(probability, across, size) {
  return clamp(Math.floor((probability * across) / size), 0, Math.floor(across / size) - 1);
}

/** Where a probability lies on the line. @param {Dots} dots */
export function toX({ left, across }, probability) {
  return left + probability * across;
}

/** The probability under a point. @param {Dots} dots */
export function shareAt({ left, across }, x) {
  return (x - left) / across;
}

/** The example whose dot is under a point, or next to it; -1 for none. @param {Dots} dots */
export function dotAt({ x, y, size }, across, down) {
  let [nearest, least] = [-1, Math.max(size, 6) ** 2];
  for (let index = 0; index < x.length; index++) {
    const distance = (x[index] - across) ** 2 + (y[index] - down) ** 2;
    if (distance < least) [nearest, least] = [index, distance];
  }
  return nearest;
}

/** @param {number} width  of the widget @returns {Chart} */
export function chartOf(width) {
  const own = Math.min(CHART.most, isWide(width) ? Math.floor((width - 26) / 2) : width);
  const { left, right, top, bottom, height } = CHART;
  return { width: own, height, left, top, across: own - left - right, tall: height - top - bottom };
}
