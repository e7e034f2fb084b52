/**
 * What the views of one widget share: it trains the network for some milliseconds of each frame, with settings from the
 * model's traits, and hands weights, epoch and history back to Python from time to time.
 *
 * @typedef {{layers: import("./network.js").Layer[], features: string[], widths: number[], version: number,
 *   epoch: number, history: import("./training.js").Losses[], judgements: import("./training.js").Judgement[],
 *   points: import("./planes.js").Points, sides: [import("./planes.js").Points, import("./planes.js").Points],
 *   frame: import("./planes.js").Frame}} Snapshot
 *   `version`: another one with every change of a weight; `judgements` and `sides`: of training and of test points
 */
import { remember } from "../shared/js/memory.js";
import { read, write } from "../shared/js/model.js";
import { inputsOf, noisy, pointsOf, split, unpackedPlane } from "./planes.js";
import { firstWeights, Training } from "./training.js";

const BUDGET = 12; // milliseconds of a frame for training; the rest is for drawing
const PAUSE = 500; // milliseconds between two reports to Python
const [FRAME, LONGEST] = [16, 100]; // milliseconds that pass between two frames: at first, and at most
const STATE = ["features", "layers", "activation", "optimizer", "weights", "epoch", "history"];
const SETTINGS = ["batch", "seed", "optimizer", "learning_rate", "regularization", "rate"];

/**
 * @param {Object} model
 * @param {Object} facts  with the data sets
 * @returns  see the functions at the end
 */
export function trainer(model, facts) {
  const training = new Training();
  const planeFor = remember((kind) => unpackedPlane(facts.planes[kind]));
  const pointsFor = remember((data, noise, rows) => (data === "yours" ? pointsOf(rows) : noisy(planeFor(data), noise)));
  const splitFor = remember(split);
  const examplesFor = remember((sides, features, frame) =>
    sides.map(({ x, y }) => ({ inputs: inputsOf(x, features, frame), targets: y })),
  );
  const listeners = new Set();
  let request = 0; // of the next frame
  let last = 0; // when the last frame began
  let due = 0; // epochs that are still to be trained at the chosen speed
  let reported = 0;

  /** Takes over what Python, another view or Reset has set. */
  function sync() {
    training.take(read(model, STATE));
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
    return examplesFor(sides(), training.features, frameOfPlane());
  }

  function train(epochs, enough) {
    return training.train(examples(), read(model, SETTINGS), epochs, enough);
  }

  /** Hands to Python what there is now. */
  function report(changes = {}) {
    const state = training.told();
    write(model, { ...changes, ...state });
    training.recognise(read(model, Object.keys(state)));
    reported = performance.now();
  }

  /** @param {Record<string, any>} changes */
  function restart(changes) {
    const traits = { ...read(model, ["features", "layers", "activation", "seed"]), ...changes };
    write(model, { ...changes, weights: firstWeights(traits), epoch: 0, history: [] });
    training.forget();
    tell();
  }

  function step() {
    sync();
    const epochsDone = train(training.left);
    report({ playing: false });
    tell(epochsDone);
  }

  function edit(part, value) {
    sync();
    training.edit(part, value);
    report();
    tell();
  }

  function tell(epochsDone = 0) {
    for (const listen of listeners) listen(Number.isNaN(epochsDone));
  }

  /** Keeps training while it is wanted. */
  function run(time) {
    request = 0;
    if (!model.get("playing") || !listeners.size) {
      if (last) {
        report();
        tell();
      }
      last = 0;
      return;
    }
    request = requestAnimationFrame(run);
    sync();
    const passed = last ? Math.min(time - last, LONGEST) : FRAME;
    last = time;
    const speed = model.get("speed");
    due = Math.min(due + (passed / 1000) * speed, 0.2 * speed + 1);
    const end = performance.now() + BUDGET;
    const epochsDone = train(due, () => performance.now() >= end);
    due -= Number.isNaN(epochsDone) ? due : epochsDone;
    if (Number.isNaN(epochsDone)) report({ playing: false });
    else if (performance.now() - reported > PAUSE) report();
    tell(epochsDone);
  }

  function wake() {
    if (model.get("playing") && !request) request = requestAnimationFrame(run);
  }

  /** @returns {Snapshot} */
  function snapshot() {
    sync();
    const { layers, features, widths, version, epoch, history } = training;
    const judgements = training.judge(examples());
    const data = { points: points(), sides: sides(), frame: frameOfPlane() };
    return { layers, features, widths, version, epoch, history, judgements, ...data };
  }

  return {
    /** What there is to see now. */
    snapshot,
    /** Begins anew, with these traits changed. */
    restart,
    /** Trains to the end of an epoch. */
    step,
    /** Sets one weight or bias. */
    edit,
    /** Begins to train if that is wanted by now. */
    wake,
    /** Calls back after every change; with true when the numbers grew beyond all bounds. */
    listen: (listener) => listeners.add(listener),
    forget: (listener) => listeners.delete(listener),
    stop: () => cancelAnimationFrame(request),
  };
}
