/**
 * The life of a widget's view: it draws when a trait, the width or the page's theme changes, at most once a frame, says
 * in words what is seen, complains in a sentence, and is over when the page takes it away.
 *
 * After each drawing the root fires "dlcourse:drawn", `root.shown` holds the numbers on the screen, and
 * `root.dataset.theme` says whether they were drawn for a light or a dark page; for tests and for the curious.
 */
import { code } from "./code_box.js";
import { oncePerFrame } from "./frames.js";
import { write } from "./model.js";
import { element, tell } from "./page.js";
import { onThemeChange, themeOf } from "./palette.js";
import { teller } from "./words.js";

const PATIENCE = 120; // frames to wait for a page that is being laid out

/**
 * @typedef {object} Stage
 * @property {HTMLElement & {shown?: any}} root  empty at first
 * @property {HTMLElement} buttons  for its first row: "Show as Keras" and the way back
 * @property {HTMLElement} line  of words, to be put among the parts; else it comes after them
 * @property {import("./palette.js").Theme | null} theme  of the page; known from the first drawing on
 * @property {number} width  for the parts, in CSS pixels
 * @property {() => void} ask  draws anew, soon
 * @property {(text: string, also?: () => void) => void} say  tells in words what is seen; `also` is done then, too
 * @property {(text: string) => void} complain  in a sentence; "" when all is well again
 * @property {() => void} reset  goes back to how the widget began
 * @property {(...parts: (Node | string)[]) => () => void} finish  puts the parts on the page and begins to draw; what
 *   it returns ends the view
 * @property {() => void} end
 *
 * @param {import("./model.js").View & {name: string, label: string, traits: string[], draw: () => any,
 *   toKeras?: () => string, back?: string, onReset?: () => void, onEnd?: () => void}} view
 *   `name`: of the widget's files, and of its class on the page; `label`: what a screen reader calls it;
 *   `traits`: what it shows; `draw`: draws all, and returns the numbers that are then on the screen;
 *   `toKeras`: its state as code, if there is such; `back`: what the button says that goes back to the start, if not
 *   "Reset"; `onReset`: what this view alone forgets then; `onEnd`: what it lets go when it is over
 * @returns {Stage}
 */
export function stage({ model, el, name, label, traits, draw, toKeras, back = "Reset", onReset, onEnd }) {
  const sentence = element("p", { class: "dlc-told", "aria-live": "polite" });
  const trouble = element("p", { class: "dlc-trouble", role: "alert", hidden: true });
  const resetButton = element("button", { type: "button", class: "dlc-reset", onclick: reset }, back);
  const keras = toKeras && code("Show as Keras", toKeras, ask);
  const buttons = element("span", { class: "dlc-row" }, ...(keras ? [keras.button] : []), resetButton);
  const root = element("div", { class: `dlc dlc-${name}`, role: "group", "aria-label": label });
  const frames = oncePerFrame(drawAll);
  const voice = teller(sentence);
  /** @type {Stage} */
  const scene = { root, buttons, line: sentence, theme: null, width: 0, ask, say, complain, reset, finish, end };

  let patience = PATIENCE;

  function drawAll() {
    if (!root.clientWidth) {
      // not on the page yet, or folded away: the ResizeObserver calls again, but not where the page is laid out anew
      // for a moment only, as for a new theme, and the width is the same after it
      if (patience-- > 0) requestAnimationFrame(ask);
      return;
    }
    patience = PATIENCE;
    scene.theme ??= themeOf(root);
    scene.width = root.clientWidth - 8;
    root.shown = draw();
    root.dataset.theme = scene.theme.dark ? "dark" : "light";
    keras?.draw();
    root.dispatchEvent(new CustomEvent("dlcourse:drawn"));
  }

  function ask() {
    frames.ask();
  }

  function say(text, also = () => {}) {
    voice.say(text, also);
  }

  function complain(text) {
    tell(trouble, text);
    trouble.hidden = !text;
  }

  function reset() {
    complain("");
    onReset?.();
    write(model, model.get("_start"));
    ask();
  }

  function lookAnew() {
    scene.theme = null;
    ask();
  }

  const sizer = new ResizeObserver(lookAnew); // a page that is laid out anew may have another theme, too
  const arrival = new IntersectionObserver(lookAnew); // and so may one whose part was out of sight as it changed

  function finish(...parts) {
    root.append(...parts);
    root.append(...(root.contains(sentence) ? [] : [sentence]), trouble, ...(keras ? [keras.box] : []));
    el.append(root);
    for (const trait of traits) model.on(`change:${trait}`, ask);
    onThemeChange(root, lookAnew);
    sizer.observe(root);
    arrival.observe(root);
    ask();
    return end;
  }

  function end() {
    for (const trait of traits) model.off(`change:${trait}`, ask);
    sizer.disconnect();
    arrival.disconnect();
    frames.end();
    voice.end();
    onEnd?.();
  }

  return scene;
}
