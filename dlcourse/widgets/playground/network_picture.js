/**
 * A dense network as a picture: a square for each neuron that shows its answer over the plane, a curve for each weight,
 * coloured by its sign and as thick as it is large.
 *
 * @typedef {{column: number, unit: number, x: number, y: number, size: number}} Node  column 0 holds the inputs
 * @typedef {{layer: number, from: number, to: number}} Edge  from an input of the layer to one of its units
 * @typedef {{kind: "kernel", layer: number, from: number, to: number} | {kind: "bias", layer: number, to: number}} Part
 *   what can be chosen: a weight, or a neuron with its bias
 */
import { css, WINDOW } from "../shared/js/palette.js";

export const WEIGHT_REACH = 1.5; // the size of a weight whose colour is full
const [THINNEST, THICKEST] = [0.7, 8];
const NEAR = 7; // pixels from a curve that still mean it
const [SMALLEST, LARGEST] = [26, 54];
const CORNER = 5;

/**
 * Where everything stands.
 *
 * @param {{width: number, height: number, left: number, rows: number, places: number[], sizes: number[]}} drawing
 *   `left`: room for the inputs' names; `rows`: of the first column; `places`: in which of them the inputs stand;
 *   `sizes`: of the layers, without the inputs
 */
export function layoutOf({ width, height, left, rows, places, sizes }) {
  const columns = sizes.length + 1;
  const most = Math.max(rows, ...sizes);
  const size = Math.max(SMALLEST, Math.min(LARGEST, height / most - 7, (width - left) / columns / 1.7));
  const step = (width - left - size - 4) / (columns - 1);
  const pitch = (count) => Math.min(height / count, height / Math.min(most, 5), LARGEST * 1.9);
  const rowSize = Math.min(size, height / rows - 7);
  const at = (column, unit, count, side) => ({
    column,
    unit,
    size: side,
    x: left + size / 2 + column * step,
    y: height / 2 + (unit - (count - 1) / 2) * pitch(count),
  });
  const first = Array.from({ length: rows }, (_, row) => at(0, row, rows, rowSize));
  const inputs = places.map((row, unit) => ({ ...first[row], unit }));
  const hidden = sizes.map((count, index) =>
    Array.from({ length: count }, (_, unit) => at(index + 1, unit, count, size)),
  );
  return { width, height, size, step, first, columns: [inputs, ...hidden] };
}

/** All weights of a layout, layer by layer. @returns {Edge[]} */
export function edgesOf({ columns }) {
  return columns
    .slice(1)
    .flatMap((units, layer) => units.flatMap((_, to) => columns[layer].map((_, from) => ({ layer, from, to }))));
}

/** What lies under a point: a neuron, else the nearest weight, else nothing. @returns {Part | null} */
export function partAt(layout, x, y) {
  for (const units of layout.columns.slice(1)) {
    for (const { column, unit, x: middle, y: height, size } of units) {
      const reach = size / 2 + 2;
      const inside = Math.abs(x - middle) <= reach && Math.abs(y - height) <= reach;
      if (inside) return { kind: "bias", layer: column - 1, to: unit };
    }
  }
  let found = null;
  let least = NEAR;
  for (const edge of edgesOf(layout)) {
    const curve = curveOf(layout, edge);
    if (x < curve[0] || x > curve[6]) continue;
    const distance = Math.abs(y - heightAt(curve, x));
    if (distance >= least) continue;
    least = distance;
    found = { kind: "kernel", ...edge };
  }
  return found;
}

/** Everything in a layer that can be chosen, in the order of the arrow keys: each neuron, then what leads to it. */
export function partsOf({ columns }, layer) {
  return columns[layer + 1].flatMap((_, to) => [
    { kind: "bias", layer, to },
    ...columns[layer].map((_, from) => ({ kind: "kernel", layer, from, to })),
  ]);
}

/** Whether two parts are the same. */
export function samePart(one, other) {
  return Boolean(one && other) && ["kind", "layer", "from", "to"].every((name) => one[name] === other[name]);
}

/** Which number of a layer's array a part is. */
export function placeOf({ kind, from, to }, { units }) {
  return kind === "bias" ? to : from * units + to;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{layout, layers: import("./network.js").Layer[], maps: CanvasImageSource[][], scale, theme,
 *   chosen: Part | null, pointed: Part | null}} picture
 *   `maps`: each neuron's answer over the plane, the inputs' first; `scale`: colours for weights, of reach WEIGHT_REACH
 */
export function drawNetwork(pen, { layout, layers, maps, scale, theme, chosen, pointed }) {
  const edges = edgesOf(layout).map((edge) => ({
    ...edge,
    weight: layers[edge.layer].kernel[placeOf({ kind: "kernel", ...edge }, layers[edge.layer])],
  }));
  edges.sort((one, other) => Math.abs(one.weight) - Math.abs(other.weight)); // strong ones lie on top
  for (const { weight, ...edge } of edges) {
    pen.strokeStyle = theme.line;
    pen.globalAlpha = 0.35;
    pen.lineWidth = THINNEST;
    stroke(pen, curveOf(layout, edge));
    pen.globalAlpha = 1;
    pen.strokeStyle = css(scale(weight));
    pen.lineWidth = thickness(weight);
    stroke(pen, curveOf(layout, edge));
  }
  for (const part of [pointed, chosen]) if (part?.kind === "kernel") mark(pen, layout, part, edges, scale);
  for (const node of layout.columns.flat()) drawNode(pen, node, maps[node.column][node.unit], theme);
  for (const part of [pointed, chosen]) if (part?.kind === "bias") ring(pen, layout.columns[part.layer + 1][part.to]);
}

function mark(pen, layout, part, edges, scale) {
  const { weight } = edges.find((edge) => edge.layer === part.layer && edge.from === part.from && edge.to === part.to);
  const curve = curveOf(layout, part);
  pen.strokeStyle = WINDOW;
  pen.lineWidth = thickness(weight) + 4.5;
  stroke(pen, curve);
  pen.strokeStyle = css(scale(weight));
  pen.lineWidth = thickness(weight);
  stroke(pen, curve);
}

function thickness(weight) {
  return Math.min(THINNEST + 2.4 * Math.abs(weight), THICKEST);
}

/** A node's picture in a rounded frame. */
export function drawNode(pen, { x, y, size }, map, theme, alpha = 1) {
  const [left, top] = [x - size / 2, y - size / 2];
  pen.save();
  pen.globalAlpha = alpha;
  pen.beginPath();
  pen.roundRect(left, top, size, size, CORNER);
  pen.clip();
  pen.drawImage(map, left, top, size, size);
  pen.restore();
  pen.globalAlpha = alpha;
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1.2;
  pen.beginPath();
  pen.roundRect(left, top, size, size, CORNER);
  pen.stroke();
  pen.globalAlpha = 1;
}

function ring(pen, { x, y, size }) {
  pen.strokeStyle = WINDOW;
  pen.lineWidth = 3;
  pen.beginPath();
  pen.roundRect(x - size / 2 - 3, y - size / 2 - 3, size + 6, size + 6, CORNER + 2);
  pen.stroke();
}

/** From the right side of one node to the left side of the other. */
function curveOf({ columns }, { layer, from, to }) {
  const [start, end] = [columns[layer][from], columns[layer + 1][to]];
  const [x0, x1] = [start.x + start.size / 2, end.x - end.size / 2];
  const bend = (x1 - x0) / 2;
  return [x0, start.y, x0 + bend, start.y, x1 - bend, end.y, x1, end.y];
}

function stroke(pen, [x0, y0, ...rest]) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.bezierCurveTo(...rest);
  pen.stroke();
}

/** The height of such a curve, which runs from left to right only. */
function heightAt([x0, y0, x1, , x2, , x3, y3], x) {
  const across = (t) => (1 - t) ** 3 * x0 + 3 * (1 - t) ** 2 * t * x1 + 3 * (1 - t) * t * t * x2 + t ** 3 * x3;
  let [low, high] = [0, 1];
  for (let halving = 0; halving < 12; halving++) {
    const middle = (low + high) / 2;
    if (across(middle) < x) low = middle;
    else high = middle;
  }
  const t = (low + high) / 2;
  return y0 + (y3 - y0) * (3 * t * t - 2 * t ** 3);
}
