/** A cut through all layers over the picture: every unit in its place, and the light from one of them down to it. */
import { CATEGORIES, WINDOW } from "../shared/js/palette.js";
import { centreOf, hull } from "./reach.js";

const THICKEST = 12; // CSS pixels of a strip

/**
 * @typedef {{head: number, pitch: number, count: number, scale: number, down: number,
 *   picture: {left: number, top: number, width: number, height: number}}} Shape
 *   the strips' lines, `pitch` apart, begin at `head`; `count`: of lines; `scale`, `down`: of the picture's columns and
 *   rows, in CSS pixels
 */

/** A colour for each kind of layer. */
export function colourOf({ kind }) {
  if (kind === "input") return "transparent";
  if (/conv/i.test(kind)) return CATEGORIES[0];
  return /pool/i.test(kind) ? CATEGORIES[2] : CATEGORIES[1];
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {import("./words.js").Look} look
 * @param {Shape} shape
 * @param {{theme: import("../shared/js/palette.js").Theme, ink: string, pixels: HTMLCanvasElement}} style
 *   `ink`: for what is less important; `pixels`: the network's input
 */
export function drawCut(pen, look, shape, { theme, ink, pixels }) {
  drawBeams(pen, look, shape);
  drawInput(pen, look, shape, pixels);
  look.nodes.forEach((_, number) => drawStrip(pen, look, shape, number, theme.dark ? 0.6 : 0.38));
  drawNumbers(pen, look, shape, `11px ${theme.font}`, ink);
  drawGuides(pen, look, shape);
}

export function dot(pen, x, y, radius, colour) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = 0.8;
  pen.strokeStyle = "rgb(0 0 0 / 45%)";
  pen.stroke();
}

/** Where a layer's strip stands. */
function stripOf({ head, pitch, count }, number) {
  const height = Math.max(Math.min(pitch * 0.6, THICKEST), 1);
  return { top: head + (count - 1 - number) * pitch + (pitch - height) / 2, height };
}

/** The left and the right edge of a unit's cell: as wide as the step to its neighbour. */
function cellOf({ picture, scale }, nodes, number, unit) {
  const jump = nodes[number].jump[1] ?? nodes[0].size[1];
  const centre = centreOf(nodes, nodes[number], 1, unit) + 0.5;
  return [picture.left + (centre - jump / 2) * scale, picture.left + (centre + jump / 2) * scale];
}

/** The light from each layer's seen units down to those of the layers that they read. */
function drawBeams(pen, { nodes, target, lit }, shape) {
  pen.fillStyle = WINDOW;
  pen.globalAlpha = 0.22;
  for (let number = target; number > 0; number--) {
    const from = hull(lit[1][number]);
    for (const source of from ? nodes[number].inputs : []) {
      const to = hull(lit[1][source]);
      if (!to) continue;
      const [above, below] = [stripOf(shape, number), stripOf(shape, source)];
      pen.beginPath();
      pen.moveTo(cellOf(shape, nodes, number, from[0])[0], above.top + above.height);
      pen.lineTo(cellOf(shape, nodes, number, from[1])[1], above.top + above.height);
      pen.lineTo(cellOf(shape, nodes, source, to[1])[1], below.top);
      pen.lineTo(cellOf(shape, nodes, source, to[0])[0], below.top);
      pen.fill();
    }
  }
  pen.globalAlpha = 1;
}

/** The line of pixels that the cut goes through. */
function drawInput(pen, { nodes, target, unit }, shape, pixels) {
  const [rows, columns] = nodes[0].size;
  const row = Math.min(Math.max(Math.round(centreOf(nodes, nodes[target], 0, unit[0])), 0), rows - 1);
  const { top, height } = stripOf(shape, 0);
  pen.imageSmoothingEnabled = false;
  pen.globalAlpha = 0.8;
  pen.drawImage(pixels, 0, row, columns, 1, shape.picture.left, top, shape.picture.width, height);
  pen.globalAlpha = 1;
}

/** A layer's units: those that are seen in the colour of what is pointed at. */
function drawStrip(pen, { nodes, target, lit }, shape, number, quiet) {
  const { top, height } = stripOf(shape, number);
  const marks = lit[1][number];
  const [first, second] = [0, 1].map((unit) => cellOf(shape, nodes, number, unit)[0]);
  const gap = second - first >= 4 ? 1 : 0; // narrower cells run together
  for (const [mark, colour, alpha] of [
    [0, colourOf(nodes[number]), quiet],
    [1, WINDOW, number === target ? 1 : number ? 0.75 : 0.55],
  ]) {
    pen.fillStyle = colour;
    pen.globalAlpha = alpha;
    pen.beginPath();
    for (let unit = 0; unit < marks.length; unit++) {
      if (marks[unit] !== mark) continue;
      let last = unit;
      if (!gap) while (marks[last + 1] === mark) last++;
      const [left, right] = [cellOf(shape, nodes, number, unit)[0], cellOf(shape, nodes, number, last)[1]];
      pen.rect(left + gap / 2, top, Math.max(right - left - gap, 0.7), height);
      unit = last;
    }
    pen.fill();
  }
  pen.globalAlpha = 1;
}

/** The layers' numbers, as in the table; the chosen one's alone where they would lie over each other. */
function drawNumbers(pen, { nodes, target }, shape, font, ink) {
  pen.font = font;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  for (let number = 1; number < nodes.length; number++) {
    if (shape.pitch < 11 && number !== target) continue;
    const { top, height } = stripOf(shape, number);
    pen.fillStyle = number === target ? WINDOW : ink;
    pen.fillText(number, 0, top + height / 2);
  }
  pen.fillStyle = ink;
  pen.fillText("a cut through the layers: a cell is a unit", shape.picture.left, shape.head / 2);
}

/** Lines from the input's strip down to the frame in the picture. */
function drawGuides(pen, { lit }, shape) {
  const [rows, columns] = lit.map((marks) => hull(marks[0]));
  if (!rows || !columns) return;
  const { top, height } = stripOf(shape, 0);
  pen.strokeStyle = WINDOW;
  pen.lineWidth = 1;
  pen.setLineDash([2, 2]);
  pen.beginPath();
  for (const at of [columns[0], columns[1] + 1]) {
    const x = shape.picture.left + at * shape.scale;
    pen.moveTo(x, top + height);
    pen.lineTo(x, shape.picture.top + rows[0] * shape.down);
  }
  pen.stroke();
  pen.setLineDash([]);
}
