/**
 * What pointer and keys do in the network and in the plane.
 *
 * @typedef {{viewNow: () => import("./state.js").View, layout: () => import("./layout.js").Layout,
 *   carryOut: (change: import("./state.js").Change) => void}} Room
 *   `viewNow`: the view as it is by now; `layout`: of what is on the screen
 */
import { pointOn } from "../shared/js/page.js";
import { partAt } from "./layout.js";
import { samePart } from "./parts.js";
import { placeAt } from "./planes.js";
import { brushed, lifted, moved, walked } from "./state.js";

/** Pointing looks at a part, a click or the keys choose it. @param {Room & {edit: () => void}} room */
export function networkGestures({ viewNow, layout, carryOut, edit }) {
  const partUnder = (event) => {
    const { x, y } = pointOn(event);
    return partAt(layout().network, x, y);
  };
  return {
    onpointermove(event) {
      const pointed = partUnder(event);
      if (!samePart(pointed, viewNow().local.pointed)) carryOut({ local: { pointed } });
    },
    onpointerleave: () => carryOut({ local: { pointed: null } }),
    onclick(event) {
      carryOut({ local: { chosen: partUnder(event) }, complaint: "" });
      edit();
    },
    onblur: () => carryOut({ local: { walking: false } }),
    onkeydown(event) {
      const isEdit = event.key === "Enter" && viewNow().local.chosen;
      const change = isEdit ? {} : walked(viewNow(), event.key);
      if (!change) return;
      event.preventDefault();
      carryOut(change);
      if (isEdit) edit();
    },
  };
}

/**
 * The mark follows pointer and keys; a brush paints under it.
 *
 * @param {Room & {most: number, standard: import("./planes.js").Frame}} room
 *   `most`: points that there may be; `standard`: the frame of the data sets
 */
export function planeGestures({ viewNow, layout, carryOut, most, standard }) {
  const paint = (trail) => carryOut(brushed(viewNow(), { side: layout().side, most, trail }));
  const lift = () => carryOut(lifted(viewNow(), standard));
  const leave = () => carryOut({ local: { place: null } });
  const follow = (event) => {
    const { across, down } = pointOn(event);
    carryOut({ local: { place: placeAt([across, down], viewNow().frame) } });
  };
  return {
    onpointerdown(event) {
      follow(event);
      if (viewNow().local.brush === "look" || event.button) return;
      carryOut({ complaint: "" });
      event.currentTarget.setPointerCapture(event.pointerId);
      paint(false);
    },
    onpointermove(event) {
      follow(event);
      if (viewNow().local.painted && event.buttons) paint(true);
    },
    onpointerup: lift,
    onpointercancel: lift,
    onpointerleave: leave,
    onblur: leave,
    onkeydown(event) {
      const { place, brush } = viewNow().local;
      if (event.key === " " && place && brush !== "look") {
        event.preventDefault();
        paint(false);
        lift();
        return;
      }
      const change = moved(viewNow(), event.key, event.shiftKey);
      if (!change) return;
      event.preventDefault();
      carryOut(change);
    },
  };
}
