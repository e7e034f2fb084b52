/**
 * Where the picture and the maps lie, in CSS pixels, and what lies under a point. Nothing here knows the page.
 *
 * @typedef {{columns: number, wide: number, tall: number, stepX: number, stepY: number, height: number}} Tiling
 *   how many tiles stand side by side, how large one is, how far it is to the next, and how tall all are together
 * @typedef {{picture: {width: number, height: number}, tiles: Tiling, making: {width: number, height: number}}} Layout
 */
import { makingSize } from "./making_layout.js";

const NARROW = 620; // below, picture and maps stand one above the other
const [PICTURE, PICTURE_ABOVE, BETWEEN] = [210, 300, 24]; // the picture's width beside the maps, above them; the gap
const TALLEST = 290; // of all maps together
const [GAP, LABEL] = [8, 17]; // between tiles; below each
const [WIDEST, NARROWEST] = [236, 30]; // of a tile
const [CELL, SMALLEST_CELL] = [46, 15]; // of a unit without a place

/**
 * @param {import("./state.js").View} view
 * @param {number} across  the widget's width
 * @returns {Layout}
 */
export function layoutOf({ described, first, last, sizes, network, index }, across) {
  const [height, width] = sizes;
  const beside = across >= NARROW;
  const room = beside ? across - PICTURE - BETWEEN : across;
  return {
    picture: pictureSize(described.size, Math.min(beside ? PICTURE : PICTURE_ABOVE, across)),
    tiles: tiling({ count: last - first, height, width, room, tallest: TALLEST }),
    making: makingSize(network?.nodes[index].kind, across),
  };
}

/** @param {import("./maps.js").Sizes} size  of the input @param {number} limit  how wide the picture may be */
function pictureSize([rows, columns], limit) {
  const width = Math.min(limit, (PICTURE * columns) / rows);
  return { width, height: rows * (width / columns) };
}

/**
 * @param {{count: number, height: number, width: number, room: number, tallest: number}} tiles
 *   `height`, `width`: of a map; `room`: across; `tallest`: what all together should not exceed
 * @returns {Tiling}
 */
function tiling({ count, height, width, room, tallest }) {
  if (height * width === 1) return cells(count, room, tallest);
  let best = null;
  for (let columns = 1; columns <= count; columns++) {
    const wide = Math.min(WIDEST, Math.floor((room + GAP) / columns) - GAP);
    if (best && wide < NARROWEST) break;
    const tall = Math.max(8, Math.round((wide * height) / width));
    const rows = Math.ceil(count / columns);
    best = { columns, wide, tall, stepX: wide + GAP, stepY: tall + LABEL + 3, height: rows * (tall + LABEL + 3) };
    if (best.height <= tallest) break;
  }
  return best;
}

function cells(count, room, tallest) {
  let side = CELL;
  const rows = () => Math.ceil(count / Math.max(1, Math.floor(room / side)));
  while (side > SMALLEST_CELL && rows() * side > tallest) side -= 1;
  const columns = Math.max(1, Math.min(count, Math.floor(room / side)));
  return { columns, wide: side - 2, tall: side - 2, stepX: side, stepY: side, height: rows() * side };
}

/** How wide all tiles are together. */
export function tilesWidth({ columns, stepX, wide }) {
  return (columns - 1) * stepX + wide;
}

/** The left upper corner of a tile, counted from the first of the page. @returns {[number, number]} */
export function cornerOf({ columns, stepX, stepY }, number) {
  return [(number % columns) * stepX, Math.floor(number / columns) * stepY];
}

/**
 * Which map lies under a point, and which place in it; null for none.
 *
 * @param {Tiling} tiles
 * @param {{first: number, last: number, sizes: import("./maps.js").Sizes}} page  the maps that are shown
 * @param {[number, number]} point  x and y
 * @returns {import("./state.js").Spot | null}
 */
export function spotAt(tiles, { first, last, sizes: [height, width] }, [x, y]) {
  const [column, row] = [Math.floor(x / tiles.stepX), Math.floor(y / tiles.stepY)];
  const number = row * tiles.columns + column;
  const [left, top] = cornerOf(tiles, number);
  if (column >= tiles.columns || number >= last - first || x < 0 || y < 0) return null;
  if (x - left >= tiles.wide || y - top >= tiles.tall) return null;
  return {
    number: first + number,
    position: [Math.floor(((y - top) / tiles.tall) * height), Math.floor(((x - left) / tiles.wide) * width)],
  };
}
