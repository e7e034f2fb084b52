/**
 * A drawing of how one number of a map is made: what it is made of from left to right, and at the end the map itself.
 * `partsOf` prepares what does not depend on the place; `drawMaking` draws it with the place that is looked at.
 *
 * @typedef {import("../shared/js/convolution.js").Plane} Plane
 * @typedef {import("../shared/js/palette.js").Theme & {ink: string, faint: string}} Theme
 * @typedef {{before: number, map: number, plane: Plane, bitmap: HTMLCanvasElement, kernel?: HTMLCanvasElement,
 *   partial?: HTMLCanvasElement}} Column  a map of the node `before`; of a convolution also the kernel that is laid over
 *   it, and what comes of that
 * @typedef {{columns: Column[], others: number, columnWidth: number, result: Plane, bitmap: HTMLCanvasElement}} Parts
 *   `others`: how many there are besides the columns; `result`: the map itself
 * @typedef {{pen: CanvasRenderingContext2D, parts: Parts, node: import("../shared/js/browser_network.js").Node & any,
 *   view: import("./state.js").View, theme: Theme, text: (words: string, x: number, y: number, style?: Object) => void
 * }} Tools
 */
import { strongest } from "../shared/js/bars.js";
import { sizesOf } from "../shared/js/browser_network.js";
import { frame } from "../shared/js/canvas.js";
import { css, diverging, inkOn, WINDOW } from "../shared/js/palette.js";
import { shown } from "../shared/js/words.js";
import { mapBitmap, scaleOf } from "./bitmaps.js";
import { kernelOf, mainInputs, makingOf, mapOf, partialMap, sourceOf } from "./making.js";
import {
  BAR,
  BARS,
  columnsFor,
  EDGE,
  fitted,
  KERNEL,
  OTHERS,
  RESULT,
  SIGN,
  TALL,
  THUMB,
  tailWidth,
} from "./making_layout.js";
import { rangeOf } from "./maps.js";
import { fullNameOf, nameOf, tailLines } from "./words.js";

const [MAP_Y, KERNEL_Y, PARTIAL_Y, AMOUNT_Y] = [20, 84, 134, 200];
const [CELL, CELL_ROW] = [38, 26]; // a number of a window
const WRITTEN_OUT = 9; // elements of a window that are still written out
const [UNIT_NAMES, UNIT_NUMBERS, UNIT_BARS] = [150, 118, 70]; // widths; the bars' to each side of zero
const SIGNS = { add: "+", average: "+", subtract: "−", multiply: "×", maximum: "or", minimum: "or" };

/**
 * What is drawn of a map wherever one looks.
 *
 * @param {{network: import("../shared/js/browser_network.js").Network, outputs: Float32Array[], index: number,
 *   map: number, theme: {dark: boolean}, width: number, range?: import("./maps.js").Range}} what
 *   `range`: of the result's colours, where they are not its own
 * @returns {Parts}
 */
export function partsOf({ network, outputs, index, map, theme, width, range }) {
  const node = network.nodes[index];
  const result = mapOf(network, outputs, index, map);
  const parts = { columns: [], others: 0, columnWidth: 0, result, bitmap: mapBitmap(result, theme, range) };
  if (node.kind === "dense") return parts;
  const [rows, columns] = sizesOf(network.nodes[node.inputs[0]]);
  const { column: columnWidth, most } = columnsFor(node, { height: rows, width: columns }, width);
  const chosen = { network, outputs, index, map, theme, most };
  return { ...parts, columnWidth, ...(node.kind === "conv" ? termColumns(chosen) : sourceColumns(chosen)) };
}

/** Of a convolution, the maps that matter most, each with its kernel and its share of the sum. */
function termColumns({ network, outputs, index, map, theme, most }) {
  const [before] = network.nodes[index].inputs;
  const { inputs, count } = mainInputs(network, outputs, index, map);
  const terms = inputs.slice(0, most).map((input) => ({
    plane: mapOf(network, outputs, before, input),
    kernel: kernelOf(network, index, map, input),
    partial: partialMap(network, outputs, index, map, input),
  }));
  // one scale for all kernels, and one for all partial sums: so one sees who brings most
  const kernels = sharedRange(terms.map(({ kernel }) => kernel));
  const partials = sharedRange(terms.map(({ partial }) => partial));
  const columns = terms.map(({ plane, kernel, partial }, number) => ({
    ...{ before, map: inputs[number], plane, bitmap: mapBitmap(plane, theme) },
    ...{ kernel: mapBitmap(kernel, theme, kernels), partial: mapBitmap(partial, theme, partials) },
  }));
  return { columns, others: count - columns.length };
}

/** Of any other node, the maps that it takes. */
function sourceColumns({ network, outputs, index, map, theme, most }) {
  const { terms } = makingOf(network, outputs, index, map, [0, 0]);
  const columns = terms.slice(0, most).map(({ node: before, channel }) => {
    const plane = mapOf(network, outputs, before, channel);
    return { before, map: channel, plane, bitmap: mapBitmap(plane, theme) };
  });
  return { columns, others: terms.length - columns.length };
}

function sharedRange(planes) {
  const limit = Math.max(...planes.map(({ values }) => largest(values)), 1e-9);
  return { low: -limit, high: limit };
}

function largest(values) {
  let peak = 0;
  for (const value of values) peak = Math.max(peak, Math.abs(value));
  return peak;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Parts} parts  from `partsOf`
 * @param {import("./state.js").View} view  with a making
 * @param {Theme} theme
 */
export function drawMaking(pen, parts, view, theme) {
  const node = view.network.nodes[view.index];
  const draw = { conv: drawTerms, dense: drawUnits }[node.kind] ?? drawSources;
  const tools = { pen, parts, node, view, theme, text: writer(pen, theme) };
  drawTail(tools, draw(tools));
}

function writer(pen, { ink, faint, font }) {
  return (words, x, y, { align = "left", size = 12, dim = false, bold = false, most = Infinity } = {}) => {
    pen.font = `${bold ? "600 " : ""}${size}px ${font}`;
    pen.textAlign = align;
    pen.textBaseline = "middle";
    pen.fillStyle = dim ? faint : ink;
    let short = words;
    while (short.length > 3 && pen.measureText(short).width > most) short = `${short.slice(0, -2).trimEnd()}…`;
    pen.fillText(short, x, y);
  };
}

/**
 * A convolution: map × kernel = partial sum, one column for each map of the layer before.
 *
 * @param {Tools} tools
 * @returns {[number, number]} where it ends, and the height at which it goes on
 */
function drawTerms(tools) {
  const { parts, view, text } = tools;
  const middle = PARTIAL_Y + TALL / 2;
  const amounts = new Map(view.making.terms.map((term) => [term.channel, term.amount]));
  let x = EDGE;
  parts.columns.forEach((column, number) => {
    if (number > 0) {
      text("+", x + SIGN / 2 - 4, middle, { align: "center", size: 16 });
      x += SIGN;
    }
    drawTerm(tools, column, x, amounts.get(column.map));
    amounts.delete(column.map);
    x += parts.columnWidth;
  });
  if (parts.others) {
    const othersSum = [...amounts.values()].reduce((sum, amount) => sum + amount, 0);
    text(`+ ${parts.others} more`, x, middle, { dim: true });
    text(shown(othersSum), x + 14, AMOUNT_Y, { bold: true });
    x += OTHERS;
  }
  return [x + 6, middle];
}

/**
 * @param {Tools} tools
 * @param {Column} column  with its kernel and its partial sum
 * @param {number} x
 * @param {number} amount  what it brings
 */
function drawTerm(tools, { before, map, plane, bitmap, kernel, partial }, x, amount) {
  const { parts, view, text } = tools;
  text(nameOf(view.described, before, map), x, MAP_Y - 10, { most: parts.columnWidth + SIGN - 8 });
  const box = lay(tools, bitmap, x, MAP_Y, THUMB);
  const centre = x + box[2] / 2;
  frameWindow(tools, box, plane);
  text("×", Math.max(centre - KERNEL / 2 - 9, x + 4), KERNEL_Y + KERNEL / 2 - 2, { align: "center", size: 15 });
  lay(tools, kernel, Math.max(centre - KERNEL / 2, x + 14), KERNEL_Y - 2, KERNEL, KERNEL);
  framePlace(tools, lay(tools, partial, x, PARTIAL_Y, THUMB));
  text(shown(amount), centre, AMOUNT_Y, { align: "center", bold: true });
}

/** Anything that takes maps as they are: a pooling, an activation, a sum of two branches. */
function drawSources(tools) {
  const { parts, node, text } = tools;
  const middle = MAP_Y + TALL / 2 + 6;
  const several = parts.columns.length > 1;
  let x = EDGE;
  parts.columns.forEach((_, number) => {
    if (number > 0) {
      text(SIGNS[node.mode] ?? "", x + SIGN / 2 - 3, middle, { align: "center", size: 16 });
      x += SIGN;
    }
    drawSource(tools, number, x);
    x += parts.columnWidth + (several ? 40 : 0);
  });
  if (parts.others) {
    text(`and ${parts.others} more`, x, middle, { dim: true });
    x += OTHERS;
  }
  return [node.kind === "pool" ? drawWindow(tools, x + 6) : x + 6, middle];
}

function drawSource(tools, number, x) {
  const { parts, node, view, text } = tools;
  const { before, map, plane, bitmap } = parts.columns[number];
  const several = parts.columns.length > 1;
  const name = (several ? fullNameOf : nameOf)(view.described, before, map);
  text(name, x, MAP_Y - 10, { most: several ? parts.columnWidth + 36 : 2 * parts.columnWidth });
  const box = lay(tools, bitmap, x, MAP_Y, THUMB);
  if (node.kind === "pool") frameWindow(tools, box, plane);
  else if (plane.values.length === parts.result.values.length) framePlace(tools, box);
  if (node.kind === "pool" || node.kind === "globalPool") return;
  const { amount } = view.making.terms[number];
  text(shown(amount), x + box[2] / 2, MAP_Y + TALL + 14, { align: "center", bold: true });
}

/** The numbers in a pooling's window, the chosen one framed. */
function drawWindow({ pen, parts, node, view, theme, text }, x) {
  const { under, value: result } = view.making;
  if (under.length > WRITTEN_OUT) {
    text(`${under.length} numbers`, x, MAP_Y + TALL / 2 + 6, { dim: true });
    return x + 84;
  }
  const across = new Set(under.map(({ column }) => column)).size;
  const scale = scaleOf(rangeOf(parts.columns[0].plane.values), theme);
  /** @type {[number, number] | null} */
  let chosen = null;
  under.forEach(({ value }, number) => {
    const [left, top] = [x + (number % across) * CELL, MAP_Y + Math.floor(number / across) * CELL_ROW];
    const colour = scale(value);
    pen.fillStyle = css(colour);
    pen.fillRect(left, top, CELL - 2, CELL_ROW - 2);
    pen.fillStyle = inkOn(colour);
    pen.font = `12px ${theme.font}`;
    pen.textAlign = "center";
    pen.fillText(shown(value), left + CELL / 2 - 1, top + 13);
    if (node.mode === "max" && value === result) chosen ??= [left, top];
  });
  if (chosen) frame(pen, ...chosen, CELL - 2, CELL_ROW - 2, WINDOW);
  return x + across * CELL + 8;
}

/** A dense layer: the units that bring most, as bars to the left and right of zero. */
function drawUnits(tools) {
  const { pen, view, theme, text } = tools;
  const { terms } = view.making;
  const sizes = terms.map(({ amount }) => Math.abs(amount));
  const order = strongest(sizes, BARS);
  const longest = Math.max(...order.map((number) => sizes[number]), 1e-9);
  const axis = UNIT_NAMES + UNIT_NUMBERS + UNIT_BARS;
  order.forEach((number, row) => drawUnit(tools, terms[number], row * BAR + BAR / 2, longest));
  pen.fillStyle = theme.line;
  pen.fillRect(axis, 0, 1, order.length * BAR);
  const listed = new Set(order);
  const others = terms.filter((_, number) => !listed.has(number));
  if (others.length) {
    const y = order.length * BAR + BAR / 2;
    const amount = others.reduce((sum, term) => sum + term.amount, 0);
    text(`and ${others.length} more`, 0, y, { dim: true });
    text(shown(amount), axis + UNIT_BARS + 46, y, { align: "right", bold: true });
  }
  return [axis + UNIT_BARS + 66, (BARS * BAR) / 2];
}

/** What a unit brings, as a bar; the largest of them is as long as `longest`. */
function drawUnit({ pen, view, theme, text }, term, y, longest) {
  const { node, channel, place } = placeOfUnit(view.network, term);
  const value = view.outputs[term.node][term.unit];
  const axis = UNIT_NAMES + UNIT_NUMBERS + UNIT_BARS;
  const length = (term.amount / longest) * (UNIT_BARS - 2);
  const numbers = { align: "right", dim: true };
  text(`${nameOf(view.described, node, channel)}${place}`, 0, y, { most: UNIT_NAMES - 8 });
  text(`${shown(value)} × ${shown(term.factor)}`, UNIT_NAMES + UNIT_NUMBERS - 8, y, numbers);
  pen.fillStyle = css(diverging(1, theme)(Math.sign(term.amount) * 0.7));
  pen.fillRect(Math.min(axis, axis + length), y - BAR / 2 + 3, Math.abs(length), BAR - 6);
  text(shown(term.amount), axis + UNIT_BARS + 46, y, { align: "right", bold: true });
}

/** Which map a dense layer's input is a number of, and where in it. */
function placeOfUnit(network, term) {
  const node = sourceOf(network, term.node);
  const [rows, columns, channels] = sizesOf(network.nodes[node]);
  if (rows * columns === 1) return { node, channel: term.unit, place: "" };
  const at = Math.floor(term.unit / channels);
  return { node, channel: term.unit % channels, place: ` (${Math.floor(at / columns)}, ${at % columns})` };
}

/** What becomes of the sum, and the map with the place that is looked at. */
function drawTail(tools, [x, middle]) {
  const { parts, node, view, text } = tools;
  const tail = tailWidth(node);
  const lines = tailLines(node, view.making);
  lines.forEach((line, number) => {
    text(line, x + 4, middle + (number - (lines.length - 1) / 2) * 18, { most: tail - 8, size: 13 });
  });
  const single = parts.result.values.length === 1;
  const [width, height] = fitted(parts.bitmap, single ? 56 : RESULT - 8, node.kind === "conv" ? 140 : 84);
  const left = x + tail;
  const top = node.kind === "conv" ? AMOUNT_Y - 15 - height : Math.max(MAP_Y, middle - height / 2);
  text(nameOf(view.described, view.index, view.map), left, top - 10, { bold: true, most: RESULT });
  const box = lay(tools, parts.bitmap, left, top, width, height);
  framePlace(tools, box);
  const style = { align: "center", size: 15, bold: true };
  text(shown(view.making.value), left + box[2] / 2, top + box[3] + 15, style);
}

/** Lays a small picture into a box; gives back where it lies. @returns {[number, number, number, number]} */
function lay({ pen, theme }, bitmap, x, y, widest, tallest = TALL) {
  const [width, height] = fitted(bitmap, widest, tallest);
  pen.imageSmoothingEnabled = bitmap.width > width * 1.5;
  pen.drawImage(bitmap, x, y, width, height);
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  pen.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
  return [x, y, width, height];
}

/** Frames, in a map of the layer before, what lies under the window. */
function frameWindow({ pen, view }, [x, y, width, height], plane) {
  const { under } = view.making;
  if (!under.length) return;
  const [first, last] = [under[0], under.at(-1)];
  const [scaleX, scaleY] = [width / plane.width, height / plane.height];
  const [left, top] = [x + first.column * scaleX, y + first.row * scaleY];
  const size = [(last.column - first.column + 1) * scaleX, (last.row - first.row + 1) * scaleY];
  frame(pen, left - 1, top - 1, Math.max(size[0], 3) + 2, Math.max(size[1], 3) + 2, WINDOW);
}

/** Frames the place that is looked at, in a map of the same size. */
function framePlace({ pen, parts: { result }, view }, [x, y, width, height]) {
  if (result.values.length === 1) return;
  const [row, column] = view.spot.position;
  const [scaleX, scaleY] = [width / result.width, height / result.height];
  const [left, top] = [x + column * scaleX, y + row * scaleY];
  frame(pen, left - 1.5, top - 1.5, Math.max(scaleX, 2) + 3, Math.max(scaleY, 2) + 3, WINDOW);
}
