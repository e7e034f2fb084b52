/** A guessed number beside the true one. */
import { figure, rounded } from "./numbers.js";

const NEAR = 0.01; // of a linear axis: as good as the same
const NEARLY = 1.05; // a factor, on a log axis

/**
 * How far apart they are, in a sentence.
 *
 * @param {{low: number, high: number, scale?: string, unit?: string}} form  of the axis: its ends, "linear" or "log"
 * @param {number} guess
 * @param {number} truth
 */
export function numberVerdict({ low, high, scale, unit }, guess, truth) {
  const both = `You said ${figure(guess, unit)}, it is ${figure(truth, unit)}`;
  if (guess === truth) return `You said ${figure(guess, unit)}, and that is what it is.`;
  if (scale === "log") {
    if (truth <= 0) return `${both}.`;
    const factor = Math.max(guess / truth, truth / guess);
    if (factor < NEARLY) return `${both}: nearly the same.`;
    return `${both}: ${figure(rounded(factor, 2))} times too ${guess > truth ? "large" : "small"}.`;
  }
  const gap = Math.abs(guess - truth);
  if (gap <= NEAR * (high - low)) return `${both}: nearly the same.`;
  const much = unit === "%" ? `${figure(gap)} percentage points` : figure(gap, unit);
  return `${both}: ${much} too ${guess > truth ? "high" : "low"}.`;
}
