/**
 * What there is to see, and what a slider or a choice makes of it. Nothing here knows the page.
 *
 * @typedef {import("../shared/js/browser_network.js").Network} Network
 * @typedef {import("./quantise.js").Quantised} Quantised
 * @typedef {import("./histogram.js").Spread} Spread
 * @typedef {import("./classes.js").Change} Change
 *
 * @typedef {{name: string, kind: string, shape: number[], count: number, channels: number, nodes: number[],
 *   values?: DataView, sampled?: boolean}} Tensor  as Python tells of it; `nodes`: of the network, which hold it;
 *   `values`: where none does
 * @typedef {{name: string, network: any, why: string, threshold: number | null, classes: string[], tensors: Tensor[],
 *   others: number}} Described
 * @typedef {{count: number, total: number, divisor: number, labels: number[] | null, before: number[],
 *   values: DataView | null, pictures: {shape: number[], bytes: DataView | null} | null}} Examples
 *
 * @typedef {object} Traits
 * @property {Record<string, number>} bits  of each layer, by its name
 * @property {boolean} symmetric
 * @property {boolean} per_channel
 * @property {string} layer
 * @property {Described} _model
 * @property {Examples} _examples
 * @property {{of?: {bits: Record<string, number>, symmetric: boolean, per_channel: boolean}, classes?: number[]}} _answers
 *
 * @typedef {{name: string, kind: string, shape: number[], bits: number, bytes: number, floatBytes: number}} Row
 *
 * @typedef {object} View  what one frame shows
 * @property {Described} described
 * @property {Examples} examples
 * @property {boolean} symmetric
 * @property {boolean} perChannel
 * @property {Row[]} rows
 * @property {number} index  of the layer that is drawn
 * @property {number | null} everywhere  the bits of all layers, where they are the same
 * @property {Spread} spread  of the drawn layer's weights
 * @property {Quantised | null} quantised  the drawn layer's
 * @property {number} bytes  of all weights
 * @property {number} floatBytes
 * @property {number} done  how many examples have been asked
 * @property {boolean} complete
 * @property {ArrayLike<number>} classes  of those, now
 * @property {Float32Array[]} outputs  of those, where the network runs here
 * @property {{before: number, now: number} | null} right  how many of those have the right class
 * @property {Change[]} changed
 * @property {number} score  the share that is right, or, where nobody knows, that is as with floats
 *
 * @typedef {{bytes: number, score: number}} Try  a setting that was tried
 */
import { networkOf } from "../shared/js/browser_network.js";
import { bytesIn, float32sIn } from "../shared/js/bytes.js";
import { remember } from "../shared/js/memory.js";
import { changesOf, rightOf } from "./classes.js";
import { spreadOf } from "./histogram.js";
import { dequantise, quantise, storedBytes } from "./quantise.js";

export const TRAITS = ["bits", "symmetric", "per_channel", "layer", "_model", "_examples", "_answers"];
export const FLOAT = 32;
const TRIES = 200; // that are remembered

/**
 * Makes views of states, and computes anew only what has changed since the last one.
 *
 * @param {(network: Network, inputs: Float32Array[], threshold: number | null) =>
 *   import("./examiner.js").Answers} examine  asks a network, and gives what is known so far
 * @returns {(traits: Traits) => View}
 */
export function viewer(examine) {
  const networkFor = remember((described) => described && networkOf(described));
  const inputsFor = remember(inputsOf);
  const tensorsFor = remember(tensorsOf);
  const roundedFor = remember(roundedNetwork);
  const spreadFor = remember((values, quantised, bits, symmetric) => spreadOf(values, quantised, { bits, symmetric }));
  const changedFor = remember(changesOf);
  const rightBefore = remember(rightOf);
  const rightNow = remember(rightOf);

  function answersTo(traits, network, tensors) {
    const { _model: described, _examples: examples, _answers: answers, bits } = traits;
    if (Object.values(bits).every((count) => count === FLOAT)) return finished(examples.before);
    if (network) {
      const values = tensors.map((tensor) => tensor.roundedFor(traits));
      return examine(roundedFor(network, described, ...values), inputsFor(examples), described.threshold);
    }
    return answered(traits, answers)
      ? finished(answers.classes)
      : { classes: [], outputs: [], done: 0, complete: false };
  }

  return (traits) => {
    const { _model: described, _examples: examples, symmetric, per_channel: perChannel, layer } = traits;
    const network = networkFor(described.network);
    const tensors = tensorsFor(described, network);
    const rows = described.tensors.map((tensor) => rowOf(tensor, traits));
    const index = Math.max(
      0,
      rows.findIndex(({ name }) => name === layer),
    );
    const quantised = tensors[index].quantisedFor(traits);
    const { classes, outputs, done, complete } = answersTo(traits, network, tensors);
    const changed = changedFor(examples.before, classes, done, examples.labels);
    const { labels } = examples;
    const right = labels && {
      before: rightBefore(examples.before, done, labels),
      now: rightNow(classes, done, labels),
    };
    return {
      ...{ described, examples, symmetric, perChannel, rows, index, quantised },
      everywhere: rows.every(({ bits }) => bits === rows[0].bits) ? rows[0].bits : null,
      spread: spreadFor(tensors[index].values, quantised, rows[index].bits, symmetric),
      bytes: sum(rows.map((row) => row.bytes)) + 4 * described.others,
      floatBytes: sum(rows.map((row) => row.floatBytes)) + 4 * described.others,
      ...{ done, complete, classes, outputs, right, changed },
      score: done ? (right ? right.now : done - changed.length) / done : 0,
    };
  };
}

/** All examples are asked. */
function finished(classes) {
  return { classes, outputs: [], done: classes.length, complete: true };
}

/** Whether Python's answers are those to these settings. */
function answered({ bits, symmetric, per_channel }, { of }) {
  if (!of || of.symmetric !== symmetric || of.per_channel !== per_channel) return false;
  return Object.entries(bits).every(([name, count]) => of.bits[name] === count);
}

/** The examples as the network takes them. @param {Examples} examples @returns {Float32Array[]} */
function inputsOf({ values, divisor, count }) {
  const numbers = divisor ? Float32Array.from(bytesIn(values), (byte) => byte / divisor) : float32sIn(values);
  const length = numbers.length / count;
  return Array.from({ length: count }, (_, index) => numbers.subarray(index * length, (index + 1) * length));
}

/** The tensors with their numbers, each of which remembers what it has become. */
function tensorsOf(described, network) {
  return described.tensors.map(({ name, nodes, values: sent, channels, sampled }) => {
    const values = nodes.length ? network.nodes[nodes[0]].weights[0] : float32sIn(sent);
    const quantised = remember((bits, symmetric, perChannel) =>
      bits === FLOAT ? null : quantise(values, channels, { bits, symmetric, perChannel: perChannel && !sampled }),
    );
    const rounded = remember((integers) => (integers ? dequantise(integers) : values));
    const quantisedFor = ({ bits, symmetric, per_channel }) => quantised(bits[name], symmetric, per_channel);
    return { values, quantisedFor, roundedFor: (traits) => rounded(quantisedFor(traits)) };
  });
}

/** The network with other numbers in its tensors. @returns {Network} */
function roundedNetwork(network, { tensors }, ...values) {
  const replaced = new Map(tensors.flatMap(({ nodes }, index) => nodes.map((node) => [node, values[index]])));
  const nodes = network.nodes.map((node, number) =>
    replaced.has(number) ? { ...node, weights: [replaced.get(number), ...node.weights.slice(1)] } : node,
  );
  return { ...network, nodes };
}

/** @returns {Row} */
function rowOf({ name, kind, shape, count, channels }, { bits, symmetric, per_channel: perChannel }) {
  const bytes = storedBytes(count, channels, { bits: bits[name], symmetric, perChannel });
  return { name, kind, shape, bits: bits[name], bytes, floatBytes: 4 * count };
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

// --- what to write ---------------------------------------------------------------------------------------------------

/** All layers get so many bits. @param {Pick<View, "rows">} view */
export function allSet({ rows }, bits) {
  return { bits: Object.fromEntries(rows.map(({ name }) => [name, bits])) };
}

/** One layer gets so many bits, and is looked at. */
export function oneSet({ rows }, index, bits) {
  const kept = Object.fromEntries(rows.map((row, number) => [row.name, number === index ? bits : row.bits]));
  return { bits: kept, layer: rows[index].name };
}

/**
 * The settings that have been tried, with this one; each size and score once.
 *
 * @param {Try[]} tries
 * @param {View} view
 * @returns {Try[]}
 */
export function withThis(tries, { bytes, score, complete }) {
  if (!complete || tries.some((other) => other.bytes === bytes && other.score === score)) return tries;
  return [...tries.slice(1 - TRIES), { bytes, score }];
}

// --- a slider's places: the bits from the fewest to the most, then floats ----------------------------------------------

/** The bits at a place of a slider. */
export function bitsAt(place, most) {
  return place > most ? FLOAT : place;
}

/** The place of so many bits on a slider. */
export function placeOf(bits, most) {
  return bits === FLOAT ? most + 1 : bits;
}
