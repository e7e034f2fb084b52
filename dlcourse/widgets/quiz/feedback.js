/** What is said of an answer, and the explanation at the end. */
import { element, tell } from "../shared/js/page.js";
import { rich } from "../shared/js/rich.js";
import { answerLine, headline } from "./words.js";

export function feedback() {
  const head = element("b");
  const remarks = element("div");
  const verdict = element("div", { class: "dlc-quiz-verdict", hidden: true }, head, remarks);
  const answer = element("p");
  const worked = element("p");
  const explained = element("div", { class: "dlc-quiz-worked", hidden: true }, element("b", {}, "Worked out"));
  explained.append(answer, worked);
  // takes the focus when the buttons go, so that no key falls through to the notebook
  const part = element(
    "div",
    { role: "status", tabindex: -1, "data-lm-suppress-shortcuts": "true", class: "dlc-quiz-feedback" },
    verdict,
    explained,
  );
  let written = ""; // what the remarks were made from

  /** @param {import("./state.js").View} view */
  function draw(view) {
    verdict.hidden = !view.verdict;
    explained.hidden = !view.over;
    verdict.classList.toggle("dlc-quiz-right", view.right);
    const now = JSON.stringify([view.verdict, view.over]);
    if (now === written) return; // a screen reader reads what is written anew
    written = now;
    tell(head, headline(view));
    remarks.replaceChildren(...remarksOf(view).map((remark) => paragraph(view.question, remark)));
    answer.replaceChildren(view.over ? rich(answerLine(view)) : "");
    worked.replaceChildren(view.over ? rich(view.question.worked) : "");
  }

  return { part, draw };
}

/** What is worth saying: that something is missing is no news where the form shows it. */
function remarksOf({ verdict, over }) {
  return (verdict?.remarks ?? []).filter(({ about }, place) => !over || about !== null || place === 0);
}

/** A remark, after the words of what it is about, where there may be doubt. */
function paragraph({ kind, options, items }, { says, about }) {
  const whose = {
    several: () => [element("em", {}, rich(options[about].text)), ": "],
    lines: () => [element("code", {}, items[about].code.trim()), ": "],
  }[kind];
  return element("p", {}, ...(about !== null && whose ? whose() : []), rich(says));
}
