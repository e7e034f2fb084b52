/** What a pointer and keys do on the picture: they paint, or draw where a picture is being drawn. */
import { ARROWS } from "../shared/js/keys.js";
import { pointOn } from "../shared/js/page.js";
import { pixelAt } from "../shared/js/picture_form.js";
import { brushMoved, brushWidened, placeAt } from "./state.js";

const DRAWN = 20; // the longer side of a drawing over the radius of its brush

/**
 * @param {{look: () => import("./state.js").View, easel: ReturnType<typeof import("./easel.js").easel>,
 *   own: ReturnType<typeof import("../shared/js/own_picture.js").ownPicture>, change: (traits: Object) => void,
 *   ask: () => void}} parts  `change`: writes traits; `ask`: draws anew
 */
export function brush({ look, easel, own, change, ask }) {
  let pointed = null; // where the brush is, row and column
  let isHeld = false;

  function isIdle({ live, drawing, alone, inBrowser }) {
    return drawing || live || (alone && !inBrowser);
  }

  function draw([row, column], size) {
    const raw = own.image();
    const place = pixelAt(raw, size, [(row + 0.5) / size[0], (column + 0.5) / size[1]]);
    own.paint(place, Math.max(raw.shape[0], raw.shape[1]) / DRAWN);
  }

  function under(event) {
    return placeAt(look().described.size, pointOn(event));
  }

  function press(event) {
    const view = look();
    pointed = under(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    if (view.drawing) draw(pointed, view.described.size);
    else if (isIdle(view)) return;
    else easel.begin(view, pointed);
    isHeld = true;
    ask();
  }

  function move(event) {
    const view = look();
    pointed = under(event);
    if (isHeld && view.drawing) draw(pointed, view.described.size);
    else if (isHeld) easel.lead(view, pointed);
    ask();
  }

  function release() {
    if (isHeld && own.isDrawing()) own.keepDrawing();
    isHeld = false;
    easel.end();
    ask();
  }

  function leave() {
    if (isHeld) return;
    pointed = null;
    ask();
  }

  function dab(view) {
    pointed ??= brushMoved(null, [0, 0], view.described.size, false);
    if (view.drawing) {
      draw(pointed, view.described.size);
      own.keepDrawing();
    } else if (!isIdle(view)) {
      easel.begin(view, pointed);
      easel.end();
    }
  }

  function key(event) {
    const view = look();
    const way = ARROWS[event.key];
    if (way) pointed = brushMoved(pointed, way, view.described.size, event.shiftKey);
    else if (event.key === " ") dab(view);
    else if (event.key === "[" || event.key === "]") change(brushWidened(view, event.key === "]" ? 1 : -1));
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) easel.undo();
    else return;
    event.preventDefault();
    ask();
  }

  return {
    listeners: {
      onpointerdown: press,
      onpointermove: move,
      onpointerup: release,
      onpointercancel: release,
      onpointerleave: leave,
      onkeydown: key,
    },
    pointed: () => pointed,
  };
}
