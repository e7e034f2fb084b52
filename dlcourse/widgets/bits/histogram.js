/**
 * How a layer's weights are spread, as they were and on the levels that they snap to.
 *
 * @typedef {import("./quantise.js").Quantised} Quantised
 * @typedef {{value: number, count: number}} Bar
 * @typedef {{low: number, high: number, counts: Uint32Array, bars: Bar[] | null, levels: number, step: number | null,
 *   single: boolean}} Spread
 *   `counts`: the weights as they were, in bins from `low` to `high`; `bars`: the weights on their levels, null for
 *   floats; `levels`: how many there can be; `step`: from one to the next, null where each channel has its own;
 *   `single`: whether each bar is one level
 */
import { dequantise } from "./quantise.js";

const BINS = 120;
const MOST_BARS = 70; // where there are more levels than these, a bar stands for several

/**
 * @param {Float32Array} values
 * @param {Quantised | null} quantised  null for floats
 * @param {{bits: number, symmetric: boolean}} settings
 * @returns {Spread}
 */
export function spreadOf(values, quantised, { bits, symmetric }) {
  const rounded = quantised && dequantise(quantised);
  const [low, high] = endsOf(rounded ? [values, rounded] : [values]);
  const counts = countsOf(values, low, high, BINS);
  if (!quantised) return { low, high, counts, bars: null, levels: 0, step: null, single: false };
  const levels = symmetric ? Math.max(2, 2 ** bits - 1) : 2 ** bits;
  const alike = quantised.scales.length === 1; // all channels
  const single = alike && levels <= MOST_BARS;
  const bars = alike ? barsOf(quantised, Math.ceil(levels / MOST_BARS)) : binned(rounded, low, high);
  return { low, high, counts, bars, levels, step: alike ? stepOf(quantised, bits, symmetric) : null, single };
}

/** The distance from one level to the next. @param {Quantised} quantised */
function stepOf({ scales }, bits, symmetric) {
  return symmetric && bits === 1 ? 2 * scales[0] : scales[0];
}

/** The least and the largest of all; never the same number. */
function endsOf(arrays) {
  let [low, high] = [Infinity, -Infinity];
  for (const values of arrays) {
    for (let index = 0; index < values.length; index++) {
      if (values[index] < low) low = values[index];
      if (values[index] > high) high = values[index];
    }
  }
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

/** How many numbers lie in each of the bins between two ends. */
export function countsOf(values, low, high, bins) {
  const counts = new Uint32Array(bins);
  const perUnit = bins / (high - low);
  for (let index = 0; index < values.length; index++) {
    counts[Math.min(bins - 1, Math.floor((values[index] - low) * perUnit))]++;
  }
  return counts;
}

/**
 * A bar for each level that has weights; or for so many levels together.
 *
 * @param {Quantised} quantised  with one scale
 * @param {number} together
 * @returns {Bar[]}
 */
function barsOf({ integers, scales, zeroPoints }, together) {
  const counts = new Map();
  for (let index = 0; index < integers.length; index++) {
    const group = Math.floor((integers[index] - zeroPoints[0] + (together - 1) / 2) / together); // 0 in the middle of one
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const groups = [...counts.keys()].sort((group, other) => group - other);
  return groups.map((group) => ({ value: group * together * scales[0], count: counts.get(group) }));
}

/** Where each channel has levels of its own: bars for the bins; the one around 0 stands at 0. @returns {Bar[]} */
function binned(rounded, low, high) {
  const width = (high - low) / BINS;
  const middle = (bin) => low + (bin + 0.5) * width;
  return Array.from(countsOf(rounded, low, high, BINS), (count, bin) => ({
    value: Math.abs(middle(bin)) <= width / 2 ? 0 : middle(bin),
    count,
  })).filter(({ count }) => count);
}
