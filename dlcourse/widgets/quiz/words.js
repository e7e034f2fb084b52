/** What the widget says. */
import { used } from "./judging.js";

export const FORM_LABELS = {
  one: "Options, one of which is right",
  several: "Options, several of which may be right",
  number: "Your answer, a number",
  gap: "What belongs into the gap",
  lines: "Lines of code in your order",
};

/** What stands between the lines in use and those set aside. */
export function markText(over) {
  return over ? "not needed:" : "not needed: drag what does not belong below this";
}

const TO_DO = {
  one: "Choose one, then press “Check”.",
  several: "Choose all that are right, then press “Check”.",
  number: "Type a number, then press “Check”.",
  gap: "Fill the gap, then press “Check”.",
  lines: "Drag the lines, or focus one and press Alt with an arrow key; then press “Check”.",
};

/** How things stand. @param {import("./state.js").View} view */
export function standing({ question, answer, over, tries, pending }) {
  if (over) return "Answered, and kept on this computer.";
  const again = tries.length ? "You have a second try. " : "";
  const { kind, options, items } = question;
  if (kind === "several" && answer.length) return `${again}${answer.length} of ${options.length} chosen.`;
  if (kind === "one" && answer.length && pending) return `${again}Option ${answer[0] + 1} is chosen.`;
  if (kind === "lines" && again) return `${again}${used(question, answer).length} of ${items.length} lines in use.`;
  return again || TO_DO[kind];
}

/** The head of what is said of an answer. @param {import("./state.js").View} view */
export function headline({ question, verdict, right, over, tries, shown }) {
  if (!verdict) return "";
  if (right) return tries.length === 1 ? "Right." : "Right, at the second try.";
  if (shown) return "What you tried:";
  if (question.kind === "several") return "Not quite.";
  return over ? "Not that either." : "Not yet.";
}

/** What stands behind an option at the end. */
export function optionNote({ right }, isChosen) {
  if (right) return "✓ right";
  return isChosen ? "chosen" : "";
}

/** What the answer would have been, and where it is to be seen. @param {import("./state.js").View} view */
export function answerLine({ question, right }) {
  if (right) return "";
  const { kind, solution, unit, options } = question;
  const one = options?.filter((option) => option.right).length === 1;
  return {
    one: "The right one is marked.",
    several: one ? "The right one is marked." : "The right ones are marked.",
    number: `The answer is ${solution} ${unit ?? ""}`.trim().concat("."),
    gap: `In the gap: \`${solution}\``,
    lines: "The lines stand in their right order now.",
  }[kind];
}
