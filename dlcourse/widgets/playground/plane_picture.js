/** The plane with its points, the border between the classes, and the mark that looks or paints. */
import { begin } from "../shared/js/canvas.js";
import { css, diverging, WINDOW } from "../shared/js/palette.js";
import { shown } from "../shared/js/words.js";
import { sharesOfFrame } from "./planes.js";
import { RUBBER } from "./state.js";

const SIZE = 3.7; // the radius of a point
const CROSS = [7, 13]; // from where to where the mark's lines go
const PLUS = 8; // half of the plus where there are no points
const WAYS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

/**
 * @typedef {import("./planes.js").Frame} Frame
 * @typedef {import("./planes.js").Points} Points
 * @typedef {import("../shared/js/palette.js").Theme} Theme
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {{map: CanvasImageSource, border: number[][] | null, size: number, points: CanvasImageSource, frame: Frame,
 *   place: number[] | null, brush: string}} plane
 *   `map`: the answers; `border`: from `zeroLines` over a grid of `size`; `points`: from `pointsDrawn`; `place`: of the
 *   mark
 * @param {number} side
 * @param {Theme} theme
 */
export function drawPlane(pen, { map, border, size, points, frame, place, brush }, side, theme) {
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(map, 0, 0, side, side);
  if (border) drawBorder(pen, border, side / size, theme);
  pen.drawImage(points, 0, 0, side, side);
  drawRuler(pen, frame, side, theme);
  if (!place) return;
  const [across, down] = sharesOfFrame(place, frame);
  drawMark(pen, across * side, down * side, brush);
}

/**
 * All points on a canvas of their own, training points filled and on top.
 *
 * @param {[Points, Points]} sides
 * @param {Frame} frame
 * @param {number} side
 * @param {boolean} dark
 */
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

/**
 * A data set as small as a button; a plus where there are no points.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {{points: Points, frame: Frame}} set
 * @param {number} side
 * @param {Theme} theme
 */
export function drawThumbnail(pen, { points: { x, y }, frame }, side, theme) {
  const colours = diverging(1, theme);
  pen.fillStyle = css(colours(0));
  pen.fillRect(0, 0, side, side);
  for (let at = 0; at < y.length; at++) {
    const [across, down] = sharesOfFrame([x[2 * at], x[2 * at + 1]], frame);
    pen.fillStyle = css(colours(y[at] ? 0.8 : -0.8));
    pen.fillRect(across * side - 1, down * side - 1, 2, 2);
  }
  if (y.length) return;
  pen.strokeStyle = theme.line;
  pen.lineWidth = 2;
  pen.beginPath();
  for (const [dx, dy] of [
    [PLUS, 0],
    [0, PLUS],
  ]) {
    pen.moveTo(side / 2 - dx, side / 2 - dy);
    pen.lineTo(side / 2 + dx, side / 2 + dy);
  }
  pen.stroke();
}

/** A circle for class 0, a diamond for class 1, hollow where it is not filled. */
function drawSymbol(pen, x, y, label, filled, dark) {
  outline(pen, x, y, label, SIZE + 0.9);
  pen.fillStyle = dark ? "#101010" : "#ffffff";
  pen.fill();
  outline(pen, x, y, label, filled ? SIZE : SIZE - 0.2);
  pen.fillStyle = pen.strokeStyle = css(diverging(1, { dark })(label ? 1 : -1));
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

/** The line between blue and orange, with an edge to be seen on both; `cell`: the pixels of a place of the grid. */
function drawBorder(pen, border, cell, theme) {
  for (const [colour, thick] of [
    [theme.dark ? "rgb(0 0 0 / 55%)" : "rgb(255 255 255 / 75%)", 5],
    [theme.dark ? "#ffffff" : "#222222", 2],
  ]) {
    pen.strokeStyle = colour;
    pen.lineWidth = thick;
    pen.lineCap = "round";
    pen.beginPath();
    for (const [x0, y0, x1, y1] of border) {
      pen.moveTo((x0 + 0.5) * cell, (y0 + 0.5) * cell);
      pen.lineTo((x1 + 0.5) * cell, (y1 + 0.5) * cell);
    }
    pen.stroke();
  }
}

/** The numbers in the corners. */
function drawRuler(pen, { x, y }, side, theme) {
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
    pen.fillStyle = theme.ink;
    pen.fillText(text, left, top);
  }
}

/** A cross to look, a circle for a brush, as wide as the rubber for that. */
function drawMark(pen, x, y, brush) {
  pen.strokeStyle = WINDOW;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(x, y, brush === "erase" ? RUBBER : CROSS[0], 0, 2 * Math.PI);
  if (brush === "look") {
    for (const [dx, dy] of WAYS) {
      pen.moveTo(x + CROSS[0] * dx, y + CROSS[0] * dy);
      pen.lineTo(x + CROSS[1] * dx, y + CROSS[1] * dy);
    }
  }
  pen.stroke();
}
