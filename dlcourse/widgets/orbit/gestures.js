/** What a pointer does: it turns the picture, and points at a place of the curves. */
import { pointOn } from "../shared/js/page.js";
import { dragged, placeChosen } from "./state.js";

/**
 * @param {() => import("./state.js").View} look
 * @param {(changes: Record<string, any>) => void} change  writes traits
 * @returns {Record<string, (event: PointerEvent) => void>} listeners of the picture
 */
export function pictureGestures(look, change) {
  let last = null; // where the hand was, in shares of the picture
  let exact = 0; // how much it has changed the picture, before rounding

  function pressed(event) {
    event.currentTarget.setPointerCapture(event.pointerId);
    const { across, down } = pointOn(event);
    last = [across, down];
    exact = look().value;
  }

  function moved(event) {
    if (!last) return;
    const view = look();
    const { across, down } = pointOn(event);
    exact = dragged({ ...view, value: exact }, last, [across, down]);
    last = [across, down];
    change(placeChosen(view, exact));
  }

  function released() {
    last = null;
  }

  return { onpointerdown: pressed, onpointermove: moved, onpointerup: released, onpointercancel: released };
}

/**
 * @param {() => import("./state.js").View} look
 * @param {(x: number) => number} valueAt  the value under a point of the canvas
 * @param {(changes: Record<string, any>) => void} change
 */
export function curveGestures(look, valueAt, change) {
  let isHeld = false;

  function point(event) {
    change(placeChosen(look(), valueAt(pointOn(event).x)));
  }

  return {
    onpointerdown(event) {
      event.currentTarget.setPointerCapture(event.pointerId);
      isHeld = true;
      point(event);
    },
    onpointermove(event) {
      if (isHeld) point(event);
    },
    onpointerup() {
      isHeld = false;
    },
    onpointercancel() {
      isHeld = false;
    },
  };
}
