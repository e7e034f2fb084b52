/** What several readers say of one digit, as a small table, and in words. */
import { element } from "../shared/js/page.js";

/** @returns {{root: HTMLElement, show: (names: string[], said: string[] | null) => void}} */
export function readingsTable() {
  const root = element("table", { class: "dlc-draw_digit-readings" });
  function show(names, said) {
    const rows = names.map((name, index) =>
      element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, said ? said[index] : "…")),
    );
    root.replaceChildren(...rows);
  }
  return { root, show };
}

/** In a sentence, for the two ways to make a digit. */
export function readingsInWords(names, [inMiddle, asItIs]) {
  if (!inMiddle || !asItIs) return "The readers are asked when the stroke ends.";
  const listed = (said) => names.map((name, index) => `${name} ${said[index]}`).join(", ");
  const differing = names.filter((_, index) => inMiddle[index] !== asItIs[index]);
  const end = differing.length ? ` The same ink, another answer from: ${differing.join(", ")}.` : "";
  return `Centred: ${listed(inMiddle)}. Only shrunk: ${listed(asItIs)}.${end}`;
}

/** As Python. */
export function readingsAsCode(calls) {
  return [
    "import numpy as np",
    "",
    "digit = np.rint(widget.digit * 255).astype(np.uint8)  # what you drew: 28 × 28 bytes, centred as MNIST is",
    ...calls.map((name) => `print(${name}(digit[None])[0])`),
  ].join("\n");
}
