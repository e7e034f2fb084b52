/** Options to choose from: one, by radio buttons, or several, by boxes to tick. */
import { element, tell } from "./page.js";

/**
 * A choice whose options all stand on the page. The inputs are the browser's own, so that keys and screen readers find
 * what they know.
 *
 * @param {{label: string, options: (string | Node)[], several?: boolean, change: (chosen: number[]) => void}} question
 *   `label`: what the options answer, for screen readers; `change`: is told the places of what is chosen now, in rising
 *   order
 */
export function optionList({ label, options, several = false, change }) {
  const name = `dlc-options-${Math.random()}`; // radio buttons of one name exclude each other on the whole page
  const inputs = options.map(() =>
    element("input", { type: several ? "checkbox" : "radio", name, onchange: () => change(chosen()) }),
  );
  const notes = options.map(() => element("span", { class: "dlc-note" }));
  const labels = options.map((option, place) =>
    element("label", {}, inputs[place], element("span", {}, option), notes[place]),
  );
  const part = element("fieldset", { class: "dlc-options", "aria-label": label }, ...labels);

  function chosen() {
    return inputs.flatMap((input, place) => (input.checked ? [place] : []));
  }

  /**
   * Shows what is chosen.
   *
   * @param {{chosen: number[], locked?: boolean, says?: string[]}} shown
   *   `locked`: whether nothing can be chosen now; `says`: a text behind each option, read with it
   */
  function draw({ chosen, locked = false, says = [] }) {
    inputs.forEach((input, place) => {
      input.checked = chosen.includes(place);
      input.disabled = locked;
      labels[place].classList.toggle("dlc-chosen", input.checked);
      tell(notes[place], says[place] ?? "");
    });
  }

  return { part, inputs, draw };
}
