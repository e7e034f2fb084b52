/**
 * The picture on which one paints: what is on it now, the stroke in the making, and the way back. Nothing here knows
 * the page.
 *
 * @typedef {import("../shared/js/pictures.js").Picture} Picture
 * @typedef {{number: number, bytes?: DataView}} Painted  as Python has it: without bytes the picture as it is
 */

import { remember } from "../shared/js/memory.js";
import { blurredContent, greyContent, leadTo, movedContent, offsetFrom, pixelsOf, strokeOn } from "./painting.js";

const MOST = 60; // steps back

/** @param {number} grey  what the brush leaves as grey */
export function easel(grey) {
  const blurFor = remember((image) => blurredContent(pixelsOf(image)));
  const greyFor = remember((image) => greyContent(pixelsOf(image), grey));
  let image = null;
  let trait = null; // as it was last seen or written
  let number = 0; // of what is on the easel; grows with every change
  let bytes = null; // null for the picture as it is
  let stroke = null;
  let earlier = []; // what there was before each stroke

  /**
   * Follows what the model has, if somebody else has changed it.
   *
   * @param {Picture} picture
   * @param {Painted} painted
   */
  function follow(picture, painted) {
    const begins = image === null;
    if (!begins && picture === image && painted === trait) return;
    const isSame = picture === image;
    image = picture;
    stroke = null;
    earlier = isSame && painted !== trait ? [...earlier, bytes] : isSame ? earlier : [];
    if (painted === trait) {
      // another picture, and nobody has said yet that nothing is painted on it
      [bytes, number] = [null, number + 1];
      return;
    }
    trait = painted;
    bytes = painted.bytes
      ? new Uint8Array(painted.bytes.buffer, painted.bytes.byteOffset, painted.bytes.byteLength)
      : null;
    number = begins || painted.number > number ? painted.number : number + 1;
  }

  /** What the brush puts on the picture. */
  function contentFor({ baseline, other, source }, place) {
    if (baseline === "grey") return greyFor(image);
    if (baseline === "blur") return blurFor(image);
    return movedContent(pixelsOf(other ?? image), offsetFrom(source, place));
  }

  /**
   * @param {{baseline: string, other: Picture | null, source: [number, number], brush: number}} tool
   * @param {[number, number]} place  row and column
   */
  function begin(tool, place) {
    earlier = [...earlier.slice(1 - MOST), bytes];
    const { height, width, channels, bytes: original } = pixelsOf(image);
    stroke = strokeOn({ height, width, channels, bytes: bytes ?? original }, contentFor(tool, place));
    lead(tool, place);
  }

  function lead({ brush }, place) {
    if (!stroke) return;
    leadTo(stroke, place, brush / 2);
    bytes = stroke.bytes;
    number += 1;
  }

  function end() {
    stroke = null;
  }

  function undo() {
    if (!earlier.length) return;
    [bytes, stroke] = [earlier.pop(), null];
    number += 1;
  }

  /** Takes all paint away. */
  function clear() {
    if (bytes) earlier.push(bytes);
    [bytes, stroke] = [null, null];
    number += 1;
  }

  /** The picture as it is, and no way back. */
  function restart() {
    clear();
    earlier = [];
  }

  /** What is on the easel, for Python. @returns {Painted} */
  function kept() {
    trait = bytes ? { number, bytes: new DataView(bytes.slice().buffer) } : { number };
    return trait;
  }

  return {
    ...{ follow, begin, lead, end, undo, clear, restart, kept },
    /** @returns {{number: number, bytes: Uint8Array | null, painting: boolean, steps: number, kept: boolean}} */
    now: () => ({ number, bytes, painting: Boolean(stroke), steps: earlier.length, kept: trait?.number === number }),
  };
}
