/** Draws what other thresholds would do: the cost of all mistakes, ROC, precision against recall, calibration. */
import { begin, density } from "../shared/js/canvas.js";
import { scale, ticks } from "../shared/js/curves.js";
import { changes } from "../shared/js/memory.js";
import { CATEGORIES, WINDOW } from "../shared/js/palette.js";
import { brief } from "../shared/js/words.js";

const [LINE, BEST] = [CATEGORIES[4], CATEGORIES[2]];

/** What each chart's axes are, and the points of its line. */
const CHARTS = {
  cost: {
    across: "threshold",
    up: "cost of all mistakes",
    line: costLine,
    point: ({ threshold, cost }) => [threshold, cost],
    most: ({ costCurve }) =>
      Math.max(
        costCurve.reduce((most, cost) => Math.max(most, cost), 0),
        1e-9,
      ),
  },
  roc: {
    across: "false positive rate",
    up: "recall (true positive rate)",
    line: ({ curve }) =>
      pointsOf(curve, (place) => [curve.falseAlarms[place] / curve.others, curve.hits[place] / curve.positives]),
    point: ({ ratios }) => [ratios.falsePositiveRate, ratios.recall],
  },
  precision_recall: {
    across: "recall",
    up: "precision",
    line: precisionLine,
    point: ({ ratios }) => [ratios.recall, ratios.precision],
  },
  calibration: {
    across: "probability that was said",
    up: "share that was so",
    line: ({ bins }) => bins.filter(({ count }) => count).map(({ mean, share }) => [mean, share]),
    point: () => [NaN, NaN],
  },
};

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {(view: import("./state.js").View, chart: import("./layout.js").Chart,
 *   theme: import("../shared/js/palette.js").Theme) => void}
 */
export function chartPainter(canvas) {
  const changed = changes();
  return (view, chart, theme) => {
    const { width } = chart;
    if (!changed("chart", view.chart, view.curve, view.costCurve, view.place, view.threshold, width, theme, density()))
      return;
    const pen = begin(canvas, chart.width, chart.height);
    const kind = CHARTS[view.chart];
    const high = kind.most ? kind.most(view) : 1;
    const x = scale([0, 1], chart.left, chart.left + chart.across);
    const y = scale([0, high], chart.top + chart.tall, chart.top);
    drawAxes(pen, chart, { x, y, high, ...kind }, theme);
    if (view.chart === "roc" || view.chart === "calibration") drawDiagonal(pen, x, y, theme);
    drawLine(pen, kind.line(view), x, y);
    if (view.chart === "calibration") drawBins(pen, view, x, y);
    if (view.chart === "cost") drawMark(pen, x(view.best.threshold), y(view.best.cost), BEST, true);
    const [across, up] = kind.point(view);
    if (Number.isFinite(across) && Number.isFinite(up)) drawMark(pen, x(across), y(up), WINDOW, false);
  };
}

function pointsOf({ thresholds }, at) {
  return Array.from(thresholds, (_, place) => at(place)).filter((point) => point.every(Number.isFinite));
}

/** The cost as a staircase over the thresholds. */
function costLine({ curve, costCurve }) {
  const last = curve.thresholds.length - 1;
  const points = [];
  for (let place = 0; place <= last; place++) {
    const [high, low] = [place ? curve.thresholds[place] : 1, place < last ? curve.thresholds[place + 1] : 0];
    points.push([high, costCurve[place]], [low, costCurve[place]]);
  }
  return points;
}

/** From the first alarm on: without one there is no precision. */
function precisionLine({ curve: { hits, falseAlarms, positives, thresholds } }) {
  return pointsOf({ thresholds: thresholds.subarray(1) }, (place) => {
    const [right, wrong] = [hits[place + 1], falseAlarms[place + 1]];
    return [right / positives, right / (right + wrong)];
  });
}

function drawAxes(pen, { left, top, across, tall, height }, { x, y, high, across: below, up }, theme) {
  pen.font = `11px ${theme.font}`;
  for (const value of ticks([0, high], 5)) {
    pen.globalAlpha = value ? 0.35 : 1;
    pen.fillStyle = theme.line;
    pen.fillRect(left, y(value) - 0.5, across, 1);
    pen.globalAlpha = 1;
    pen.fillStyle = theme.ink;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillText(brief(Math.round(value * 100) / 100), left - 6, y(value));
  }
  pen.textBaseline = "top";
  for (const share of [0, 0.5, 1]) {
    pen.textAlign = share === 1 ? "right" : share ? "center" : "left";
    pen.fillText(String(share), x(share), top + tall + 5);
  }
  pen.textAlign = "center";
  pen.textBaseline = "bottom";
  pen.fillText(below, left + across / 2, height);
  pen.save();
  pen.translate(8, top + tall / 2);
  pen.rotate(-Math.PI / 2);
  pen.textBaseline = "middle";
  pen.fillText(up, 0, 0);
  pen.restore();
}

function drawDiagonal(pen, x, y, theme) {
  pen.setLineDash([5, 4]);
  pen.strokeStyle = theme.ink;
  pen.globalAlpha = 0.5;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x(0), y(0));
  pen.lineTo(x(1), y(1));
  pen.stroke();
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

function drawLine(pen, points, x, y) {
  pen.strokeStyle = LINE;
  pen.lineWidth = 2;
  pen.lineJoin = "round";
  pen.beginPath();
  for (const [across, up] of points) pen.lineTo(x(across), y(up));
  pen.stroke();
}

/** A dot for each tenth of the probabilities, as large as it is full. */
function drawBins(pen, { bins, truths }, x, y) {
  for (const { count, mean, share } of bins) {
    if (!count) continue;
    pen.beginPath();
    pen.arc(x(mean), y(share), 2.5 + 9 * Math.sqrt(count / truths.length), 0, 2 * Math.PI);
    pen.fillStyle = LINE;
    pen.globalAlpha = 0.75;
    pen.fill();
    pen.globalAlpha = 1;
  }
}

function drawMark(pen, x, y, colour, square) {
  pen.beginPath();
  if (square) pen.rect(x - 5, y - 5, 10, 10);
  else pen.arc(x, y, 6, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = "#ffffff";
  pen.stroke();
}
