/** Where "paste" takes from: the place that pointer and arrow keys mark, and the picture, from a file or the same. */
import { ARROWS } from "../shared/js/keys.js";
import { pointOn } from "../shared/js/page.js";
import { fittedPicture } from "../shared/js/picture_form.js";
import { fromFile } from "../shared/js/picture_sources.js";
import { placeAt, sourceAt } from "./state.js";

const FAR = 8; // pixels of the picture, with Shift

/**
 * @param {{size: () => number[], longest: number, source: () => number[], change: (traits: Object) => void,
 *   complain: (text: string) => void}} parts  `size`: of the network's pictures; `longest`: what a file is made smaller
 *   to; `source`: the place now; `change`: writes traits
 */
export function pasteSource({ size, longest, source, change, complain }) {
  function point(event) {
    if (event.type === "pointermove" && !event.buttons) return;
    change(sourceAt(size(), placeAt(size(), pointOn(event))));
  }

  function move(event) {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    const step = event.shiftKey ? FAR : 1;
    change(
      sourceAt(
        size(),
        source().map((value, axis) => value + way[axis] * step),
      ),
    );
  }

  async function file(chosen) {
    try {
      change({ other: fittedPicture(await fromFile(chosen, longest), size()) });
      complain("");
    } catch (error) {
      complain(error.message);
    }
  }

  return { listeners: { onpointerdown: point, onpointermove: point, onkeydown: move }, file };
}
