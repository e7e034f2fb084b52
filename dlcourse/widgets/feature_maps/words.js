/** What is said of the maps and of what one looks at. Nothing here knows the page. */
import { shown } from "../shared/js/words.js";
import { activated } from "./making.js";

const COLOURS = ["red", "green", "blue"];
const COMBINED = {
  pool: { max: "the largest", average: "their mean" },
  globalPool: { max: "the largest of all", average: "the mean of all" },
  merge: { average: "divided by their number", maximum: "the larger one", minimum: "the smaller one" },
};
const WEIGHTED = ["conv", "dense", "affine"]; // kinds of nodes with weights and a bias
const UNCHANGED = ["pass", "reshape", "concatenate", "place", "repeat"];

/** What a map of a layer is called. */
export function nameOf({ layers, names, size }, index, map) {
  const { name, shape } = layers[index];
  const ownName = names[name]?.[map];
  if (ownName) return ownName;
  if (index === 0) return size[2] === 3 ? COLOURS[map] : "the picture";
  return `${shape.length < 2 ? "unit" : "map"} ${map}`;
}

/** The same where it stands alone: with its layer, unless the name says enough. */
export function fullNameOf(described, index, map) {
  const { name } = described.layers[index];
  const enough = index === 0 || described.names[name]?.[map];
  return `${enough ? "" : `${name}, `}${nameOf(described, index, map)}`;
}

/** Under a tile: its map's name or number. */
export function labelOf({ names }, { name }, map) {
  return names[name]?.[map] ?? String(map);
}

/** Above the picture. */
export function pictureTitle({ image, described: { size } }) {
  return `${image.name}, ${size[0]} × ${size[1]}${size[2] === 3 ? ", in colour" : ""}`;
}

/** Below the picture. */
export function pictureHint({ network, drawing }) {
  if (drawing) return "Draw here with the pointer, or with arrow keys and the space bar.";
  return network ? "Framed: what the chosen place can see of the picture." : "";
}

/** Above the maps. */
export function mapsTitle({ index, layer, sizes: [height, width, count], units }) {
  const kind = `${units ? "unit" : "map"}${count > 1 ? "s" : ""}`;
  const size = units ? "" : ` of ${height} × ${width}`;
  return `${index === 0 ? "The picture" : `${layer.name}, ${layer.layer}`}: ${count} ${kind}${size}`;
}

/** Which of the maps are shown. */
export function pageTitle({ first, last, sizes: [, , count] }) {
  return `${first}–${last - 1} of ${count}`;
}

/** What the colours mean. */
export function legendText({ units, map, range }) {
  const scaleWords = units ? "one scale for all units" : `the scale of map ${map}; each map has its own`;
  return range.low < 0 ? `${scaleWords}; blue is negative` : scaleWords;
}

/** Above the drawing of how a number is made. */
export function makingTitle({ described, index, map, units, spot: { position } }) {
  const place = units ? "" : `, at row ${position[0]}, column ${position[1]}`;
  return `How “${fullNameOf(described, index, map)}” is made${place}`;
}

/** What is to be known of the network: why only Python runs it, or that it is not quite the learner's. */
export function networkNote({ described, network }) {
  if (!network) return `${described.why} So its maps are computed in Python.`;
  return described.network.half ? "The network's weights are rounded to 16 bits here." : "";
}

/** For screen readers, what the canvases show. */
export function canvasLabels({ described, image, index, map }) {
  return {
    picture: `The picture: ${image.name}, as the network gets it`,
    making: `How ${fullNameOf(described, index, map)} is made, in pictures; the line below sums up`,
  };
}

/** What is looked at, in a few sentences. */
export function sentence(view) {
  const { described, layer, index, sizes, numbers, map, spot, units, value } = view;
  if (!numbers) return `Layer ${layer.name}: its ${sizes[2]} maps are on their way.`;
  const name = nameOf(described, index, spot.number);
  const sum = spot.number === map ? sumInWords(view) : ""; // which is known of the chosen map alone
  if (units) return `${layer.name}, ${name}: ${shown(value)}.${sum ? ` ${sum}.` : ""}`;
  const [row, column] = spot.position;
  const place = `${index === 0 ? "" : `${layer.name}, `}${name} at row ${row}, column ${column}: ${shown(value)}`;
  const sentences = [sum ? `${place}; ${sum}.` : `${place}.`];
  if (view.patch && index > 0) sentences.push(patchInWords(view.patch, described.size));
  if (view.silent) sentences.push(silentInWords(view.silent, sizes[2]));
  return sentences.join(" ");
}

function patchInWords({ top, left, bottom, right }, [rows, columns]) {
  if (bottom - top + 1 === rows && right - left + 1 === columns) return "It sees the whole picture.";
  const range = (first, last, word) => (first === last ? `${word} ${first}` : `${word}s ${first}–${last}`);
  return `It sees ${range(top, bottom, "row")}, ${range(left, right, "column")} of the picture.`;
}

function silentInWords(silent, count) {
  return `${silent} of the ${count} maps ${silent > 1 ? "are" : "is"} 0 everywhere.`;
}

/** How the number of the chosen map is summed up; nothing where it is no sum of several. */
function sumInWords({ network, index, making }) {
  const node = making && network.nodes[index];
  if (!node || !["conv", "dense"].includes(node.kind)) return "";
  const { terms, sum, bias, value } = making;
  const kind = node.kind === "dense" ? "unit" : "map";
  const bring = kind === "map" && terms.length === 1 ? "map brings" : `${kind}s bring`;
  const parts = `${terms.length} ${bring} ${shown(sum - bias)}, the bias ${shown(bias)}`;
  if (node.activation?.name === "softmax") return `${parts}; the softmax of all units makes ${shown(value)} of it`;
  const after = activated(node.activation, sum);
  return Math.abs(after - sum) < 1e-6 ? parts : `${parts}; ${activationName(node)} makes ${shown(after)} of it`;
}

/** What becomes of the parts of a number, line by line. @returns {string[]} */
export function tailLines(node, { terms, bias, sum }) {
  const lines = [];
  if (node.kind === "affine") lines.push(`× ${shown(terms[0].factor)}`);
  if (WEIGHTED.includes(node.kind)) lines.push(`+ bias ${shown(bias)}`, `= ${shown(sum)}`);
  else if (COMBINED[node.kind]?.[node.mode]) lines.push(COMBINED[node.kind][node.mode]);
  else if (UNCHANGED.includes(node.kind)) lines.push("as it is");
  const name = activationName(node);
  if (name) lines.push(name);
  return lines.map((line, number) => (number === lines.length - 1 ? `${line} →` : line));
}

function activationName({ activation }) {
  return activation && (activation.name === "rectify" ? "relu" : activation.name.replaceAll("_", " "));
}
