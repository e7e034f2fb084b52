/**
 * The axis of a number: what lies where on it, and at which numbers its slider stops.
 *
 * @typedef {{low: number, high: number, scale: "linear" | "log", least: number}} Range  `least`: of the slider's steps
 */
import { clamp } from "../shared/js/bounds.js";
import { roundStep } from "../shared/js/curves.js";
import { rounded } from "../shared/js/numbers.js";

const STOPS = 100; // of a linear axis, or a few less or more
const PER_DECADE = 20; // stops of a log axis: neighbours differ in their two digits

/** How many steps there are from the low end to the high one. @param {Range} range */
export function stepsOf(range) {
  return Math.max(1, range.scale === "log" ? Math.round(exactSteps(range)) : Math.floor(exactSteps(range) + 1e-9));
}

/** The number at one of the slider's stops; both ends are exact. @param {Range} range */
export function numberAt(range, stop) {
  const { low, high, scale } = range;
  if (stop <= 0) return low;
  if (stop >= stepsOf(range)) return high;
  if (scale === "log") return clamp(rounded(low * 10 ** (stop / PER_DECADE), 2), low, high);
  return rounded(low + stop * stepOf(range), 10);
}

/** The stop next to a number. @param {Range} range */
export function stopAt(range, number) {
  return clamp(Math.round(shareOf(range, number) * exactSteps(range)), 0, stepsOf(range));
}

/** How far along the axis a number lies: 0 at the low end, 1 at the high one. @param {Range} range */
export function shareOf({ low, high, scale }, number) {
  if (scale === "log") return number > 0 ? Math.log(number / low) / Math.log(high / low) : 0;
  return (number - low) / (high - low);
}

/** The axis, longer where one of the numbers lies beyond it. @param {Range} range @returns {Range} */
export function reaching(range, numbers) {
  const { low, high, scale } = range;
  const fitting = numbers.filter((number) => scale !== "log" || number > 0);
  return { ...range, low: Math.min(low, ...fitting), high: Math.max(high, ...fitting) };
}

function exactSteps(range) {
  const { low, high, scale } = range;
  return scale === "log" ? PER_DECADE * Math.log10(high / low) : (high - low) / stepOf(range);
}

/** Of a linear axis. */
function stepOf({ low, high, least }) {
  return Math.max(least, roundStep((high - low) / STOPS));
}
