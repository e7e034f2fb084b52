/** What hands do on the two pictures: point, click, move the window by arrow keys, and draw where somebody draws. */
import { ARROWS } from "../shared/js/keys.js";
import { pointOn } from "../shared/js/page.js";
import { elementUnder, windowUnder } from "./layout.js";
import { middleOf, moved } from "./state.js";

/**
 * @param {{picture: HTMLCanvasElement, output: HTMLCanvasElement}} canvases
 * @param {{look: () => import("./state.js").View, layout: () => import("./layout.js").Layout | null,
 *   choose: (position: [number, number]) => void, ask: () => void,
 *   brush: {isDrawing: () => boolean, paint: (pixel: [number, number]) => void, keepDrawing: () => void}}} view
 *   `layout`: of what is on the screen, null before the first drawing; `choose`: lays the window there; `ask`: draws
 *   anew
 * @returns {{pointed: () => [number, number] | null}} the output element under the pointer
 */
export function gestures({ picture, output }, { look, layout, choose, ask, brush }) {
  let pointed = null;
  let painting = false;

  function move(event, canvas) {
    const [view, screen] = [look(), layout()];
    if (!view.answer || !screen) return;
    const { x, y } = pointOn(event);
    const under = canvas === output ? elementUnder : windowUnder;
    pointed = under(view, screen, [x, y]);
    if (painting && canvas === picture) brush.paint(middleOf(view, pointed));
    ask();
  }

  function down(event, canvas) {
    canvas.setPointerCapture(event.pointerId);
    painting = brush.isDrawing() && canvas === picture;
    move(event, canvas);
    if (!painting && pointed) choose(pointed);
  }

  function up(event) {
    if (painting) brush.keepDrawing();
    else if (pointed && event.type === "pointerup") choose(pointed);
    painting = false;
    if (event.pointerType !== "mouse") leave();
  }

  function leave() {
    pointed = null;
    ask();
  }

  function key(event) {
    const arrow = ARROWS[event.key];
    const dot = brush.isDrawing() && event.key === " ";
    if (!arrow && !dot) return;
    event.preventDefault();
    const view = look();
    if (!view.answer) return;
    if (dot) {
      brush.paint(middleOf(view, view.answer.position));
      brush.keepDrawing();
    } else {
      pointed = null;
      choose(moved(view, arrow, event.shiftKey));
      ask();
    }
  }

  for (const canvas of [picture, output]) {
    canvas.addEventListener("pointermove", (event) => move(event, canvas));
    canvas.addEventListener("pointerdown", (event) => down(event, canvas));
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("pointerleave", leave);
  }
  picture.addEventListener("keydown", key);

  return { pointed: () => pointed };
}
