/**
 * Curves over the epochs of a training: the runs as Python sends them, scales, and lines with gaps.
 *
 * @typedef {{name: string, state: string, told: string, planned: number, epochs: number[],
 *   numbers: Record<string, ArrayLike<number>>, begun: number, within: Record<string, ArrayLike<number>>,
 *   steps: number, batches: number[], best: number, watched: string, words: string}} Run
 *   `numbers`: for each name a number an epoch; `within`: the line inside the epoch `begun`, a number for each of
 *   `batches`; `best`: the position of the best epoch, or -1
 */
import { float64sIn } from "./bytes.js";

/** A run as it travels, with its numbers unpacked. @returns {Run} */
export function unpacked(run) {
  const { columns, values, within } = run;
  return {
    ...run,
    numbers: byName(columns, values),
    within: byName(within.columns, within.values),
    batches: within.batches ?? [],
  };
}

function byName(names, values) {
  if (!ArrayBuffer.isView(values)) return Object.fromEntries(names.map((name, index) => [name, values[index]]));
  const numbers = float64sIn(values);
  const length = names.length ? numbers.length / names.length : 0;
  return Object.fromEntries(names.map((name, index) => [name, numbers.subarray(index * length, (index + 1) * length)]));
}

/** What is measured, the loss first: each name may be there for training data, and with "val_" for validation data. */
export function quantities(run) {
  const names = new Set(
    [...Object.keys(run.numbers), ...Object.keys(run.within)].map((name) => name.replace(/^val_/, "")),
  );
  return [...names].sort((name, other) => Number(other === "loss") - Number(name === "loss"));
}

/** The least and the largest finite number of several columns; null if there is none. Logarithms need positive ones. */
export function span(columns, log) {
  let [low, high] = [Infinity, -Infinity];
  for (const column of columns) {
    for (let index = 0; index < column.length; index++) {
      const value = column[index];
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low > high ? null : [low, high];
}

/**
 * From values to pixels, linear or logarithmic; a span of nothing lies in the middle.
 *
 * @param {number[]} span  the least and the largest value
 * @param {number} from  where the least lies
 * @param {number} to
 * @param {boolean} [log]
 */
export function scale([low, high], from, to, log) {
  const by = log ? Math.log : (value) => value;
  const [first, last] = [by(low), by(high)];
  if (last === first) return () => (from + to) / 2;
  return (value) => from + ((by(value) - first) / (last - first)) * (to - from);
}

/**
 * Round numbers within a span, at most so many: 0, 0.5, 1, or on a logarithmic scale 0.01, 0.1, 1.
 *
 * @param {number[]} span
 * @param {number} limit
 * @param {boolean} [log]
 */
export function ticks([low, high], limit, log) {
  if (log && high / low >= 8) {
    const powers = [];
    for (let power = Math.ceil(Math.log10(low) - 1e-9); 10 ** power <= high * (1 + 1e-9); power++)
      powers.push(10 ** power);
    const stride = Math.ceil(powers.length / limit);
    return powers.filter((_, index) => index % stride === 0);
  }
  const step = roundStep((high - low) / limit);
  const marks = [];
  if (!(step > 0)) return [low];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) marks.push(at * step);
  return marks;
}

/** Whole numbers from 1 to `last`, at most so many. */
export function wholeTicks(last, limit) {
  const step = Math.max(1, Math.ceil(roundStep(last / limit)));
  const marks = [];
  for (let at = step; at <= last; at += step) marks.push(at);
  return marks;
}

/** The smallest of 1, 2, 5, 10, 20, 50 … (or 0.5, 0.2, …) that is not below `smallest`. */
export function roundStep(smallest) {
  const power = 10 ** Math.floor(Math.log10(smallest));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= smallest * (1 - 1e-9));
}

/** The position of the epoch nearest to a number of one. */
export function nearest(epochs, number) {
  let closest = -1;
  epochs.forEach((epoch, index) => {
    if (closest < 0 || Math.abs(epoch - number) < Math.abs(epochs[closest] - number)) closest = index;
  });
  return closest;
}

/** How far the axis of epochs goes: to what is planned, unless that is far away. */
export function lastEpoch(runs) {
  let last = 2;
  for (const { epochs, planned, begun, state } of runs) {
    const epochsDone = Math.max(begun, epochs.at(-1) ?? 0);
    const expected = state === "running" && planned ? planned : epochsDone;
    last = Math.max(last, expected <= 4 * epochsDone + 8 ? expected : 2 * epochsDone + 4);
  }
  return last;
}

/** The pieces of a line that have only finite numbers: [[x, y], ...] each. */
export function pieces(xs, ys) {
  const lines = [];
  let piece = [];
  for (let index = 0; index < ys.length; index++) {
    if (Number.isFinite(ys[index])) piece.push([xs[index], ys[index]]);
    else if (piece.length) {
      lines.push(piece);
      piece = [];
    }
  }
  if (piece.length) lines.push(piece);
  return lines;
}

/** Seconds as people say them: 41 s, 2:05 min, 1:10 h. */
export function duration(seconds) {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const [whole, unit] = seconds < 3600 ? [Math.round(seconds), "min"] : [Math.round(seconds / 60), "h"];
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")} ${unit}`;
}
