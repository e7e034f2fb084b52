/** The picture and its output side by side: their places on the page, captions and legend. */
import { element, tell } from "../shared/js/page.js";
import { shown } from "../shared/js/words.js";
import { hint, legendNote, outputLabel, PICTURE_LABEL, pictureSize, pictureTitle } from "./words.js";

/** @returns {{part: HTMLElement, canvases, draw: (view: import("./state.js").View) => void, describe}} */
export function figures() {
  const title = element("span");
  const size = element("span", { class: "dlc-faint" });
  const picture = element("canvas", { tabindex: 0, role: "application", "aria-label": PICTURE_LABEL });
  const below = element("div", { class: "dlc-kernels-legend dlc-faint" });
  const outputSize = element("span", { class: "dlc-faint" });
  const output = element("canvas", { role: "img" });
  const [low, high] = [element("span"), element("span")];
  const bar = element("canvas", { "aria-hidden": "true" });
  const note = element("span", { class: "dlc-faint" });
  const part = element(
    "div",
    { class: "dlc-kernels-pictures" },
    element("figure", {}, element("figcaption", {}, title, size), picture, below),
    element(
      "figure",
      {},
      element("figcaption", {}, "Output", outputSize),
      output,
      element("div", { class: "dlc-kernels-legend" }, low, bar, high, note),
    ),
  );

  function draw(view) {
    tell(title, pictureTitle(view));
    tell(size, pictureSize(view));
    tell(below, hint(view.drawing));
    tell(outputSize, `${view.size.height} × ${view.size.width}`);
    for (const item of [low, bar, high, note]) item.hidden = !view.answer;
    if (view.answer) drawLegend(view);
  }

  function drawLegend({ answer, relu }) {
    tell(low, shown(answer.low));
    tell(high, shown(answer.limit));
    tell(note, legendNote(answer.isPicture, relu));
  }

  return {
    part,
    canvases: { picture, output, bar },
    draw,
    /** For screen readers, what the canvas shows. */
    describe: (view) => output.setAttribute("aria-label", outputLabel(view)),
  };
}
