/** Predict: a question whose answer is guessed before it is seen. */
import { read, write } from "../shared/js/model.js";
import { element } from "../shared/js/page.js";
import { rich } from "../shared/js/rich.js";
import { stage } from "../shared/js/stage.js";
import { controlFor } from "./controls.js";
import { TRAITS, viewOf } from "./state.js";
import { together } from "./together.js";
import { sentence } from "./words.js";

function render({ model, el }) {
  const question = model.get("question");
  const scene = stage({
    model,
    el,
    name: "predict",
    label: `Prediction: ${question}`,
    traits: TRAITS,
    draw,
    back: "Guess again",
    onEnd: () => leave(),
  });
  let cursor = 0; // the knot or bar that keys move
  const control = controlFor(model.get("_form"), {
    look,
    change: (changes) => write(model, changes),
    choose(index) {
      cursor = index;
      scene.ask();
    },
    refuse: scene.complain,
    question,
  });
  const commitButton = element("button", { type: "button", class: "dlc-commit", onclick: commit }, "Commit");
  const showButton = element("button", { type: "button", class: "dlc-quiet", onclick: showAnswer }, "Show me");
  const leave = together(model, question, true);

  function look() {
    return viewOf({ ...read(model, TRAITS), _form: model.get("_form") }, { cursor });
  }

  function commit() {
    const { isReady, guess } = look();
    if (isReady) write(model, { guess, phase: "committed" });
    else scene.complain("There is no guess to commit yet.");
  }

  function showAnswer() {
    write(model, { phase: "shown" });
  }

  function draw() {
    const view = look();
    control.draw(view, scene.width, scene.theme);
    commitButton.setAttribute("aria-disabled", String(!view.isReady));
    const hadFocus = scene.root.contains(document.activeElement);
    for (const button of [commitButton, showButton]) button.hidden = view.isLocked;
    scene.buttons.hidden = !view.isLocked;
    if (hadFocus) keepFocus(scene.root);
    if (view.isReady) scene.complain("");
    scene.say(sentence(view));
    return { guess: view.guess, phase: view.phase, cursor };
  }

  return scene.finish(
    element("p", { class: "dlc-predict-question" }, rich(question)),
    control.part,
    scene.line,
    element("div", { class: "dlc-row" }, commitButton, showButton, scene.buttons),
  );
}

/** The focus stays in the widget when what had it is gone: it goes to the next thing to do. */
function keepFocus(root) {
  const had = /** @type {HTMLElement} */ (document.activeElement);
  if (had.offsetParent && !had.matches(":disabled, [tabindex='-1']")) return;
  const able = Array.from(root.querySelectorAll("input:enabled, [tabindex='0'], button"));
  able.find((part) => part.offsetParent)?.focus({ preventScroll: true });
}

export default { render };
