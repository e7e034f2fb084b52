/**
 * Where things are on the page, in CSS pixels, and what lies under a point.
 *
 * @typedef {import("./state.js").View} View
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 *
 * @typedef {object} Layout
 * @property {number} width  of the widget
 * @property {number} scale  the side of a pixel of the picture, and of one of the output
 * @property {{width: number, height: number}} canvas  of both canvases: the picture and the zeros around it
 * @property {Box} plane  the picture in its canvas
 * @property {Box} output  the output in its
 * @property {Box | null} window  in the picture; null where the kernel does not fit
 * @property {Box | null} element  the window's answer in the output
 * @property {number} legend  how long the bar of colours is
 * @property {number} cell  the side of a number's square in the sum
 * @property {boolean} beside  whether the sum's answer stands beside the three grids, or below
 * @property {Strip | null} strip  of the layer's filters
 *
 * @typedef {{tile: number, perRow: number, count: number}} Strip
 */
import { inside } from "./state.js";

const NARROW = 560; // below, the two pictures stand one above the other
const BETWEEN = 20; // the two pictures
const TALLEST = 380;
const SIGNS = 62; // × and = with the room around them
const ANSWER = 190; // sum, bias and output to the right of the grids
const LONGEST_LEGEND = 140;
const TILE_GAP = 4; // around a filter in the strip

/**
 * @param {View} view
 * @param {number} width  of the widget
 * @returns {Layout}
 */
export function layoutOf(view, width) {
  const { padded, plane, size, zeros, answer, layer } = view;
  const column = width < NARROW ? width : (width - BETWEEN) / 2;
  const scale = Math.min(column / padded.width, TALLEST / padded.height);
  const output = {
    x: ((padded.width - size.width) / 2) * scale,
    y: ((padded.height - size.height) / 2) * scale,
    width: size.width * scale,
    height: size.height * scale,
  };
  return {
    width,
    scale,
    canvas: { width: padded.width * scale, height: padded.height * scale },
    plane: { x: zeros[1] * scale, y: zeros[0] * scale, width: plane.width * scale, height: plane.height * scale },
    output,
    window: answer && windowBox(view, answer.position, scale),
    element: answer && elementBox(output, answer.position, scale),
    legend: Math.min(LONGEST_LEGEND, width / 3),
    ...gridsOf(view.kernel.length, width),
    strip: layer && stripOf(layer.shape, width),
  };
}

/** The pixels that the window of an output element covers. @returns {Box} */
function windowBox({ settings: { stride }, reach }, [row, column], scale) {
  return { x: column * stride * scale, y: row * stride * scale, width: reach * scale, height: reach * scale };
}

/** @returns {Box} */
function elementBox({ x, y }, [row, column], scale) {
  return { x: x + column * scale, y: y + row * scale, width: scale, height: scale };
}

/** How large the three grids of the sum are, and whether the answer has room beside them. */
function gridsOf(size, width) {
  const comfortable = size <= 3 ? 50 : size <= 5 ? 42 : 34;
  const fitting = Math.floor((width - SIGNS) / (3 * size));
  const withAnswer = Math.floor((width - SIGNS - ANSWER) / (3 * size));
  const alone = Math.floor(width / size); // where three grids do not fit side by side, each has a line
  const beside = withAnswer >= 32;
  const possible = beside ? withAnswer : fitting >= 28 ? fitting : alone;
  return { beside, cell: Math.min(comfortable, possible) };
}

/** @returns {Strip} */
function stripOf([size, , , count], width) {
  const tile = size <= 3 ? 34 : 44;
  return { tile, perRow: Math.max(1, Math.min(count, Math.floor(width / tile))), count };
}

/** Where a filter stands in the strip. @returns {Box} */
export function tileBox({ tile, perRow }, index) {
  const side = tile - 2 * TILE_GAP;
  return {
    x: (index % perRow) * tile + TILE_GAP,
    y: Math.floor(index / perRow) * tile + TILE_GAP,
    width: side,
    height: side,
  };
}

// --- what lies under a point -----------------------------------------------------------------------------------------

/** The output element whose window lies around a point of the picture. */
export function windowUnder({ size, reach, settings: { stride } }, { scale }, [x, y]) {
  const nearest = (along) => Math.round((along / scale - reach / 2) / stride);
  return inside(size, [nearest(y), nearest(x)]);
}

/** The output element under a point of the output. */
export function elementUnder({ size, padded }, { scale }, [x, y]) {
  const row = y / scale - (padded.height - size.height) / 2;
  const column = x / scale - (padded.width - size.width) / 2;
  return inside(size, [Math.floor(row), Math.floor(column)]);
}

/** The filter under a point of the strip, null where there is none. */
export function filterUnder({ tile, perRow, count }, [x, y]) {
  const index = Math.floor(y / tile) * perRow + Math.floor(x / tile);
  return index < count ? index : null;
}
