/**
 * What a question shows, and what a key or a choice makes of it. Nothing here knows the page.
 *
 * @typedef {{low: number, high: number, name: string}} Axis
 *
 * @typedef {object} Form  of the answer; what there is besides `kind` depends on it
 * @property {"number" | "choice" | "order" | "curve" | "bars"} kind
 * @property {number} low  of a number's axis
 * @property {number} high
 * @property {"linear" | "log"} scale
 * @property {number} least  of the slider's steps
 * @property {string} unit  of a number or of bars
 * @property {string[]} options  to choose from
 * @property {boolean} several
 * @property {string[]} items  to be put in order, as they stand at first
 * @property {Axis} x  of a curve
 * @property {Axis} y  of a curve or of bars
 * @property {number[]} places  where a curve has its knots
 * @property {string[]} labels  of the bars
 *
 * @typedef {number | string[] | number[]} Guess  a number, what is chosen, an order, the heights of knots or bars
 * @typedef {"guessing" | "committed" | "shown"} Phase
 *
 * @typedef {object} View
 * @property {Form} form
 * @property {Guess | null} guess
 * @property {Phase} phase
 * @property {boolean} isLocked  whether the guess can be changed no more
 * @property {boolean} isReady  whether there is a guess that can be committed
 * @property {number} cursor  the knot or the bar that keys move
 */
import { clamp } from "../shared/js/bounds.js";
import { roundStep } from "../shared/js/curves.js";
import { rounded } from "../shared/js/numbers.js";

const LEVELS = 50; // steps of a knot or a bar from the bottom to the top, or a few more
const FAR = 5; // steps with Shift

export const TRAITS = ["guess", "phase"];

/**
 * @param {{_form: Form, guess: Guess | null, phase: Phase}} traits
 * @param {{cursor: number}} only  what one view alone knows
 * @returns {View}
 */
export function viewOf({ _form: form, guess, phase }, { cursor }) {
  return {
    form,
    guess: guess ?? (form.kind === "order" ? form.items : null), // an order can be right as it stands
    phase,
    isLocked: phase !== "guessing",
    isReady: guess !== null || form.kind === "order",
    cursor,
  };
}

/** How many knots or bars there are. @param {Form} form */
export function countOf({ kind, places, labels }) {
  return (kind === "curve" ? places : labels).length;
}

// --- what to write ---------------------------------------------------------------------------------------------------

/** The options at these places are chosen. */
export function chosen({ options }, places) {
  return { guess: places.map((place) => options[place]) };
}

/** The items stand in this order. */
export function ordered({ items }, order) {
  return { guess: order.map((number) => items[number]) };
}

/**
 * Knots or bars go to heights; the first touch gives every knot of a curve one.
 *
 * @param {View} view
 * @param {Map<number, number>} heights  by the knots' or bars' numbers
 */
export function raised({ form, guess }, heights) {
  const { low, high } = form.y;
  const levelOf = (height) => clamp(levelNear(form, height), low, high);
  const first = form.kind === "curve" ? levelOf([...heights.values()][0]) : low;
  const before = /** @type {number[]} */ (guess) ?? Array(countOf(form)).fill(first);
  return { guess: before.map((known, index) => (heights.has(index) ? levelOf(heights.get(index)) : known)) };
}

/** What a key makes of a sketch: another knot or bar, or another height; null if the key means nothing. */
export function pressed(view, key, withShift) {
  const { form, guess, cursor } = view;
  const last = countOf(form) - 1;
  const steps = withShift ? FAR : 1;
  const across = { ArrowLeft: cursor - 1, ArrowRight: cursor + 1, Home: 0, End: last }[key];
  if (across !== undefined) return { cursor: clamp(across, 0, last), changes: {} };
  const up = { ArrowUp: steps, ArrowDown: -steps, PageUp: FAR, PageDown: -FAR }[key];
  if (!up) return null;
  const { low, high } = form.y;
  const start = guess?.[cursor] ?? (form.kind === "curve" ? (low + high) / 2 : low);
  return { cursor, changes: raised(view, new Map([[cursor, start + up * stepOf(form)]])) };
}

function levelNear(form, height) {
  const step = stepOf(form);
  return rounded(form.y.low + Math.round((height - form.y.low) / step) * step, 10);
}

function stepOf({ y: { low, high } }) {
  return roundStep((high - low) / LEVELS);
}
