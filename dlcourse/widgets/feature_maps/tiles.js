/** Maps as tiles: how many stand side by side, where each lies, in which colours. */
import { bitmap } from "../shared/js/canvas.js";
import { brightness, diverging, sequential } from "../shared/js/palette.js";

const [GAP, LABEL] = [8, 17];
const [WIDEST, NARROWEST] = [236, 30]; // of a tile
const [CELL, SMALLEST_CELL] = [46, 15]; // of a unit without a place

/**
 * @param {{count: number, height: number, width: number, room: number, tallest: number}} tiles
 *   `height`, `width`: of a map; `room`: across; `tallest`: what all together should not exceed
 * @returns {{columns: number, wide: number, tall: number, stepX: number, stepY: number, height: number}}
 */
export function tiling({ count, height, width, room, tallest }) {
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

/** The left upper corner of a tile. */
export function placeOf({ columns, stepX, stepY }, number) {
  return [(number % columns) * stepX, Math.floor(number / columns) * stepY];
}

/** Which tile lies under a point, and which row and column of its map; null for none. */
export function tileAt(layout, count, { height, width }, [x, y]) {
  const [column, row] = [Math.floor(x / layout.stepX), Math.floor(y / layout.stepY)];
  const number = row * layout.columns + column;
  const [left, top] = placeOf(layout, number);
  if (column >= layout.columns || number >= count || x < 0 || y < 0) return null;
  if (x - left >= layout.wide || y - top >= layout.tall) return null;
  return {
    number,
    position: [Math.floor(((y - top) / layout.tall) * height), Math.floor(((x - left) / layout.wide) * width)],
  };
}

/** A map's own colours: around zero where it has something below, else from zero up. */
export function scaleOf(values, theme) {
  let [low, most] = [0, 0];
  for (const value of values) {
    if (value < low) low = value;
    if (Math.abs(value) > most) most = Math.abs(value);
  }
  return low < 0 ? diverging(most, theme) : sequential(0, most || 1, theme);
}

/** A map in its colours, a pixel for a number. */
export function tilePicture(plane, theme, scale = scaleOf(plane.values, theme)) {
  return bitmap(plane, scale);
}

/** A map of the picture itself, in greys. */
export function greyPicture(plane, white) {
  return bitmap({ ...plane, values: plane.values.map((value) => value / white) }, brightness());
}
