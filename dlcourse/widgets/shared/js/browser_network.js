/**
 * The forward pass of a learner's own network, every layer's output in view; shared/browser_network.py writes
 * the network down. Nothing here knows the page.
 *
 * Numbers lie as in Keras: row by row, column by column, the channels of a place side by side. What has no place, as
 * the units of a dense layer, is one place with so many channels.
 *
 * @typedef {{name: string, slope?: number, most?: number, from?: number}} Activation  the numbers: of "rectify"
 * @typedef {{kind: string, name: string, layer: string, inputs: number[], shape: number[], weights: Float32Array[],
 *   activation: Activation | null, size?: number[], stride?: number[], dilation?: number[], before?: number[],
 *   groups?: number, mode?: string, offset?: number[]}} Node  with the settings of its kind
 * @typedef {{nodes: Node[], output: number}} Network
 */

import { ACTIVATIONS, softmax } from "./activation_functions.js";
import { float32sIn, halvesIn } from "./bytes.js";

const SLICE = 3e6; // multiplications between two breaths: some milliseconds

/**
 * A network ready to run, from what Python has written down.
 *
 * @param {{nodes: Object[], output: number, half: boolean, weights: DataView}} described
 * @returns {Network}
 */
export function networkOf({ nodes, output, half, weights }) {
  const numbers = half ? fromHalves(halvesIn(weights)) : float32sIn(weights);
  const own = (node) => node.weights.map(([from, length]) => numbers.subarray(from, from + length));
  return { output, nodes: nodes.map((node) => ({ ...node, weights: own(node) })) };
}

/**
 * The probabilities that a classifier's outputs stand for.
 *
 * @param {ArrayLike<number>} outputs
 * @param {string} finish  "scores" that a softmax must follow, or else what is shown as it is
 */
export function probabilitiesOf(outputs, finish) {
  return finish === "scores" ? softmax(outputs) : Array.from(outputs);
}

/** How many numbers a node puts out. */
export function lengthOf({ shape }) {
  return shape.reduce((product, length) => product * length, 1);
}

/** Rows, columns and channels of what a node puts out. */
export function sizesOf({ shape }) {
  if (shape.length === 3) return shape;
  if (shape.length === 2) return [shape[0], shape[1], 1];
  return [1, 1, lengthOf({ shape })];
}

/**
 * All outputs at once.
 *
 * @param {Network} network
 * @param {ArrayLike<number>} input
 * @returns {Float32Array[]} a node's output each, the input first
 */
export function forward(network, input) {
  const outputs = [];
  for (const _ of forwardInSlices(network, input, outputs));
  return outputs;
}

/**
 * The same, a slice of some milliseconds after the other.
 *
 * @param {Network} network
 * @param {ArrayLike<number>} input
 * @param {Float32Array[]} outputs  filled by and by; an output that is there is complete
 */
export function* forwardInSlices(network, input, outputs) {
  let work = 0;
  for (const node of network.nodes) {
    const inputs = node.inputs.map((index) => ({ values: outputs[index], shape: network.nodes[index].shape }));
    if (node.kind === "input") {
      outputs.push(Float32Array.from(input));
      continue;
    }
    const output = new Float32Array(lengthOf(node));
    if (node.kind === "conv") {
      const eachRow = (output.length / node.shape[0]) * (node.weights[0].length / node.shape[2]);
      for (let row = 0; row < node.shape[0]; row++) {
        convolveRow(node, inputs[0], output, row);
        work += eachRow;
        if (work > SLICE) {
          work = 0;
          yield node;
        }
      }
    } else {
      RUN[node.kind](node, inputs, output);
      work += node.weights[0]?.length ?? output.length;
    }
    activate(node.activation, output, node.shape[node.shape.length - 1]);
    outputs.push(output);
    if (work > SLICE) {
      work = 0;
      yield node;
    }
  }
}

/**
 * What an activation makes of numbers, in their place.
 *
 * @param {Activation | null} activation
 * @param {Float32Array | Float64Array} values
 * @param {number} channels  stand side by side, for a softmax
 */
export function activate(activation, values, channels) {
  if (!activation) return;
  if (activation.name === "softmax") {
    for (let from = 0; from < values.length; from += channels) {
      values.set(softmax(values.subarray(from, from + channels)), from);
    }
    return;
  }
  const value = activationFunction(activation);
  for (let index = 0; index < values.length; index++) values[index] = value(values[index]);
}

/** @param {Activation} activation @returns {(x: number) => number} */
function activationFunction({ name, slope, most, from }) {
  if (name === "relu6") return (x) => Math.min(Math.max(x, 0), 6);
  if (name !== "rectify") return ACTIVATIONS[name].value;
  const limit = most ?? Infinity;
  return (x) => (x >= limit ? limit : x >= from ? x : slope * (x - from));
}

/**
 * One row of a convolution; with groups, as each channel by itself, every filter sees the channels of its group.
 *
 * @param {Node} node
 * @param {{values: Float32Array, shape: number[]}} input
 * @param {Float32Array} output
 * @param {number} row
 */
function convolveRow({ shape, size, stride, dilation, before, groups, weights: [kernel, bias] }, input, output, row) {
  const [, columns, filters] = shape;
  const [inRows, inColumns, inChannels] = input.shape;
  const [perGroup, filtersPerGroup] = [inChannels / groups, filters / groups];
  const sums = new Float64Array(filters);
  for (let column = 0; column < columns; column++) {
    sums.set(bias);
    for (let i = 0; i < size[0]; i++) {
      const y = row * stride[0] + i * dilation[0] - before[0];
      if (y < 0 || y >= inRows) continue;
      for (let j = 0; j < size[1]; j++) {
        const x = column * stride[1] + j * dilation[1] - before[1];
        if (x < 0 || x >= inColumns) continue;
        const at = (y * inColumns + x) * inChannels;
        const tap = (i * size[1] + j) * perGroup;
        for (let channel = 0; channel < inChannels; channel++) {
          const value = input.values[at + channel];
          if (value === 0) continue; // after a ReLU, every other one
          const group = groups === 1 ? 0 : Math.floor(channel / perGroup);
          const first = group * filtersPerGroup;
          const weight = (tap + channel - group * perGroup) * filters + first;
          for (let filter = 0; filter < filtersPerGroup; filter++) {
            sums[first + filter] += value * kernel[weight + filter];
          }
        }
      }
    }
    output.set(sums, (row * columns + column) * filters);
  }
}

const RUN = {
  pass: copy,
  reshape: copy,
  activation: copy,

  dense({ weights: [kernel, bias] }, [{ values }], output) {
    const units = bias.length;
    const inputCount = kernel.length / units;
    const sums = new Float64Array(units);
    for (let from = 0, to = 0; from < values.length; from += inputCount, to += units) {
      sums.set(bias);
      for (let index = 0; index < inputCount; index++) {
        const value = values[from + index];
        if (value === 0) continue;
        for (let unit = 0, weight = index * units; unit < units; unit++) sums[unit] += value * kernel[weight + unit];
      }
      output.set(sums, to);
    }
  },

  affine({ weights: [factor, offset] }, [{ values }], output) {
    const channels = factor.length;
    for (let from = 0; from < values.length; from += channels) {
      for (let channel = 0; channel < channels; channel++) {
        output[from + channel] = values[from + channel] * factor[channel] + offset[channel];
      }
    }
  },

  pool(node, [input], output) {
    const [rows, columns, channels] = node.shape;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const under = placesUnder(node, input.shape, [row, column]);
        const to = (row * columns + column) * channels;
        for (let channel = 0; channel < channels; channel++) {
          let [sum, largest] = [0, -Infinity];
          for (const { place } of under) {
            const value = input.values[place * channels + channel];
            sum += value;
            if (value > largest) largest = value;
          }
          output[to + channel] = node.mode === "max" ? largest : sum / under.length;
        }
      }
    }
  },

  globalPool({ mode }, [{ values, shape }], output) {
    const channels = shape[shape.length - 1];
    for (let channel = 0; channel < channels; channel++) {
      let [sum, largest] = [0, -Infinity];
      for (let index = channel; index < values.length; index += channels) {
        sum += values[index];
        largest = Math.max(largest, values[index]);
      }
      output[channel] = mode === "max" ? largest : sum / (values.length / channels);
    }
  },

  /** The input, laid somewhere else: zeros around it, or its margins cut off. */
  place({ shape: [rows, columns, channels], offset }, [input], output) {
    const [inRows, inColumns] = input.shape;
    for (let row = Math.max(0, offset[0]); row < Math.min(rows, inRows + offset[0]); row++) {
      const first = Math.max(0, offset[1]);
      const last = Math.min(columns, inColumns + offset[1]);
      const from = ((row - offset[0]) * inColumns + first - offset[1]) * channels;
      const part = input.values.subarray(from, from + (last - first) * channels);
      output.set(part, (row * columns + first) * channels);
    }
  },

  repeat({ shape: [rows, columns, channels], size }, [input], output) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const place = Math.floor(row / size[0]) * input.shape[1] + Math.floor(column / size[1]);
        const part = input.values.subarray(place * channels, (place + 1) * channels);
        output.set(part, (row * columns + column) * channels);
      }
    }
  },

  merge({ mode, shape }, inputs, output) {
    const combine = MERGE[mode];
    const places = inputs.map((input) => spread(input.shape, shape));
    for (let index = 0; index < output.length; index++) {
      let value = inputs[0].values[places[0](index)];
      for (let other = 1; other < inputs.length; other++) {
        value = combine(value, inputs[other].values[places[other](index)]);
      }
      output[index] = mode === "average" ? value / inputs.length : value;
    }
  },

  concatenate({ shape }, inputs, output) {
    const channels = shape[shape.length - 1];
    let before = 0;
    for (const { values, shape: inputShape } of inputs) {
      const count = inputShape[inputShape.length - 1];
      for (let from = 0, to = before; from < values.length; from += count, to += channels) {
        output.set(values.subarray(from, from + count), to);
      }
      before += count;
    }
  },
};

const MERGE = {
  add: (one, other) => one + other,
  average: (one, other) => one + other,
  subtract: (one, other) => one - other,
  multiply: (one, other) => one * other,
  maximum: Math.max,
  minimum: Math.min,
};

function copy(_, [{ values }], output) {
  output.set(values);
}

/** Where, in an input whose axes of length 1 stand for every place, the number for an output lies. */
function spread(inputShape, outputShape) {
  if (inputShape.every((length, axis) => length === outputShape[axis])) return (index) => index;
  return (index) => {
    let [remainder, place, step] = [index, 0, 1];
    for (let axis = outputShape.length - 1; axis >= 0; axis--) {
      if (inputShape[axis] > 1) place += (remainder % outputShape[axis]) * step;
      remainder = Math.floor(remainder / outputShape[axis]);
      step *= inputShape[axis];
    }
    return place;
  };
}

/**
 * The places of the input that lie under a window, those outside left out.
 *
 * @param {Pick<Node, "size" | "stride" | "dilation" | "before">} window
 * @param {number[]} sizes  rows and columns of the input
 * @param {number[]} position  row and column of the output
 * @returns {{tap: number, row: number, column: number, place: number}[]} `tap`: the number of the window's element
 */
export function placesUnder({ size, stride, dilation, before }, [rows, columns], [row, column]) {
  const under = [];
  for (let i = 0; i < size[0]; i++) {
    const y = row * stride[0] + i * dilation[0] - before[0];
    for (let j = 0; j < size[1] && y >= 0 && y < rows; j++) {
      const x = column * stride[1] + j * dilation[1] - before[1];
      if (x >= 0 && x < columns) under.push({ tap: i * size[1] + j, row: y, column: x, place: y * columns + x });
    }
  }
  return under;
}

/** Numbers with 16 bits as ordinary ones. */
function fromHalves(halves) {
  return Float32Array.from(halves, (bits) => {
    const sign = bits >> 15 ? -1 : 1;
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
  });
}
