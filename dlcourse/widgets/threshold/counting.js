/**
 * What becomes of probabilities at a threshold, as dlcourse.lens.thresholds has it: yes where the probability is at
 * least the threshold.
 *
 * @typedef {{hits: number, misses: number, falseAlarms: number, rest: number}} Counts
 *
 * @typedef {object} Curve  the counts at each threshold that makes a difference, from "never yes" to "always yes"
 * @property {Float64Array} thresholds  infinity first, then the probabilities, descending
 * @property {Int32Array} hits
 * @property {Int32Array} falseAlarms
 * @property {number} positives
 * @property {number} others
 *
 * @typedef {{count: number, mean: number, share: number}} Bin  of calibration: a tenth of the probabilities
 */

/**
 * @param {ArrayLike<number>} probabilities
 * @param {ArrayLike<boolean>} positive
 * @returns {Curve}
 */
export function curveOf(probabilities, positive) {
  const order = Uint32Array.from(probabilities, (_, index) => index);
  order.sort((index, other) => probabilities[other] - probabilities[index]);
  const [thresholds, hits, falseAlarms] = [[Infinity], [0], [0]];
  order.forEach((index, place) => {
    if (!place || probabilities[index] !== probabilities[order[place - 1]]) {
      thresholds.push(probabilities[index]);
      hits.push(hits.at(-1));
      falseAlarms.push(falseAlarms.at(-1));
    }
    const counted = positive[index] ? hits : falseAlarms;
    counted[counted.length - 1]++;
  });
  return {
    thresholds: Float64Array.from(thresholds),
    hits: Int32Array.from(hits),
    falseAlarms: Int32Array.from(falseAlarms),
    positives: hits.at(-1),
    others: falseAlarms.at(-1),
  };
}

/** The place on a curve that a threshold stands for. @param {Curve} curve */
export function placeAt({ thresholds }, threshold) {
  let [low, high] = [0, thresholds.length - 1]; // the last one that is not below the threshold
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (thresholds[middle] >= threshold) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** @param {Curve} curve @returns {Counts} */
export function countsAt({ hits, falseAlarms, positives, others }, place) {
  return {
    hits: hits[place],
    misses: positives - hits[place],
    falseAlarms: falseAlarms[place],
    rest: others - falseAlarms[place],
  };
}

/** The ratios that are made of the counts; NaN where there is nothing to divide by. @param {Counts} counts */
export function ratiosOf({ hits, misses, falseAlarms, rest }) {
  return {
    precision: hits / (hits + falseAlarms),
    recall: hits / (hits + misses),
    falsePositiveRate: falseAlarms / (falseAlarms + rest),
    f1: (2 * hits) / (2 * hits + misses + falseAlarms),
    accuracy: (hits + rest) / (hits + misses + falseAlarms + rest),
  };
}

/** What all mistakes cost together. @param {Counts} counts @param {{missed: number, false_alarm: number}} costs */
export function costOf({ misses, falseAlarms }, costs) {
  return costs.missed * misses + costs.false_alarm * falseAlarms;
}

/** The cost at each place of a curve. @param {Curve} curve */
export function costsAlong(curve, costs) {
  return Float64Array.from(curve.thresholds, (_, place) => costOf(countsAt(curve, place), costs));
}

/**
 * The threshold at which mistakes cost least: of all stretches that cost as little, the middle of the widest.
 *
 * @param {Curve} curve
 * @param {ArrayLike<number>} costs  at each of its places
 * @returns {{threshold: number, cost: number}}
 */
export function bestOf({ thresholds }, costs) {
  const last = thresholds.length - 1;
  let best = null;
  for (let place = 0; place <= last; place++) {
    const high = place ? thresholds[place] : 1;
    const low = place < last ? thresholds[place + 1] : 0;
    if (high <= low && place < last) continue; // no threshold up to 1 is never reached
    const [cost, width] = [costs[place], high - low];
    if (best && (cost > best.cost || (cost === best.cost && width <= best.width))) continue;
    const middle = (high + low) / 2;
    best = { cost, width, threshold: middle > low ? middle : high };
  }
  return { threshold: best.threshold, cost: best.cost };
}

/** How often a positive example is more probable than another one; NaN where there are not both. @param {Curve} curve */
export function rocArea({ hits, falseAlarms, positives, others }) {
  let area = 0;
  for (let place = 1; place < hits.length; place++) {
    area += ((falseAlarms[place] - falseAlarms[place - 1]) * (hits[place] + hits[place - 1])) / 2;
  }
  return area / (positives * others);
}

/** The area under precision against recall, in steps. @param {Curve} curve */
export function averagePrecision({ hits, falseAlarms, positives }) {
  let area = 0;
  for (let place = 1; place < hits.length; place++) {
    area += (hits[place] - hits[place - 1]) * (hits[place] / (hits[place] + falseAlarms[place]));
  }
  return area / positives;
}

/**
 * Whether of what is called 80 % probable 80 % is positive: bins of equal width.
 *
 * @param {ArrayLike<number>} probabilities
 * @param {ArrayLike<boolean>} positive
 * @param {number} [bins]
 * @returns {Bin[]}
 */
export function calibration(probabilities, positive, bins = 10) {
  const sums = Array.from({ length: bins }, () => ({ count: 0, total: 0, hits: 0 }));
  for (let index = 0; index < probabilities.length; index++) {
    const bin = sums[Math.min(Math.floor(probabilities[index] * bins), bins - 1)];
    bin.count++;
    bin.total += probabilities[index];
    bin.hits += positive[index] ? 1 : 0;
  }
  return sums.map(({ count, total, hits }) => ({ count, mean: total / count, share: hits / count }));
}

/** How far what was said is from what was, on average over the examples. @param {Bin[]} bins */
export function calibrationError(bins) {
  const all = bins.reduce((total, { count }) => total + count, 0);
  return bins.reduce(
    (error, { count, mean, share }) => error + (count ? (count / all) * Math.abs(share - mean) : 0),
    0,
  );
}
