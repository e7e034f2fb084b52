/**
 * What there is to see, and what a choice makes of it. Nothing here knows the page.
 *
 * @typedef {import("./counting.js").Curve} Curve
 * @typedef {{probabilities: DataView, labels: number[], classes: string[], name: string,
 *   pictures: {shape: number[], bytes: DataView} | null}} Examples  as Python sends them, probabilities class by class
 *
 * @typedef {object} Traits
 * @property {number} threshold
 * @property {number} positive
 * @property {{missed: number, false_alarm: number}} costs
 * @property {string} chart
 * @property {Examples} _examples
 *
 * @typedef {object} View  what one frame shows
 * @property {number} threshold
 * @property {number} positive
 * @property {{missed: number, false_alarm: number}} costs
 * @property {string} chart
 * @property {Examples} examples
 * @property {string} name  of the class that is looked for
 * @property {Float64Array} probabilities  of it
 * @property {boolean[]} truths  whether each example is of it
 * @property {Curve} curve
 * @property {number} place  on the curve
 * @property {import("./counting.js").Counts} counts
 * @property {ReturnType<typeof import("./counting.js").ratiosOf>} ratios
 * @property {Float64Array} costCurve
 * @property {number} cost  of all mistakes now
 * @property {{threshold: number, cost: number}} best
 * @property {{roc: number, precision: number}} areas
 * @property {import("./counting.js").Bin[]} bins
 * @property {number} error  of the calibration
 */
import { clamp } from "../shared/js/bounds.js";
import { float64sIn } from "../shared/js/bytes.js";
import { remember } from "../shared/js/memory.js";
import {
  averagePrecision,
  bestOf,
  calibration,
  calibrationError,
  costsAlong,
  countsAt,
  curveOf,
  placeAt,
  ratiosOf,
  rocArea,
} from "./counting.js";

export const TRAITS = ["threshold", "positive", "costs", "chart", "_examples"];

/** Makes views of states, and computes anew only what has changed. @returns {(traits: Traits) => View} */
export function viewer() {
  const columnsFor = remember(columnsOf);
  const askedFor = remember(asked);
  const costsFor = remember((curve, missed, false_alarm) => {
    const costCurve = costsAlong(curve, { missed, false_alarm });
    return { costCurve, best: bestOf(curve, costCurve) };
  });

  return ({ threshold, positive, costs, chart, _examples: examples }) => {
    const about = askedFor(columnsFor(examples), examples, positive);
    const { costCurve, best } = costsFor(about.curve, costs.missed, costs.false_alarm);
    const place = placeAt(about.curve, threshold);
    const counts = countsAt(about.curve, place);
    return {
      ...{ threshold, positive, costs, chart, examples, name: examples.classes[positive], ...about },
      ...{ place, counts, ratios: ratiosOf(counts), costCurve, cost: costCurve[place], best },
    };
  };
}

/** A column of probabilities for each class. @param {Examples} examples */
function columnsOf({ probabilities, labels, classes }) {
  const all = float64sIn(probabilities);
  return classes.map((_, number) => all.subarray(number * labels.length, (number + 1) * labels.length));
}

/** All that depends on the class that is looked for alone. */
function asked(columns, { labels }, positive) {
  const [probabilities, truths] = [columns[positive], labels.map((label) => label === positive)];
  const curve = curveOf(probabilities, truths);
  const bins = calibration(probabilities, truths);
  const areas = { roc: rocArea(curve), precision: averagePrecision(curve) };
  return { probabilities, truths, curve, bins, error: calibrationError(bins), areas };
}

// --- what to write, and what to look at --------------------------------------------------------------------------------

/** A threshold in steps of a thousandth, within 0 and 1. */
export function thresholdAt(share) {
  return Math.round(clamp(share, 0, 1) * 1000) / 1000;
}

/** Whether an example is decided wrongly. @param {View} view */
export function isWrong({ probabilities, truths, threshold }, index) {
  return probabilities[index] >= threshold !== truths[index];
}

/**
 * The next example in the order of probabilities, of all or of the mistakes alone; -1 where there is none.
 *
 * @param {View} view
 * @param {number} picked  the one that is looked at; -1 for none
 * @param {{step: 1 | -1, mistakes: boolean}} way
 */
export function nextExample(view, picked, { step, mistakes }) {
  const { probabilities } = view;
  const order = Array.from(probabilities, (_, index) => index).sort(
    (index, other) => probabilities[index] - probabilities[other] || index - other,
  );
  const start = picked < 0 ? (step > 0 ? -1 : order.length) : order.indexOf(picked);
  for (let walked = 1; walked <= order.length; walked++) {
    const index = order[(((start + step * walked) % order.length) + order.length) % order.length];
    if (!mistakes || isWrong(view, index)) return index;
  }
  return -1;
}
