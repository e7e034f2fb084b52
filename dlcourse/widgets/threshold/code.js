/** The decision as code. */
import { thresholdInWords } from "./words.js";

/** @param {import("./state.js").View} view */
export function decisionCode({ threshold, positive, name, costs, examples }) {
  const column = examples.classes.length > 2 ? `[:, ${positive}]` : positive ? "[:, -1]" : "[:, 0]";
  return [
    "import numpy as np",
    "",
    "probabilities = model.predict(x, verbose=0)  # of a softmax, or of a sigmoid",
    `yes = probabilities${column} >= ${thresholdInWords(threshold)}  # is it "${name}"?`,
    `is_positive = y == ${positive}`,
    "hits, misses = np.sum(yes & is_positive), np.sum(~yes & is_positive)",
    "false_alarms = np.sum(yes & ~is_positive)",
    'print("precision", hits / (hits + false_alarms), "recall", hits / (hits + misses))',
    `print("cost", ${costs.missed} * misses + ${costs.false_alarm} * false_alarms)`,
  ].join("\n");
}
