/** A product of a matrix and a vector: the vector lies above its columns, the result on the right. */
import { begin, frame } from "../shared/js/canvas.js";
import { css, inkOn, WINDOW } from "../shared/js/palette.js";
import { brief } from "../shared/js/words.js";
import { letterSize } from "./number_table.js";

const [SMALLEST, LARGEST] = [5, 26]; // CSS pixels of a square
const READABLE = 17; // from here on numbers are written in
const TALLEST = 400; // all rows, where they can be so flat
const LEFT = 3;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{matrix: {rows: number, columns: number, values: ArrayLike<number>}, inputs: number[], outputs: number[],
 *   bias: number, relu: boolean, depth: number, row: number}} product  `depth`: how many channels the inputs are of;
 *   `row`: the one that is computed now
 * @param {{input: Function, weight: Function, output: Function}} scales
 * @param {number} room  CSS pixels
 * @param {import("../shared/js/palette.js").Theme} theme
 * @returns {{top: number, cell: number, rows: number}} where the rows lie
 */
export function drawProduct(canvas, { matrix, inputs, outputs, bias, relu, depth, row }, scales, room, theme) {
  const { rows, columns, values } = matrix;
  const gaps = (depth - 1) * 4;
  const fitting = Math.floor((room - gaps - 104) / (columns + 1));
  const cell = Math.max(SMALLEST, Math.min(LARGEST, fitting));
  const result = Math.max(cell, 34);
  const strip = Math.max(cell, 14);
  const top = strip + 38;
  const height = Math.max(SMALLEST, Math.min(Math.max(13, cell), Math.floor(TALLEST / rows)));
  const at = (column) => LEFT + column * cell + Math.floor((column * depth) / columns) * 4;
  const right = at(columns - 1) + cell + 14;
  const pen = begin(canvas, right + result + 54, top + rows * height + 6);
  const paint = (x, y, wide, high, value, scale, letters) => {
    const colour = scale(value);
    pen.fillStyle = css(colour);
    pen.fillRect(x, y, wide - 1, high - 1);
    if (!letters) return;
    pen.fillStyle = inkOn(colour);
    pen.font = `${letters}px ${theme.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(brief(value), x + (wide - 1) / 2, y + high / 2);
  };
  const letters = Math.min(cell, height) >= READABLE ? letterSize(cell, Array.from(values, brief)) : 0;
  const inputLetters = cell >= READABLE ? letterSize(cell, inputs.map(brief)) : 0;
  title(pen, theme, LEFT, "input, flattened");
  title(pen, theme, LEFT, "matrix", top - 6);
  title(pen, theme, right, "output", top - 6);
  inputs.forEach((value, column) => paint(at(column), 16, cell, strip, value, scales.input, inputLetters));
  for (let index = 0; index < values.length; index++) {
    const [r, column] = [Math.floor(index / columns), index % columns];
    const shownHere = values[index] !== 0 ? letters : 0;
    paint(at(column), top + r * height, cell, height, values[index], scales.weight, shownHere);
  }
  const outputLetters = height >= 11 ? Math.min(letterSize(result, outputs.map(brief)), height - 1) : 0;
  outputs.forEach((value, r) => paint(right, top + r * height, result, height, value, scales.output, outputLetters));
  const y = top + row * height;
  const around = height < 10 ? 3 : 1; // so that a flat row is not hidden by its frame
  frame(pen, LEFT - 1, y - around, right - LEFT - 13, height + 2 * around - 2, WINDOW);
  frame(pen, right - 1, y - around, result, height + 2 * around - 2, WINDOW);
  pen.fillStyle = WINDOW;
  for (let column = 0; column < columns; column++) {
    if (values[row * columns + column] !== 0) pen.fillRect(at(column), 16 + strip + 1, cell - 1, 3); // what it meets
  }
  const also = [bias ? `${bias < 0 ? "−" : "+"} ${brief(Math.abs(bias))}` : "", relu ? "ReLU" : ""].filter(Boolean);
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.font = `12px ${theme.font}`;
  pen.fillStyle = ink(theme);
  if (also.length) pen.fillText(also.join(", "), right + result + 6, y + height / 2);
  return { top, cell: height, rows };
}

/** The row that lies at such a height of the canvas; null outside. */
export function rowAt({ top, cell, rows }, y) {
  const row = Math.floor((y - top) / cell);
  return row >= 0 && row < rows ? row : null;
}

function title(pen, theme, x, text, y = 12) {
  pen.textAlign = "left";
  pen.textBaseline = "alphabetic";
  pen.font = `12px ${theme.font}`;
  pen.fillStyle = ink(theme);
  pen.fillText(text, x, y);
}

function ink({ dark }) {
  return dark ? "#e0e0e0" : "#333333";
}
