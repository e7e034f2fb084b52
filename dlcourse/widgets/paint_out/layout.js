/**
 * Where things lie, in CSS pixels, and what lies under a point. Nothing here knows the page.
 *
 * @typedef {{picture: {width: number, height: number}, source: {width: number, height: number}, beside: boolean,
 *   bars: {width: number, height: number, names: number, numbers: number}}} Layout
 */

const NARROW = 640; // below, picture and bars stand one above the other
const [PICTURE, SOURCE, BETWEEN] = [340, 130, 26]; // the longest side of the picture and of the one to paste from
export const ROW = 30; // the height of a bar's row
const WIDEST = 520;
const [NAMES, LETTER, NUMBERS] = [160, 8.5, 112]; // the widths of the names, at most, of a letter, of the numbers

/**
 * @param {{described: import("./state.js").Described, shown: number[]}} view
 * @param {number} across  the widget's width
 * @returns {Layout}
 */
export function layoutOf({ described: { size, classes }, shown }, across) {
  const beside = across >= NARROW;
  const room = Math.min(WIDEST, beside ? across - PICTURE - BETWEEN : across);
  const longest = Math.max(...shown.map((number) => classes[number].length), 0);
  const names = Math.min(NAMES, room * 0.32, LETTER * longest + 16);
  return {
    picture: scaled(size, Math.min(PICTURE, across)),
    source: scaled(size, SOURCE),
    beside,
    bars: { width: room, height: Math.max(1, shown.length) * ROW, names, numbers: NUMBERS },
  };
}

/** @param {number[]} size @param {number} longest */
function scaled([rows, columns], longest) {
  const scale = longest / Math.max(rows, columns);
  return { width: Math.round(columns * scale), height: Math.round(rows * scale) };
}

/** Which of the rows lies under a point; -1 for none. */
export function rowAt(count, y) {
  const row = Math.floor(y / ROW);
  return row >= 0 && row < count ? row : -1;
}
