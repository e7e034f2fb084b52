/** What hands do on a sketch: draw with the pointer, choose and move by keys. */
import { pointOn } from "../shared/js/page.js";
import { heightUnder, indexUnder } from "./layout.js";
import { pressed, sketched } from "./state.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{look: () => import("./state.js").View, layout: () => import("./layout.js").Plot | null,
 *   change: (changes: object) => void, choose: (cursor: number) => void}} view
 *   `layout`: of what is on the screen; `choose`: the knot or bar that keys move
 */
export function gestures(canvas, { look, layout, change, choose }) {
  let last = null; // the knot or bar under the pen before

  function draw(event) {
    const [view, plot] = [look(), layout()];
    if (last === null || view.isLocked || !plot) return;
    const { x, y } = pointOn(event);
    const index = indexUnder(view.form, plot, x);
    choose(index);
    change(sketched(view, last, index, heightUnder(view.form, plot, y)));
    last = index;
  }

  canvas.addEventListener("pointerdown", (event) => {
    const [view, plot] = [look(), layout()];
    if (view.isLocked || !plot) return;
    canvas.setPointerCapture(event.pointerId);
    last = indexUnder(view.form, plot, pointOn(event).x);
    draw(event);
  });
  canvas.addEventListener("pointermove", draw);
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      last = null;
    });
  }

  canvas.addEventListener("keydown", (event) => {
    const view = look();
    const made = view.isLocked ? null : pressed(view, event.key, event.shiftKey);
    if (!made) return;
    event.preventDefault();
    choose(made.cursor);
    change(made.changes);
  });
}
