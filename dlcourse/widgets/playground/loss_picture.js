/** How the loss fell, over the epochs. */
import { scale, ticks, wholeTicks } from "../shared/js/curves.js";
import { CATEGORIES } from "../shared/js/palette.js";

const MARGIN = { left: 30, right: 6, top: 6, bottom: 16 };

/** The curves' colours, for training and for test. */
export const KEY_COLOURS = CATEGORIES.slice(2, 4);

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {import("./training.js").Losses[]} rows
 * @param {{width: number, height: number}} layout
 * @param {import("../shared/js/palette.js").Theme} theme
 */
export function drawLosses(pen, rows, { width, height }, theme) {
  const box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
  const epochs = Math.max(rows.at(-1)?.[0] ?? 0, 10);
  const highest = Math.max(0.1, ...rows.flatMap(([, training, test]) => [training, test ?? 0]));
  const x = scale([0, epochs], box.left, box.right);
  const y = scale([0, highest], box.bottom, box.top);
  pen.font = `11px ${theme.font}`;
  pen.textBaseline = "middle";
  drawAxes(pen, { box, x, y, epochs, highest }, theme);
  [1, 2].forEach((column, index) => {
    const measured = rows.filter((row) => row[column] !== null);
    const places = measured.map((row) => [x(row[0]), y(row[column])]);
    drawCurve(pen, places, KEY_COLOURS[index]);
  });
}

function drawAxes(pen, { box, x, y, epochs, highest }, theme) {
  const write = (text, left, top, align) => {
    pen.textAlign = align;
    pen.fillText(text, left, top);
  };
  pen.lineWidth = 1;
  pen.strokeStyle = theme.line;
  pen.fillStyle = theme.ink;
  for (const mark of ticks([0, highest], 3)) {
    pen.globalAlpha = mark === 0 ? 1 : 0.4;
    pen.beginPath();
    pen.moveTo(box.left, y(mark));
    pen.lineTo(box.right, y(mark));
    pen.stroke();
    pen.globalAlpha = 1;
    write(String(Number(mark.toPrecision(3))), box.left - 5, y(mark), "right");
  }
  for (const mark of wholeTicks(epochs, 5)) {
    const atEdge = x(mark) > box.right - 12;
    write(String(mark), atEdge ? box.right : x(mark), box.bottom + 9, atEdge ? "right" : "center");
  }
  write("epoch", 0, box.bottom + 9, "left");
}

/** A line through places, with a dot at its end. */
function drawCurve(pen, places, colour) {
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = 2.2;
  pen.lineJoin = "round";
  pen.beginPath();
  for (const [x, y] of places) pen.lineTo(x, y);
  pen.stroke();
  if (!places.length) return;
  const [x, y] = places.at(-1);
  pen.beginPath();
  pen.arc(x, y, 3, 0, 2 * Math.PI);
  pen.fill();
}
