/**
 * A deep stack of dense layers and its training; deep_stack.py does the same in NumPy, number for
 * number. Nothing here knows the page.
 *
 * Numbers lie row by row: an example's units side by side, a kernel's inputs one below the other, as in Keras.
 *
 * @typedef {{depth: number, width: number, activation: string, initialization: string, batch_norm: boolean,
 *   residual: boolean, learning_rate: number, batch: number, seed: number}} Settings
 * @typedef {{inputs: number, units: number, normed: boolean, kernel: Float64Array, bias: Float64Array,
 *   gain: Float64Array, shift: Float64Array}} Layer  `gain` and `shift`: of batch normalisation, empty without
 * @typedef {{x: Float64Array, y: Float64Array, features: number, count: number}} Data
 */
import { ACTIVATIONS, logistic } from "../shared/js/activation_functions.js";
import { even, normals } from "../shared/js/random.js";

const NARROW = 1e-3; // what batch normalisation adds to a variance, as in Keras
const EDGE = 0.02; // of a limited activation's range: so near to a limit it is saturated
const LIMITS = { sigmoid: [0, 1], tanh: [-1, 1] };
const WEIGHTS = ["kernel", "bias", "gain", "shift"]; // in the order in which they travel

export const SETTINGS = [
  "depth",
  "width",
  "activation",
  "initialization",
  "batch_norm",
  "residual",
  "learning_rate",
  "batch",
  "seed",
];

// --- data ------------------------------------------------------------------------------------------------------------

/** Which examples a step sees: each epoch goes through all of them in an order of its own. */
export function batchOf(step, count, { batch, seed }) {
  const perEpoch = Math.max(1, Math.floor(count / batch));
  const epoch = Math.floor(step / perEpoch);
  const from = (step % perEpoch) * batch;
  const order = orderOf((seed * 7919 + epoch + 1) % 2 ** 32, count);
  return order.subarray(from, from + batch);
}

let shuffled = { seed: -1, count: 0, order: null };

function orderOf(seed, count) {
  if (shuffled.seed !== seed || shuffled.count !== count) {
    const keys = Float64Array.from({ length: count }, (_, place) => even(seed, place));
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    order.sort((example, other) => keys[example] - keys[other]);
    shuffled = { seed, count, order };
  }
  return shuffled.order;
}

// --- the stack -------------------------------------------------------------------------------------------------------

/** The standard deviation of a layer's first weights. */
export function spreadOf(initialization, inputs, units) {
  const spreads = {
    small: 0.01,
    large: 1,
    glorot: Math.sqrt(2 / (inputs + units)),
    he: Math.sqrt(2 / inputs),
    lecun: Math.sqrt(1 / inputs),
  };
  return spreads[initialization];
}

/** @param {Settings} settings @returns {Layer[]} as they begin, the output layer last */
export function newStack(settings, features) {
  const { depth, width, initialization, batch_norm: normed, seed } = settings;
  const lengths = [features, ...Array(depth).fill(width), 1];
  const values = normals(seed, features * width + (depth - 1) * width * width + width);
  let at = 0;
  return lengths.slice(1).map((units, index) => {
    const layer = emptyLayer(lengths[index], units, normed && index < depth);
    const spread = spreadOf(initialization, lengths[index], units);
    for (let weight = 0; weight < layer.kernel.length; weight++) layer.kernel[weight] = spread * values[at++];
    layer.gain.fill(1);
    return layer;
  });
}

/** @returns {Layer} */
function emptyLayer(inputs, units, normed) {
  const perUnit = (isPresent) => new Float64Array(isPresent ? units : 0);
  const kernel = new Float64Array(inputs * units);
  return { inputs, units, normed, kernel, bias: perUnit(!normed), gain: perUnit(normed), shift: perUnit(normed) };
}

/** All weights in a row, as they travel. */
export function inLine(stack) {
  return Float32Array.from(stack.flatMap((layer) => WEIGHTS.flatMap((name) => Array.from(layer[name]))));
}

/** Puts weights from a row into their places. */
export function takeLine(stack, numbers) {
  let at = 0;
  for (const layer of stack) {
    for (const name of WEIGHTS) {
      for (let index = 0; index < layer[name].length; index++) layer[name][index] = numbers[at++];
    }
  }
}

// --- a batch forward and back ----------------------------------------------------------------------------------------

/**
 * Room for what a batch shows, used again and again: the garbage of a pass would cost more than the pass.
 *
 * @param {Layer[]} stack
 */
export function roomFor(stack, rows) {
  const matrix = (columns) => new Float64Array(rows * columns);
  const layers = stack.map(({ inputs, units, normed }, index) => ({
    sums: matrix(units), // what the activation is given
    outputs: matrix(units),
    handed: matrix(units), // to the next layer: the outputs, with a shortcut the inputs are added
    white: matrix(normed ? units : 0),
    scale: new Float64Array(normed ? units : 0),
    back: matrix(units), // the loss' gradient by the outputs
    through: matrix(units), // by the sums, then by what the kernel gives
    slopes: emptyLayer(inputs, units, normed),
    first: index === 0,
    last: index === stack.length - 1,
  }));
  return { rows, x: matrix(stack[0].inputs), y: new Float64Array(rows), layers, loss: NaN };
}

/**
 * A batch forward and back, into the room; the loss is the mean of the binary cross-entropy of logits.
 *
 * @param {Layer[]} stack @param {Settings} settings @param {Data} data
 * @param {ArrayLike<number>} chosen  the examples of the batch
 */
export function runBatch(stack, room, settings, data, chosen) {
  take(room, data, chosen);
  const activation = ACTIVATIONS[settings.activation];
  let signal = room.x;
  stack.forEach((layer, index) => {
    forward(layer, room.layers[index], signal, room.rows, activation, settings.residual);
    signal = room.layers[index].handed;
  });
  room.loss = compare(room);
  for (let index = stack.length - 1; index >= 0; index--) {
    const before = index ? room.layers[index - 1] : null;
    const input = before ? before.handed : room.x;
    backward(stack[index], room.layers[index], input, before?.back, room.rows, activation, settings.residual);
  }
}

/** A step down the slopes of the last batch. */
export function descend(stack, room, rate) {
  stack.forEach((layer, index) => {
    for (const name of WEIGHTS) {
      const [weights, slopes] = [layer[name], room.layers[index].slopes[name]];
      for (let at = 0; at < weights.length; at++) weights[at] -= rate * slopes[at];
    }
  });
}

function take(room, { x, y, features }, chosen) {
  for (let row = 0; row < room.rows; row++) {
    const from = chosen[row] * features;
    for (let feature = 0; feature < features; feature++) room.x[row * features + feature] = x[from + feature];
    room.y[row] = y[chosen[row]];
  }
}

function forward(layer, layerRoom, input, rows, { value }, residual) {
  const { sums, outputs, handed } = layerRoom;
  product(input, layer.kernel, sums, rows, layer.inputs, layer.units);
  if (layer.normed) whiten(layer, layerRoom, rows);
  else addToRows(sums, layer.bias);
  if (layerRoom.last) outputs.set(sums);
  else for (let index = 0; index < sums.length; index++) outputs[index] = value(sums[index]);
  handed.set(outputs);
  if (residual && !layerRoom.first && !layerRoom.last) add(input, handed);
}

function addToRows(matrix, row) {
  for (let from = 0; from < matrix.length; from += row.length) {
    for (let index = 0; index < row.length; index++) matrix[from + index] += row[index];
  }
}

/** Batch normalisation by this batch, as in training. */
function whiten({ gain, shift, units }, { sums, white, scale }, rows) {
  for (let unit = 0; unit < units; unit++) {
    let [mean, variance] = [0, 0];
    for (let at = unit; at < sums.length; at += units) mean += sums[at];
    mean /= rows;
    for (let at = unit; at < sums.length; at += units) variance += (sums[at] - mean) ** 2;
    scale[unit] = 1 / Math.sqrt(variance / rows + NARROW);
    for (let at = unit; at < sums.length; at += units) {
      white[at] = (sums[at] - mean) * scale[unit];
      sums[at] = white[at] * gain[unit] + shift[unit];
    }
  }
}

/** The loss, and its gradient by the logits. */
function compare({ layers, y, rows }) {
  const { outputs, back } = layers[layers.length - 1];
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const logit = outputs[row];
    loss += Math.max(logit, 0) - logit * y[row] + Math.log1p(Math.exp(-Math.abs(logit)));
    back[row] = (logistic(logit) - y[row]) / rows;
  }
  return loss / rows;
}

function backward(layer, layerRoom, input, inputGradient, rows, { slope }, residual) {
  const { sums, outputs, back, through, slopes } = layerRoom;
  through.set(back);
  if (!layerRoom.last) {
    for (let index = 0; index < sums.length; index++) through[index] *= slope(sums[index], outputs[index]);
  }
  if (layer.normed) unwhiten(layer, layerRoom, rows);
  else sumOfRows(through, slopes.bias);
  productOfColumns(input, through, slopes.kernel, rows, layer.inputs, layer.units);
  if (!inputGradient) return;
  productWithRows(through, layer.kernel, inputGradient, rows, layer.units, layer.inputs);
  if (residual && !layerRoom.last) add(back, inputGradient);
}

function add(values, into) {
  for (let index = 0; index < into.length; index++) into[index] += values[index];
}

/** The gradient through batch normalisation: each example has moved the mean and the spread of all. */
function unwhiten({ gain, units }, { white, scale, through, slopes }, rows) {
  for (let unit = 0; unit < units; unit++) {
    let [sum, along] = [0, 0];
    for (let at = unit; at < through.length; at += units) {
      sum += through[at];
      along += through[at] * white[at];
    }
    slopes.gain[unit] = along;
    slopes.shift[unit] = sum;
    const factor = gain[unit] * scale[unit];
    for (let at = unit; at < through.length; at += units) {
      through[at] = factor * (through[at] - (sum + white[at] * along) / rows);
    }
  }
}

function sumOfRows(matrix, row) {
  row.fill(0);
  for (let from = 0; from < matrix.length; from += row.length) {
    for (let index = 0; index < row.length; index++) row[index] += matrix[from + index];
  }
}

// --- products of matrices, four terms at a time: that halves their time ----------------------------------------------

/** one (rows × inner) times other (inner × columns). */
function product(one, other, into, rows, inner, columns) {
  into.fill(0);
  for (let row = 0; row < rows; row++) addTimesRows(one, row * inner, 1, other, columns, into, row * columns, inner);
}

/** one (rows × left) turned on its side, times other (rows × columns). */
function productOfColumns(one, other, into, rows, left, columns) {
  into.fill(0);
  for (let row = 0; row < left; row++) addTimesRows(one, row, left, other, columns, into, row * columns, rows);
}

/** Adds the rows of a matrix, each times a factor, to a row of another. */
function addTimesRows(factors, at, stride, matrix, columns, into, to, count) {
  let row = 0;
  for (; row + 3 < count; row += 4) {
    const a = factors[at + row * stride];
    const b = factors[at + (row + 1) * stride];
    const c = factors[at + (row + 2) * stride];
    const d = factors[at + (row + 3) * stride];
    let place = row * columns;
    for (let index = to; index < to + columns; index++, place++) {
      into[index] +=
        a * matrix[place] +
        b * matrix[place + columns] +
        c * matrix[place + 2 * columns] +
        d * matrix[place + 3 * columns];
    }
  }
  for (; row < count; row++) {
    const factor = factors[at + row * stride];
    for (let index = 0; index < columns; index++) into[to + index] += factor * matrix[row * columns + index];
  }
}

/** one (rows × inner) times other (columns × inner) turned on its side. */
function productWithRows(one, other, into, rows, inner, columns) {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = row * inner;
      const by = column * inner;
      let a = 0;
      let b = 0;
      let index = 0;
      for (; index + 1 < inner; index += 2) {
        a += one[from + index] * other[by + index];
        b += one[from + index + 1] * other[by + index + 1];
      }
      if (index < inner) a += one[from + index] * other[by + index];
      into[row * columns + column] = a + b;
    }
  }
}

// --- what is wrong with units ----------------------------------------------------------------------------------------

/** How many units are 0 for the whole batch. */
export function deadUnits(outputs, units) {
  let dead = 0;
  for (let unit = 0; unit < units; unit++) {
    let at = unit;
    while (at < outputs.length && outputs[at] === 0) at += units;
    if (at >= outputs.length) dead++;
  }
  return dead;
}

/** How many units stand at a limit for more than half of the batch; NaN for activations without limits. */
export function saturatedUnits(outputs, units, activation) {
  if (!LIMITS[activation]) return NaN;
  const [low, high] = LIMITS[activation];
  const near = EDGE * (high - low);
  let saturated = 0;
  for (let unit = 0; unit < units; unit++) {
    let atLimit = 0;
    for (let at = unit; at < outputs.length; at += units) {
      if (outputs[at] < low + near || outputs[at] > high - near) atLimit++;
    }
    if (2 * atLimit * units > outputs.length) saturated++;
  }
  return saturated;
}
