/** The controls of the playground. */
import { element, show } from "../shared/js/page.js";

/** The value that is nearest to a wanted one. */
export function nearestOf(values, wanted) {
  return values.reduce((best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best));
}

/** Shows a number in a list of some, with an entry of its own where it is none of them. */
export function showNumberChoice(select, value) {
  if (!Array.from(select.options).some((option) => Number(option.value) === value)) {
    select.append(element("option", { value }, String(value)));
  }
  show(select, value);
}

/** A number between − and +. */
export function counter(name, change) {
  const value = element("span", { class: "dlc-amount" });
  const one = (sign, label, by) =>
    element("button", { type: "button", "aria-label": `${label} ${name}`, onclick: () => change(by) }, sign);
  const [less, more] = [one("−", "Fewer", -1), one("+", "More", 1)];
  return { line: element("span", { class: "dlc-counter" }, less, value, more), value, less, more };
}
