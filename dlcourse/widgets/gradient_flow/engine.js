/**
 * One stack for all views of a widget, trained in slices of a frame. What it shows depends on the settings and on the
 * number of steps alone, so that every view, and Python, comes to the same.
 */
import { float32sIn } from "../shared/js/bytes.js";
import { FLOAT32 } from "./decades.js";
import { batchOf, descend, inLine, newStack, roomFor, runBatch, SETTINGS, takeLine } from "./deep_stack.js";

const BUDGET = 9; // milliseconds of a frame
const FASTEST = 4; // steps a frame, so that one can see what happens
const TELL = 250; // milliseconds from one word to Python to the next
const KEPT = 400; // losses; when there are more, every other one is dropped

/** @param {import("./deep_stack.js").Data} data @param {number} last  step */
export function stackEngine(data, last) {
  const views = [];
  let settings = null;
  let stack = null;
  let room = null;
  let step = 0;
  let run = false; // whether the room holds the batch that comes next
  let toldStep = 0; // the step that the trait was last seen or set to
  let goal = -1; // a step that was asked for and is not reached
  let unsaved = false; // whether the stack was trained here and Python does not have its weights
  let losses = curve();
  let before = [];
  let frame = 0;
  let toldAt = 0;

  function begin(newSettings) {
    if (settings && losses.values.length > 2) before = losses.values;
    settings = newSettings;
    restart();
  }

  function restart() {
    stack = newStack(settings, data.features);
    const rows = Math.min(settings.batch, data.count);
    const fits = room && room.rows === rows && room.layers.length === stack.length;
    const roomFits = fits && room.layers.every(({ slopes }, index) => haveOneShape(slopes, stack[index]));
    if (!roomFits) room = roomFor(stack, rows);
    step = 0;
    run = unsaved = false;
    losses = curve();
  }

  /** Takes the weights that were kept when the training came to rest, if they are of this stack and not too far on. */
  function restore({ of, step: at, weights, losses: earlierLosses }, wantedStep) {
    if (!of || at > wantedStep || at <= step || SETTINGS.some((name, index) => of[index] !== settings[name])) return;
    takeLine(stack, float32sIn(weights));
    step = at;
    run = false;
    losses = curve(earlierLosses, at);
  }

  /** Makes itself what the traits say. */
  function see(model) {
    const wantedStep = model.get("step");
    const newSettings = Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
    const first = !settings;
    if (first || SETTINGS.some((name) => newSettings[name] !== settings[name])) {
      begin(newSettings);
      goal = first || wantedStep !== toldStep ? wantedStep : 0;
    } else if (wantedStep !== toldStep) goal = wantedStep;
    toldStep = wantedStep;
    if (goal >= 0 && goal < step) restart();
    if (goal > step) restore(model.get("_trained"), goal);
    if (goal <= step) goal = -1;
    compute();
    if (!frame && (goal >= 0 || model.get("playing"))) frame = requestAnimationFrame(work);
  }

  function compute() {
    if (run) return;
    runBatch(stack, room, settings, data, batchOf(step, data.count, settings));
    losses.add(step, room.loss);
    run = true;
  }

  function advance() {
    compute();
    if (!(room.loss < FLOAT32) || step >= last) return false;
    descend(stack, room, settings.learning_rate);
    step++;
    run = false;
    compute();
    return true;
  }

  function work() {
    frame = 0;
    if (!views.length) return;
    const { model } = views[0];
    const end = performance.now() + BUDGET;
    const playing = model.get("playing");
    const seeking = goal >= 0;
    if (!playing && !seeking) return;
    let advances = true;
    for (let count = 0; advances && performance.now() < end && (seeking ? step < goal : count < FASTEST); count++) {
      advances = advance();
    }
    if (seeking && (step >= goal || !advances)) goal = -1;
    if (!seeking) unsaved = true;
    if (!seeking && playing) tell(model, advances);
    for (const { ask } of views) ask();
    if (!frame && ((playing && advances) || goal >= 0)) frame = requestAnimationFrame(work);
  }

  /** Says where the training is, now and then; and that it is over. */
  function tell(model, advances) {
    if (!advances) return rest(model, { playing: false });
    if (performance.now() < toldAt + TELL) return;
    toldAt = performance.now();
    say(model, {});
  }

  function say(model, traits) {
    toldStep = step;
    for (const [name, value] of Object.entries({ step, ...traits })) model.set(name, value);
    model.save_changes();
  }

  /** The training rests: Python gets the weights. */
  function rest(model, traits = {}) {
    if (!unsaved && step === toldStep && !Object.keys(traits).length) return;
    const of = SETTINGS.map((name) => settings[name]);
    const weights = new DataView(inLine(stack).buffer);
    unsaved = false;
    say(model, { ...traits, _trained: { of, step, weights, losses: losses.values } });
  }

  /** One step on, by hand. */
  function stepOnce(model) {
    goal = -1;
    advance();
    unsaved = true;
    rest(model, { playing: false });
    for (const { ask } of views) ask();
  }

  function join(view) {
    views.push(view);
    return () => {
      views.splice(views.indexOf(view), 1);
      if (views.length) return;
      cancelAnimationFrame(frame);
      frame = 0;
    };
  }

  return {
    join,
    see,
    stepOnce,
    rest,
    forget: () => {
      before = [];
    },
    shown: () => ({ stack, room, settings, step, seeking: goal >= 0, losses: losses.values, before }),
  };
}

function haveOneShape(layer, other) {
  return layer.inputs === other.inputs && layer.units === other.units && layer.normed === other.normed;
}

/** Losses step by step, thinned out when they become too many. */
function curve(earlierLosses = [], at = 0) {
  const values = [...earlierLosses];
  let stride = values.length > 1 ? 2 ** Math.round(Math.log2(Math.max(1, at / (values.length - 1)))) : 1;
  return {
    values,
    add(step, loss) {
      if (step % stride) return;
      values.push(loss);
      if (values.length <= KEPT) return;
      stride *= 2;
      const everyOther = values.filter((_, index) => index % 2 === 0);
      values.length = 0;
      values.push(...everyOther);
    },
  };
}
