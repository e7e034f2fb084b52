/** A field for one number: typed, or stepped by the arrow keys. */
import { element, show } from "./page.js";
import { brief, read, typed } from "./words.js";

/**
 * @param {{label?: string, current: () => number, change: (value: number) => void, refuse: (text: string) => void,
 *   step?: number}} field
 *   `refuse` is told in a sentence what is no number, and "" when all is well again
 * @returns {HTMLInputElement}
 */
export function numberField({ label, current, change, refuse, step = 0.1 }) {
  const input = element("input", { type: "text", inputmode: "decimal", "aria-label": label });
  const take = () => {
    delete input.dataset.typing;
    const value = read(input.value);
    if (value === null) refuse(`“${input.value}” is no number; it stays ${typed(current())}.`);
    else if (input.value !== typed(current())) {
      refuse("");
      change(value);
    }
    showNumber(input, current());
  };
  input.addEventListener("focus", () => {
    showNumber(input, current());
    input.select();
  });
  input.addEventListener("blur", () => show(input, brief(current())));
  input.addEventListener("input", () => {
    input.dataset.typing = "yes";
    const value = read(input.value);
    if (value !== null) change(value);
  });
  input.addEventListener("change", take);
  input.addEventListener("keydown", (event) => {
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (up) {
      event.preventDefault();
      delete input.dataset.typing;
      change(Math.round((current() + up * step * (event.shiftKey ? 10 : 1)) * 1e6) / 1e6);
    } else if (event.key === "Enter") take();
  });
  return input;
}

/** Puts a number into a field: in short, in full while it is edited; somebody's half-typed one is left alone. */
export function showNumber(input, value) {
  if (document.activeElement !== input) show(input, brief(value));
  else if (!input.dataset.typing) show(input, typed(value));
}
