/** Points, the border between the classes, and loss curves of the playground. */
import { begin } from "../shared/js/canvas.js";
import { scale, ticks, wholeTicks } from "../shared/js/curves.js";
import { element } from "../shared/js/page.js";
import { CATEGORIES, css, diverging, WINDOW } from "../shared/js/palette.js";
import { shown } from "../shared/js/words.js";
import { sharesOfFrame } from "./planes.js";

export const RUBBER = 12; // pixels around the pointer that are erased
const SIZE = 3.7; // the radius of a point
const CROSS = [7, 13]; // from where to where the mark's lines go
const MARGIN = { left: 30, right: 6, top: 6, bottom: 16 };

/** The curves' colours, for training and for test. */
export const KEY_COLOURS = CATEGORIES.slice(2, 4);

/** A circle for class 0, a diamond for class 1, hollow where it is not filled. */
function drawSymbol(pen, x, y, label, filled, dark) {
  const paper = dark ? "#101010" : "#ffffff";
  const colour = css(diverging(1, { dark })(label ? 1 : -1));
  outline(pen, x, y, label, SIZE + 0.9);
  pen.fillStyle = paper;
  pen.fill();
  outline(pen, x, y, label, filled ? SIZE : SIZE - 0.2);
  pen.fillStyle = pen.strokeStyle = colour;
  pen.lineWidth = 1.3;
  if (filled) pen.fill();
  else pen.stroke();
}

function outline(pen, x, y, label, radius) {
  pen.beginPath();
  if (!label) {
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  const tall = radius * 1.25;
  pen.moveTo(x - tall, y);
  pen.lineTo(x, y - tall);
  pen.lineTo(x + tall, y);
  pen.lineTo(x, y + tall);
  pen.closePath();
}

/** A class's symbol for a button. */
export function symbolPicture(label) {
  const made = element("i", { class: `dlc-symbol dlc-class-${label}`, "aria-hidden": "true" });
  made.style.background = css(diverging(1, { dark: false })(label ? 0.75 : -0.75));
  return made;
}

/** All points on a canvas of their own, training points filled and on top. */
export function pointsDrawn([training, test], frame, side, dark) {
  const canvas = document.createElement("canvas");
  const pen = begin(canvas, side, side);
  for (const { x, y } of [test, training]) {
    for (let at = 0; at < y.length; at++) {
      const [across, down] = sharesOfFrame([x[2 * at], x[2 * at + 1]], frame);
      drawSymbol(pen, across * side, down * side, y[at], y === training.y, dark);
    }
  }
  return canvas;
}

/** A data set as small as a button; a plus where there are no points. */
export function drawThumbnail(pen, { points: { x, y }, frame, side, theme }) {
  pen.fillStyle = css(diverging(1, theme)(0));
  pen.fillRect(0, 0, side, side);
  for (let at = 0; at < y.length; at++) {
    const [across, down] = sharesOfFrame([x[2 * at], x[2 * at + 1]], frame);
    pen.fillStyle = css(diverging(1, theme)(y[at] ? 0.8 : -0.8));
    pen.fillRect(across * side - 1, down * side - 1, 2, 2);
  }
  if (y.length) return;
  pen.strokeStyle = theme.line;
  pen.lineWidth = 2;
  pen.beginPath();
  for (const [dx, dy] of [
    [8, 0],
    [0, 8],
  ]) {
    pen.moveTo(side / 2 - dx, side / 2 - dy);
    pen.lineTo(side / 2 + dx, side / 2 + dy);
  }
  pen.stroke();
}

/** The line between blue and orange, from `zeroLines`; `cell`: the pixels of a place of the grid. */
export function drawBorder(pen, { lines, cell, theme }) {
  for (const [colour, thick] of [
    [theme.dark ? "rgb(0 0 0 / 55%)" : "rgb(255 255 255 / 75%)", 5],
    [theme.dark ? "#ffffff" : "#222222", 2],
  ]) {
    pen.strokeStyle = colour;
    pen.lineWidth = thick;
    pen.lineCap = "round";
    pen.beginPath();
    for (const [x0, y0, x1, y1] of lines) {
      pen.moveTo((x0 + 0.5) * cell, (y0 + 0.5) * cell);
      pen.lineTo((x1 + 0.5) * cell, (y1 + 0.5) * cell);
    }
    pen.stroke();
  }
}

/** The numbers in the corners. */
export function drawRuler(pen, { frame: { x, y }, side, theme, ink }) {
  pen.font = `11px ${theme.font}`;
  pen.textBaseline = "middle";
  for (const [text, left, top, align] of [
    [`x₁ = ${shown(x[1])}`, side - 4, side - 9, "right"],
    [`x₂ = ${shown(y[1])}`, 4, 9, "left"],
    [`(${shown(x[0])}, ${shown(y[0])})`, 4, side - 9, "left"],
  ]) {
    pen.textAlign = align;
    pen.lineWidth = 3;
    pen.lineJoin = "round";
    pen.strokeStyle = theme.dark ? "rgb(0 0 0 / 60%)" : "rgb(255 255 255 / 70%)";
    pen.strokeText(text, left, top);
    pen.fillStyle = ink;
    pen.fillText(text, left, top);
  }
}

/** The mark under the pointer: a cross to look, a circle for a brush, as wide as the rubber for that. */
export function drawMark(pen, [x, y], brush) {
  pen.strokeStyle = WINDOW;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(x, y, brush === "erase" ? RUBBER : CROSS[0], 0, 2 * Math.PI);
  if (brush === "look") {
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      pen.moveTo(x + CROSS[0] * dx, y + CROSS[0] * dy);
      pen.lineTo(x + CROSS[1] * dx, y + CROSS[1] * dy);
    }
  }
  pen.stroke();
}

/**
 * The loss of training and test points over the epochs.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {{rows: [number, number, number | null][], width: number, height: number, theme, ink: string}} curves
 */
export function drawCurves(pen, { rows, width, height, theme, ink }) {
  const box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
  const last = Math.max(rows.at(-1)?.[0] ?? 0, 10);
  const most = Math.max(0.1, ...rows.flatMap(([, training, test]) => [training, test ?? 0]));
  const x = scale([0, last], box.left, box.right);
  const y = scale([0, most], box.bottom, box.top);
  pen.font = `11px ${theme.font}`;
  pen.textBaseline = "middle";
  pen.lineWidth = 1;
  for (const mark of ticks([0, most], 3)) {
    line(pen, theme.line, mark === 0 ? 1 : 0.4, box.left, y(mark), box.right, y(mark));
    write(pen, ink, String(Number(mark.toPrecision(3))), box.left - 5, y(mark), "right");
  }
  for (const mark of wholeTicks(last, 5)) {
    const end = x(mark) > box.right - 12;
    write(pen, ink, String(mark), end ? box.right : x(mark), box.bottom + 9, end ? "right" : "center");
  }
  write(pen, ink, "epoch", 0, box.bottom + 9, "left");
  [1, 2].forEach((column) => {
    const known = rows.filter((row) => row[column] !== null);
    pen.strokeStyle = pen.fillStyle = KEY_COLOURS[column - 1];
    pen.lineWidth = 2.2;
    pen.lineJoin = "round";
    pen.beginPath();
    for (const row of known) pen.lineTo(x(row[0]), y(row[column]));
    pen.stroke();
    if (!known.length) return;
    pen.beginPath();
    pen.arc(x(known.at(-1)[0]), y(known.at(-1)[column]), 3, 0, 2 * Math.PI);
    pen.fill();
  });
}

function line(pen, colour, alpha, x0, y0, x1, y1) {
  pen.strokeStyle = colour;
  pen.globalAlpha = alpha;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
  pen.globalAlpha = 1;
}

function write(pen, ink, text, x, y, align) {
  pen.fillStyle = ink;
  pen.textAlign = align;
  pen.fillText(text, x, y);
}
