/** What the widget says: the line below, the ratios in words, and labels for screen readers. */
import { brief, shown } from "../shared/js/words.js";

/** A ratio in two digits; a dash where there is none. */
export function ratio(value) {
  return Number.isFinite(value) ? value.toFixed(2) : "–";
}

/** An area: three digits, since many are near 1. */
export function area(value) {
  return Number.isFinite(value) ? value.toFixed(3) : "–";
}

/** A threshold: two digits, three where they say more. */
export function thresholdInWords(threshold) {
  return threshold.toFixed(Number.isInteger(Math.round(threshold * 1000) / 10) ? 2 : 3);
}

/** A sum of costs. */
export function money(cost) {
  return brief(Math.round(cost * 100) / 100);
}

/** The line below. @param {import("./state.js").View} view */
export function sentence(view) {
  const { threshold, name, counts, cost, best } = view;
  const { hits, misses, falseAlarms } = counts;
  const alarms = hits + falseAlarms ? `${hits} of ${hits + falseAlarms} alarms are right` : "there is no alarm";
  const least =
    cost === best.cost
      ? "no threshold costs less"
      : `${thresholdInWords(best.threshold)} would cost least, ${money(best.cost)}`;
  return (
    `From ${thresholdInWords(threshold)} on the answer is “${name}”: ${hits} of ${hits + misses} are found, ${alarms}. ` +
    `The mistakes cost ${money(cost)}; ${least}.`
  );
}

/** The ratios, each with what it counts. @param {import("./state.js").View} view */
export function ratioRows({ counts, ratios, name }) {
  const { hits, misses, falseAlarms, rest } = counts;
  return [
    ["precision", `${hits} of ${hits + falseAlarms} alarms are right`, ratios.precision],
    ["recall", `${hits} of ${hits + misses} “${name}” are found`, ratios.recall],
    ["F1", "the harmonic mean of the two", ratios.f1],
    ["false positive rate", `${falseAlarms} of ${falseAlarms + rest} others raise an alarm`, ratios.falsePositiveRate],
    ["accuracy", `${hits + rest} of ${hits + misses + falseAlarms + rest} answers are right`, ratios.accuracy],
  ];
}

/** What a chart shows, below it. @param {import("./state.js").View} view */
export function chartNote(view) {
  const { chart, areas, error, best, cost, ratios } = view;
  if (chart === "cost") {
    return `Now ${money(cost)}. Least: ${money(best.cost)}, at ${thresholdInWords(best.threshold)}.`;
  }
  if (chart === "roc") {
    return `Area ${area(areas.roc)}: so often a “${view.name}” gets a higher probability than another one.`;
  }
  if (chart === "precision_recall") {
    return `Average precision ${area(areas.precision)}. Now precision ${ratio(ratios.precision)}, recall ${ratio(ratios.recall)}.`;
  }
  return `On average what was said is ${Math.round(100 * error)} points from what was. Small dots stand for few examples.`;
}

/** Where the examples come from. @param {import("./state.js").View} view */
export function sourceNote({ examples: { name, labels } }) {
  if (!name) return `${labels.length} examples.`;
  return `A small network has read ${labels.length} digits. Yours: Threshold(probabilities, labels).`;
}

/** An example in words. @param {import("./state.js").View} view */
export function exampleInWords({ examples, probabilities, truths, threshold, name }, index) {
  const verdict =
    probabilities[index] >= threshold
      ? truths[index]
        ? "found"
        : "a false alarm"
      : truths[index]
        ? "missed"
        : "left alone";
  const truth = examples.classes[examples.labels[index]];
  return `Example ${index}: ${truth}, “${name}” with probability ${shown(probabilities[index])}: ${verdict}.`;
}

/** @param {import("./state.js").View} view */
export function dotsLabel({ counts, threshold, name }) {
  const { hits, misses, falseAlarms, rest } = counts;
  return (
    `Threshold ${thresholdInWords(threshold)} among the probabilities of “${name}”: ${hits} found, ${misses} missed, ` +
    `${falseAlarms} false alarms, ${rest} left alone`
  );
}
