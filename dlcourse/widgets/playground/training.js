/**
 * A network in training: its layers, its optimiser, how far it is. Nothing here knows the page, nor what time it is.
 *
 * @typedef {import("./network.js").Layer} Layer
 * @typedef {{inputs: Float64Array, targets: Float64Array}} Examples  what the network is told of points; their classes
 * @typedef {[training: Examples, test: Examples]} Sides
 * @typedef {{loss: number | null, wrong: number | null}} Judgement
 *   the mean loss over examples, and the share of them on the wrong side; null without examples
 * @typedef {[epoch: number, training: number, test: number | null]} Losses
 * @typedef {{batch: number, seed: number, optimizer: import("./network.js").Optimizer, learning_rate: number,
 *   regularization: string, rate: number}} Settings  as in the widget's traits
 * @typedef {{features: string[], layers: number[], activation: string, optimizer: string, weights: any[],
 *   epoch: number, history: Losses[]}} State  as in the widget's traits
 */
import { remember } from "../shared/js/memory.js";
import {
  backward,
  dense,
  forward,
  initialise,
  LOSSES,
  optimizer,
  penalty,
  random,
  setWeights,
  weightsOf,
} from "./network.js";
import { placeOf } from "./parts.js";

const LOSS = LOSSES.binary_crossentropy;
const LONGEST = 240; // points of the curves

/** A network as the traits describe it, its weights still zero. */
function networkFor(features, widths, activation) {
  return dense([features.length, ...widths, 1], [...widths.map(() => activation), "linear"]);
}

/** The weights that belong to a seed. */
export function firstWeights({ features, layers: widths, activation, seed }) {
  const layers = networkFor(features, widths, activation);
  initialise(layers, random(seed));
  return weightsOf(layers);
}

/** Whether weights are those of such a network. */
export function fits({ features, layers: widths, weights }) {
  const sizes = [features.length, ...widths, 1];
  if (weights.length !== 2 * (sizes.length - 1)) return false;
  return weights.every((array, index) => {
    if (index % 2) return array.length === sizes[(index + 1) / 2];
    return array.length === sizes[index / 2] && array[0].length === sizes[index / 2 + 1];
  });
}

/** The numbers of all examples, in an order that belongs to the seed and the epoch. */
export function shuffled(count, seed, epoch) {
  const draw = random(seed * 7919 + epoch + 1);
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** Every other row of a history that has become long; the last one always stays. */
export function thinned(history) {
  if (history.length <= LONGEST) return history;
  return history.filter((_, index) => index % 2 === 0 || index === history.length - 1);
}

/** @param {Layer[]} layers @param {Examples} examples @returns {Judgement} */
export function judged(layers, { inputs, targets }) {
  if (!targets.length) return { loss: null, wrong: null };
  const logits = forward(layers, inputs, targets.length).outputs.at(-1);
  const mistakes = logits.filter((logit, index) => logit > 0 !== targets[index] > 0.5).length;
  return { loss: LOSS(logits, targets).loss, wrong: mistakes / targets.length };
}

export class Training {
  /** @type {Layer[]} */
  layers = [];
  epoch = 0;
  /** @type {Losses[]} after each epoch, as far as it is remembered */
  history = [];
  version = 0; // one more with every change of a weight

  /** @type {Partial<State>} as it was last given or told */
  #known = {};
  #rule = null; // the optimiser, with its memory
  #order = null; // of the examples, in the epoch under way
  #next = 0; // the place in that order
  #judged = remember((_version, /** @type {Examples[]} */ sides) => sides.map((side) => judged(this.layers, side)));

  /** Takes over what was set from outside. @param {State} state */
  take(state) {
    const changed = (...names) => names.some((name) => state[name] !== this.#known[name]);
    // Python tells one thing after the other: until the weights fit again, all stays as it was
    if (this.#known.weights && !fits(state)) return;
    if (changed("weights", "features", "layers")) {
      this.layers = networkFor(state.features, state.layers, state.activation);
      setWeights(this.layers, state.weights);
      this.#rule = null;
    }
    for (const layer of this.layers.slice(0, -1)) layer.activation = state.activation;
    if (changed("weights", "features", "layers", "activation")) this.version++;
    if (changed("optimizer")) this.#rule = null;
    if (changed("epoch")) this.epoch = state.epoch;
    if (changed("epoch", "weights")) this.#order = null;
    if (changed("history")) this.history = state.history;
    this.#known = state;
  }

  /** What has become of it, to be told. */
  told() {
    return { weights: weightsOf(this.layers), epoch: this.epoch, history: this.history };
  }

  /** Knows what was told when it is given again: nothing changes then. @param {Partial<State>} state */
  recognise(state) {
    this.#known = { ...this.#known, ...state };
  }

  /** Takes everything from what is given next, also where the weights are as they were: the optimiser forgets. */
  forget() {
    this.#order = null;
    this.#known = { ...this.#known, weights: null };
  }

  get features() {
    return this.#known.features;
  }

  /** The neurons of each hidden layer. */
  get widths() {
    return this.#known.layers;
  }

  /** How much of the epoch under way is left. */
  get left() {
    return this.#order ? 1 - this.#next / this.#order.length : 1;
  }

  /** Training and test judged. @param {Sides} sides @returns {Judgement[]} */
  judge(sides) {
    return this.#judged(this.version, sides);
  }

  /** Sets a weight or bias. @param {import("./parts.js").Part} part @param {number} value */
  edit(part, value) {
    const layer = this.layers[part.layer];
    layer[part.kind][placeOf(part, layer)] = value;
    this.version++;
  }

  /**
   * Trains for some epochs, or until it is enough; whole ones are entered into the history.
   *
   * @param {Sides} sides
   * @param {Settings} settings
   * @param {number} epochs
   * @param {() => boolean} [enough]  asked before each batch
   * @returns {number} the epochs that were trained, in fractions; NaN if the numbers grew beyond all bounds, and the
   *   weights are as before
   */
  train(sides, settings, epochs, enough = () => false) {
    const [training] = sides;
    const count = training.targets.length;
    if (!count) return epochs;
    const before = weightsOf(this.layers);
    let epochsDone = 0;
    while (epochsDone < epochs - 1e-9 && !enough()) {
      epochsDone += Math.min(settings.batch, count - (this.#order ? this.#next : 0)) / count;
      if (this.#trainBatch(training, settings)) this.#enter(sides);
    }
    if (this.layers.every(({ kernel, bias }) => kernel.every(Number.isFinite) && bias.every(Number.isFinite))) {
      return epochsDone;
    }
    setWeights(this.layers, before);
    this.version++;
    this.#rule = null;
    return NaN;
  }

  /** True when the batch was the last one of an epoch. */
  #trainBatch(/** @type {Examples} */ examples, /** @type {Settings} */ settings) {
    const { inputs, targets } = this.#nextBatch(examples, settings);
    const pass = forward(this.layers, inputs, targets.length);
    const { gradient } = LOSS(pass.outputs.at(-1), targets);
    const { gradients } = backward(this.layers, pass, gradient);
    const { regularization, rate } = settings;
    penalty(this.layers, regularization === "none" ? {} : { [regularization]: rate }, gradients);
    this.#rule ??= optimizer(settings.optimizer, 0);
    this.#rule.rate = settings.learning_rate;
    this.#rule.step(this.layers, gradients);
    this.version++;
    if (this.#next < examples.targets.length) return false;
    this.#order = null;
    this.epoch++;
    return true;
  }

  /** @returns {Examples} */
  #nextBatch({ inputs, targets }, { seed, batch }) {
    if (this.#order?.length !== targets.length) {
      this.#order = shuffled(targets.length, seed, this.epoch);
      this.#next = 0;
    }
    const chosen = this.#order.subarray(this.#next, this.#next + batch);
    this.#next += chosen.length;
    const width = this.layers[0].inputs;
    const rows = new Float64Array(chosen.length * width);
    chosen.forEach((example, row) => rows.set(inputs.subarray(example * width, (example + 1) * width), row * width));
    return { inputs: rows, targets: Float64Array.from(chosen, (example) => targets[example]) };
  }

  #enter(/** @type {Sides} */ sides) {
    const [training, test] = this.judge(sides);
    const setBack = this.history.findIndex(([epoch]) => epoch >= this.epoch); // the counter, from outside
    const earlier = setBack < 0 ? this.history : this.history.slice(0, setBack);
    this.history = thinned([...earlier, [this.epoch, training.loss, test.loss]]);
  }
}
