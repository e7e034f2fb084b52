/** Draws a unit's gates and states as curves over the steps, and how much of a change at each step reaches the end. */
import { begin, density } from "../shared/js/canvas.js";
import { scale, span, ticks } from "../shared/js/curves.js";
import { changes } from "../shared/js/memory.js";
import { WINDOW } from "../shared/js/palette.js";
import { dot, stroke } from "../shared/js/strokes.js";
import { typed } from "../shared/js/words.js";
import { GRADIENTS, LINES } from "./lines.js";

const LEAST = 1e-12; // gradients below lie on the axis

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {(view: import("./state.js").View, chart: import("./layout.js").Chart,
 *   theme: import("../shared/js/palette.js").Theme) => void}
 */
export function unitPainter(canvas) {
  const changed = changes();
  return ({ way, cell, unit, step, steps }, chart, theme) => {
    if (!changed("unit", way, unit, step, chart.width, theme, density())) return;
    const pen = begin(canvas, chart.width, chart.height);
    if (!way) return;
    const columns = cell.rows.map((name) => columnOf(way.rows[name], unit, cell.units));
    const [low, high] = span([...columns, [0, 1]], false);
    const y = scale([low, high], chart.top + chart.tall, chart.top);
    const x = steps > 1 ? scale([0, steps - 1], chart.left, chart.left + chart.across) : () => chart.left;
    drawAxes(pen, chart, y, ticks([low, high], 5), steps, x, theme);
    drawStep(pen, chart, x(step));
    columns.forEach((column, index) => {
      const name = cell.rows[index];
      stroke(
        pen,
        Array.from(column, (value, at) => [x(at), y(value)]),
        LINES[name],
        name === "state" ? 2.5 : 1.75,
      );
    });
    columns.forEach((column, index) => {
      dot(pen, [x(step), y(column[step])], 3.5, LINES[cell.rows[index]].colour);
    });
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {(view: import("./state.js").View, chart: import("./layout.js").Chart,
 *   theme: import("../shared/js/palette.js").Theme) => void}
 */
export function gradientPainter(canvas) {
  const changed = changes();
  return ({ gradient, step, steps }, chart, theme) => {
    if (!changed("gradient", gradient, step, chart.width, theme, density())) return;
    const pen = begin(canvas, chart.width, chart.height);
    if (!gradient) return;
    const columns = Object.keys(GRADIENTS)
      .filter((name) => gradient[name])
      .map((name) => ({ name, values: Array.from(gradient[name], (value) => Math.max(value, LEAST)) }));
    const [low, high] = span(
      columns.map(({ values }) => values),
      true,
    );
    const bounds = [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))];
    if (bounds[0] === bounds[1]) bounds[0] /= 10;
    const y = scale(bounds, chart.top + chart.tall, chart.top, true);
    const x = steps > 1 ? scale([0, steps - 1], chart.left, chart.left + chart.across) : () => chart.left;
    drawAxes(pen, chart, y, ticks(bounds, 5, true), steps, x, theme);
    drawStep(pen, chart, x(step));
    for (const { name, values } of columns) {
      stroke(
        pen,
        values.map((value, at) => [x(at), y(value)]),
        GRADIENTS[name],
        name === "state" ? 2.5 : 1.75,
      );
      dot(pen, [x(step), y(values[step])], 3.5, GRADIENTS[name].colour);
    }
  };
}

function columnOf(values, unit, units) {
  return Float64Array.from({ length: values.length / units }, (_, step) => values[step * units + unit]);
}

function drawAxes(pen, { left, top, across, tall, height }, y, marks, steps, x, theme) {
  pen.font = `11px ${theme.font}`;
  for (const value of marks) {
    pen.globalAlpha = value ? 0.4 : 1;
    pen.fillStyle = theme.line;
    pen.fillRect(left, y(value) - 0.5, across, 1);
    pen.globalAlpha = 1;
    pen.fillStyle = theme.ink;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillText(markText(value), left - 6, y(value));
  }
  pen.fillStyle = theme.ink;
  pen.textBaseline = "top";
  for (const value of ticks([0, Math.max(steps - 1, 1)], 6).filter(Number.isInteger)) {
    if (value > steps - 1) continue;
    pen.textAlign = "center";
    pen.fillText(String(value), x(value), top + tall + 5);
  }
  pen.textBaseline = "bottom";
  pen.fillText("step", left + across / 2, height);
}

function markText(value) {
  return value > 0 && value < 0.01 ? value.toExponential(0).replace("-", "−") : typed(Math.round(value * 100) / 100);
}

function drawStep(pen, { top, tall }, x) {
  pen.fillStyle = WINDOW;
  pen.globalAlpha = 0.7;
  pen.fillRect(x - 0.5, top, 1, tall);
  pen.globalAlpha = 1;
}
