/** The brush on the picture, led by the pointer or by the keyboard. */
import { ARROWS } from "../shared/js/keys.js";
import { pointOn } from "../shared/js/page.js";
import { pixelAt } from "../shared/js/picture_form.js";
import { brushMoved, brushRadius, brushStart } from "./state.js";

/**
 * @param {ReturnType<typeof import("../shared/js/own_picture.js").ownPicture>} own
 * @param {() => import("./maps.js").Sizes} size  of the network's input, which is what one sees of the picture
 * @param {() => void} ask  draws anew
 * @returns {{listeners: Object<string, (event: any) => void>, place: () => import("./state.js").Place | null}}
 *   `listeners`: the picture's; `place`: where the keyboard's brush is, in the picture's pixels
 */
export function pictureBrush(own, size, ask) {
  let painting = false;
  let place = null;

  function dot(pixel) {
    own.paint(pixel, brushRadius(own.image()));
  }

  function paintAt(event) {
    const { across, down } = pointOn(event);
    dot(pixelAt(own.image(), size(), [down, across]));
  }

  function begin(event) {
    if (!own.isDrawing()) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    painting = true;
    place = null;
    paintAt(event);
  }

  function end() {
    if (painting) own.keepDrawing();
    painting = false;
  }

  function key(event) {
    const way = ARROWS[event.key];
    if (!own.isDrawing() || !(way || event.key === " ")) return;
    event.preventDefault();
    place ??= brushStart(own.image());
    if (way) place = brushMoved(place, way, own.image());
    else {
      dot(place);
      own.keepDrawing();
    }
    ask();
  }

  return {
    listeners: {
      onpointerdown: begin,
      onpointermove: (event) => painting && paintAt(event),
      onpointerup: end,
      onpointercancel: end,
      onkeydown: key,
    },
    place: () => place,
  };
}
