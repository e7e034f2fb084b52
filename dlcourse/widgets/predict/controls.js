/**
 * With what one guesses: a slider and a field, options, an ordered list, or a sketch.
 *
 * @typedef {import("./state.js").View} View
 * @typedef {object} Hand  what a control is given
 * @property {() => View} look
 * @property {(changes: object) => void} change  writes a guess
 * @property {(cursor: number) => void} choose  the knot or bar that keys move
 * @property {(text: string) => void} refuse  is told in a sentence what cannot be taken, "" when all is well again
 * @property {string} question  for screen readers
 *
 * @typedef {{part: HTMLElement, draw: (view: View, width: number,
 *   theme: import("../shared/js/palette.js").Theme) => void}} Control
 */

import { figure, typedNumber } from "../shared/js/numbers.js";
import { optionList } from "../shared/js/options.js";
import { orderedList } from "../shared/js/ordering.js";
import { element, show } from "../shared/js/page.js";
import { numberAt, stepsOf, stopAt } from "./axis.js";
import { gestures } from "./gestures.js";
import { axisLayout, chartLayout } from "./layout.js";
import { drawAxis, drawChart } from "./picture.js";
import { chosen, ordered } from "./state.js";
import { refusal, sketchLabel } from "./words.js";

/**
 * @param {import("./state.js").Form} form
 * @param {Hand} hand
 * @returns {Control}
 */
export function controlFor(form, hand) {
  if (form.kind === "number") return numberControl(form, hand);
  if (form.kind === "choice") return choiceControl(form, hand);
  if (form.kind === "order") return orderControl(form, hand);
  return sketchControl(form, hand);
}

/** @returns {Control} */
function numberControl(form, { change, refuse, look, question }) {
  const slider = element("input", {
    type: "range",
    min: 0,
    max: stepsOf(form),
    step: 1,
    "aria-label": question,
    oninput: () => take(numberAt(form, Number(slider.value))),
  });
  const field = element("input", {
    type: "text",
    inputmode: "decimal",
    size: 10,
    autocomplete: "off",
    oninput: () => typed(false),
    onchange: () => typed(true),
  });
  const axis = element("canvas", { "aria-hidden": "true" });
  const part = element(
    "div",
    { class: "dlc-predict-number" },
    slider,
    axis,
    element("label", {}, "Your guess", field, form.unit),
  );

  function take(guess) {
    refuse("");
    change({ guess });
  }

  function typed(done) {
    if (!field.value.trim()) return;
    const number = typedNumber(field.value, form.unit);
    if (number !== null && number >= form.low && number <= form.high) take(number);
    else if (done) {
      refuse(refusal(field.value, form));
      const { guess } = look();
      field.value = guess === null ? "" : figure(/** @type {number} */ (guess));
    }
  }

  /** @param {View} view */
  function draw({ guess, isLocked }, width, theme) {
    const number = /** @type {number | null} */ (guess);
    const layout = axisLayout(width);
    slider.style.width = `${layout.width}px`;
    slider.classList.toggle("dlc-unset", number === null);
    show(slider, number === null ? Math.round(stepsOf(form) / 2) : stopAt(form, number));
    slider.setAttribute("aria-valuetext", number === null ? "no guess yet" : figure(number, form.unit));
    if (document.activeElement !== field || isLocked) show(field, number === null ? "" : figure(number));
    for (const input of [slider, field]) input.disabled = isLocked;
    drawAxis(axis, form, layout, theme);
  }

  return { part, draw };
}

/** @returns {Control} */
function choiceControl(form, { change, question }) {
  const list = optionList({
    label: question,
    options: form.options,
    several: form.several,
    change: (places) => change(chosen(form, places)),
  });

  /** @param {View} view */
  function draw({ guess, isLocked }) {
    const mine = /** @type {string[]} */ (guess ?? []);
    list.draw({ chosen: mine.map((option) => form.options.indexOf(option)), locked: isLocked });
  }

  return { part: list.part, draw };
}

/** @returns {Control} */
function orderControl(form, { change, question }) {
  const list = orderedList({ label: question, items: form.items, change: (order) => change(ordered(form, order)) });

  /** @param {View} view */
  function draw({ guess, isLocked }) {
    const mine = /** @type {string[]} */ (guess);
    list.draw({ order: mine.map((item) => form.items.indexOf(item)), locked: isLocked });
  }

  return { part: list.part, draw };
}

/** @returns {Control} */
function sketchControl(form, { look, change, choose }) {
  let layout = null; // of what is on the screen
  const canvas = element("canvas", { role: "application", tabindex: 0, "aria-label": sketchLabel(form) });
  const part = element("div", { class: "dlc-predict-sketch" }, canvas);
  gestures(canvas, { look, layout: () => layout, change, choose });

  /** @param {View} view */
  function draw({ guess, isLocked, cursor }, width, theme) {
    layout = chartLayout(form, width);
    const heights = /** @type {number[] | null} */ (guess);
    canvas.tabIndex = isLocked ? -1 : 0;
    drawChart(canvas, { form, guess: heights, cursor: isLocked ? null : cursor }, layout, theme);
  }

  return { part, draw };
}
