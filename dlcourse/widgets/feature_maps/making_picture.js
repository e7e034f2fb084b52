/**
 * A drawing of how one number of a map is made: what it is made of from left to right, and at the end the map itself.
 * `partsOf` prepares what does not depend on the place; `drawMaking` draws it with the place that is looked at.
 */
import { strongest } from "../shared/js/bars.js";
import { sizesOf } from "../shared/js/browser_network.js";
import { frame } from "../shared/js/canvas.js";
import { css, diverging, inkOn, WINDOW } from "../shared/js/palette.js";
import { shown } from "../shared/js/words.js";
import { activated, kernelOf, mainInputs, makingOf, mapOf, partialMap, sourceOf } from "./map_making.js";
import { scaleOf, tilePicture } from "./tiles.js";

export const NARROWEST = 440; // a drawing is not made narrower; its frame scrolls then
const [SIGN, OTHERS, RESULT] = [16, 66, 150]; // widths
const [SUM_TAIL, OTHER_TAIL] = [118, 156]; // of the words before the result
const EDGE = 2; // free to the left, for frames
const [THUMB, TALL, KERNEL] = [80, 56, 42]; // a thumbnail fits into THUMB × TALL, a kernel into a square
const [MAP_Y, KERNEL_Y, PARTIAL_Y, AMOUNT_Y] = [20, 84, 134, 200];
const [BARS, BAR] = [8, 19]; // how many units are told one by one, and the height of each
const GRID = 9; // elements of a window that are still written out
const SIGNS = { add: "+", average: "+", subtract: "−", multiply: "×", maximum: "or", minimum: "or" };
const WORDS = {
  pool: { max: "the largest", average: "their mean" },
  globalPool: { max: "the largest of all", average: "the mean of all" },
  merge: { average: "divided by their number", maximum: "the larger one", minimum: "the smaller one" },
};

/** How tall the drawing is. */
export function makingHeight({ kind }) {
  return { conv: 210, dense: (BARS + 1) * BAR + 8, input: 0 }[kind] ?? 128;
}

/**
 * What is drawn of a map wherever one looks.
 *
 * @param {{network, outputs, index: number, channel: number, theme, width: number, scale?}} what
 *   `scale`: the colours of the result, where they are not its own
 */
export function partsOf({ network, outputs, index, channel, theme, width, scale }) {
  const node = network.nodes[index];
  const thumb = (before, input) => {
    const plane = mapOf(network, outputs, before, input);
    return { before, input, plane, picture: tilePicture(plane, theme) };
  };
  const result = mapOf(network, outputs, index, channel);
  const picture = tilePicture(result, theme, scale);
  const parts = { node, index, channel, columns: [], others: 0, tail: SUM_TAIL, result, picture };
  if (node.kind === "dense" || node.kind === "input") return parts;
  const before = mapOf(network, outputs, node.inputs[0], 0);
  const thumbWidth = fitted(before, THUMB, TALL)[0];
  parts.column = Math.max(thumbWidth, KERNEL + 16) + 10;
  parts.tail = node.kind === "conv" ? SUM_TAIL : OTHER_TAIL;
  const room = Math.max(1, Math.floor((width - EDGE - OTHERS - parts.tail - RESULT) / (parts.column + SIGN)));
  if (node.kind !== "conv") {
    const { terms } = makingOf(network, outputs, index, channel, [0, 0]);
    parts.columns = terms.slice(0, room).map((term) => thumb(term.node, term.channel));
    return { ...parts, others: terms.length - parts.columns.length };
  }
  const { inputs, count } = mainInputs(network, outputs, index, channel);
  const columns = inputs.slice(0, room).map((input) => ({
    ...thumb(node.inputs[0], input),
    kernel: kernelOf(network, index, channel, input),
    partial: partialMap(network, outputs, index, channel, input),
  }));
  // one scale for all kernels, and one for all partial sums: so one sees who brings most
  for (const kind of ["kernel", "partial"]) {
    const shared = diverging(Math.max(...columns.map((one) => largest(one[kind].values)), 1e-9), theme);
    for (const one of columns) one[`${kind}Picture`] = tilePicture(one[kind], theme, shared);
  }
  return { ...parts, columns, others: count - columns.length };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Object} parts  from `partsOf`
 * @param {{network, outputs, position: [number, number], ink: string, faint: string, font: string, line: string,
 *   theme, nameOf: (node: number, channel: number, short?: boolean) => string}} look
 * @returns {string} the sum in words
 */
export function drawMaking(pen, parts, look) {
  const making = makingOf(look.network, look.outputs, parts.index, parts.channel, look.position);
  const tools = { pen, parts, look, making, text: writer(pen, look) };
  const draw = { conv: drawTerms, dense: drawUnits, input: () => [0, 0] }[parts.node.kind] ?? drawSources;
  if (parts.node.kind === "input") return "";
  drawTail(tools, draw(tools));
  return formula(parts, making);
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

/** A convolution: map × kernel = partial sum, one column for each map of the layer before. */
function drawTerms(tools) {
  const { parts, look, making, text } = tools;
  const middle = PARTIAL_Y + TALL / 2;
  const amounts = new Map(making.terms.map((term) => [term.channel, term.amount]));
  let x = EDGE;
  parts.columns.forEach((one, number) => {
    if (number > 0) {
      text("+", x + SIGN / 2 - 4, middle, { align: "center", size: 16 });
      x += SIGN;
    }
    text(look.nameOf(one.before, one.input), x, MAP_Y - 10, { most: parts.column + SIGN - 8 });
    const box = lay(tools, one.picture, x, MAP_Y, THUMB);
    const centre = x + box[2] / 2;
    frameWindow(tools, box, one.plane);
    text("×", Math.max(centre - KERNEL / 2 - 9, x + 4), KERNEL_Y + KERNEL / 2 - 2, { align: "center", size: 15 });
    lay(tools, one.kernelPicture, Math.max(centre - KERNEL / 2, x + 14), KERNEL_Y - 2, KERNEL, KERNEL);
    framePlace(tools, lay(tools, one.partialPicture, x, PARTIAL_Y, THUMB));
    text(shown(amounts.get(one.input)), centre, AMOUNT_Y, { align: "center", bold: true });
    amounts.delete(one.input);
    x += parts.column;
  });
  if (parts.others) {
    const rest = [...amounts.values()].reduce((sum, amount) => sum + amount, 0);
    text(`+ ${parts.others} more`, x, middle, { dim: true });
    text(shown(rest), x + 14, AMOUNT_Y, { bold: true });
    x += OTHERS;
  }
  return [x + 6, middle];
}

/** Anything that takes maps as they are: a pooling, an activation, a sum of two branches. */
function drawSources(tools) {
  const { parts, look, making, text } = tools;
  const middle = MAP_Y + TALL / 2 + 6;
  let x = EDGE;
  parts.columns.forEach((one, number) => {
    if (number > 0) {
      text(SIGNS[parts.node.mode] ?? "", x + SIGN / 2 - 3, middle, { align: "center", size: 16 });
      x += SIGN;
    }
    const several = parts.columns.length > 1;
    const name = look.nameOf(one.before, one.input, !several);
    text(name, x, MAP_Y - 10, { most: several ? parts.column + 36 : 2 * parts.column });
    const box = lay(tools, one.picture, x, MAP_Y, THUMB);
    if (parts.node.kind === "pool") frameWindow(tools, box, one.plane);
    else if (one.plane.values.length === parts.result.values.length) framePlace(tools, box);
    if (parts.node.kind !== "pool" && parts.node.kind !== "globalPool") {
      text(shown(making.terms[number].amount), x + box[2] / 2, MAP_Y + TALL + 14, { align: "center", bold: true });
    }
    x += parts.column + (several ? 40 : 0);
  });
  if (parts.others) {
    text(`and ${parts.others} more`, x, middle, { dim: true });
    x += OTHERS;
  }
  return [parts.node.kind === "pool" ? drawWindow(tools, x + 6) : x + 6, middle];
}

/** The numbers in a pooling's window, the chosen one framed. */
function drawWindow({ pen, parts, look, making, text }, x) {
  const { under } = making;
  if (under.length > GRID) {
    text(`${under.length} numbers`, x, MAP_Y + TALL / 2 + 6, { dim: true });
    return x + 84;
  }
  const across = new Set(under.map((tap) => tap.column)).size;
  const scale = scaleOf(parts.columns[0].plane.values, look.theme);
  const cell = 38;
  let chosen = null;
  under.forEach(({ value }, number) => {
    const [left, top] = [x + (number % across) * cell, MAP_Y + Math.floor(number / across) * 26];
    const colour = scale(value);
    pen.fillStyle = css(colour);
    pen.fillRect(left, top, cell - 2, 24);
    pen.fillStyle = inkOn(colour);
    pen.font = `12px ${look.font}`;
    pen.textAlign = "center";
    pen.fillText(shown(value), left + cell / 2 - 1, top + 13);
    if (parts.node.mode === "max" && value === making.value) chosen ??= [left, top];
  });
  if (chosen) frame(pen, ...chosen, cell - 2, 24, WINDOW);
  return x + across * cell + 8;
}

/** A dense layer: the units that bring most, as bars to the left and right of zero. */
function drawUnits({ pen, look, making, text }) {
  const sizes = making.terms.map((term) => Math.abs(term.amount));
  const order = strongest(sizes, BARS).map((number) => making.terms[number]);
  const most = Math.max(...order.map((term) => Math.abs(term.amount)), 1e-9);
  const [names, numbers, half] = [150, 118, 70];
  const axis = names + numbers + half;
  order.forEach((term, row) => {
    const y = row * BAR + BAR / 2;
    const { node, channel, place } = unitOf(look.network, term);
    const value = look.outputs[term.node][term.unit];
    text(`${look.nameOf(node, channel)}${place}`, 0, y, { most: names - 8 });
    text(`${shown(value)} × ${shown(term.factor)}`, names + numbers - 8, y, { align: "right", dim: true });
    const length = (term.amount / most) * (half - 2);
    pen.fillStyle = css(diverging(1, look.theme)(Math.sign(term.amount) * 0.7));
    pen.fillRect(Math.min(axis, axis + length), y - BAR / 2 + 3, Math.abs(length), BAR - 6);
    text(shown(term.amount), axis + half + 46, y, { align: "right", bold: true });
  });
  pen.fillStyle = look.line;
  pen.fillRect(axis, 0, 1, order.length * BAR);
  const told = new Set(order);
  const rest = making.terms.filter((term) => !told.has(term));
  if (rest.length) {
    const y = order.length * BAR + BAR / 2;
    text(`and ${rest.length} more`, 0, y, { dim: true });
    text(shown(rest.reduce((sum, term) => sum + term.amount, 0)), axis + half + 46, y, { align: "right", bold: true });
  }
  return [axis + half + 66, (BARS * BAR) / 2];
}

/** Which map a dense layer's input is a number of, and where in it. */
function unitOf(network, term) {
  const node = sourceOf(network, term.node);
  const [rows, columns, channels] = sizesOf(network.nodes[node]);
  if (rows * columns === 1) return { node, channel: term.unit, place: "" };
  const at = Math.floor(term.unit / channels);
  return { node, channel: term.unit % channels, place: ` (${Math.floor(at / columns)}, ${at % columns})` };
}

/** What becomes of the sum, and the map with the place that is looked at. */
function drawTail(tools, [x, middle]) {
  const { parts, look, making, text } = tools;
  const lines = tailOf(parts, making);
  lines.forEach((line, number) => {
    text(line, x + 4, middle + (number - (lines.length - 1) / 2) * 18, { most: parts.tail - 8, size: 13 });
  });
  const single = parts.result.values.length === 1;
  const [width, height] = fitted(parts.picture, single ? 56 : RESULT - 8, parts.node.kind === "conv" ? 140 : 84);
  const left = x + parts.tail;
  const top = parts.node.kind === "conv" ? AMOUNT_Y - 15 - height : Math.max(MAP_Y, middle - height / 2);
  text(look.nameOf(parts.index, parts.channel), left, top - 10, { bold: true, most: RESULT });
  const box = lay(tools, parts.picture, left, top, width, height);
  framePlace(tools, box);
  text(shown(making.value), left + box[2] / 2, top + box[3] + 15, { align: "center", size: 15, bold: true });
}

function tailOf({ node }, making) {
  const name = nameOfActivation(node);
  const lines = [];
  if (node.kind === "affine") lines.push(`× ${shown(making.terms[0].factor)}`);
  if (["conv", "dense", "affine"].includes(node.kind)) {
    lines.push(`+ bias ${shown(making.bias)}`, `= ${shown(making.sum)}`);
  } else if (WORDS[node.kind]?.[node.mode]) lines.push(WORDS[node.kind][node.mode]);
  else if (["pass", "reshape", "concatenate", "place", "repeat"].includes(node.kind)) lines.push("as it is");
  if (name) lines.push(name);
  lines[lines.length - 1] = `${lines.at(-1) ?? ""} →`;
  return lines;
}

function nameOfActivation({ activation }) {
  return activation && (activation.name === "rectify" ? "relu" : activation.name.replaceAll("_", " "));
}

/** The same in one line of words. */
function formula({ node, columns, others }, making) {
  if (!["conv", "dense"].includes(node.kind)) return "";
  const count = node.kind === "conv" ? columns.length + others : making.terms.length;
  const from = node.kind === "conv" ? `${count} ${count > 1 ? "maps bring" : "map brings"}` : `${count} units bring`;
  const parts = `${from} ${shown(making.sum - making.bias)}, the bias ${shown(making.bias)}`;
  const after = activated(node.activation, making.sum);
  if (node.activation?.name === "softmax") {
    return `${parts}; the softmax of all units makes ${shown(making.value)} of it`;
  }
  if (Math.abs(after - making.sum) < 1e-6) return parts;
  return `${parts}; ${nameOfActivation(node)} makes ${shown(after)} of it`;
}

/** Lays a small picture into a box; gives back where it lies. @returns {[number, number, number, number]} */
function lay({ pen, look }, picture, x, y, most, tallest = TALL) {
  const [width, height] = fitted(picture, most, tallest);
  pen.imageSmoothingEnabled = picture.width > width * 1.5;
  pen.drawImage(picture, x, y, width, height);
  pen.strokeStyle = look.line;
  pen.lineWidth = 1;
  pen.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
  return [x, y, width, height];
}

function fitted({ width, height }, most, tallest) {
  const scale = Math.min(most / width, tallest / height);
  return [Math.max(4, width * scale), Math.max(4, height * scale)];
}

/** Frames, in a map of the layer before, what lies under the window. */
function frameWindow({ pen, making }, [x, y, width, height], plane) {
  if (!making.under.length) return;
  const [first, last] = [making.under[0], making.under.at(-1)];
  const [scaleX, scaleY] = [width / plane.width, height / plane.height];
  const [left, top] = [x + first.column * scaleX, y + first.row * scaleY];
  const size = [(last.column - first.column + 1) * scaleX, (last.row - first.row + 1) * scaleY];
  frame(pen, left - 1, top - 1, Math.max(size[0], 3) + 2, Math.max(size[1], 3) + 2, WINDOW);
}

/** Frames the place that is looked at, in a map of the same size. */
function framePlace({ pen, parts, look }, [x, y, width, height]) {
  const { result } = parts;
  if (result.values.length === 1) return;
  const [scaleX, scaleY] = [width / result.width, height / result.height];
  const [left, top] = [x + look.position[1] * scaleX, y + look.position[0] * scaleY];
  frame(pen, left - 1.5, top - 1.5, Math.max(scaleX, 2) + 3, Math.max(scaleY, 2) + 3, WINDOW);
}

function largest(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
