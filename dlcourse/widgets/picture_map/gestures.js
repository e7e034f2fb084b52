/** What a pointer and the wheel do: they move the map, scale it, and pick a picture. */
import { pointOn } from "../shared/js/page.js";
import { moved, zoomed } from "./state.js";

const STILL = 4; // pixels within which a press is no pull
const PER_NOTCH = 0.0016; // of the wheel

/**
 * @param {{camera: () => import("./state.js").Camera, layout: () => import("./layout.js").Layout,
 *   look: (camera: import("./state.js").Camera) => void, pick: (x: number, y: number) => void,
 *   over: (x: number, y: number) => void}} map
 * @returns {Record<string, (event: any) => void>} listeners of the canvas
 */
export function mapGestures({ camera, layout, look, pick, over }) {
  let pressed = null; // where, and with which camera

  function wheel(event) {
    const canvas = event.currentTarget;
    if (!event.ctrlKey && canvas !== canvas.getRootNode().activeElement) return; // the page is scrolled
    event.preventDefault();
    const { width, height, unit } = layout();
    const { x, y } = pointOn(event);
    const fixed = { x: (x - width / 2) / unit, y: (y - height / 2) / unit };
    look(zoomed(camera(), Math.exp(-event.deltaY * PER_NOTCH), fixed));
  }

  return {
    onpointerdown(event) {
      event.currentTarget.setPointerCapture(event.pointerId);
      pressed = { ...pointOn(event), camera: camera(), pulled: false };
    },
    onpointermove(event) {
      const { x, y } = pointOn(event);
      if (!pressed) return over(x, y);
      const [across, down] = [x - pressed.x, y - pressed.y];
      pressed.pulled ||= Math.hypot(across, down) > STILL;
      if (pressed.pulled) look(moved(pressed.camera, -across / layout().unit, -down / layout().unit));
    },
    onpointerup(event) {
      const { x, y } = pointOn(event);
      if (pressed && !pressed.pulled) pick(x, y);
      pressed = null;
    },
    onpointercancel() {
      pressed = null;
    },
    onwheel: wheel,
  };
}
