/** What a question and its answer say. */

import { figure } from "../shared/js/numbers.js";
import { numberVerdict } from "../shared/js/verdict.js";
import { agreeing, inPlace, sketchDistance } from "./distance.js";

const NEAR = 0.01; // of a linear axis: as good as the same

export const COVERED = "Covered until you have committed a guess.";

const HOW = {
  number: "Move the slider or type a number, then commit your guess.",
  choice: "Choose what you think, then commit your guess.",
  order: "Put them in order, then commit your guess: drag an item, use its arrows, or press Alt with ↑ or ↓.",
  curve: "Sketch the curve with the pointer, then commit it. By keys: ← and → choose a point, ↑ and ↓ move it.",
  bars: "Pull each bar to its height, then commit. By keys: ← and → choose a bar, ↑ and ↓ move it.",
};

/** The line below the question. @param {import("./state.js").View} view */
export function sentence(view) {
  const { form, phase } = view;
  if (phase === "shown") return "The answer is shown, without a guess.";
  if (phase === "committed") {
    return `${committedInWords(view)}. A cell below shows it beside the answer.`;
  }
  if (!view.isReady || form.kind === "order") return HOW[form.kind];
  if (form.kind === "curve" || form.kind === "bars") return `${cursorInWords(view)}. Not committed yet.`;
  return `Your guess: ${guessInWords(view)}. Not committed yet.`;
}

/** @param {import("./state.js").View} view */
function committedInWords(view) {
  const { kind } = view.form;
  if (kind === "number" || kind === "choice") return `Committed: ${guessInWords(view)}`;
  return `Your ${{ order: "order", curve: "curve", bars: "chart" }[kind]} is committed`;
}

/** @param {import("./state.js").View} view */
function guessInWords({ form, guess }) {
  if (form.kind === "number") return figure(/** @type {number} */ (guess), form.unit);
  return listed(/** @type {string[]} */ (guess));
}

/** Options as one says them: a, b and c. @param {string[]} options */
export function listed(options) {
  if (!options.length) return "none of them";
  if (options.length === 1) return options[0];
  return `${options.slice(0, -1).join(", ")} and ${options.at(-1)}`;
}

/** Where the knot or bar stands that keys move. @param {import("./state.js").View} view */
function cursorInWords({ form, guess, cursor }) {
  const height = figure(/** @type {number[]} */ (guess)[cursor], form.unit);
  return `${form.kind === "bars" ? "" : "At "}${placeInWords(form, cursor)}: ${height}`;
}

function placeInWords(form, index) {
  return form.kind === "bars" ? `“${form.labels[index]}”` : `${form.x.name} ${figure(form.places[index])}`;
}

/** What a screen reader calls the place where one sketches. @param {import("./state.js").Form} form */
export function sketchLabel(form) {
  const what = form.kind === "bars" ? "Bars" : `A curve of ${form.y.name} over ${form.x.name}`;
  return `${what}, to be sketched: left and right arrow keys choose, up and down arrow keys move; the line below tells the height`;
}

/** Why a typed number is not taken. */
export function refusal(text, { low, high, unit }) {
  return `“${text}” is not taken: type a number from ${figure(low, unit)} to ${figure(high, unit)}.`;
}

// --- the answer ------------------------------------------------------------------------------------------------------

/**
 * Guess and truth, and how far apart they are.
 *
 * @param {import("./state.js").Form} form
 * @param {any} guess  null where there is none
 * @param {any} truth
 * @param {string} told  the truth, as Python says it
 */
export function verdict(form, guess, truth, told) {
  if (guess === null) return `Shown without a guess. ${opening(form)} ${told}.`;
  if (form.kind === "number") return numberVerdict(form, guess, truth);
  if (form.kind === "choice") return choiceVerdict(form, guess, truth);
  if (form.kind === "order") {
    const count = inPlace(guess, truth);
    return count === truth.length ? `All ${count} are in place.` : `${count} of ${truth.length} are in place.`;
  }
  return sketchVerdict(form, guess, truth);
}

/** How a sentence with the truth begins. */
export function opening({ kind }) {
  return kind === "order" ? "The order is" : kind === "curve" ? "The curve:" : kind === "bars" ? "The bars:" : "It is";
}

function choiceVerdict(form, guess, truth) {
  const mine = listed(guess);
  const count = agreeing(form, guess, truth);
  if (count === form.options.length) return `You chose ${mine}, and that is what it is.`;
  const apart = form.several ? `: ${count} of ${form.options.length} options agree` : "";
  return `You chose ${mine}; it is ${listed(truth)}${apart}.`;
}

function sketchVerdict(form, guess, truth) {
  const { average, farthest, guess: mine, truth: real } = sketchDistance(form, guess, truth);
  const what = form.kind === "bars" ? "Your bars are" : "Your curve is";
  if (average <= NEAR * (form.y.high - form.y.low)) return `${what} nearly the same as the truth.`;
  const much = form.unit === "%" ? `${figure(average)} percentage points` : figure(average, form.unit);
  const both = `you said ${figure(mine, form.unit)}, it is ${figure(real, form.unit)}`;
  return `${what} ${much} away on average, most at ${placeInWords(form, farthest)}: ${both}.`;
}
