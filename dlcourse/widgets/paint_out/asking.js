/**
 * When Python is asked, and for what: there is never more than one question open, and the next one is about the newest
 * picture. Nothing here knows the page.
 *
 * @typedef {{number: number, layer: string}} Question  `layer`: which attribution is wanted; "" for none
 * @typedef {{number: number, picture?: number, before?: number[], now?: number[], milliseconds?: number,
 *   failed?: string}} Answer
 *
 * @param {object} state
 * @param {Question} state.asked  the last question
 * @param {Answer} state.answer  the last answer
 * @param {boolean} state.inBrowser  whether the network runs in the browser
 * @param {{number: number, painting: boolean, kept: boolean}} state.easel
 * @param {string | null} state.wanted  an attribution that is to be computed
 * @param {boolean} state.alone  whether there is no kernel behind the page
 * @returns {Question | null} null for nothing to ask, or not yet
 */
export function nextQuestion({ asked, answer, inBrowser, easel, wanted, alone }) {
  if (alone || isOpen(asked, answer)) return null;
  const number = asked.number + 1;
  if (!inBrowser && answer.picture !== easel.number) return { number, layer: "" };
  if (easel.painting) return null;
  if (inBrowser && !easel.kept) return { number, layer: "" };
  return wanted && !(answer.failed && asked.layer === wanted) ? { number, layer: wanted } : null;
}

/** Whether Python owes an answer. */
export function isOpen(asked, answer) {
  return asked.number > answer.number;
}
