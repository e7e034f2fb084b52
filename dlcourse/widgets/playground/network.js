/**
 * A dense network's whole arithmetic: forward, backward, losses, penalties, optimisers, all as Keras does them, in
 * double precision. Nothing here knows the page; any number of layers, of any width, each with its own activation.
 *
 * Numbers lie as in Keras, row by row: a batch is `count` × `inputs`, a kernel is `inputs` × `units`.
 *
 *     const layers = dense([2, 8, 1], ["tanh", "linear"]);
 *     initialise(layers, random(0));
 *     const pass = forward(layers, x, count);
 *     const { loss, gradient } = LOSSES.binary_crossentropy(pass.outputs[1], y);
 *     optimizer("adam", 0.01).step(layers, backward(layers, pass, gradient).gradients);
 *
 * @typedef {{inputs: number, units: number, activation: string, kernel: Float64Array, bias: Float64Array}} Layer
 *   `activation`: a name from ACTIVATIONS
 * @typedef {{count: number, inputs: ArrayLike<number>, sums: Float64Array[], outputs: Float64Array[]}} Pass
 *   of each layer the sums (weights times inputs, plus bias) and what its activation makes of them, `count` × `units`
 * @typedef {{kernel: Float64Array, bias: Float64Array}} Gradient  how the loss grows with each weight of a layer
 * @typedef {"sgd" | "momentum" | "adam"} Optimizer  momentum is Keras' SGD with `momentum=0.9`
 */
import { ACTIVATIONS, logistic } from "../shared/js/activation_functions.js";
import { even } from "../shared/js/random.js";

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
const MOMENTUM = 0.9;

/**
 * Layers with all weights zero.
 *
 * @param {number[]} sizes  of the input and of each layer
 * @param {string[]} activations  one for each layer
 * @returns {Layer[]}
 */
export function dense(sizes, activations) {
  return activations.map((activation, index) => {
    const [inputs, units] = [sizes[index], sizes[index + 1]];
    return { inputs, units, activation, kernel: new Float64Array(inputs * units), bias: new Float64Array(units) };
  });
}

/**
 * Draws the kernels as Keras' default does, Glorot and Bengio's uniform distribution; biases become zero.
 *
 * @param {() => number} draw  numbers from 0 to 1
 */
export function initialise(layers, draw) {
  for (const { inputs, units, kernel, bias } of layers) {
    const limit = Math.sqrt(6 / (inputs + units));
    for (let index = 0; index < kernel.length; index++) kernel[index] = (2 * draw() - 1) * limit;
    bias.fill(0);
  }
}

/** A source of numbers from 0 to 1, the same for the same seed. */
export function random(seed) {
  let place = 0;
  return () => even(seed, place++);
}

/**
 * What the layers make of a batch.
 *
 * @param {Layer[]} layers
 * @param {ArrayLike<number>} inputs  count × inputs of the first layer
 * @param {number} count
 * @returns {Pass}
 */
export function forward(layers, inputs, count) {
  const pass = { count, inputs, sums: [], outputs: [] };
  let values = inputs;
  for (const layer of layers) {
    const sums = sumsOf(layer, values, count);
    const { value } = ACTIVATIONS[layer.activation];
    values = layer.activation === "linear" ? sums : sums.map((sum) => value(sum));
    pass.sums.push(sums);
    pass.outputs.push(values);
  }
  return pass;
}

function sumsOf({ inputs, units, kernel, bias }, values, count) {
  const sums = new Float64Array(count * units);
  for (let row = 0; row < count; row++) {
    const to = row * units;
    for (let unit = 0; unit < units; unit++) sums[to + unit] = bias[unit];
    for (let input = 0; input < inputs; input++) {
      const value = values[row * inputs + input];
      for (let unit = 0, from = input * units; unit < units; unit++) sums[to + unit] += value * kernel[from + unit];
    }
  }
  return sums;
}

/**
 * How the loss grows with everything, from the last layer to the first.
 *
 * @param {Layer[]} layers
 * @param {Pass} pass  of these layers
 * @param {Float64Array} outward  how the loss grows with each of the last layer's outputs
 * @returns {{gradients: Gradient[], sums: Float64Array[], outputs: Float64Array[], inputs: Float64Array}}
 *   `gradients`: by weights; `sums` and `outputs`: by those of the pass; `inputs`: by the batch itself
 */
export function backward(layers, pass, outward) {
  const result = { gradients: [], sums: [], outputs: [], inputs: outward };
  for (let index = layers.length - 1; index >= 0; index--) {
    const { activation, inputs, units, kernel } = layers[index];
    const { slope } = ACTIVATIONS[activation];
    const [sums, outputs] = [pass.sums[index], pass.outputs[index]];
    const bySums = result.inputs.map((growth, at) => growth * slope(sums[at], outputs[at]));
    const before = index ? pass.outputs[index - 1] : pass.inputs;
    const gradient = { kernel: new Float64Array(inputs * units), bias: new Float64Array(units) };
    const byInputs = new Float64Array(pass.count * inputs);
    for (let row = 0; row < pass.count; row++) {
      for (let unit = 0; unit < units; unit++) gradient.bias[unit] += bySums[row * units + unit];
      for (let input = 0; input < inputs; input++) {
        const value = before[row * inputs + input];
        let sum = 0;
        for (let unit = 0, from = input * units; unit < units; unit++) {
          const growth = bySums[row * units + unit];
          gradient.kernel[from + unit] += value * growth;
          sum += kernel[from + unit] * growth;
        }
        byInputs[row * inputs + input] = sum;
      }
    }
    result.gradients.unshift(gradient);
    result.sums.unshift(bySums);
    result.outputs.unshift(result.inputs);
    result.inputs = byInputs;
  }
  return result;
}

/**
 * Losses as means over all numbers of a batch, by Keras' names, with how they grow with each output. The cross-entropy
 * takes logits: what comes before the sigmoid, so that nothing overflows.
 *
 * @type {Record<string, (outputs: Float64Array, targets: ArrayLike<number>) => {loss: number, gradient: Float64Array}>}
 */
export const LOSSES = {
  mean_squared_error: (outputs, targets) =>
    mean(outputs, (output, at) => [(output - targets[at]) ** 2, 2 * (output - targets[at])]),
  binary_crossentropy: (outputs, targets) =>
    mean(outputs, (logit, at) => [
      Math.max(logit, 0) - logit * targets[at] + Math.log1p(Math.exp(-Math.abs(logit))),
      logistic(logit) - targets[at],
    ]),
};

function mean(outputs, lossOf) {
  let sum = 0;
  const gradient = outputs.map((output, at) => {
    const [loss, growth] = lossOf(output, at);
    sum += loss;
    return growth / outputs.length;
  });
  return { loss: sum / outputs.length, gradient };
}

/**
 * What large weights cost: `l1` times the sum of their sizes, `l2` times the sum of their squares. Biases are free.
 *
 * @param {Layer[]} layers
 * @param {{l1?: number, l2?: number}} rates
 * @param {Gradient[]} [gradients]  to which the growth of the penalty is added
 * @returns {number}
 */
export function penalty(layers, { l1 = 0, l2 = 0 }, gradients = null) {
  let sum = 0;
  layers.forEach(({ kernel }, index) => {
    for (let at = 0; at < kernel.length; at++) {
      const weight = kernel[at];
      sum += l1 * Math.abs(weight) + l2 * weight * weight;
      if (gradients) gradients[index].kernel[at] += l1 * Math.sign(weight) + 2 * l2 * weight;
    }
  });
  return sum;
}

/**
 * What changes the weights after each batch, with a memory of its own.
 *
 * @param {"sgd" | "momentum" | "adam"} name  momentum is Keras' SGD with `momentum=0.9`
 * @returns {{rate: number, step: (layers: Layer[], gradients: Gradient[]) => void}} `rate` may be changed on the way
 */
export function optimizer(name, rate) {
  const memory = new Map(); // from an array of weights to what is remembered of it
  let steps = 0;
  const memoryOf = (weights) => {
    if (!memory.has(weights)) memory.set(weights, [new Float64Array(weights.length), new Float64Array(weights.length)]);
    return memory.get(weights);
  };
  const update = UPDATES[name];
  const rule = {
    rate,
    step(layers, gradients) {
      steps++;
      layers.forEach((layer, index) => {
        for (const part of ["kernel", "bias"]) {
          update(layer[part], gradients[index][part], rule.rate, memoryOf(layer[part]), steps);
        }
      });
    },
  };
  return rule;
}

/**
 * @type {Record<Optimizer, (weights: Float64Array, gradient: Float64Array, rate: number, memory: Float64Array[],
 *   steps: number) => void>}
 */
const UPDATES = {
  sgd(weights, gradient, rate) {
    for (let at = 0; at < weights.length; at++) weights[at] -= rate * gradient[at];
  },
  momentum(weights, gradient, rate, [speed]) {
    for (let at = 0; at < weights.length; at++) {
      speed[at] = MOMENTUM * speed[at] - rate * gradient[at];
      weights[at] += speed[at];
    }
  },
  adam(weights, gradient, rate, [first, second], steps) {
    const { beta1, beta2, epsilon } = ADAM;
    const step = (rate * Math.sqrt(1 - beta2 ** steps)) / (1 - beta1 ** steps);
    for (let at = 0; at < weights.length; at++) {
      first[at] += (gradient[at] - first[at]) * (1 - beta1);
      second[at] += (gradient[at] ** 2 - second[at]) * (1 - beta2);
      weights[at] -= (step * first[at]) / (Math.sqrt(second[at]) + epsilon);
    }
  },
};

/** Weights as Keras' `get_weights` has them: kernel, bias, kernel, bias, ..., as nested lists. */
export function weightsOf(layers) {
  return layers.flatMap(({ inputs, units, kernel, bias }) => [
    Array.from({ length: inputs }, (_, input) => Array.from(kernel.subarray(input * units, (input + 1) * units))),
    Array.from(bias),
  ]);
}

/** Takes over such weights. */
export function setWeights(layers, weights) {
  layers.forEach(({ kernel, bias }, index) => {
    kernel.set(weights[2 * index].flat());
    bias.set(weights[2 * index + 1]);
  });
}
