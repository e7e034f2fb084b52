/**
 * A network in training: what several views of one widget share. It takes settings from the model's traits, trains for
 * some milliseconds of each frame, and hands weights, epoch and history back to Python from time to time.
 */

import { remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
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
import { inputsOf, noisy, pointsOf, split, unpackedPlane } from "./planes.js";

const BUDGET = 12; // milliseconds of a frame for training; the rest is for drawing
const LOSS = LOSSES.binary_crossentropy;
const MEMORY = 240; // points of the curves
const TAKEN = ["weights", "features", "layers", "activation", "optimizer", "epoch", "history"];
const PAUSE = 500; // milliseconds between two reports to Python

/** A network as the traits describe it, its weights still zero. */
export function networkFor(features, widths, activation) {
  return dense([features.length, ...widths, 1], [...widths.map(() => activation), "linear"]);
}

/** Whether weights are those of such a network. */
export function fit({ features, layers: widths, weights }) {
  const sizes = [features.length, ...widths, 1];
  if (weights.length !== 2 * (sizes.length - 1)) return false;
  return weights.every((array, index) => {
    if (index % 2) return array.length === sizes[(index + 1) / 2];
    return array.length === sizes[index / 2] && array[0].length === sizes[index / 2 + 1];
  });
}

/** The numbers of a batch's examples, in an order that belongs to the seed and the epoch. */
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
  if (history.length <= MEMORY) return history;
  return history.filter((_, index) => index % 2 === 0 || index === history.length - 1);
}

/** The mean loss over examples, and the share of them on the wrong side; null without examples. */
export function judged(layers, { inputs, targets }) {
  if (!targets.length) return { loss: null, wrong: null };
  const logits = forward(layers, inputs, targets.length).outputs.at(-1);
  const mistakes = logits.filter((logit, index) => logit > 0 !== targets[index] > 0.5).length;
  return { loss: LOSS(logits, targets).loss, wrong: mistakes / targets.length };
}

/** @returns  see the functions at the end */
export function trainer(model, facts) {
  const planeFor = remember(unpacked);
  const pointsFor = remember((data, noise, points) =>
    data === "yours" ? pointsOf(points) : noisy(planeFor(data), noise),
  );
  const splitFor = remember(split);
  const examplesFor = remember((sides, features, frame) =>
    sides.map(({ x, y }) => ({ inputs: inputsOf(x, features, frame), targets: y })),
  );
  const judgedFor = remember((_, examples) => examples.map((side) => judged(layers, side)));

  let layers = [];
  let known = {}; // the traits that the network was made from
  let rule = null; // the optimiser, with its memory
  let epoch = 0;
  let order = null; // of the epoch under way
  let next = 0; // the place in that order
  let history = [];
  let version = 0; // one more with every change of a weight
  const listeners = new Set();
  let frame = 0;
  let last = 0; // when the last frame began
  let due = 0; // epochs that are still to be trained at the chosen speed
  let reported = 0;

  function unpacked(kind) {
    return { ...unpackedPlane(facts.planes[kind]), labels: facts.planes[kind].labels };
  }

  /** Takes over what Python, another view or Reset has set. */
  function sync() {
    const traits = Object.fromEntries(TAKEN.map((name) => [name, model.get(name)]));
    const changed = (...names) => names.some((name) => traits[name] !== known[name]);
    // Python tells one thing after the other: until the weights fit again, all stays as it was
    if (known.weights && !fit(traits)) return;
    if (changed("weights", "features", "layers")) {
      layers = networkFor(traits.features, traits.layers, traits.activation);
      setWeights(layers, traits.weights);
      rule = null;
    }
    for (const layer of layers.slice(0, -1)) layer.activation = traits.activation;
    if (changed("weights", "features", "layers", "activation")) version++;
    if (changed("optimizer")) rule = null;
    if (changed("epoch")) epoch = traits.epoch;
    if (changed("epoch", "weights")) order = null;
    if (changed("history")) history = traits.history;
    known = traits;
  }

  function frameOfPlane() {
    return model.get("data") === "yours" ? model.get("_plane") : facts.standard;
  }

  function points() {
    return pointsFor(model.get("data"), model.get("noise"), model.get("points"));
  }

  function sides() {
    return splitFor(points(), model.get("share"));
  }

  function examples() {
    return examplesFor(sides(), known.features, frameOfPlane());
  }

  function rates() {
    const kind = model.get("regularization");
    return kind === "none" ? {} : { [kind]: model.get("rate") };
  }

  /** One batch; true when it was the last one of an epoch. */
  function trainBatch({ inputs, targets }) {
    const [count, width] = [targets.length, layers[0].inputs];
    if (!order || order.length !== count) {
      order = shuffled(count, model.get("seed"), epoch);
      next = 0;
    }
    const chosen = order.subarray(next, next + model.get("batch"));
    const batch = new Float64Array(chosen.length * width);
    const answers = new Float64Array(chosen.length);
    chosen.forEach((example, row) => {
      batch.set(inputs.subarray(example * width, (example + 1) * width), row * width);
      answers[row] = targets[example];
    });
    const pass = forward(layers, batch, chosen.length);
    const { gradient } = LOSS(pass.outputs.at(-1), answers);
    const { gradients } = backward(layers, pass, gradient);
    penalty(layers, rates(), gradients);
    rule ??= optimizer(model.get("optimizer"), 0);
    rule.rate = model.get("learning_rate");
    rule.step(layers, gradients);
    version++;
    next += chosen.length;
    if (next < count) return false;
    order = null;
    epoch++;
    return true;
  }

  /**
   * Trains for some epochs, as far as the time allows; whole ones are entered into the history.
   *
   * @returns {number} the epochs that were trained, in fractions; NaN if the numbers grew beyond all bounds
   */
  function train(epochs, budget = Infinity) {
    const [training] = examples();
    const count = training.targets.length;
    if (!count) return epochs;
    const before = weightsOf(layers);
    const end = performance.now() + budget;
    let done = 0;
    while (done < epochs - 1e-9 && performance.now() < end) {
      done += Math.min(model.get("batch"), count - (order ? next : 0)) / count;
      if (trainBatch(training)) remembered();
    }
    if (layers.every(({ kernel, bias }) => kernel.every(Number.isFinite) && bias.every(Number.isFinite))) return done;
    setWeights(layers, before);
    version++;
    rule = null;
    return NaN;
  }

  function remembered() {
    const [training, test] = judgedFor(version, examples());
    const reachedBack = history.findIndex(([before]) => before >= epoch); // the counter was set back from outside
    const kept = reachedBack < 0 ? history : history.slice(0, reachedBack);
    history = thinned([...kept, [epoch, training.loss, test.loss]]);
  }

  /** Hands to Python what there is now. */
  function report(more = {}) {
    const weights = weightsOf(layers);
    write(model, { ...more, weights, epoch, history });
    Object.assign(known, { weights: model.get("weights"), epoch: model.get("epoch"), history: model.get("history") });
    reported = performance.now();
  }

  /** Begins anew, with these traits changed. */
  function restart(changes = {}) {
    const of = (name) => changes[name] ?? model.get(name);
    const fresh = networkFor(of("features"), of("layers"), of("activation"));
    initialise(fresh, random(of("seed")));
    order = null;
    write(model, { ...changes, weights: weightsOf(fresh), epoch: 0, history: [] });
    known.weights = null; // also where the weights are as they were, the optimiser forgets
    tell();
  }

  function step() {
    sync();
    const done = train(order ? 1 - next / order.length : 1);
    report({ playing: false });
    tell(done);
  }

  function edit(index, part, at, value) {
    sync();
    layers[index][part][at] = value;
    version++;
    report();
    tell();
  }

  function tell(done = 0) {
    for (const listen of listeners) listen(Number.isNaN(done));
  }

  /** Keeps training while it is wanted. */
  function run(now) {
    frame = 0;
    if (!model.get("playing") || !listeners.size) {
      if (last) {
        report();
        tell();
      }
      last = 0;
      return;
    }
    frame = requestAnimationFrame(run);
    sync();
    const passed = last ? Math.min(now - last, 100) : 16;
    last = now;
    due = Math.min(due + (passed / 1000) * model.get("speed"), 0.2 * model.get("speed") + 1);
    const done = train(due, BUDGET);
    due -= Number.isNaN(done) ? due : done;
    if (Number.isNaN(done)) report({ playing: false });
    else if (performance.now() - reported > PAUSE) report();
    tell(done);
  }

  function wake() {
    if (model.get("playing") && !frame) frame = requestAnimationFrame(run);
  }

  function seen() {
    sync();
    const [training, test] = judgedFor(version, examples());
    const { features, layers: widths } = known;
    return { layers, features, widths, version, epoch, history, training, test, sides: sides(), frame: frameOfPlane() };
  }

  return {
    /** What there is to draw now. */
    seen,
    points,
    restart,
    /** Trains to the end of an epoch. */
    step,
    /** Sets one weight of the layer `index`, "kernel" or "bias", at a place. */
    edit,
    /** Begins to train if that is wanted by now. */
    wake,
    /** Calls back after every change; with true when the numbers grew beyond all bounds. */
    listen: (heard) => listeners.add(heard),
    forget: (heard) => listeners.delete(heard),
    stop: () => cancelAnimationFrame(frame),
  };
}
