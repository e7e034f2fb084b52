/**
 * Where things are on the page, in CSS pixels.
 *
 * @typedef {{name: string, left: number, top: number, title: number}} Map  of one gate or state: its first unit at its
 *   first step, and the lower end of its name; what is read stands between the two in the first of a column
 * @typedef {object} Maps
 * @property {number} width
 * @property {number} height
 * @property {number} across  a map's width
 * @property {number} tall  a map's height
 * @property {number} cell  a step's width
 * @property {number} row  a unit's height
 * @property {number} header  the height of the row with what is read
 * @property {number} columns  in which maps stand
 * @property {number} steps
 * @property {number} units
 * @property {Map[]} maps
 *
 * @typedef {{width: number, height: number, left: number, top: number, across: number, tall: number}} Chart
 */
import { clamp } from "../shared/js/bounds.js";

const WIDE = 700; // from here on there are two columns
const [GAP, TITLE, BETWEEN] = [26, 19, 9]; // between columns, for a map's name, below a map
const [ROW, LEAST, MOST] = [11, 56, 128]; // a unit's height; a map's height, at least and at most
const [HEADER, WORDS] = [17, 62]; // for characters, for words that stand upright
const CHART = { left: 48, right: 10, top: 8, bottom: 32, height: 190, most: 470 };

/** @returns {boolean} whether there are two columns */
export function isWide(width) {
  return width >= WIDE;
}

/**
 * Where the map of each gate and state lies: gates on the left, states on the right, or all below each other.
 *
 * @param {{cell: import("./cells.js").Cell, steps: number, vocabulary: {words: boolean} | null}} view
 * @param {number} width
 * @returns {Maps}
 */
export function mapsOf({ cell: { units, rows }, steps, vocabulary }, width) {
  const columns = isWide(width) && rows.length > 1 ? 2 : 1;
  const across = Math.floor((width - GAP * (columns - 1)) / columns);
  const tall = clamp(units * ROW, LEAST, MOST);
  const perColumn = Math.ceil(rows.length / columns);
  const header = !vocabulary ? 0 : vocabulary.words ? WORDS : HEADER;
  const maps = rows.map((name, index) => ({
    name,
    left: Math.floor(index / perColumn) * (across + GAP),
    top: TITLE + header + (index % perColumn) * (TITLE + tall + BETWEEN),
    title: TITLE + (index % perColumn ? header : 0) + (index % perColumn) * (TITLE + tall + BETWEEN) - 3,
  }));
  const height = header + perColumn * (TITLE + tall + BETWEEN);
  return { width, height, across, tall, cell: across / steps, row: tall / units, header, columns, steps, units, maps };
}

/**
 * The gate or state, the step and the unit under a point; null beside the maps.
 *
 * @param {Maps} layout
 * @returns {{name: string, step: number, unit: number} | null}
 */
export function placeAt({ maps, across, tall, cell, row, steps, units }, x, y) {
  const map = maps.find(({ left, top }) => x >= left && x < left + across && y >= top && y < top + tall);
  if (!map) return null;
  return {
    name: map.name,
    step: clamp(Math.floor((x - map.left) / cell), 0, steps - 1),
    unit: clamp(Math.floor((y - map.top) / row), 0, units - 1),
  };
}

/** @param {number} width  of the widget @returns {Chart} */
export function chartOf(width) {
  const own = Math.min(CHART.most, isWide(width) ? Math.floor((width - GAP) / 2) : width);
  const { left, right, top, bottom, height } = CHART;
  return { width: own, height, left, top, across: own - left - right, tall: height - top - bottom };
}
