/** All that is drawn: an axis with numbers on it, a sketch, and guess and truth together. */
import { begin } from "../shared/js/canvas.js";
import { scale, ticks } from "../shared/js/curves.js";
import { figure } from "../shared/js/numbers.js";
import { CATEGORIES, WINDOW } from "../shared/js/palette.js";
import { reaching, shareOf } from "./axis.js";
import { across } from "./layout.js";

/**
 * @typedef {import("./state.js").Form} Form
 * @typedef {import("./layout.js").Plot} Plot
 * @typedef {import("../shared/js/palette.js").Theme} Theme
 */

const TRUTH = CATEGORIES[0];
const LETTERS = 12; // their height
const ROOM = 62; // for the number at a tick

/** The axis under a slider. @param {Form} form @param {Plot} plot @param {Theme} theme */
export function drawAxis(canvas, form, plot, theme) {
  const pen = begin(canvas, plot.width, plot.height);
  axisLine(pen, /** @type {any} */ (form), form.unit, plot, theme);
}

/** Guess and truth on one axis; without a guess, the truth alone. */
export function drawNumbers(canvas, form, guess, truth, plot, theme) {
  const pen = begin(canvas, plot.width, plot.height);
  const range = reaching(form, guess === null ? [truth] : [guess, truth]);
  axisLine(pen, range, form.unit, plot, theme);
  const xOf = (number) => plot.left + shareOf(range, number) * (plot.right - plot.left);
  const toTheLeft = guess === null || guess > truth;
  flag(
    pen,
    { x: xOf(truth), row: 1, toTheLeft, words: `it is ${figure(truth, form.unit)}`, colour: TRUTH },
    plot,
    theme,
  );
  diamond(pen, xOf(truth), plot.bottom, TRUTH);
  if (guess === null) return;
  const mine = { x: xOf(guess), row: 0, toTheLeft: !toTheLeft, words: `you said ${figure(guess, form.unit)}` };
  flag(pen, { ...mine, colour: WINDOW }, plot, theme);
  ring(pen, mine.x, plot.bottom, theme);
}

function axisLine(pen, range, unit, { left, right, bottom }, theme) {
  rule(pen, theme.line, 1, [left, bottom], [right, bottom]);
  pen.font = `${LETTERS}px ${theme.font}`;
  pen.fillStyle = theme.ink;
  pen.textBaseline = "top";
  const most = Math.max(2, Math.floor((right - left) / ROOM));
  const marks = ticks([range.low, range.high], most, range.scale === "log");
  pen.textAlign = "left";
  let nextBegins = Infinity;
  for (const mark of [...marks].reverse()) {
    const x = left + shareOf(range, mark) * (right - left);
    rule(pen, theme.line, 1, [x, bottom], [x, bottom + 4]);
    const words = figure(Number(mark.toPrecision(10)), mark === marks.at(-1) ? unit : "");
    const length = pen.measureText(words).width;
    const begins = Math.min(Math.max(x - length / 2, 0), right + left - length);
    if (begins + length + 8 > nextBegins) continue; // the last number, with its unit, takes more room than the others
    pen.fillText(words, begins, bottom + 6);
    nextBegins = begins;
  }
}

/** Words at a stem that stands on the axis; on the other side of it where they would leave the picture. */
function flag(pen, { x, row, toTheLeft, words, colour }, { width, top, bottom }, theme) {
  const y = top + 18 * row;
  rule(pen, colour, 1.5, [x, y - 6], [x, bottom]);
  pen.font = `600 ${LETTERS}px ${theme.font}`;
  pen.textBaseline = "middle";
  const length = pen.measureText(words).width + 6;
  const fits = toTheLeft ? x > length : x + length < width;
  const left = toTheLeft === fits ? x - length : x + 6;
  pen.textAlign = "left";
  pen.fillStyle = theme.ink;
  pen.fillText(words, Math.min(Math.max(left, 0), width - length + 6), y);
}

/** The guess is hollow, the truth is solid: told apart without colours, too. */
function ring(pen, x, y, theme) {
  pen.beginPath();
  pen.arc(x, y, 5, 0, 2 * Math.PI);
  pen.fillStyle = theme.dark ? "#000000" : "#ffffff";
  pen.fill();
  pen.strokeStyle = WINDOW;
  pen.lineWidth = 2.5;
  pen.stroke();
}

function diamond(pen, x, y, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  for (const [right, down] of [
    [0, -7],
    [7, 0],
    [0, 7],
    [-7, 0],
  ])
    pen.lineTo(x + right, y + down);
  pen.fill();
}

/**
 * A curve or bars: a guess, the truth, or both.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{form: Form, guess: number[] | null, truth?: any, cursor?: number | null}} shown
 *   `cursor`: the knot or bar that keys move, null where none is
 * @param {Plot} plot
 * @param {Theme} theme
 */
export function drawChart(canvas, { form, guess, truth = null, cursor = null }, plot, theme) {
  const pen = begin(canvas, plot.width, plot.height);
  const heights = truth === null ? [] : form.kind === "curve" ? truth.y : truth;
  const y = { low: Math.min(form.y.low, ...heights), high: Math.max(form.y.high, ...heights) };
  const yOf = scale([y.low, y.high], plot.bottom, plot.top);
  frame(pen, form, y, yOf, plot, theme);
  if (form.kind === "bars") {
    if (truth !== null) bars(pen, form, truth, { yOf, plot, share: guess ? 0.5 : 0 });
    if (guess) hollowBars(pen, form, guess, { yOf, plot, beside: truth !== null });
  } else {
    if (truth !== null) curve(pen, truth, form, { yOf, plot });
    if (guess) knots(pen, form, guess, { yOf, plot, theme });
  }
  if (cursor !== null && guess) mark(pen, across(form, plot, cursor), yOf(guess[cursor]), theme);
  if (!guess && truth === null) invite(pen, form, plot, theme);
}

function frame(pen, form, y, yOf, plot, theme) {
  const { left, right, top, bottom } = plot;
  pen.font = `${LETTERS}px ${theme.font}`;
  pen.fillStyle = theme.ink;
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  const heights = ticks([y.low, y.high], 5);
  for (const mark of heights) {
    pen.globalAlpha = 0.5;
    rule(pen, theme.line, 1, [left, yOf(mark)], [right, yOf(mark)]);
    pen.globalAlpha = 1;
    pen.fillText(figure(Number(mark.toPrecision(10)), form.unit), left - 6, yOf(mark));
  }
  rule(pen, theme.line, 1, [left, top], [left, bottom]);
  pen.textBaseline = "top";
  if (form.kind === "bars") {
    pen.textAlign = "center";
    const room = (right - left) / form.labels.length;
    form.labels.forEach((label, index) => pen.fillText(label, across(form, plot, index), bottom + 5, room - 8));
    return;
  }
  pen.textAlign = "center";
  const { low, high, name } = form.x;
  for (const mark of ticks([low, high], 6)) {
    const x = left + ((mark - low) / (high - low)) * (right - left);
    pen.fillText(figure(Number(mark.toPrecision(10))), x, bottom + 5);
  }
  pen.fillText(name, (left + right) / 2, bottom + 21);
  pen.textAlign = "left";
  pen.textBaseline = "bottom";
  pen.fillText(form.y.name, Math.max(left - 46, 0), top - 8);
}

function curve(pen, { x, y }, form, { yOf, plot: { left, right } }) {
  const xOf = scale([form.x.low, form.x.high], left, right);
  path(
    pen,
    x.map((place, index) => [xOf(place), yOf(y[index])]),
  );
  pen.strokeStyle = TRUTH;
  pen.lineWidth = 3;
  pen.stroke();
}

function knots(pen, form, guess, { yOf, plot, theme }) {
  const points = guess.map((height, index) => [across(form, plot, index), yOf(height)]);
  path(pen, points);
  pen.setLineDash([6, 4]);
  pen.strokeStyle = WINDOW;
  pen.lineWidth = 2;
  pen.stroke();
  pen.setLineDash([]);
  for (const [x, y] of points) ring(pen, x, y, theme);
}

/** How wide a bar is: most of its room, or half of that beside another one. */
function barWidth(form, { left, right }) {
  return (0.64 * (right - left)) / form.labels.length;
}

function bars(pen, form, heights, { yOf, plot, share }) {
  const width = barWidth(form, plot) * (share || 1);
  pen.fillStyle = TRUTH;
  heights.forEach((height, index) => {
    const x = across(form, plot, index) - (share ? 0 : width / 2);
    pen.fillRect(x, yOf(height), width, plot.bottom - yOf(height));
  });
}

function hollowBars(pen, form, heights, { yOf, plot, beside }) {
  const width = barWidth(form, plot) / (beside ? 2 : 1);
  pen.strokeStyle = WINDOW;
  pen.lineWidth = 2;
  heights.forEach((height, index) => {
    const x = across(form, plot, index) - (beside ? width : width / 2);
    pen.fillStyle = "rgb(224 0 122 / 14%)";
    pen.fillRect(x, yOf(height), width - 2, plot.bottom - yOf(height));
    pen.strokeRect(x + 1, yOf(height), width - 4, plot.bottom - yOf(height));
  });
}

/** Where keys would move something. */
function mark(pen, x, y, theme) {
  pen.beginPath();
  pen.arc(x, y, 10, 0, 2 * Math.PI);
  pen.strokeStyle = theme.ink;
  pen.lineWidth = 1.5;
  pen.stroke();
}

function invite(pen, form, { left, right, top, bottom }, theme) {
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `14px ${theme.font}`;
  pen.fillStyle = theme.ink;
  pen.globalAlpha = 0.75;
  pen.fillText(form.kind === "bars" ? "Pull the bars up here" : "Draw here", (left + right) / 2, (top + bottom) / 2);
  pen.globalAlpha = 1;
}

function path(pen, points) {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.lineJoin = "round";
}

function rule(pen, colour, thick, from, to) {
  pen.strokeStyle = colour;
  pen.lineWidth = thick;
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
}
