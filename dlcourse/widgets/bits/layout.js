/**
 * Where things are on the page, in CSS pixels.
 *
 * @typedef {object} Layout
 * @property {boolean} wide  whether there are two columns
 * @property {{width: number, height: number}} histogram
 * @property {{width: number, height: number}} tries
 * @property {{width: number, height: number, perRow: number, shown: number}} tiles  `shown`: how many there are
 */

import { clamp } from "../shared/js/bounds.js";

const WIDE = 700; // from here on there are two columns
const [LEFT, LARGEST_LEFT, BETWEEN] = [0.44, 430, 26]; // the left one's share and the most it takes; the gap
const HISTOGRAM = 186; // its height
const [LEAST, MOST] = [168, 300]; // the height of the tries, which end where the examples do
const [ROW, MOST_ROWS, TITLES] = [32, 8, 40]; // of the table; what stands around the histogram
export const TILE = { width: 58, height: 69, picture: 44 };
const [ROWS, NARROW_ROWS] = [3, 4]; // of tiles

/**
 * @param {{changed: any[], rows: any[]}} view
 * @param {number} width  of the widget
 * @returns {Layout}
 */
export function layoutOf({ changed, rows }, width) {
  const wide = width >= WIDE;
  const left = wide ? Math.min(LARGEST_LEFT, Math.floor(width * LEFT)) : width;
  const right = wide ? width - left - BETWEEN : width;
  const perRow = Math.max(1, Math.floor(right / TILE.width));
  const tileRows = wide ? ROWS : NARROW_ROWS;
  const table = ROW * Math.min(rows.length + 1, MOST_ROWS);
  const beside = HISTOGRAM + TITLES + tileRows * TILE.height;
  return {
    wide,
    histogram: { width: right, height: HISTOGRAM },
    tries: { width: left, height: wide ? clamp(beside - table, LEAST, MOST) : LEAST },
    tiles: { width: right, height: tileRows * TILE.height, perRow, shown: Math.min(changed.length, perRow * tileRows) },
  };
}

/** Where a tile stands. @param {Layout["tiles"]} tiles */
export function tileAt({ perRow }, place) {
  return { x: (place % perRow) * TILE.width, y: Math.floor(place / perRow) * TILE.height };
}

/** From a size in bytes to a place on a logarithmic axis, whose end are the floats. */
export function sizeScale(floatBytes, width) {
  const [low, high] = [Math.log(floatBytes / 40), Math.log(floatBytes * 1.04)];
  return (bytes) => ((Math.max(Math.log(bytes), low) - low) / (high - low)) * width;
}
