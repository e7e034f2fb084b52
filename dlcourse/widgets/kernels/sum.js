/** The sum written out: window × kernel = products, their sum, bias and ReLU. The weights and the bias are fields. */
import { numberSize } from "../shared/js/canvas.js";
import { numberField, showNumber } from "../shared/js/number_field.js";
import { element, tell } from "../shared/js/page.js";
import { css, inkOn, WINDOW } from "../shared/js/palette.js";
import { shown } from "../shared/js/words.js";
import { outputScale, weightScale } from "./picture.js";
import { productsLabel, weightLabel, windowLabel } from "./words.js";

/**
 * @param {{weight: {current: (place: [number, number]) => number, change: (place: [number, number], value: number) => void},
 *   bias: {current: () => number, change: (value: number) => void}, refuse: (text: string) => void}} numbers
 *   `refuse` is told in a sentence what is no number
 */
export function writtenSum({ weight, bias, refuse }) {
  const patch = element("canvas", { role: "img", style: `box-shadow: 0 0 0 2.5px ${WINDOW}` });
  const weights = weightFields(weight, refuse);
  const products = element("canvas", { role: "img" });
  const answer = answerLines(bias, refuse);
  const part = element(
    "div",
    { class: "dlc-kernels-sum" },
    titled("Window", patch),
    element("span", { class: "dlc-sign" }, "×"),
    titled("Kernel", weights.part),
    element("span", { class: "dlc-sign" }, "="),
    titled("Products", products),
    answer.part,
  );

  function draw(view, layout, theme) {
    part.hidden = !view.answer;
    if (!view.answer) return;
    weights.draw(view.kernel, layout.cell, theme);
    answer.draw(view, layout.beside, theme);
  }

  /** For screen readers, what the canvases show. */
  function describe({ answer: shownAnswer }) {
    if (!shownAnswer) return;
    patch.setAttribute("aria-label", windowLabel(shownAnswer.taps));
    products.setAttribute("aria-label", productsLabel(shownAnswer.taps));
  }

  return { part, canvases: { patch, products }, draw, describe };
}

function titled(title, content) {
  return element("figure", {}, element("figcaption", { class: "dlc-faint" }, title), content);
}

/** A field for each weight. */
function weightFields({ current, change }, refuse) {
  const part = element("div", { class: "dlc-kernels-weights", role: "group", "aria-label": "Weights of the kernel" });

  function field(place) {
    return numberField({
      label: weightLabel(place),
      current: () => current(place),
      change: (value) => change(place, value),
      refuse,
    });
  }

  function draw(kernel, cell, theme) {
    const size = kernel.length;
    if (part.childElementCount !== size * size) {
      part.replaceChildren(...kernel.flatMap((row, i) => row.map((_, j) => field([i, j]))));
    }
    part.style.gridTemplate = `repeat(${size}, ${cell - 1}px) / repeat(${size}, ${cell - 1}px)`;
    part.style.fontSize = `${numberSize(cell)}px`;
    const scale = weightScale(kernel, theme);
    kernel.flat().forEach((weight, index) => {
      const input = part.children[index];
      showNumber(input, weight);
      paint(input, scale(weight));
    });
  }

  return { part, draw };
}

/** What becomes of the products: their sum, the bias, ReLU. */
function answerLines({ current, change }, refuse) {
  const products = element("span", { class: "dlc-number" });
  const biasField = numberField({ current, change, refuse });
  const last = element("span");
  const result = element("span", { class: "dlc-number dlc-result", style: `border-color: ${WINDOW}` });
  const part = element(
    "div",
    { class: "dlc-kernels-answer" },
    element("div", {}, element("span", {}, "→ their sum"), products),
    element("label", {}, "+ bias", biasField),
    element("div", {}, last, result),
  );

  function draw(view, beside, theme) {
    const { answer, bias, relu } = view;
    part.classList.toggle("dlc-below", !beside);
    tell(products, shown(answer.products));
    showNumber(biasField, bias);
    tell(last, relu ? "ReLU → output" : "= output");
    tell(result, shown(answer.value));
    paint(result, outputScale(view, theme)(answer.value));
  }

  return { part, draw };
}

/** The colour that stands for a number, with ink that can be read on it. */
function paint({ style }, colour) {
  style.background = css(colour);
  style.color = inkOn(colour);
}
