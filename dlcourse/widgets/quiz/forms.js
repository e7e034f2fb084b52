/**
 * Where one answers: a form for each kind of question. Each has its part of the page, draws a view, and tells of every
 * change.
 *
 * @typedef {import("./state.js").Question} Question
 * @typedef {import("./state.js").View} View
 * @typedef {{part: HTMLElement, draw: (view: View) => void}} Form
 * @typedef {{change: (answer: any) => void, check: () => void}} Hands  `check`: what Enter in a field does
 */
import { optionList } from "../shared/js/options.js";
import { orderedList } from "../shared/js/ordering.js";
import { element, show, tell } from "../shared/js/page.js";
import { rich } from "../shared/js/rich.js";
import { used } from "./judging.js";
import { FORM_LABELS, markText, optionNote } from "./words.js";

const GAP = "___";

/**
 * The form for a question.
 *
 * @param {Question} question
 * @param {Hands} on
 * @returns {Form}
 */
export function formFor(question, on) {
  return { one: choiceForm, several: choiceForm, number: numberForm, gap: gapForm, lines: linesForm }[question.kind](
    question,
    on,
  );
}

/** @returns {Form} */
function choiceForm({ kind, options }, { change }) {
  const explanations = options.map(() => element("span", { class: "dlc-quiz-says", hidden: true }));
  const list = optionList({
    label: FORM_LABELS[kind],
    options: options.map(({ text }, number) => element("span", {}, rich(text), explanations[number])),
    several: kind === "several",
    change,
  });

  /** @param {View} view */
  function draw({ answer, over, says, tried }) {
    const notes = options.map((option, number) =>
      over ? optionNote(option, answer.includes(number)) : tried.includes(number) ? "tried" : "",
    );
    list.draw({ chosen: answer.filter((number) => !tried.includes(number)), locked: over, says: notes });
    options.forEach(({ right }, number) => {
      const label = list.inputs[number].closest("label");
      list.inputs[number].disabled = over || tried.includes(number);
      label.classList.toggle("dlc-quiz-tried", tried.includes(number));
      label.classList.toggle("dlc-quiz-right", over && right);
      const explanation = explanations[number];
      explanation.hidden = !says[number];
      if (explanation.hasChildNodes() !== Boolean(says[number])) explanation.replaceChildren(rich(says[number] ?? ""));
    });
  }

  return { part: list.part, draw };
}

/** @returns {Form} */
function numberForm({ kind, unit }, on) {
  const input = fieldFor(FORM_LABELS[kind], on, { inputmode: "text" });
  const part = element("label", { class: "dlc-quiz-number" }, input, unit);
  return { part, draw: (view) => showTyped(input, view) };
}

/** @returns {Form} */
function gapForm({ kind, code }, on) {
  const [before, after] = code.split(GAP);
  const input = fieldFor(FORM_LABELS[kind], on);
  const lines = element("pre", { class: "dlc-quiz-code dlc-scrolls" }, element("code", {}, before, input, after));
  return { part: lines, draw: (view) => showTyped(input, view) };
}

/** @returns {Form} */
function linesForm(question, { change }) {
  const items = question.items.map(({ code }) => element("code", {}, code));
  if (question.mark !== null) items.push(element("span", { class: "dlc-quiz-mark" }, markText(false)));
  const list = orderedList({ label: FORM_LABELS.lines, items, change });

  /** @param {View} view */
  function draw({ answer, over, right }) {
    const { mark, solution } = question;
    list.draw({ order: over && !right ? solution : answer, locked: over });
    const inUse = over && !right ? used(question, solution) : used(question, answer);
    if (mark !== null) tell(items[mark], markText(over));
    items.forEach((item, number) => {
      const row = item.closest("li");
      row.classList.toggle("dlc-quiz-aside", number !== mark && !inUse.includes(number));
      row.classList.toggle("dlc-quiz-right", over && inUse.includes(number));
    });
  }

  return { part: list.part, draw };
}

function fieldFor(label, { change, check }, attributes = {}) {
  const input = element("input", {
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-label": label,
    oninput: () => change(input.value),
    onkeydown: (event) => {
      if (event.key === "Enter") check();
    },
    ...attributes,
  });
  return input;
}

/** @param {HTMLInputElement} input @param {View} view */
function showTyped(input, { answer, over, right }) {
  show(input, answer);
  input.readOnly = over;
  input.classList.toggle("dlc-quiz-right", over && right);
}
