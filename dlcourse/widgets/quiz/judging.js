/**
 * How an answer is judged, as `dlcourse/questions/kinds.py` does it; a test holds the two against each other.
 *
 * @typedef {object} Question  what Python sends; besides these, by kind: options; answer, tolerance, unit, mistakes,
 *   otherwise; code, answers; items, mark, needed
 * @property {"one" | "several" | "number" | "gap" | "lines"} kind
 * @property {string} ask
 * @property {string} worked
 * @property {string} hint
 *
 * @typedef {{says: string, about: number | null}} Remark  `about`: the option or line that it is about
 * @typedef {{right: boolean, remarks: Remark[]}} Verdict
 */

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const THOUSANDS = /^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/; // 1,600 is no decimal comma

/** Why an answer cannot be judged yet, in a sentence; "" where it can. @param {Question & any} question */
export function unusable(question, answer) {
  return {
    one: () => (answer.length ? "" : "Choose one."),
    several: () => (answer.length ? "" : "Choose at least one."),
    number: () => noNumber(question, answer),
    gap: () => (answer.trim() ? "" : "Type what belongs into the gap."),
    lines: () => (used(question, answer).length ? "" : "Leave at least one line above the mark."),
  }[question.kind]();
}

/** What is said of an answer that can be judged. @param {Question & any} question @returns {Verdict} */
export function judge(question, answer) {
  return { one: judgeChoice, several: judgeChoice, number: judgeNumber, gap: judgeGap, lines: judgeLines }[
    question.kind
  ](question, answer);
}

/** The number that somebody typed, with its unit or without; null if it is none. */
export function readNumber(text, ownUnit = "") {
  let bare = text.replace(/\s/g, "").replaceAll("−", "-");
  const unit = ownUnit.replace(/\s/g, "");
  let shrink = 1;
  if (unit && bare.endsWith(unit)) bare = bare.slice(0, -unit.length);
  else if (bare.endsWith("%")) [bare, shrink] = [bare.slice(0, -1), 100];
  bare = THOUSANDS.test(bare) ? bare.replaceAll(",", "") : bare.replaceAll(",", ".");
  const parts = bare.split("/");
  if (parts.length > 2 || !parts.every((part) => NUMBER.test(part))) return null;
  const [above, below = 1] = parts.map(Number);
  const value = above / below / shrink;
  return Number.isFinite(value) ? value : null;
}

/** The lines that are not set aside. */
export function used({ mark }, order) {
  return mark === null ? order : order.slice(0, order.indexOf(mark));
}

function noNumber({ unit }, answer) {
  if (!answer.trim()) return "Type a number.";
  if (readNumber(answer, unit) !== null) return "";
  return `“${answer.trim()}” is no number; type one, as 0.25 or 1e-3 or 1/4.`;
}

function judgeChoice({ kind, options }, answer) {
  const missing = options.filter(({ right }, number) => right && !answer.includes(number)).length;
  const wrong = answer.filter((number) => !options[number].right);
  const right = !missing && !wrong.length;
  const remarks = (right ? answer : wrong).map((number) => ({ says: options[number].says, about: number }));
  if (missing && kind === "several") {
    const still = missing === 1 ? "One that is right is" : `${missing} that are right are`;
    remarks.push({ says: `${still} not chosen yet.`, about: null });
  }
  return { right, remarks };
}

function judgeNumber({ answer: wanted, tolerance, unit, mistakes, otherwise }, answer) {
  const value = readNumber(answer, unit);
  const near = (target) => Math.abs(value - target) <= tolerance + 1e-9 * Math.max(1, Math.abs(target));
  if (near(wanted)) return { right: true, remarks: [] };
  return wrong(mistakes.find((mistake) => near(mistake.value))?.says ?? otherwise);
}

function judgeGap({ answers, mistakes, otherwise }, answer) {
  const given = squeezed(answer);
  if (answers.some((right) => squeezed(right) === given)) return { right: true, remarks: [] };
  return wrong(mistakes.find(({ value }) => squeezed(value) === given)?.says ?? otherwise);
}

/** Names the first thing only that is wrong: a line too many, one too few, one too early. */
function judgeLines(question, order) {
  const { items, needed } = question;
  const lines = used(question, order);
  const stranger = lines.find((number) => number >= needed);
  if (stranger !== undefined) return wrong(items[stranger].says, stranger);
  if (lines.length < needed) return wrong("A line that is needed is set aside.");
  const early = lines.find((number, place) => number !== place);
  return early === undefined ? { right: true, remarks: [] } : wrong(items[early].says, early);
}

function wrong(says, about = null) {
  return { right: false, remarks: [{ says, about }] };
}

/** Code without its blanks, and with one kind of quotation marks. */
function squeezed(code) {
  return code.replace(/\s/g, "").replaceAll("'", '"');
}
