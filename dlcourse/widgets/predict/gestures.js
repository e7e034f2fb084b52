/** What hands do on a sketch: draw with the pointer, choose and move by keys. */
import { pointOn } from "../shared/js/page.js";
import { pressed } from "./state.js";
import { stroked } from "./strokes.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{look: () => import("./state.js").View, layout: () => import("./layout.js").Plot | null,
 *   change: (changes: object) => void, choose: (cursor: number) => void}} view
 *   `layout`: of what is on the screen; `choose`: the knot or bar that keys move
 */
export function gestures(canvas, { look, layout, change, choose }) {
  let isDown = false;
  let stroke = null;

  function draw(event) {
    const [view, plot] = [look(), layout()];
    if (!isDown || view.isLocked || !plot) return;
    const made = stroked(view, plot, stroke, pointOn(event));
    stroke = made.stroke;
    choose(made.nearest);
    change(made.changes);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    [isDown, stroke] = [true, null];
    draw(event);
  });
  canvas.addEventListener("pointermove", draw);
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      isDown = false;
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
