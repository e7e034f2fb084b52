/**
 * Where everything stands, and what lies under a point. Lengths are CSS pixels.
 *
 * @typedef {{column: number, unit: number, x: number, y: number, size: number}} Node
 *   a neuron's square, by its middle; column 0 holds the inputs; y counts from below the counters
 * @typedef {{layer: number, from: number, to: number}} Edge  from an input of the layer to one of its neurons
 * @typedef {{width: number, height: number, header: number, inputs: Node[], columns: Node[][],
 *   names: {tops: number[], width: number}, counters: number[]}} NetworkLayout
 *   `header`: room for the counters above the neurons; `inputs`: the places of all features, chosen or not; `columns`:
 *   the chosen ones, and the neurons of each layer; `names`: where the features' names stand; `counters`: the middles
 *   of the hidden layers
 * @typedef {{narrow: boolean, side: number, crowded: boolean, losses: {width: number, height: number},
 *   network: NetworkLayout}} Layout
 *   `narrow`: the plane stands above the network; `side`: of the plane; `crowded`: it has room for one thing below
 */
import { clamp } from "../shared/js/bounds.js";
import { FEATURES } from "./planes.js";

const NARROW = 760; // below, the picture stands above the network
const GAP = 22; // between network and plane, as in style.css
const ROOMY = 400; // of the plane's side, for all that stands below
const LOSSES = 84; // the height of the curves
const [HEIGHT, HEADER, NAMES] = [318, 30, 62]; // of the neurons and of the counters above; the width of inputs' names
const COLUMN = 63; // the least width of a layer
const [SMALLEST, LARGEST] = [26, 54]; // neurons
const NEAR = 7; // from a weight's curve that still mean it

/**
 * @param {number} width  that there is
 * @param {string[]} features  that the network is told
 * @param {number[]} widths  the neurons of each hidden layer
 * @returns {Layout}
 */
export function layoutOf(width, features, widths) {
  const narrow = width < NARROW;
  const side = Math.floor(narrow ? Math.min(width, ROOMY) : clamp(width * 0.33, 260, 340));
  const room = narrow ? width : width - side - GAP;
  const network = networkLayout(Math.max(room, NAMES + (widths.length + 2) * COLUMN - 30), features, widths);
  return { narrow, side, crowded: side < ROOMY, losses: { width: side, height: LOSSES }, network };
}

/** @returns {NetworkLayout} */
function networkLayout(width, features, widths) {
  const names = Object.keys(FEATURES);
  const sizes = [...widths, 1];
  const tallest = Math.max(names.length, ...sizes);
  const size = Math.max(SMALLEST, Math.min(LARGEST, HEIGHT / tallest - 7, (width - NAMES) / (sizes.length + 1) / 1.7));
  const step = (width - NAMES - size - 4) / sizes.length;
  const pitch = (count) => Math.min(HEIGHT / count, HEIGHT / Math.min(tallest, 5), LARGEST * 1.9);
  const column = (number, count, ownSize) =>
    Array.from({ length: count }, (_, unit) => ({
      column: number,
      unit,
      size: ownSize,
      x: NAMES + size / 2 + number * step,
      y: HEIGHT / 2 + (unit - (count - 1) / 2) * pitch(count),
    }));
  const inputs = column(0, names.length, Math.min(size, HEIGHT / names.length - 7));
  const chosen = features.map((name, unit) => ({ ...inputs[names.indexOf(name)], unit }));
  const layers = sizes.map((count, index) => column(index + 1, count, size));
  return {
    width,
    height: HEIGHT + HEADER,
    header: HEADER,
    inputs,
    columns: [chosen, ...layers],
    names: { tops: inputs.map(({ y }) => HEADER + y - 12), width: NAMES - 6 },
    counters: layers.slice(0, -1).map(([{ x }]) => x),
  };
}

/** All weights, layer by layer. @param {NetworkLayout} network @returns {Edge[]} */
export function edgesOf({ columns }) {
  return columns
    .slice(1)
    .flatMap((units, layer) => units.flatMap((_, to) => columns[layer].map((__, from) => ({ layer, from, to }))));
}

/**
 * A weight's curve, from the right side of one node to the left side of the other.
 *
 * @param {NetworkLayout} network
 * @param {Edge} edge
 * @returns {number[]} x and y of Bézier's four points
 */
export function curveOf({ columns }, { layer, from, to }) {
  const [start, end] = [columns[layer][from], columns[layer + 1][to]];
  const [x0, x1] = [start.x + start.size / 2, end.x - end.size / 2];
  const bend = (x1 - x0) / 2;
  return [x0, start.y, x0 + bend, start.y, x1 - bend, end.y, x1, end.y];
}

/**
 * What lies under a point of the network's canvas: a neuron, else the nearest weight, else nothing.
 *
 * @param {NetworkLayout} network
 * @returns {import("./parts.js").Part | null}
 */
export function partAt(network, x, y) {
  const height = y - network.header;
  return neuronAt(network, x, height) ?? weightAt(network, x, height);
}

/** @returns {import("./parts.js").Bias | null} */
function neuronAt({ columns }, x, y) {
  const node = columns
    .slice(1)
    .flat()
    .find(({ x: middle, y: height, size }) => Math.max(Math.abs(x - middle), Math.abs(y - height)) <= size / 2 + 2);
  return node ? { kind: "bias", layer: node.column - 1, to: node.unit } : null;
}

/** @returns {import("./parts.js").Weight | null} */
function weightAt(network, x, y) {
  let nearest = null;
  let shortest = NEAR;
  for (const edge of edgesOf(network)) {
    const curve = curveOf(network, edge);
    if (x < curve[0] || x > curve[6]) continue;
    const distance = Math.abs(y - heightAt(curve, x));
    if (distance >= shortest) continue;
    shortest = distance;
    nearest = edge;
  }
  return nearest && { kind: "kernel", ...nearest };
}

/** The height of such a curve, which runs from left to right only. @param {number[]} curve @param {number} x */
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
