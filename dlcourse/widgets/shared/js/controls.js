/** Controls with their labels: the field's word, and in everyday words what it means where one points at it. */
import { element, show, tell } from "./page.js";

/**
 * A choice from a list.
 *
 * @param {string} label
 * @param {(string | number | (string | number)[])[]} options  values, or pairs of a value and its text
 * @param {(value: string) => void} chosen
 * @param {string} [meaning]  in everyday words
 */
export function choice(label, options, chosen, meaning) {
  const select = element("select", { onchange: () => chosen(select.value) });
  for (const option of options) {
    const [value, text] = Array.isArray(option) ? option : [option, String(option)];
    select.append(element("option", { value }, text));
  }
  return { line: element("label", { title: meaning }, label, select), select };
}

/**
 * A number from a range, with what it is beside it.
 *
 * @param {string} label
 * @param {number[]} range  the smallest and the largest
 * @param {number | "any"} step
 * @param {(value: number) => void} change  called while it is moved
 * @param {{name?: string, meaning?: string}} [also]  `name`: what a screen reader calls it, if not by its label;
 *   `meaning`: in everyday words
 */
export function slider(label, [low, high], step, change, { name = label, meaning } = {}) {
  const input = element("input", {
    type: "range",
    min: low,
    max: high,
    step,
    "aria-label": name,
    oninput: () => change(Number(input.value)),
  });
  const value = element("span", { class: "dlc-number" });
  return {
    line: element("label", { title: meaning }, element("span", {}, label), input, value),
    input,
    /** Shows a number, and the text that stands for it. */
    draw(number, text = String(number)) {
      show(input, number);
      tell(value, text);
    },
  };
}

/** A box to tick. */
export function checkbox(label, change, meaning) {
  const input = element("input", { type: "checkbox", onchange: () => change(input.checked) });
  return { line: element("label", { title: meaning }, input, label), input };
}
