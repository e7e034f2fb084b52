/**
 * A dense network as a picture: a square for each neuron that shows its answer over the plane, a curve for each weight,
 * coloured by its sign and as thick as it is large.
 */
import { css, diverging, WINDOW } from "../shared/js/palette.js";
import { curveOf, edgesOf } from "./layout.js";
import { numberOf, samePart } from "./parts.js";

const WEIGHT_REACH = 1.5; // the size of a weight whose colour is full
const [THINNEST, THICKEST] = [0.7, 8];
const CORNER = 5;
const UNUSED = 0.28; // how strong a feature stands there that the network is not told

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{layers: import("./network.js").Layer[], features: CanvasImageSource[], maps: CanvasImageSource[][],
 *   chosen: import("./parts.js").Part | null, pointed: import("./parts.js").Part | null}} network
 *   `features`: pictures of all of them; `maps`: each neuron's answer over the plane, those of the inputs first
 * @param {import("./layout.js").NetworkLayout} layout
 * @param {import("../shared/js/palette.js").Theme} theme
 */
export function drawNetwork(pen, { layers, features, maps, chosen, pointed }, layout, theme) {
  const marked = [pointed, chosen].filter(Boolean);
  const usedHeights = layout.columns[0].map(({ y }) => y);
  pen.save();
  pen.translate(0, layout.header);
  layout.inputs.forEach((node, row) => {
    if (!usedHeights.includes(node.y)) drawNode(pen, node, features[row], theme, UNUSED);
  });
  drawWeights(pen, layers, layout, marked, theme);
  for (const node of layout.columns.flat()) drawNode(pen, node, maps[node.column][node.unit], theme);
  for (const { kind, layer, to } of marked) if (kind === "bias") drawRing(pen, layout.columns[layer + 1][to]);
  pen.restore();
}

function drawWeights(pen, layers, layout, marked, theme) {
  const colours = diverging(WEIGHT_REACH, theme);
  const edges = edgesOf(layout).map((edge) => ({
    edge,
    curve: curveOf(layout, edge),
    weight: numberOf(layers, { kind: "kernel", ...edge }),
  }));
  edges.sort((weak, strong) => Math.abs(weak.weight) - Math.abs(strong.weight)); // strong ones lie on top
  for (const { curve, weight } of edges) {
    pen.globalAlpha = 0.35;
    stroke(pen, curve, theme.line, THINNEST);
    pen.globalAlpha = 1;
    stroke(pen, curve, css(colours(weight)), thickness(weight));
  }
  for (const part of marked.filter(({ kind }) => kind === "kernel")) {
    const { curve, weight } = edges.find(({ edge }) => samePart({ kind: "kernel", ...edge }, part));
    stroke(pen, curve, WINDOW, thickness(weight) + 4.5);
    stroke(pen, curve, css(colours(weight)), thickness(weight));
  }
}

function thickness(weight) {
  return Math.min(THINNEST + 2.4 * Math.abs(weight), THICKEST);
}

/** @param {number[]} curve  from `curveOf` */
function stroke(pen, curve, colour, width) {
  const [x0, y0, ...bend] = curve;
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.bezierCurveTo(.../** @type {[number, number, number, number, number, number]} */ (bend));
  pen.stroke();
}

/** A node's picture in a rounded frame. */
function drawNode(pen, { x, y, size }, map, theme, alpha = 1) {
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

function drawRing(pen, { x, y, size }) {
  pen.strokeStyle = WINDOW;
  pen.lineWidth = 3;
  pen.beginPath();
  pen.roundRect(x - size / 2 - 3, y - size / 2 - 3, size + 6, size + 6, CORNER + 2);
  pen.stroke();
}
