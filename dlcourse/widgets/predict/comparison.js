/**
 * Guess and truth side by side: on one axis, in one chart, or in one list.
 *
 * @typedef {{part: HTMLElement, draw: (guess: any, width: number,
 *   theme: import("../shared/js/palette.js").Theme) => void, describe: (words: string) => void}} Comparison
 *   `guess`: null where there is none; `describe`: says in words what a picture shows
 */
import { element, tell } from "../shared/js/page.js";
import { chartLayout, comparisonLayout } from "./layout.js";
import { drawChart, drawNumbers } from "./picture.js";

/**
 * @param {import("./state.js").Form} form
 * @param {any} truth
 * @returns {Comparison}
 */
export function comparisonFor(form, truth) {
  if (form.kind === "choice") return optionTable(form, truth);
  if (form.kind === "order") return orderTable(truth);
  return picture(form, truth);
}

/** @returns {Comparison} */
function picture(form, truth) {
  const canvas = element("canvas", { role: "img" });

  function draw(guess, width, theme) {
    if (form.kind === "number") drawNumbers(canvas, form, guess, truth, comparisonLayout(width), theme);
    else drawChart(canvas, { form, guess, truth }, chartLayout(form, width), theme);
  }

  const legend = element(
    "p",
    { class: "dlc-answer-legend", "aria-hidden": "true" },
    element("span", { class: "dlc-key dlc-key-guess" }, "your guess"),
    element("span", { class: "dlc-key dlc-key-truth" }, "the answer"),
  );
  const part = element("div", {}, canvas, ...(form.kind === "number" ? [] : [legend]));
  return {
    part,
    draw(guess, width, theme) {
      legend.hidden = guess === null;
      draw(guess, width, theme);
    },
    describe: (words) => canvas.setAttribute("aria-label", words),
  };
}

/** @returns {Comparison} */
function optionTable({ options }, truth) {
  const cells = options.map(() => element("td"));
  const rows = options.map((option, place) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, option),
      cells[place],
      element("td", {}, truth.includes(option) ? "● yes" : "–"),
    ),
  );
  const { part, mine } = tableOf("Option", rows);

  function draw(guess) {
    mine(guess !== null);
    options.forEach((option, place) => {
      tell(cells[place], guess?.includes(option) ? "● yes" : "–");
      rows[place].classList.toggle("dlc-agrees", guess?.includes(option) === true && truth.includes(option));
    });
  }

  return { part, draw, describe() {} };
}

/** @returns {Comparison} */
function orderTable(truth) {
  const cells = truth.map(() => element("td"));
  const rows = truth.map((item, place) =>
    element("tr", {}, element("th", { scope: "row" }, String(place + 1)), cells[place], element("td", {}, item)),
  );
  const { part, mine } = tableOf("Place", rows);

  function draw(guess) {
    mine(guess !== null);
    truth.forEach((item, place) => {
      tell(cells[place], guess?.[place] ?? "");
      rows[place].classList.toggle("dlc-agrees", guess?.[place] === item);
    });
  }

  return { part, draw, describe() {} };
}

/** A table with a column for the guess, which is there when there is one. */
function tableOf(first, rows) {
  const head = [first, "Your guess", "The answer"].map((title) => element("th", { scope: "col" }, title));
  const table = element(
    "table",
    { class: "dlc-answer-table" },
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...rows),
  );
  return {
    part: element("div", { class: "dlc-scrolls" }, table),
    mine: (isThere) => table.classList.toggle("dlc-alone", !isThere),
  };
}
