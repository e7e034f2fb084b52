/**
 * How large the drawing of a making is, in CSS pixels, and how many columns fit into it. Nothing here knows the page.
 */

export const EDGE = 2; // free to the left, for frames
export const SIGN = 16; // a sign between two columns
export const OTHERS = 66; // the words on those that found no room
export const RESULT = 150; // the map itself, at the end
export const THUMB = 80; // a small map is at most as wide
export const TALL = 56; // and as tall
export const KERNEL = 42; // a kernel fits into a square
export const BARS = 8; // how many units are told by themselves
export const BAR = 19; // the height of each
const [SUM_TAIL, OTHER_TAIL] = [118, 156]; // the words before the result: of a sum, of anything else
const NARROWEST = 440; // it is not made narrower; its frame scrolls then
const HEIGHTS = { conv: 210, dense: (BARS + 1) * BAR + 8 };

/**
 * @param {string | undefined} kind  of the node that is made; of the picture itself there is none
 * @param {number} across  the widget's width
 * @returns {{width: number, height: number}}
 */
export function makingSize(kind, across) {
  return { width: Math.max(across, NARROWEST), height: HEIGHTS[kind] ?? 128 };
}

/** How wide the words before the result may be. */
export function tailWidth({ kind }) {
  return kind === "conv" || kind === "dense" ? SUM_TAIL : OTHER_TAIL;
}

/**
 * @param {{kind: string}} node  what is made
 * @param {{width: number, height: number}} before  the size of the maps that it is made of
 * @param {number} width  of the whole drawing
 * @returns {{column: number, most: number}} the width of a column, and for how many of them there is room
 */
export function columnsFor(node, before, width) {
  const column = Math.max(fitted(before, THUMB, TALL)[0], KERNEL + 16) + 10;
  const room = width - EDGE - OTHERS - tailWidth(node) - RESULT;
  return { column, most: Math.max(1, Math.floor(room / (column + SIGN))) };
}

/** The size of a picture that fills a box as far as its proportions allow. @returns {[number, number]} */
export function fitted({ width, height }, widest, tallest) {
  const scale = Math.min(widest / width, tallest / height);
  return [Math.max(4, width * scale), Math.max(4, height * scale)];
}
