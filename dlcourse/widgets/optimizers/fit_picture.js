/** The picture beside the surface of a line fit: the points, each optimiser's line, and how far it misses the points. */
import { scale, ticks } from "../shared/js/curves.js";
import { polyline } from "../shared/js/strokes.js";
import { typed } from "../shared/js/words.js";
import { spanned } from "./line_fit.js";

const MARGIN = { left: 34, right: 8, top: 8, bottom: 22 };

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{points: import("./line_fit.js").Points, width: number, height: number, ink: string, grid: string,
 *   font: string, lines: {w: number, b: number, colour: string, dash: number[]}[]}} what  the misses of the first line
 */
export function drawFit(pen, { points, width, height, ink, grid, font, lines }) {
  const span = spanned(points);
  const x = scale(span.x, MARGIN.left, width - MARGIN.right, false);
  const y = scale(span.y, height - MARGIN.bottom, MARGIN.top, false);
  pen.font = `11px ${font}`;
  pen.fillStyle = ink;
  pen.strokeStyle = grid;
  pen.lineWidth = 1;
  pen.textBaseline = "middle";
  for (const mark of ticks(span.y, 6, false)) {
    pen.textAlign = "right";
    pen.fillText(marked(mark), MARGIN.left - 5, y(mark));
    polyline(pen, [
      [MARGIN.left, y(mark)],
      [width - MARGIN.right, y(mark)],
    ]);
  }
  pen.textAlign = "center";
  for (const mark of ticks(span.x, 6, false)) pen.fillText(marked(mark), x(mark), height - 9);
  pen.save();
  pen.beginPath();
  pen.rect(MARGIN.left, MARGIN.top, width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom);
  pen.clip();
  if (lines.length) drawMisses(pen, points, lines[0], x, y);
  pen.fillStyle = ink;
  for (let at = 0; at < points.xs.length; at++) {
    pen.beginPath();
    pen.arc(x(points.xs[at]), y(points.ys[at]), 3, 0, 2 * Math.PI);
    pen.fill();
  }
  for (const { w, b, colour, dash } of lines) {
    pen.strokeStyle = colour;
    pen.lineWidth = 3;
    pen.setLineDash(dash);
    polyline(
      pen,
      span.x.map((at) => [x(at), y(w * at + b)]),
    );
    pen.setLineDash([]);
  }
  pen.restore();
}

/** A mark as one writes it: 0.3, and not what three times 0.1 is in floating point. */
function marked(mark) {
  return typed(Number(mark.toPrecision(6)));
}

/** From each point straight to the line: the errors, whose squares the loss is the mean of. */
function drawMisses(pen, { xs, ys }, { w, b, colour }, x, y) {
  pen.strokeStyle = colour;
  pen.globalAlpha = 0.55;
  pen.lineWidth = 1.5;
  for (let at = 0; at < xs.length; at++) {
    polyline(pen, [
      [x(xs[at]), y(ys[at])],
      [x(xs[at]), y(w * xs[at] + b)],
    ]);
  }
  pen.globalAlpha = 1;
}
