/** What one does: how the chosen part is cut, what is cut already, and the guess. */
import { choice, slider } from "../shared/js/controls.js";
import { changes } from "../shared/js/memory.js";
import { typedNumber } from "../shared/js/numbers.js";
import { element, show, tell } from "../shared/js/page.js";
import {
  cutButton,
  cutInWords,
  inFigures,
  inputName,
  KINDS,
  kindName,
  measureName,
  partNote,
  shapeInWords,
} from "./words.js";

/**
 * How the chosen part is cut.
 *
 * @param {{kind: (kind: string) => void, number: (number: number) => void, toggle: () => void}} on
 */
export function chosenPart({ kind: chooseKind, number: chooseNumber, toggle }) {
  const [name, about, note] = [element("b"), element("span", { class: "dlc-faint" }), element("div")];
  const kinds = choice("cut", [], chooseKind, "what is cut of this part");
  const inputs = choice("which comes from", [], (value) => chooseNumber(Number(value)), "the input that is left out");
  const units = slider("number", [0, 1], 1, chooseNumber, { name: "Number of what is cut" });
  const button = element("button", { type: "button", class: "dlc-ablation-do", onclick: toggle });
  const meaning = element("div", { class: "dlc-faint" });
  const line = element("div", { class: "dlc-row" }, kinds.line, inputs.line, units.line, button);
  const changed = changes();
  return {
    part: element("div", { class: "dlc-ablation-box" }, element("div", {}, name, " ", about), line, meaning, note),
    /** @param {import("./state.js").View} view */
    draw(view) {
      const { part, kind, number, count, network } = view;
      tell(name, part.name);
      tell(about, `${part.kind}, puts out ${shapeInWords(part.shape)}`);
      if (changed("part", part)) {
        const options = part.kinds.map((value) => element("option", { value }, kindName(part, value)));
        kinds.select.replaceChildren(...options);
        const names = part.inputs.map((_, place) => inputName(part, place, network.parts));
        inputs.select.replaceChildren(...names.map((text, value) => element("option", { value }, text)));
      }
      line.hidden = kind === null;
      if (kind !== null) show(kinds.select, kind);
      inputs.line.hidden = kind !== "input";
      units.line.hidden = kind !== "unit" && kind !== "head";
      show(inputs.select, number);
      units.input.max = String(count - 1);
      units.draw(number, `no. ${number} of ${count}, from 0`);
      tell(button, cutButton(view));
      tell(meaning, kind === null ? "" : KINDS[kind][1]);
      tell(note, partNote(view));
    },
  };
}

/** What is cut already, each with a way back. @param {(cut: import("./state.js").Cut) => void} putBack */
export function cutChips(putBack) {
  const list = element("span", { class: "dlc-row" });
  const part = element("div", { class: "dlc-row" }, element("span", {}, "Cut now:"), list);
  const changed = changes();
  return {
    part,
    /** @param {import("./state.js").View} view */
    draw({ cuts, network: { parts } }) {
      part.hidden = !cuts.length;
      if (!changed("cuts", cuts)) return;
      const chips = cuts.map((cut) => {
        const words = cutInWords(cut, parts);
        const back = {
          type: "button",
          class: "dlc-chip",
          "aria-label": `Put back: ${words}`,
          onclick: () => putBack(cut),
        };
        return element("button", back, words, element("span", { "aria-hidden": "true" }, "×"));
      });
      list.replaceChildren(...chips);
    },
  };
}

/**
 * The guess, which is asked for before the number is seen.
 *
 * @param {{look: () => import("./state.js").View, guess: (value: number | null) => void,
 *   commit: (guess: number | null) => void, refuse: (text: string) => void}} on
 */
export function guessBox({ look, guess: take, commit, refuse }) {
  const question = element("b");
  const bar = slider("Guess", [0, 100], 1, take, { name: "Your guess" });
  const field = element("input", {
    type: "text",
    inputmode: "decimal",
    size: 6,
    autocomplete: "off",
    "aria-label": "Your guess, typed",
    onchange: typed,
    oninput: () => {
      const { low, high, unit } = look().axis;
      const value = typedNumber(field.value, unit);
      if (value !== null && value >= low && value <= high) take(value);
    },
  });
  const unit = element("span");
  const measure = element("button", { type: "button", class: "dlc-ablation-do", onclick: () => commit(look().guess) });
  const skip = element("button", { type: "button", onclick: () => commit(null) }, "Measure without a guess");
  tell(measure, "Measure");
  const part = element(
    "div",
    { class: "dlc-ablation-box" },
    question,
    element("div", { class: "dlc-row" }, bar.line, element("span", {}, field, " ", unit)),
    element("div", { class: "dlc-row" }, measure, skip),
  );

  function typed() {
    const view = look();
    const { low, high, unit } = view.axis;
    const value = typedNumber(field.value, unit);
    if (value !== null && value >= low && value <= high) {
      refuse("");
      take(value);
    } else {
      refuse(`“${field.value}” is not taken: type a number from ${inFigures(low, view)} to ${inFigures(high, view)}.`);
      field.value = view.guess === null ? "" : String(view.guess);
    }
  }

  return {
    part,
    /** @param {import("./state.js").View} view */
    draw(view) {
      const { covered, guess, axis } = view;
      part.hidden = !covered;
      if (!covered) return;
      tell(question, `How much ${measureName(view)} is left, do you think?`);
      Object.assign(bar.input, { min: axis.low, max: axis.high, step: axis.step });
      bar.draw(guess ?? (axis.low + axis.high) / 2, guess === null ? "no guess yet" : inFigures(guess, view));
      bar.input.setAttribute("aria-valuetext", guess === null ? "no guess yet" : inFigures(guess, view));
      bar.line.classList.toggle("dlc-ablation-unset", guess === null);
      if (document.activeElement !== field) show(field, guess ?? "");
      tell(unit, axis.unit);
      measure.disabled = guess === null;
    },
  };
}
