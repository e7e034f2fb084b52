/**
 * What there is to see of a question, and what a button makes of it. Nothing here knows the page.
 *
 * @typedef {import("./judging.js").Question & any} Question
 * @typedef {import("./judging.js").Verdict} Verdict
 *
 * @typedef {object} Traits
 * @property {Question} _question
 * @property {any} answer  as it stands now: numbers of options or lines, or a text
 * @property {any[]} tries  the answers that were checked
 * @property {boolean} shown  whether "Show me" was pressed
 *
 * @typedef {object} View  what one frame shows
 * @property {Question} question
 * @property {any} answer
 * @property {any[]} tries
 * @property {boolean} shown  whether "Show me" was pressed
 * @property {boolean} over  there is nothing more to try: it is right, or was tried often enough, or shown
 * @property {boolean} right  of the last try
 * @property {Verdict | null} verdict  on the last try, if there was one
 * @property {boolean} pending  whether the answer is one that has not been tried yet
 * @property {number[]} tried  options that a single choice need not try again
 * @property {string[]} says  at the end, what is said of each option that the verdict does not speak of
 */
import { judge, unusable } from "./judging.js";

export const TRAITS = ["_question", "answer", "tries", "shown"];

/**
 * @param {Traits} traits
 * @param {number} most  how often one may try
 * @returns {View}
 */
export function viewOf({ _question: question, answer, tries, shown }, most) {
  const verdict = tries.length ? judge(question, tries.at(-1)) : null;
  const right = verdict?.right ?? false;
  const over = shown || right || tries.length >= most;
  return {
    question,
    answer,
    tries,
    shown,
    over,
    right,
    verdict,
    pending: !over && !tries.some((tried) => same(tried, answer)),
    tried: question.kind === "one" && !over ? tries.flat() : [],
    says: over ? saidOfOthers(question, verdict) : [],
  };
}

/** What is said at the end of the options that the verdict does not speak of. */
function saidOfOthers({ options = [] }, verdict) {
  const spokenOf = (verdict?.remarks ?? []).map(({ about }) => about);
  return options.map(({ says }, number) => (spokenOf.includes(number) ? "" : says));
}

/** Why an answer is not to be checked, in a sentence; "" where it is. @param {View} view */
export function refusal({ question, answer, pending }) {
  const why = unusable(question, answer);
  if (why) return why;
  return pending ? "" : "That is what you have tried already: change something, or press “Show me”.";
}

/** What "Check" writes. @param {View} view */
export function checked({ answer, tries }) {
  return { tries: [...tries, answer] };
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
