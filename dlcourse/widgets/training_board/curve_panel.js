/** One quantity of a training as curves over its epochs, with the runs it is compared with. */
import { begin } from "../shared/js/canvas.js";
import { pieces, scale, span, ticks, wholeTicks } from "../shared/js/curves.js";
import { WINDOW } from "../shared/js/palette.js";

/** What is left free around the curves, in CSS pixels. */
export const MARGIN = { left: 46, right: 10, top: 18, bottom: 22 };

/**
 * @typedef {{width: number, height: number, theme: import("../shared/js/palette.js").Theme, ink: string, training: string,
 *   validation: string}} Look  sizes and colours
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{name: string, front: import("../shared/js/curves.js").Run, last: number, at: number, log: boolean,
 *   others: {epochs: number[], values: ArrayLike<number> | undefined, colour: string, dash: number[]}[]}} curves
 *   `last`: where the axis ends; `at`: the position of the epoch looked at, or -1; `others`: thin lines of other runs
 * @param {Look} look
 */
export function curvePanel(canvas, { name, front, others, last, at, log: wished }, look) {
  const [train, validation] = [front.numbers[name], front.numbers[`val_${name}`]];
  const columns = [train, validation, ...others.map(({ values }) => values)].filter((column) => column?.length);
  const reach = span(columns.length ? columns : [front.within[name] ?? []], wished);
  const { width, height } = look;
  const pen = begin(canvas, width, height);
  const box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
  const x = scale([0, last], box.left, box.right);
  if (!reach) {
    drawAxes(pen, look, box, x, null, last);
    note(pen, look, (box.left + box.right) / 2, (box.top + box.bottom) / 2, `no finite ${name}`, "center");
    return;
  }
  const room = reach[1] === reach[0] ? Math.abs(reach[0]) * 0.1 || 1 : 0;
  const padded = [reach[0] - room, reach[1] + room];
  const log = wished && padded[0] > 0;
  const y = scale(padded, box.bottom, box.top, log);
  drawAxes(pen, look, box, x, { y, marks: ticks(padded, height < 200 ? 4 : 5, log) }, last);
  drawBroken(pen, look, box, x, front, train);
  if (train && validation) shade(pen, look, x, y, front, train, validation);
  for (const { epochs, values, colour, dash } of others) stroke(pen, x, y, epochs, values, colour, 1.4, dash);
  drawBatches(pen, look, box, x, y, front, name);
  if (train) stroke(pen, x, y, front.epochs, train, look.training, 2.4);
  if (validation) stroke(pen, x, y, front.epochs, validation, look.validation, 2.4);
  drawBest(pen, look, box, x, y, front, name);
  drawPointed(pen, look, box, x, y, front, at, [train, validation]);
}

function tickLabel(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e4)) return value.toExponential(0).replaceAll("-", "−");
  return String(Number(value.toPrecision(6))).replace("-", "−");
}

function drawAxes(pen, look, box, x, vertical, last) {
  pen.font = `11.5px ${look.theme.font}`;
  pen.lineWidth = 1;
  pen.strokeStyle = look.theme.line;
  pen.globalAlpha = 0.4;
  for (const mark of vertical?.marks ?? []) line(pen, box.left, vertical.y(mark), box.right, vertical.y(mark));
  pen.globalAlpha = 1;
  line(pen, box.left, box.bottom, box.right, box.bottom);
  for (const mark of vertical?.marks ?? []) note(pen, look, box.left - 6, vertical.y(mark), tickLabel(mark), "right");
  const marks = wholeTicks(last, Math.max(3, Math.min(8, look.width / 55)));
  for (const mark of marks) {
    line(pen, x(mark), box.bottom, x(mark), box.bottom + 4);
    note(pen, look, x(mark), box.bottom + 13, String(mark), "center");
  }
  if (!marks.length || x(marks[0]) - box.left > 62) note(pen, look, box.left, box.bottom + 13, "epoch", "left");
  else note(pen, look, 2, box.bottom + 13, "epoch", "left");
}

/** The epochs that have no finite number, as a band. */
function drawBroken(pen, look, box, x, { epochs }, train) {
  const first = train ? Array.from(train).findIndex((value) => !Number.isFinite(value)) : -1;
  if (first < 0) return;
  const from = x(epochs[first] - 0.5);
  pen.fillStyle = WINDOW;
  pen.globalAlpha = 0.12;
  pen.fillRect(from, box.top, x(epochs.at(-1)) - from + 6, box.bottom - box.top);
  pen.globalAlpha = 1;
  note(pen, look, from + 4, box.top + 10, "NaN", "left");
}

/** The room between training and validation. */
function shade(pen, look, x, y, { epochs }, train, validation) {
  const compared = Array.from(train, (value, index) => (Number.isFinite(validation[index]) ? value : NaN));
  pen.fillStyle = look.validation;
  pen.globalAlpha = 0.16;
  for (const piece of pieces([...epochs.keys()], compared)) {
    pen.beginPath();
    for (const [index, value] of piece) pen.lineTo(x(epochs[index]), y(value));
    for (const [index] of piece.reverse()) pen.lineTo(x(epochs[index]), y(validation[index]));
    pen.fill();
  }
  pen.globalAlpha = 1;
}

function stroke(pen, x, y, epochs, values, colour, thick, dash = []) {
  if (!values) return;
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  pen.lineWidth = thick;
  pen.lineJoin = "round";
  pen.setLineDash(dash);
  for (const piece of pieces(epochs, values)) {
    pen.beginPath();
    for (const [epoch, value] of piece) pen.lineTo(x(epoch), y(value));
    pen.stroke();
    if (piece.length === 1) dot(pen, x(piece[0][0]), y(piece[0][1]), thick);
  }
  pen.setLineDash([]);
}

/** The epoch under way, batch by batch, as Keras tells it: averages since the epoch began. */
function drawBatches(pen, look, box, x, y, front, name) {
  const values = front.within[name];
  if (!values?.length || !front.begun) return;
  const steps = front.steps || Math.max(front.batches.at(-1), 1) * 1.25;
  const at = front.batches.map((batch) => front.begun - 1 + Math.min(batch / steps, 1));
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top, box.right - box.left, box.bottom - box.top); // the first batches may be far off
  pen.clip();
  pen.globalAlpha = 0.55;
  stroke(pen, x, y, at, values, look.training, 1.2);
  pen.restore();
}

function drawBest(pen, look, box, x, y, { epochs, best, watched, numbers }, name) {
  if (best < 0 || epochs.length < 2) return;
  const across = x(epochs[best]);
  pen.strokeStyle = look.ink;
  pen.globalAlpha = 0.55;
  pen.lineWidth = 1;
  pen.setLineDash([3, 3]);
  line(pen, across, box.top, across, box.bottom);
  pen.setLineDash([]);
  pen.globalAlpha = 1;
  const right = across > (box.left + box.right) / 2;
  note(pen, look, across + (right ? -5 : 5), box.top - 8, `best: epoch ${epochs[best]}`, right ? "right" : "left");
  if (watched.replace(/^val_/, "") !== name) return;
  pen.fillStyle = look.ink;
  dot(pen, across, y(numbers[watched][best]), 4.5);
}

function drawPointed(pen, look, box, x, y, front, at, columns) {
  if (at < 0) return;
  const across = x(front.epochs[at]);
  pen.strokeStyle = WINDOW;
  pen.lineWidth = 1.5;
  line(pen, across, box.top, across, box.bottom);
  for (const column of columns) {
    if (!column || !Number.isFinite(column[at])) continue;
    pen.fillStyle = WINDOW;
    dot(pen, across, y(column[at]), 4);
  }
  pen.fillStyle = WINDOW;
  pen.textAlign = "center";
  pen.font = `600 11.5px ${look.theme.font}`;
  const label = String(front.epochs[at]);
  const wide = pen.measureText(label).width + 8;
  pen.fillRect(across - wide / 2, box.bottom + 5, wide, 16);
  pen.fillStyle = "#ffffff";
  pen.fillText(label, across, box.bottom + 13);
}

function note(pen, look, x, y, text, align) {
  pen.fillStyle = look.ink;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.fillText(text, x, y);
}

function dot(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

function line(pen, ...[x0, y0, x1, y1]) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}
