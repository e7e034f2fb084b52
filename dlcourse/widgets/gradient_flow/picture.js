/**
 * The picture of GradientFlow: a shape for each layer tells how many of its numbers have which size, forward above and
 * back below, on logarithmic scales.
 */

import { CATEGORIES, WINDOW } from "../shared/js/palette.js";
import { BINS, decadeInWords, PER_DECADE, power } from "./decades.js";

const [FORWARD, BACK] = [CATEGORIES[0], CATEGORIES[5]];
const LIGHTER = { [FORWARD]: CATEGORIES[4], [BACK]: CATEGORIES[1] }; // for the means on a dark page
const ALWAYS = { forward: [-6, 1], back: [-12, 0] }; // decades that are always shown, so that pictures can be compared
const WORDY = 540; // CSS pixels: from there on decades are labelled in words, too
const MARGIN = { wordy: 120, narrow: 42, right: 8 };
const [TITLE, FORWARD_HEIGHT, STRIP, BACK_HEIGHT] = [20, 118, 50, 150];
const TROUBLE = { dead: ": 0 for every example", saturated: ": at their limit for most examples" };
const LEAST_COLUMN = 13; // a deeper network than fits is scrolled

/** The decades that a panel shows: those of the means with some room. @returns {[number, number]} */
export function reach(layers, panel) {
  let [low, high] = ALWAYS[panel];
  for (const layer of layers) {
    if (!layer || !(layer.mean > 0)) continue;
    low = Math.min(low, 3 * Math.floor((Math.log10(layer.mean) - 1) / 3));
    high = Math.max(high, Math.ceil((layer.top + 1) / PER_DECADE));
  }
  return [low, high];
}

/** Where everything is. @param {string[]} names  the layers' */
export function plan(width, names) {
  const wordy = width >= WORDY;
  const left = wordy ? MARGIN.wordy : MARGIN.narrow;
  const column = Math.max(LEAST_COLUMN, (width - left - MARGIN.right) / names.length);
  const longest = Math.max(...names.map((name) => name.length));
  const slanted = 6.6 * longest > column;
  const forward = TITLE;
  const strip = forward + FORWARD_HEIGHT + 10;
  const back = strip + STRIP + TITLE - 8;
  const labels = back + BACK_HEIGHT + 6;
  const height = labels + (slanted ? 14 + Math.min(70, 4.4 * Math.min(longest, 18)) : 16);
  const whole = left + column * names.length + MARGIN.right;
  return { width: whole, left, column, wordy, slanted, forward, strip, back, labels, height };
}

/** The layer under a point, from 0; -1 beside them. */
export function columnAt({ left, column }, x, count) {
  const index = Math.floor((x - left) / column);
  return index >= 0 && index < count ? index : -1;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{rows: import("./rows.js").LayerRow[], by: string, at: number, layout: ReturnType<typeof plan>,
 *   forward: [number, number], back: [number, number], theme, ink: string, faint: string, trouble: string}} picture
 *   `at`: the layer that is pointed at, -1 for none; `trouble`: which units are counted, "dead" or "saturated" or ""
 */
export function drawFlow(pen, { rows, by, at, layout, forward, back, theme, ink, faint, trouble }) {
  const style = { theme, ink, faint, layout };
  pen.lineJoin = "round";
  highlight(pen, style, at);
  title(pen, style, layout.forward - 8, FORWARD, "forward →", "sizes of the outputs, layer by layer");
  const outputs = rows.map((row) => row.outputs);
  panel(pen, style, outputs, { top: layout.forward, height: FORWARD_HEIGHT, decades: forward, colour: FORWARD });
  strip(pen, style, rows, trouble);
  const [ofLoss, ofEachLayer] = layout.wordy ? [" loss’s", " of each layer"] : ["", ""];
  title(pen, style, layout.back - 8, BACK, "← back", `sizes of the${ofLoss} gradients by the ${by}${ofEachLayer}`);
  const gradients = rows.map((row) => row.gradient);
  panel(pen, style, gradients, { top: layout.back, height: BACK_HEIGHT, decades: back, colour: BACK });
  labels(pen, style, rows, at);
}

function highlight(pen, { layout }, at) {
  if (at < 0) return;
  pen.fillStyle = WINDOW;
  pen.globalAlpha = 0.1;
  pen.fillRect(layout.left + at * layout.column, layout.forward, layout.column, layout.labels - layout.forward);
  pen.globalAlpha = 1;
  pen.strokeStyle = WINDOW;
  pen.lineWidth = 1.5;
  pen.strokeRect(layout.left + at * layout.column, layout.forward, layout.column, layout.labels - layout.forward);
}

function title(pen, { layout, ink, faint, theme }, y, colour, word, text) {
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.font = `600 13px ${theme.font}`;
  pen.fillStyle = theme.dark ? LIGHTER[colour] : colour;
  pen.fillText(word, layout.left, y);
  const after = layout.left + pen.measureText(word).width + 8;
  pen.font = `12px ${theme.font}`;
  pen.fillStyle = layout.wordy ? ink : faint;
  pen.fillText(text, after, y);
}

function panel(pen, style, layers, { top, height, decades: [low, high], colour }) {
  const { layout, theme } = style;
  const per = height / (high - low);
  const x = (index) => layout.left + (index + 0.5) * layout.column;
  const y = (decade) => top + (high - decade) * per;
  axis(pen, style, y, low, high);
  pen.save();
  pen.beginPath();
  pen.rect(layout.left, top - 3, layout.column * layers.length, height + 6);
  pen.clip();
  pen.fillStyle = colour;
  pen.globalAlpha = theme.dark ? 0.75 : 0.45;
  layers.forEach((layer, index) => layer && shape(pen, x(index), 0.46 * layout.column, layer, y));
  pen.restore();
  const clipped = (mean) => Math.min(y(Math.log10(mean)), top + height);
  means(pen, style, layers, clipped, theme.dark ? LIGHTER[colour] : colour);
  layers.forEach((layer, index) => {
    const lost = layer && (Number.isNaN(layer.mean) ? "∞" : layer.mean === 0 ? "0" : "");
    if (lost) note(pen, style, x(index), lost === "0" ? top + height - 8 : top + 8, lost);
  });
}

function axis(pen, style, y, low, high) {
  const { layout, theme } = style;
  const spacing = [1, 3, 6, 12, 24, 48, 96].find((step) => (high - low) / step <= 5) ?? 192;
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  for (let decade = Math.ceil(low / spacing) * spacing; decade <= high; decade += spacing) {
    pen.globalAlpha = 0.45;
    pen.beginPath();
    pen.moveTo(layout.left - 4, y(decade));
    pen.lineTo(layout.width - MARGIN.right, y(decade));
    pen.stroke();
    pen.globalAlpha = 1;
    note(pen, style, layout.left - 8, y(decade), power(decade), "right");
    if (layout.wordy) note(pen, style, layout.left - 44, y(decade), decadeInWords(decade), "right", style.faint, 11);
  }
}

/** How many numbers have which size, to both sides of the middle. */
function shape(pen, x, half, { top, shares }, y) {
  let largest = 0;
  let last = 0;
  for (let bin = 0; bin < BINS; bin++) {
    if (shares[bin] > largest) largest = shares[bin];
    if (shares[bin] > 0) last = bin;
  }
  if (!largest) return;
  const height = (bin) => y((top + 0.5 - bin) / PER_DECADE);
  pen.beginPath();
  pen.moveTo(x, height(-0.6));
  for (let bin = 0; bin <= last; bin++) pen.lineTo(x + (half * shares[bin]) / largest, height(bin));
  pen.lineTo(x, height(last + 0.6));
  for (let bin = last; bin >= 0; bin--) pen.lineTo(x - (half * shares[bin]) / largest, height(bin));
  pen.fill();
}

/** A line through the means, with gaps where there is none. */
function means(pen, { layout }, layers, y, colour) {
  const radius = Math.min(3.2, layout.column / 5);
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  pen.lineWidth = 2;
  pen.beginPath();
  const points = layers.map(
    (layer, index) => layer?.mean > 0 && [layout.left + (index + 0.5) * layout.column, y(layer.mean)],
  );
  let open = false;
  points.forEach((point, index) => {
    if (point) pen[open ? "lineTo" : "moveTo"](...point);
    open = point ? true : open && layers[index] === null; // a layer without weights does not break the line
  });
  pen.stroke();
  for (const point of points.filter(Boolean)) {
    pen.beginPath();
    pen.arc(...point, radius, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** Between the panels: the share of each layer's units that are dead or saturated. */
function strip(pen, style, rows, trouble) {
  const { layout, theme, faint } = style;
  if (!trouble) return;
  const top = layout.strip + 12;
  const wide = Math.min(0.7 * layout.column, 40);
  note(pen, style, layout.left, layout.strip + 3, `${trouble} units${TROUBLE[trouble]}`, "left", faint, 11);
  rows.forEach((row, index) => {
    const share = row[trouble];
    if (Number.isNaN(share)) return;
    const x = layout.left + (index + 0.5) * layout.column;
    pen.fillStyle = theme.dark ? "#3a3a3a" : "#e4e4e4";
    pen.fillRect(x - wide / 2, top, wide, 8);
    pen.fillStyle = theme.dark ? CATEGORIES[3] : "#a0367a"; // the category's purple, deep enough for a white page
    pen.fillRect(x - wide / 2, top, wide * share, 8);
    const label = layout.column >= 30 && share > 0 ? `${Math.ceil(100 * share)}%` : "";
    note(pen, style, x, top + 15, label, "center", faint, 10);
  });
}

function labels(pen, style, rows, at) {
  const { layout } = style;
  const spacing = layout.slanted ? 1 : Math.max(1, Math.ceil(16 / layout.column));
  rows.forEach(({ name }, index) => {
    if (index % spacing && index !== rows.length - 1) return;
    const x = layout.left + (index + 0.5) * layout.column;
    const ink = index === at ? WINDOW : style.ink;
    if (!layout.slanted) return note(pen, style, x, layout.labels + 7, name, "center", ink, 11.5);
    pen.save();
    pen.translate(x + 4, layout.labels + 2);
    pen.rotate(-0.9);
    note(pen, style, 0, 3, name.length > 18 ? `…${name.slice(-17)}` : name, "right", ink, 11);
    pen.restore();
  });
}

function note(pen, { theme, ink }, x, y, text, align = "center", colour = ink, size = 12) {
  pen.font = `${size}px ${theme.font}`;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}

/**
 * The curve of the loss.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {number} width
 * @param {number} height
 * @param {{losses: number[], before: number[], guess: number, at: number, last: string, theme,
 *   ink: string, faint: string}} curve
 *   `before`: of the run before, to compare; `guess`: what guessing gives, NaN if unknown; `at`: which one is shown, -1
 *   for the last one
 */
export function drawLoss(pen, width, height, { losses, before, guess, at, last, theme, ink, faint }) {
  const [left, right, top, bottom] = [34, width - 8, 8, height - 20];
  const style = { theme, ink, faint };
  let highest = Number.isNaN(guess) ? 0 : 1.3 * guess;
  for (const loss of losses) if (Number.isFinite(loss)) highest = Math.max(highest, loss);
  highest = Math.min(highest || 1, Number.isNaN(guess) ? Infinity : 5 * guess);
  const y = (loss) => bottom - (Math.min(loss, highest) / highest) * (bottom - top);
  const count = Math.max(losses.length, before.length, 2) - 1;
  const x = (index) => left + (index / count) * (right - left);
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(left, top);
  pen.lineTo(left, bottom);
  pen.lineTo(right, bottom);
  pen.stroke();
  for (const mark of [0, highest]) {
    note(pen, style, left - 5, y(mark), String(Number(mark.toPrecision(2))), "right", faint, 11);
  }
  note(pen, style, right, bottom + 11, last, "right", faint, 11);
  if (!Number.isNaN(guess)) {
    pen.setLineDash([4, 4]);
    pen.beginPath();
    pen.moveTo(left, y(guess));
    pen.lineTo(right, y(guess));
    pen.stroke();
    pen.setLineDash([]);
    note(pen, style, right, y(guess) - 8, "guessing", "right", faint, 11);
  }
  pen.globalAlpha = 0.5;
  curve(pen, before, x, y, theme.line);
  pen.globalAlpha = 1;
  curve(pen, losses, x, y, theme.dark ? CATEGORIES[4] : CATEGORIES[0]);
  const index = at < 0 ? losses.length - 1 : at;
  if (!Number.isFinite(losses[index])) return;
  pen.fillStyle = WINDOW;
  pen.beginPath();
  pen.arc(x(index), y(losses[index]), 4, 0, 2 * Math.PI);
  pen.fill();
}

function curve(pen, losses, x, y, colour) {
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  pen.beginPath();
  let open = false;
  for (let index = 0; index < losses.length; index++) {
    if (Number.isFinite(losses[index])) pen[open ? "lineTo" : "moveTo"](x(index), y(losses[index]));
    open = Number.isFinite(losses[index]);
  }
  pen.stroke();
}
