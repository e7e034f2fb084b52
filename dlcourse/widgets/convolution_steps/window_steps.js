/**
 * A convolution, a transposed one or a pooling on a few numbers, one output after the other, as Keras does it.
 *
 * One picture serves them all: a window slides over the input in a frame. For a convolution the frame is the padding.
 * A transposed convolution is the same with zeros put between the inputs, too, and with the kernel turned by 180°.
 *
 * @typedef {{input: number[][][], kernel: number[][][][], bias: number[], operation: string, pool_size: number[],
 *   stride: number, dilation: number, padding: string, relu: boolean}} State  as the widget's traits
 * @typedef {{length: number, size: number, span: number, before: number, after: number, framed: number, output: number,
 *   step: number, inputAt: (framed: number) => number}} Axis
 *   `framed`: the length with all zeros around and between; `inputAt`: which input lies there, -1 for none;
 *   `before`, `after`: the padding; of a transposed convolution, what is cut off
 * @typedef {{i: number, j: number, framedRow: number, framedColumn: number, row: number, column: number,
 *   inside: boolean, value: number, weight: number, product: number}} Tap
 *   `i`, `j`: which weight; `row`, `column`: which input, where `inside` holds
 */
import { outputSize, paddingAmounts, span } from "../shared/js/convolution.js";
import { brief } from "../shared/js/words.js";

export const CONVOLUTION = "convolution";
export const TRANSPOSED = "transposed convolution";
export const MAXIMUM = "max pooling";
export const MEAN = "mean pooling";

export function pools({ operation }) {
  return operation === MAXIMUM || operation === MEAN;
}

/** The rows and columns of the window. */
export function windowOf(state) {
  return pools(state) ? state.pool_size : [state.kernel.length, state.kernel[0].length];
}

/** How many channels come out. */
export function channelsOf(state) {
  return pools(state) ? state.input[0][0].length : state.kernel[0][0][0].length;
}

/** What is added to each output channel. */
export function biasesOf(state) {
  const count = channelsOf(state);
  if (pools(state)) return Array(count).fill(0);
  return state.bias.length === 1 ? Array(count).fill(state.bias[0]) : state.bias;
}

/** Which sentence tells why there is no output, with the numbers in it; null where all is well. */
export function troubleOf(state) {
  const [height, width, inputChannels] = [state.input.length, state.input[0].length, state.input[0][0].length];
  const [rows, columns] = windowOf(state);
  const { operation, stride, dilation, padding } = state;
  if (pools(state)) {
    if (dilation > 1) return { name: "spread", numbers: {} };
    if (padding === "full") return { name: "full pooling", numbers: {} };
  } else {
    const [kernelChannels, filters] = [state.kernel[0][0].length, channelsOf(state)];
    if (stride > 1 && dilation > 1) return { name: "steps", numbers: {} };
    if (operation === TRANSPOSED && padding === "full") return { name: "full transposed", numbers: {} };
    if (kernelChannels !== inputChannels)
      return { name: "channels", numbers: { wanted: kernelChannels, given: inputChannels } };
    const biases = state.bias.length;
    if (biases !== 1 && biases !== filters) return { name: "biases", numbers: { wanted: filters, given: biases } };
  }
  const reach = [span(rows, dilation), span(columns, dilation)];
  if (operation === TRANSPOSED || padding !== "valid" || (reach[0] <= height && reach[1] <= width)) return null;
  const spread = dilation > 1 ? `, spread by the dilation over ${reach[0]} × ${reach[1]},` : "";
  return { name: "fit", numbers: { rows, columns, spread, height, width } };
}

/** Puts numbers into a sentence with {names}. */
export function filled(sentence, numbers) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => numbers[name]);
}

/** Both axes, rows first. @returns {[Axis, Axis]} */
export function axesOf(state) {
  const [rows, columns] = windowOf(state);
  return [axisOf(state.input.length, rows, state), axisOf(state.input[0].length, columns, state)];
}

function axisOf(length, size, { operation, stride, dilation, padding }) {
  const reach = span(size, dilation);
  if (operation !== TRANSPOSED) {
    const settings = { stride, dilation, padding };
    const [before, after] = paddingAmounts(length, size, settings);
    const inputAt = (framed) => (framed >= before && framed < before + length ? framed - before : -1);
    const output = outputSize(length, size, settings);
    return { length, size, span: reach, before, after, framed: length + before + after, output, step: stride, inputAt };
  }
  const cut = padding === "same" ? Math.max(reach - stride, 0) : 0;
  const [before, after] = [Math.floor(cut / 2), Math.ceil(cut / 2)];
  const output = padding === "same" ? length * stride : (length - 1) * stride + Math.max(reach, stride);
  const first = reach - 1 - before;
  const inputAt = (framed) => {
    const place = (framed - first) / stride;
    return Number.isInteger(place) && place >= 0 && place < length ? place : -1;
  };
  return { length, size, span: reach, before, after, framed: output + reach - 1, output, step: 1, inputAt };
}

/**
 * What one window holds of one input channel, row by row as it lies on the frame.
 *
 * @param {State} state
 * @param {[Axis, Axis]} axes
 * @param {number[]} position  the output's row and column
 * @param {number} channel  of the input
 * @param {number} outputChannel
 * @returns {Tap[]}
 */
export function tapsAt(state, [down, across], [row, column], channel, outputChannel) {
  const taps = [];
  for (let a = 0; a < down.size; a++) {
    const framedRow = row * down.step + a * state.dilation;
    const inputRow = down.inputAt(framedRow);
    for (let b = 0; b < across.size; b++) {
      const framedColumn = column * across.step + b * state.dilation;
      const inputColumn = across.inputAt(framedColumn);
      const [i, j] = weightPlace(state, down.size, across.size, a, b);
      const inside = inputRow >= 0 && inputColumn >= 0;
      const value = inside ? state.input[inputRow][inputColumn][channel] : 0;
      const weight = pools(state) ? 1 : state.kernel[i][j][channel][outputChannel];
      const product = value * weight;
      taps.push({ i, j, framedRow, framedColumn, row: inputRow, column: inputColumn, inside, value, weight, product });
    }
  }
  return taps;
}

/** Which weight lies in row `a` and column `b` of the window. */
export function weightPlace({ operation }, rows, columns, a, b) {
  return operation === TRANSPOSED ? [rows - 1 - a, columns - 1 - b] : [a, b];
}

/** What one output is made of: the taps and the sum of each input channel, and what comes out. */
export function stepAt(state, axes, position, outputChannel) {
  const channels = state.input[0][0].map((_, channel) => channel);
  const taps = channels.map((channel) => tapsAt(state, axes, position, channel, outputChannel));
  if (pools(state)) {
    const readTaps = taps[outputChannel].filter((tap) => tap.inside);
    const values = readTaps.map((tap) => tap.value);
    const sum = values.reduce((total, value) => total + value, 0);
    const value = state.operation === MAXIMUM ? Math.max(...values) : sum / values.length;
    const winner = state.operation === MAXIMUM ? readTaps.find((tap) => tap.value === value) : null;
    return { taps, sums: [sum], bias: 0, answer: value, value, winner, count: values.length };
  }
  const sums = taps.map((ofChannel) => ofChannel.reduce((total, tap) => total + tap.product, 0));
  const bias = biasesOf(state)[outputChannel];
  const answer = sums.reduce((total, sum) => total + sum, bias);
  return { taps, sums, bias, answer, value: state.relu ? Math.max(answer, 0) : answer, winner: null, count: 0 };
}

/** All outputs: row by row, the channels of a place side by side. */
export function outputOf(state) {
  const axes = axesOf(state);
  const [height, width, channels] = [axes[0].output, axes[1].output, channelsOf(state)];
  const values = new Float64Array(height * width * channels);
  for (let index = 0; index < values.length; index++) {
    const place = Math.floor(index / channels);
    const position = [Math.floor(place / width), place % width];
    values[index] = stepAt(state, axes, position, index % channels).value;
  }
  return { height, width, channels, values };
}

/**
 * The matrix that the operation is, for one output channel: a row for each output, a column for each input, channel by
 * channel. For a max pooling it holds for these numbers alone: a one where the maximum stands.
 */
export function matrixOf(state, outputChannel) {
  const axes = axesOf(state);
  const [inputs, depth] = [axes[0].length * axes[1].length, state.input[0][0].length];
  const [rows, columns] = [axes[0].output * axes[1].output, inputs * depth];
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const position = [Math.floor(row / axes[1].output), row % axes[1].output];
    const step = stepAt(state, axes, position, outputChannel);
    step.taps.forEach((taps, channel) => {
      if (pools(state) && channel !== outputChannel) return;
      for (const tap of taps) {
        if (!tap.inside) continue;
        const share = { [MAXIMUM]: Number(tap === step.winner), [MEAN]: 1 / step.count }[state.operation] ?? tap.weight;
        values[row * columns + channel * inputs + tap.row * axes[1].length + tap.column] += share;
      }
    });
  }
  return { rows, columns, values };
}

/** The outputs that read an input, as row * width + column. */
export function readersOf(state, axes, row, column) {
  const readers = new Set();
  for (let place = 0; place < axes[0].output * axes[1].output; place++) {
    const position = [Math.floor(place / axes[1].output), place % axes[1].output];
    const reads = (tap) => tap.row === row && tap.column === column;
    if (tapsAt(state, axes, position, 0, 0).some(reads)) readers.add(place);
  }
  return readers;
}

/** The arithmetic of one output, written out: a line for each input channel, and one for the sum. */
export function written(state, step, outputChannel) {
  if (pools(state)) {
    const values = step.taps[outputChannel].filter((tap) => tap.inside).map((tap) => brief(tap.value));
    const result = brief(step.value);
    if (state.operation === MAXIMUM) return [["maximum", `max(${values.join(", ")}) = ${result}`]];
    return [["mean", `(${sum(values)}) / ${step.count} = ${brief(step.sums[0])} / ${step.count} = ${result}`]];
  }
  const lines = step.taps.map((taps, channel) => {
    const terms = taps.filter((tap) => tap.inside).map((tap) => `${bracketed(tap.value)}·${bracketed(tap.weight)}`);
    return [`channel ${channel}`, `${terms.join(" + ") || "nothing"} = ${brief(step.sums[channel])}`];
  });
  const parts = [...step.sums.map(brief), brief(step.bias)];
  const rectified = state.relu ? `, after ReLU ${brief(step.value)}` : "";
  const names = step.sums.length > 1 ? "channels + bias" : "sum + bias";
  return [...lines, [names, `${sum(parts)} = ${brief(step.answer)}${rectified}`]];
}

function sum(parts) {
  return parts.join(" + ").replaceAll("+ −", "− ");
}

function bracketed(value) {
  return value < 0 ? `(${brief(value)})` : brief(value);
}

/** The formula of the output's size along an axis, first in letters, then with the numbers filled in. */
export function sizeFormula(axis, { operation, stride, dilation, padding }) {
  const { length, size, span: reach, before, after, output } = axis;
  const lines = [];
  const kernel = dilation > 1 ? `K = (k − 1)·d + 1 = (${size} − 1)·${dilation} + 1 = ${reach}` : `K = k = ${reach}`;
  if (operation === TRANSPOSED) {
    if (reach < stride) {
      lines.push(`out = n·s = ${length}·${stride} = ${output}, filled up with zeros where K < s`);
    } else {
      const numbers = `(${length} − 1)·${stride} + ${reach} − ${before} − ${after}`;
      lines.push(`out = (n − 1)·s + K − p − q = ${numbers} = ${output}`);
    }
    return [...lines, kernel, padding === "same" ? `cut off for n·s: p = ${before}, q = ${after}` : "nothing cut off"];
  }
  const numbers = `(${length} + ${before} + ${after} − ${reach}) // ${stride} + 1`;
  lines.push(`out = (n + p + q − K) // s + 1 = ${numbers} = ${output}`, kernel);
  if (padding === "valid") return [...lines, "no padding: p = q = 0"];
  if (padding === "full") return [...lines, `“full”, which Keras does not have: p = q = K − 1 = ${before}`];
  return [...lines, `“same”: out = ⌈n / s⌉ = ⌈${length} / ${stride}⌉ = ${output}, so p = ${before}, q = ${after}`];
}
