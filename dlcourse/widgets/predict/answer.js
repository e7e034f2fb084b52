/** Answer: what a prediction was about, covered until a guess is committed. */
import { write } from "../shared/js/model.js";
import { element, tell } from "../shared/js/page.js";
import { rich } from "../shared/js/rich.js";
import { stage } from "../shared/js/stage.js";
import { comparisonFor } from "./comparison.js";
import { exhibitPart } from "./exhibit.js";
import { TRAITS } from "./state.js";
import { together } from "./together.js";
import { COVERED, opening, verdict } from "./words.js";

function render({ model, el }) {
  const question = model.get("_question");
  const [form, truth, told] = [model.get("_form"), model.get("_truth"), model.get("_told")];
  const scene = stage({
    model,
    el,
    name: "answer",
    label: `Answer: ${question}`,
    traits: TRAITS,
    draw,
    onEnd: () => leave(),
  });
  const comparison = comparisonFor(form, truth);
  const showButton = element("button", { type: "button", onclick: showAnswer }, "Show me");
  const cover = element("div", { class: "dlc-row dlc-answer-cover" }, element("span", {}, COVERED), showButton);
  const inside = element(
    "div",
    { class: "dlc-answer-inside" },
    element("p", { class: "dlc-answer-printed" }, `${opening(form)} ${told}.`),
    comparison.part,
    element("p", { class: "dlc-answer-why", hidden: !model.get("_why") }, rich(model.get("_why"))),
    exhibitPart(model.get("_exhibit")),
  );
  const leave = together(model, question, false);
  let focusNext = false;

  /** The button is gone then: the words take its focus. */
  function showAnswer() {
    write(model, { phase: "shown" });
    focusNext = true;
  }

  function draw() {
    const phase = model.get("phase");
    const isCovered = phase === "guessing";
    const guess = phase === "committed" ? model.get("guess") : null;
    const words = verdict(form, guess, truth, told);
    scene.root.classList.toggle("dlc-covered", isCovered);
    comparison.draw(guess, scene.width, scene.theme);
    comparison.describe(words);
    if (isCovered) tell(scene.line, "");
    scene.say(isCovered ? "" : words);
    if (focusNext) scene.line.focus({ preventScroll: true });
    focusNext = false;
    return { phase, guess };
  }

  scene.line.tabIndex = -1;
  return scene.finish(element("p", { class: "dlc-answer-question" }, rich(question)), cover, scene.line, inside);
}

export default { render };
