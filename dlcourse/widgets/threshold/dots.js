/** Draws the dots, the line between their lanes, the threshold, and how many lie on each side of it. */
import { clamp } from "../shared/js/bounds.js";
import { begin, density } from "../shared/js/canvas.js";
import { changes } from "../shared/js/memory.js";
import { CATEGORIES, WINDOW } from "../shared/js/palette.js";
import { toX } from "./layout.js";
import { thresholdInWords } from "./words.js";

const [POSITIVE, OTHER] = [CATEGORIES[0], CATEGORIES[5]];
const PALE = 0.38; // how strong right answers are drawn beside the mistakes

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {(view: import("./state.js").View, dots: import("./layout.js").Dots, picked: number,
 *   theme: import("../shared/js/palette.js").Theme) => void}
 */
export function dotsPainter(canvas) {
  const changed = changes();
  return (view, dots, picked, theme) => {
    if (!changed("dots", view.threshold, view.truths, dots, picked, theme, density())) return;
    const pen = begin(canvas, dots.width, dots.height);
    drawDots(pen, view, dots, theme);
    drawAxis(pen, view, dots, theme);
    drawNames(pen, view, dots, theme);
    drawThreshold(pen, view, dots, theme);
    if (picked >= 0) drawPicked(pen, dots, picked);
  };
}

function drawDots(pen, { truths, probabilities, threshold }, dots, theme) {
  const { x, y, size } = dots;
  const radius = Math.max(0.75, (size - 1) / 2);
  const colours = theme.dark ? ["#4fa8dc", "#f08040"] : [POSITIVE, OTHER];
  for (const [truth, colour] of [
    [true, colours[0]],
    [false, colours[1]],
  ]) {
    for (const wrong of [false, true]) {
      pen.fillStyle = colour;
      pen.globalAlpha = wrong ? 1 : PALE;
      pen.beginPath();
      for (let index = 0; index < x.length; index++) {
        const yes = probabilities[index] >= threshold;
        if (truths[index] !== truth || (yes !== truth) !== wrong) continue;
        if (truth) {
          pen.moveTo(x[index] + radius, y[index]);
          pen.arc(x[index], y[index], radius, 0, 2 * Math.PI);
        } else pen.rect(x[index] - radius, y[index] - radius, 2 * radius, 2 * radius);
      }
      pen.fill();
    }
  }
  pen.globalAlpha = 1;
}

function drawAxis(pen, { threshold }, dots, theme) {
  const { left, across, middle, height } = dots;
  pen.fillStyle = theme.line;
  pen.fillRect(left, middle - 0.5, across, 1);
  pen.fillStyle = theme.ink;
  pen.font = `11px ${theme.font}`;
  pen.textBaseline = "bottom";
  const marks = [0, 0.25, 0.5, 0.75, 1].filter((share) => Math.abs(toX(dots, share) - toX(dots, threshold)) > 34);
  for (const share of marks) {
    pen.textAlign = share === 0 ? "left" : share === 1 ? "right" : "center";
    pen.globalAlpha = 0.75;
    pen.fillText(String(share), toX(dots, share), height);
    pen.globalAlpha = 1;
  }
}

/** Which class lies above the line, and which below it. */
function drawNames(pen, { name, threshold }, dots, theme) {
  pen.font = `13px ${theme.font}`;
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  pen.fillStyle = theme.ink;
  const right = dots.width - 4;
  for (const [words, y] of [
    [`${name} ●`, 10],
    [`not ${name} ■`, dots.height - 24],
  ]) {
    if (toX(dots, threshold) + 130 > right - pen.measureText(words).width) continue; // the counts stand there
    pen.fillText(words, right, y);
  }
}

function drawThreshold(pen, { counts, threshold }, dots, theme) {
  const { width, height } = dots;
  const x = toX(dots, threshold);
  pen.fillStyle = WINDOW;
  pen.fillRect(x - 1, 20, 2, height - 38);
  pen.beginPath();
  pen.arc(x, dots.middle, 7, 0, 2 * Math.PI);
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = "#ffffff";
  pen.stroke();
  pen.font = `600 13px ${theme.font}`;
  pen.textBaseline = "middle";
  const below = height - 24;
  /** @type {[string, number, number][]} */
  const groups = [
    [`${counts.misses} missed`, -1, 10],
    [`${counts.hits} found`, 1, 10],
    [`${counts.rest} left alone`, -1, below],
    [`${counts.falseAlarms} false alarms`, 1, below],
  ];
  for (const [words, side, y] of groups) {
    const length = pen.measureText(words).width;
    const start = side < 0 ? x - 10 - length : x + 10;
    if (start < 2 || start + length > width - 2) continue; // no room: the table has it
    pen.fillStyle = theme.dark ? "#111111" : "#ffffff";
    pen.globalAlpha = 0.8;
    pen.fillRect(start - 3, y - 8, length + 6, 16);
    pen.globalAlpha = 1;
    pen.fillStyle = theme.ink;
    pen.textAlign = "left";
    pen.fillText(words, start, y);
  }
  pen.fillStyle = theme.ink;
  pen.textAlign = "center";
  pen.textBaseline = "bottom";
  pen.fillText(thresholdInWords(threshold), clamp(x, 16, width - 16), height);
}

function drawPicked(pen, { x, y, size }, index) {
  pen.beginPath();
  pen.arc(x[index], y[index], Math.max(5, size / 2 + 2.5), 0, 2 * Math.PI);
  pen.lineWidth = 4;
  pen.strokeStyle = "#ffffff";
  pen.stroke();
  pen.lineWidth = 2.2;
  pen.strokeStyle = WINDOW;
  pen.stroke();
}
