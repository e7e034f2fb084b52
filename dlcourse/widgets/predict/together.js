/**
 * A question and its answer know of each other in the browser, so that the answer is uncovered at once: while the kernel
 * is busy, and in a page that has none.
 */
import { read, write } from "../shared/js/model.js";
import { TRAITS } from "./state.js";

const NEWS = "dlcourse:prediction"; // the state of a question
const WANTED = "dlcourse:prediction-wanted"; // who knows it?

/**
 * @param {import("../shared/js/model.js").Model} model  of a question, or of an answer
 * @param {string} question  its text
 * @param {boolean} knows  whether this is the question itself, which tells the others; else it asks
 * @returns {() => void} that ends it
 */
export function together(model, question, knows) {
  let asked = false;

  /** Tells all of the state, after all of it has changed. */
  function tell() {
    if (asked) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      document.dispatchEvent(new CustomEvent(NEWS, { detail: { question, state: read(model, TRAITS) } }));
    });
  }

  function hear(/** @type {CustomEvent} */ { detail }) {
    if (detail.question === question) write(model, detail.state);
  }

  function answer(/** @type {CustomEvent} */ { detail }) {
    if (detail.question === question) tell();
  }

  document.addEventListener(NEWS, hear);
  if (knows) document.addEventListener(WANTED, answer);
  for (const trait of TRAITS) model.on(`change:${trait}`, tell);
  if (knows) tell();
  else document.dispatchEvent(new CustomEvent(WANTED, { detail: { question } }));

  return () => {
    document.removeEventListener(NEWS, hear);
    document.removeEventListener(WANTED, answer);
    for (const trait of TRAITS) model.off(`change:${trait}`, tell);
  };
}
