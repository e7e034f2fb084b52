/** Quiz: a question with a second try, and an explanation of whatever one answers. */

import facts from "dlcourse:quiz";
import { read, write } from "../shared/js/model.js";
import { element, tell } from "../shared/js/page.js";
import { rich } from "../shared/js/rich.js";
import { stage } from "../shared/js/stage.js";
import { feedback } from "./feedback.js";
import { formFor } from "./forms.js";
import { checked, refusal, TRAITS, viewOf } from "./state.js";
import { standing } from "./words.js";

function render({ model, el }) {
  const question = model.get("_question");
  const scene = stage({
    model,
    el,
    name: "quiz",
    label: `Question: ${question.ask}`,
    traits: TRAITS,
    draw,
    back: "Start over",
    onReset: () => giveHint(false),
  });
  const form = formFor(question, { change: (answer) => change({ answer }), check });
  const said = feedback();
  const checkButton = element("button", { type: "button", class: "dlc-quiz-check", onclick: check }, "Check");
  const showButton = element("button", { type: "button", onclick: () => end({ shown: true }) }, "Show me");
  const hintButton = element("button", { type: "button", "aria-expanded": "false", onclick: toggleHint }, "Hint");
  const hint = element("p", { class: "dlc-quiz-hint", role: "status" });
  const buttons = element("div", { class: "dlc-row dlc-quiz-buttons" }, checkButton, showButton, hintButton);

  function look() {
    return viewOf(read(model, TRAITS), facts.tries);
  }

  function draw() {
    const view = look();
    form.draw(view);
    said.draw(view);
    tell(checkButton, view.tries.length ? "Check again" : "Check");
    for (const button of [checkButton, showButton]) button.hidden = view.over;
    hintButton.hidden = view.over || !question.hint;
    hint.hidden = view.over || !hint.hasChildNodes();
    scene.buttons.hidden = !view.over;
    scene.say(standing(view));
    return { answer: view.answer, tries: view.tries, over: view.over, right: view.right };
  }

  function change(values) {
    scene.complain("");
    write(model, values);
  }

  function check() {
    const view = look();
    if (view.over) return;
    const why = refusal(view);
    if (why) scene.complain(why);
    else end(checked(view));
  }

  /** Writes what may end the question, and then takes the focus along, which would be lost with the buttons. */
  function end(values) {
    change(values);
    if (look().over) said.part.focus({ preventScroll: true });
  }

  function toggleHint() {
    giveHint(!hint.hasChildNodes());
    scene.ask();
  }

  function giveHint(given) {
    hint.replaceChildren(given ? rich(question.hint) : "");
    hintButton.setAttribute("aria-expanded", String(given));
  }

  buttons.append(scene.buttons);
  const asked = element("p", { class: "dlc-quiz-ask" }, rich(question.ask));
  return scene.finish(asked, form.part, buttons, hint, said.part);
}

export default { render };
