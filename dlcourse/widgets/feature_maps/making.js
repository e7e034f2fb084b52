/**
 * How one number of one map is made: which maps of the layer before, with which weights, bring which share of it.
 * Nothing here knows the page.
 *
 * @typedef {import("../shared/js/browser_network.js").Network} Network
 * @typedef {import("../shared/js/convolution.js").Plane} Plane
 * @typedef {{node: number, channel: number, amount: number, unit?: number, factor?: number}} Term  what a map, or a
 *   unit (with the `unit`'s number and the `factor` it is taken with), brings
 * @typedef {{tap: number, row: number, column: number, place: number, value?: number}} Tap  a place under a window;
 *   `value`: what stands there, where the largest or the mean of them is taken
 * @typedef {{terms: Term[], bias: number, sum: number, value: number, under: Tap[]}} Making  the terms' amounts and the
 *   bias give `sum`, from which the activation makes `value`; `under`: the places of the window, where there is one.
 *   Terms that combine otherwise than by a sum (a maximum, a product) bring what they are.
 */
import { activate, placesUnder, sizesOf } from "../shared/js/browser_network.js";
import { channelOf } from "./maps.js";

/**
 * One number of a node's output, taken apart.
 *
 * @param {Network} network
 * @param {Float32Array[]} outputs
 * @param {number} index  of the node
 * @param {number} channel  which of its maps
 * @param {[number, number]} position  row and column in that map
 * @returns {Making}
 */
export function makingOf(network, outputs, index, channel, position) {
  const node = network.nodes[index];
  const [, columns, channels] = sizesOf(node);
  const value = outputs[index][(position[0] * columns + position[1]) * channels + channel];
  const parts = (MAKE[node.kind] ?? oneToOne)(network, outputs, node, channel, position);
  return { under: [], bias: 0, sum: value, ...parts, value };
}

/** What the activation makes of the sum; a softmax needs all of them, so it is not told here. */
export function activated(activation, sum) {
  if (!activation || activation.name === "softmax") return sum;
  const value = Float64Array.of(sum);
  activate(activation, value, 1);
  return value[0];
}

const MAKE = {
  conv(network, outputs, node, channel, position) {
    const [before] = node.inputs;
    const shape = sizesOf(network.nodes[before]);
    const under = placesUnder(node, shape, position);
    const terms = inputsOf(network, node, channel).map((input) => {
      let amount = 0;
      for (const { tap, place } of under) {
        amount += outputs[before][place * shape[2] + input] * weightAt(network, node, channel, input, tap);
      }
      return { node: before, channel: input, amount };
    });
    return summed(terms, node.weights[1][channel], under);
  },

  dense(_network, outputs, node, channel, [row, column]) {
    const [kernel, bias] = node.weights;
    const [before] = node.inputs;
    const inputCount = kernel.length / bias.length;
    const from = (row * sizesOf(node)[1] + column) * inputCount;
    const terms = Array.from({ length: inputCount }, (_, unit) => {
      const factor = kernel[unit * bias.length + channel];
      return { node: before, channel: unit, unit: from + unit, factor, amount: outputs[before][from + unit] * factor };
    });
    return summed(terms, bias[channel], []);
  },

  affine(network, outputs, node, channel, position) {
    const [{ amount, ...term }] = oneToOne(network, outputs, node, channel, position).terms;
    const factor = node.weights[0][channel];
    return summed([{ ...term, factor, amount: amount * factor }], node.weights[1][channel], []);
  },

  pool(network, outputs, node, channel, position) {
    const [before] = node.inputs;
    const shape = sizesOf(network.nodes[before]);
    const under = placesUnder(node, shape, position).map((tap) => ({
      ...tap,
      value: outputs[before][tap.place * shape[2] + channel],
    }));
    return { terms: [{ node: before, channel, amount: 0 }], under };
  },

  globalPool(_network, _outputs, node, channel) {
    return { terms: [{ node: node.inputs[0], channel, amount: 0 }] };
  },

  merge(network, outputs, node, channel, position) {
    const terms = node.inputs.map((before) => {
      const [rows, columns, channels] = sizesOf(network.nodes[before]);
      const row = rows > 1 ? position[0] : 0; // one number for all places
      const column = columns > 1 ? position[1] : 0;
      const own = channels > 1 ? channel : 0;
      return { node: before, channel: own, amount: outputs[before][(row * columns + column) * channels + own] };
    });
    return { terms };
  },

  concatenate(network, outputs, node, channel, position) {
    let own = channel;
    const before = node.inputs.find((input) => {
      const channels = sizesOf(network.nodes[input])[2];
      if (own < channels) return true;
      own -= channels;
      return false;
    });
    return { terms: [termAt(network, outputs, before, own, position)] };
  },

  place(network, outputs, node, channel, position) {
    const at = position.map((value, axis) => value - node.offset[axis]);
    return { terms: [termAt(network, outputs, node.inputs[0], channel, at)] };
  },

  repeat(network, outputs, node, channel, position) {
    const at = position.map((value, axis) => Math.floor(value / node.size[axis]));
    return { terms: [termAt(network, outputs, node.inputs[0], channel, at)] };
  },

  /** The same number in another order. */
  reshape(network, outputs, node, channel, position) {
    const [, columns, channels] = sizesOf(node);
    const unit = (position[0] * columns + position[1]) * channels + channel;
    return { terms: [placeOfUnit(network, outputs, node.inputs[0], unit)] };
  },

  input: () => ({ terms: [] }),
};

/** Layers that change each number by itself, or not at all. */
function oneToOne(network, outputs, node, channel, position) {
  const term = termAt(network, outputs, node.inputs[0], channel, position);
  return { terms: [term], sum: term.amount };
}

function summed(terms, bias, under) {
  return { terms, bias, under, sum: terms.reduce((sum, { amount }) => sum + amount, bias) };
}

function termAt(network, outputs, node, channel, [row, column]) {
  const [rows, columns, channels] = sizesOf(network.nodes[node]);
  const outside = row < 0 || column < 0 || row >= rows || column >= columns;
  return { node, channel, amount: outside ? 0 : outputs[node][(row * columns + column) * channels + channel] };
}

function placeOfUnit(network, outputs, node, unit) {
  const channels = sizesOf(network.nodes[node])[2];
  return { node, channel: unit % channels, unit, amount: outputs[node][unit] };
}

/** The maps that a filter of a convolution sees: those of its group. */
function inputsOf(network, { inputs: [before], groups, shape }, channel) {
  const perGroup = sizesOf(network.nodes[before])[2] / groups;
  const group = Math.floor(channel / (shape[2] / groups));
  return Array.from({ length: perGroup }, (_, index) => group * perGroup + index);
}

function weightAt(network, { inputs: [before], groups, shape, weights: [kernel] }, channel, input, tap) {
  const perGroup = sizesOf(network.nodes[before])[2] / groups;
  return kernel[(tap * perGroup + (input % perGroup)) * shape[2] + channel];
}

/** The kernel with which a filter of a convolution takes one map. @returns {Plane} */
export function kernelOf(network, index, channel, input) {
  const node = network.nodes[index];
  const [height, width] = node.size;
  const values = Float32Array.from({ length: height * width }, (_, tap) =>
    weightAt(network, node, channel, input, tap),
  );
  return { height, width, values };
}

/** The part of a convolution's map that comes from one map of the layer before. */
export function partialMap(network, outputs, index, channel, input) {
  const node = network.nodes[index];
  const [height, width] = node.shape;
  const [before] = node.inputs;
  const [inRows, inColumns, inChannels] = sizesOf(network.nodes[before]);
  const kernel = kernelOf(network, index, channel, input).values;
  const values = new Float32Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let i = 0; i < node.size[0]; i++) {
        const y = row * node.stride[0] + i * node.dilation[0] - node.before[0];
        if (y < 0 || y >= inRows) continue;
        for (let j = 0; j < node.size[1]; j++) {
          const x = column * node.stride[1] + j * node.dilation[1] - node.before[1];
          if (x < 0 || x >= inColumns) continue;
          sum += outputs[before][(y * inColumns + x) * inChannels + input] * kernel[i * node.size[1] + j];
        }
      }
      values[row * width + column] = sum;
    }
  }
  return { height, width, values };
}

/** A node's map as a plane. @returns {Plane} */
export function mapOf(network, outputs, index, channel) {
  return channelOf(outputs[index], sizesOf(network.nodes[index]), channel);
}

/**
 * The channels that matter for a filter of a convolution, the most important first: strong maps that it takes with
 * large weights.
 *
 * @returns {{inputs: number[], count: number}} `count`: of all, also of those that bring nothing anywhere
 */
export function mainInputs(network, outputs, index, channel) {
  const node = network.nodes[index];
  const inputs = inputsOf(network, node, channel).map((input) => {
    const map = mapOf(network, outputs, node.inputs[0], input);
    return { input, strength: energy(map) * energy(kernelOf(network, index, channel, input)) };
  });
  const strongestFirst = inputs.sort((input, other) => other.strength - input.strength);
  const important = strongestFirst.filter(({ strength }, rank) => strength > 0 || rank === 0);
  return { inputs: important.map(({ input }) => input), count: inputs.length };
}

function energy({ values }) {
  return values.reduce((sum, value) => sum + value * value, 0);
}

/** A node before, behind layers that only put its numbers in another order. */
export function sourceOf(network, index) {
  const node = network.nodes[index];
  const plain = node.kind === "reshape" || node.kind === "pass";
  return plain && node.inputs.length === 1 ? sourceOf(network, node.inputs[0]) : index;
}
