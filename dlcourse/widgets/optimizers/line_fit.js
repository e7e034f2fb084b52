/**
 * A line through points: its mean squared error as a surface over w (across) and b (up), and what its picture spans.
 * Python has the same surface (dlcourse/lens/descent_surfaces.py).
 *
 * @typedef {{xs: ArrayLike<number>, ys: ArrayLike<number>}} Points
 */

const ROOM = 0.08; // around the points, as a share of what they span

function mean(count, valueAt) {
  let sum = 0;
  for (let at = 0; at < count; at++) sum += valueAt(at);
  return sum / count;
}

/**
 * A bowl that five means describe, however many points there are.
 *
 * @param {Points} points
 * @returns {import("./descent.js").Surface}
 */
export function lineFit({ xs, ys }) {
  const over = (valueAt) => mean(xs.length, valueAt);
  const [meanX, meanY] = [over((at) => xs[at]), over((at) => ys[at])];
  const [xx, xy, yy] = [over((at) => xs[at] ** 2), over((at) => xs[at] * ys[at]), over((at) => ys[at] ** 2)];
  return {
    value: (w, b) => w * w * xx + 2 * w * b * meanX + b * b - 2 * w * xy - 2 * b * meanY + yy,
    slope: (w, b) => [2 * (w * xx + b * meanX - xy), 2 * (w * meanX + b - meanY)],
  };
}

/** What the picture of the points spans, with some room around them. @param {Points} points */
export function spanned({ xs, ys }) {
  const roomy = (values) => {
    const [low, high] = [Math.min(...Array.from(values)), Math.max(...Array.from(values))];
    const room = ROOM * Math.max(high - low, 1e-12);
    return [low - room, high + room];
  };
  return { x: roomy(xs), y: roomy(ys) };
}

/**
 * What the next step of plain descent does to a weight with that derivative.
 *
 * @param {number} slope
 */
export function nextChange(slope) {
  if (Math.abs(slope) < 0.005) return "hardly changes";
  return slope < 0 ? "grows" : "shrinks";
}
