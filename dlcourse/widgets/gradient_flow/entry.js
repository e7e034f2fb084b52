/**
 * GradientFlow: how large the numbers are that pass through each layer of a deep network, forward and back.
 *
 * Without a model of the learner's, a stack is computed and trained here, by one engine for all views (engine.js).
 * With one, Python hands over the frames of a recording, and this plays them.
 */
import facts from "dlcourse:gradient_flow";
import { begin, density } from "../shared/js/canvas.js";
import { checkbox, choice, slider } from "../shared/js/controls.js";
import { engineOf } from "../shared/js/engines.js";
import { remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { element, press, show, tell } from "../shared/js/page.js";
import { stage } from "../shared/js/stage.js";
import { flowCode, RECORDING } from "./code.js";
import { sizeInDigits } from "./decades.js";
import { SETTINGS } from "./deep_stack.js";
import { stackEngine } from "./engine.js";
import { columnAt, drawFlow, drawLoss, plan, reach } from "./picture.js";
import { rowsOfStack, troubleOf, unpacked } from "./rows.js";
import { layerInWords, lossInWords, verdict } from "./words.js";

const TRAITS = [...SETTINGS, "step", "playing", "frame", "gradients", "layer", "_record"];
const INITIALIZATIONS = {
  small: "0.01 (too small)",
  large: "1 (too large)",
  glorot: "Xavier / Glorot",
  he: "He",
  lecun: "LeCun",
};
const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
const PLAIN = { depth: 12, width: 32, batch_norm: false, residual: false, learning_rate: 0.1 };
const PRESETS = {
  vanishing: { ...PLAIN, activation: "sigmoid", initialization: "glorot" },
  exploding: { ...PLAIN, activation: "relu", initialization: "large" },
  healthy: { ...PLAIN, activation: "relu", initialization: "he" },
  "dying ReLUs": { ...PLAIN, activation: "relu", initialization: "he", learning_rate: 1 },
  "batch norm helps": { ...PLAIN, activation: "sigmoid", initialization: "glorot", batch_norm: true },
  "30 layers": { ...PLAIN, depth: 30, activation: "tanh", initialization: "glorot" },
  "30 with shortcuts": { ...PLAIN, depth: 30, activation: "tanh", initialization: "glorot", residual: true },
};
const GUESS = Math.log(2); // the loss of one who always says "half and half"
const ASIDE = 206; // the width of the loss beside the picture
const NARROW = 720; // CSS pixels: below, the loss stands under the picture
const LOSS_HEIGHT = 150;
const PER_SECOND = 8; // frames, when a recording is played
const TELL = 300; // milliseconds from one word to Python to the next
const SPEAK = 600; // milliseconds from one sentence to the next while it trains
const HINT = "Each shape: how many numbers have which size. The line: their mean.";

const DATA = {
  x: Float64Array.from(facts.data[0]),
  y: Float64Array.from(facts.data[1]),
  features: 2,
  count: facts.data[1].length,
};

/** The decades that the two panels show. */
function reachOf(rows) {
  const forward = reach(
    rows.map(({ outputs }) => outputs),
    "forward",
  );
  const back = reach(
    rows.map(({ gradient }) => gradient),
    "back",
  );
  return { forward, back };
}

// --- the view --------------------------------------------------------------------------------------------------------

/** @param {import("../shared/js/model.js").View} view */
function render({ model, el }) {
  // setup ---------------------------------------------------------------------------------------------------------

  const scene = stage({
    model,
    el,
    name: "gradient_flow",
    label: "GradientFlow: signals and gradients in a deep network",
    traits: TRAITS,
    draw,
    toKeras,
    onReset: () => {
      engine.forget();
      write(model, { playing: false, step: 0 });
    },
    onEnd: () => {
      leave();
      letGo();
      cancelAnimationFrame(ticking);
    },
  });
  const { root } = scene;
  const { engine, leave: letGo } = engineOf(
    model,
    () => stackEngine(DATA, facts.last),
    (stacks) => stacks.rest(model),
  );

  const playButton = element("button", { type: "button", class: "dlc-flow-play", onclick: play });
  const stepButton = element("button", { type: "button", onclick: stepOnce }, "Step");
  const againButton = element("button", { type: "button", onclick: again }, "Start anew");
  const newButton = element("button", { type: "button", onclick: newWeights }, "New weights");
  const status = element("span", { class: "dlc-flow-status" });
  const framesLabel = "Frame of the recording";
  const frames = element("input", { type: "range", min: 1, "aria-label": framesLabel, oninput: chooseFrame });
  const framesLine = element("label", { class: "dlc-flow-frames" }, "Frame", frames);

  const presetButtons = Object.entries(PRESETS).map(([name, values]) =>
    element("button", { type: "button", onclick: () => change(values) }, name),
  );
  const presets = element("div", { class: "dlc-row dlc-flow-presets", role: "group", "aria-label": "Try" });
  presets.append("Try", ...presetButtons);

  const depth = slider("Layers", facts.depths, 1, (value) => change({ depth: value }));
  const width = slider("Units", facts.widths, 4, (value) => change({ width: value }));
  const activation = choice(
    "Activation",
    facts.activations.map((name) => [name, name]),
    (value) => change({ activation: value }),
  );
  const initialization = choice(
    "Initialization",
    Object.entries(INITIALIZATIONS),
    (value) => change({ initialization: value }),
    "The random weights that it starts with",
  );
  const normed = checkbox(
    "Batch normalization",
    (value) => change({ batch_norm: value }),
    "Each unit's sums are brought to mean 0 and standard deviation 1 over the batch",
  );
  const residual = checkbox(
    "Residual connections",
    (value) => change({ residual: value }),
    "What comes into a layer is added to what it gives: a way around it",
  );
  const rate = choice(
    "Learning rate",
    RATES.map((value) => [value, value]),
    (value) => change({ learning_rate: Number(value) }),
  );
  const batch = choice(
    "Batch size",
    facts.batches.map((value) => [value, value]),
    (value) => change({ batch: Number(value) }),
  );
  const controls = element(
    "div",
    { class: "dlc-row" },
    ...[depth, width, activation, initialization, normed, residual, rate, batch].map(({ line }) => line),
  );

  const byButtons = ["weights", "outputs"].map((gradients) =>
    element("button", { type: "button", onclick: () => write(model, { gradients }) }, gradients),
  );
  const by = element("span", { class: "dlc-joined", role: "group", "aria-label": "Gradient by" }, ...byButtons);
  const picture = element("canvas", { tabindex: 0, role: "application", onkeydown: moved });
  const scroller = element("div", { class: "dlc-scrolls dlc-flow-picture" }, picture);
  const lossName = element("figcaption", {}, "Loss");
  const loss = element("canvas", { role: "img" });
  const aside = element(
    "div",
    { class: "dlc-flow-aside" },
    element("figure", {}, lossName, loss),
    element("p", { class: "dlc-faint" }, HINT),
    element("div", { class: "dlc-row" }, "Gradient by", by),
  );

  // state ---------------------------------------------------------------------------------------------------------

  let pointed = -1; // the layer under the pointer
  let layout = null;
  let count = 0;
  let ticking = 0;
  let tickedAt = 0;
  let toldAt = 0;
  let saidAt = 0;
  let wasPlaying = false;

  const recordFor = remember(unpacked);
  const inkFor = remember(() => [getComputedStyle(root).color, getComputedStyle(hintOf()).color]);
  const leave = engine.join({ model, ask: scene.ask });
  const rowsFor = remember((record, frame, gradients) => record.rowsAt(frame, gradients));
  const reachFor = remember(reachOfAll);

  function hintOf() {
    return aside.querySelector(".dlc-faint");
  }

  /** Everything that a drawing needs. */
  function look() {
    const gradients = model.get("gradients");
    const recording = model.get("_record");
    if (recording.layers) {
      const record = recordFor(recording);
      const frame = Math.min(model.get("frame") || record.count, record.count) - 1;
      const rows = rowsFor(record, frame, gradients);
      const [step, loss] = [record.steps[frame], record.losses[frame]];
      return { record, frame, rows, gradients, step, loss, ...reachFor(record, gradients) };
    }
    engine.see(model);
    const state = engine.shown();
    const rows = rowsOfStack(state, gradients);
    return { ...state, rows, gradients, loss: state.room.loss, ...reachOf(rows) };
  }

  /** The decades of all frames, so that the picture stands still while it plays. */
  function reachOfAll(record, gradients) {
    const allRows = Array.from({ length: record.count }, (_, frame) => record.rowsAt(frame, gradients)).flat();
    return reachOf(allRows);
  }

  // drawing -------------------------------------------------------------------------------------------------------

  function draw() {
    const view = look();
    const playing = model.get("playing");
    if (wasPlaying && !playing && !view.record) engine.rest(model);
    wasPlaying = playing;
    if (playing && view.record && !ticking) ticking = requestAnimationFrame(nextFrame);
    count = view.rows.length;
    drawControls(view, playing);
    drawPicture(view);
    drawCurve(view);
    say(view, playing);
    return shownNow(view, playing);
  }

  /** Tells what is seen, but not with every frame of a training: the line speaks when it has come to rest. */
  function say(view, playing) {
    const time = performance.now();
    if (playing && time < saidAt + SPEAK) return;
    saidAt = time;
    scene.say(words(view), () => describe(view));
  }

  function shownNow(view, playing) {
    const layers = view.rows.map(({ name, outputs, gradient, dead, saturated }) => ({
      name,
      output: outputs.mean,
      gradient: gradient ? gradient.mean : null,
      dead,
      saturated,
    }));
    return {
      recorded: Boolean(view.record),
      step: view.step,
      frame: view.record ? view.frame + 1 : 0,
      frames: view.record ? view.record.count : 0,
      loss: view.loss,
      seeking: Boolean(view.seeking),
      playing,
      layers,
    };
  }

  function drawControls(view, playing) {
    const { record } = view;
    for (const part of [presets, controls, againButton, newButton]) part.hidden = Boolean(record);
    framesLine.hidden = !record;
    tell(playButton, playing ? "Pause" : record ? "▶ Play" : "▶ Train");
    press(playButton, playing);
    playButton.disabled = stepButton.disabled = Boolean(record) && record.count < 2;
    byButtons.forEach((button) => press(button, button.textContent === view.gradients));
    if (record) return drawFrames(view);
    const { settings, step } = view;
    tell(status, view.seeking ? `step ${step} …` : `step ${step}`);
    againButton.disabled = step === 0 && !playing;
    depth.draw(settings.depth);
    width.draw(settings.width);
    show(activation.select, settings.activation);
    show(initialization.select, settings.initialization);
    normed.input.checked = settings.batch_norm;
    residual.input.checked = settings.residual;
    const listedRates = Array.from(rate.select.options, (option) => Number(option.value));
    if (!listedRates.includes(settings.learning_rate))
      rate.select.append(element("option", {}, settings.learning_rate));
    show(rate.select, settings.learning_rate);
    show(batch.select, settings.batch);
    presetButtons.forEach((button) => {
      const values = PRESETS[button.textContent];
      press(
        button,
        Object.keys(values).every((name) => settings[name] === values[name]),
      );
    });
  }

  function drawFrames({ record, frame }) {
    const epoch = record.epochs[frame] ? `, epoch ${record.epochs[frame]}` : "";
    tell(status, `batch ${record.steps[frame]}${epoch}`);
    frames.max = record.count;
    show(frames, frame + 1);
    frames.setAttribute("aria-valuetext", `${frame + 1} of ${record.count}`);
    frames.disabled = record.count < 2;
  }

  function drawPicture(view) {
    const { rows } = view;
    const beside = scene.width >= NARROW;
    aside.classList.toggle("dlc-flow-below", !beside);
    scroller.style.width = beside ? `${scene.width - ASIDE - 16}px` : "100%";
    layout = plan(
      beside ? scene.width - ASIDE - 16 : scene.width,
      rows.map(({ name }) => name),
    );
    const [ink, faint] = inkFor(scene.theme, density());
    const pen = begin(picture, Math.floor(layout.width), layout.height);
    drawFlow(pen, {
      rows,
      by: view.gradients,
      at: looked(rows),
      layout,
      forward: view.forward,
      back: view.back,
      theme: scene.theme,
      ink,
      faint,
      trouble: troubleOf(rows),
    });
  }

  /** The layer that is looked at closely. */
  function looked(rows) {
    return pointed >= 0 && pointed < rows.length ? pointed : Math.min(model.get("layer"), rows.length) - 1;
  }

  function drawCurve(view) {
    const [ink, faint] = inkFor(scene.theme, density());
    const width = scene.width >= NARROW ? ASIDE : Math.min(scene.width, 420);
    const { record } = view;
    const losses = record ? record.losses : view.losses;
    tell(lossName, Number.isFinite(view.loss) ? `Loss ${sizeInDigits(view.loss)}` : "Loss: too large");
    drawLoss(begin(loss, width, LOSS_HEIGHT), width, LOSS_HEIGHT, {
      losses,
      before: record ? [] : view.before,
      guess: record ? NaN : GUESS,
      at: record ? view.frame : -1,
      last: record ? `batch ${record.steps[record.count - 1]}` : `step ${view.step}`,
      theme: scene.theme,
      ink,
      faint,
    });
  }

  /** For screen readers, what the canvases show. */
  function describe({ rows, loss: value, step }) {
    const sizes = rows.map(({ name, gradient }) => `${name}: ${gradient ? sizeInDigits(gradient.mean) : "none"}`);
    const how = "left and right arrow keys choose a layer";
    const label = `Layers from the input to the output, ${how}. Mean gradients ${sizes.join(", ")}`;
    picture.setAttribute("aria-label", label);
    loss.setAttribute("aria-label", `The loss, ${sizeInDigits(value)} after ${step} steps`);
  }

  function words(view) {
    const at = looked(view.rows);
    if (at >= 0) return layerInWords(view.rows, view.gradients, at);
    const { step, loss: value, frame, record } = view;
    const frameCount = record?.count ?? 0;
    return `${verdict(view.rows)} ${lossInWords({ step, loss: value, guess: GUESS, frame, frames: frameCount })}`;
  }

  function toKeras() {
    const view = look();
    return view.record ? RECORDING : flowCode(view.settings, facts.spirals);
  }

  // events --------------------------------------------------------------------------------------------------------

  /** Another stack begins at step 0. */
  function change(values) {
    write(model, { ...values, step: 0 });
  }

  function play() {
    const record = model.get("_record");
    const over = record.layers && !model.get("playing") && (model.get("frame") || Infinity) >= record.steps.length;
    write(model, { playing: !model.get("playing"), ...(over ? { frame: 1 } : {}) });
  }

  function stepOnce() {
    const record = model.get("_record");
    if (!record.layers) return engine.stepOnce(model);
    const frameCount = record.steps.length;
    write(model, { playing: false, frame: Math.min(frameCount, (model.get("frame") || frameCount) + 1) });
  }

  function again() {
    write(model, { playing: false, step: 0 });
  }

  function newWeights() {
    change({ seed: (model.get("seed") + 1) % 1000 });
  }

  function chooseFrame() {
    const frameCount = model.get("_record").steps.length;
    // the last one is the latest, whatever comes
    write(model, { playing: false, frame: Number(frames.value) % frameCount });
  }

  /** Plays a recording. */
  function nextFrame(time) {
    ticking = 0;
    if (!model.get("playing") || !model.get("_record").layers) return;
    if (time - tickedAt >= 1000 / PER_SECOND) {
      tickedAt = time;
      const frameCount = model.get("_record").steps.length;
      const next = (model.get("frame") || frameCount) + 1;
      if (next >= frameCount) return write(model, { playing: false, frame: 0 });
      model.set("frame", next);
      if (time - toldAt >= TELL) {
        toldAt = time;
        model.save_changes();
      }
    }
    ticking = requestAnimationFrame(nextFrame);
  }

  function moved(event) {
    const at = model.get("layer");
    const to = {
      ArrowRight: Math.min(at + 1, count),
      ArrowLeft: Math.max(at - 1, at ? 1 : 0),
      Home: 1,
      End: count,
      Escape: 0,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    pointed = -1;
    write(model, { layer: to });
    scene.ask();
  }

  function pointing(event) {
    const layer = layout ? columnAt(layout, event.offsetX, count) : -1;
    if (layer === pointed) return;
    pointed = layer;
    scene.ask();
  }

  function clicked(event) {
    const layer = columnAt(layout, event.offsetX, count);
    if (layer < 0) return;
    const chosen = model.get("layer") === layer + 1 ? 0 : layer + 1;
    if (!chosen) pointed = -1;
    write(model, { layer: chosen });
    scene.ask();
  }

  function left() {
    pointed = -1;
    scene.ask();
  }

  // wiring --------------------------------------------------------------------------------------------------------

  picture.addEventListener("pointermove", pointing);
  picture.addEventListener("click", clicked);
  picture.addEventListener("pointerleave", left);
  return scene.finish(
    element(
      "div",
      { class: "dlc-row" },
      playButton,
      stepButton,
      againButton,
      newButton,
      framesLine,
      status,
      element("span", { class: "dlc-gap" }),
      scene.buttons,
    ),
    presets,
    controls,
    element("div", { class: "dlc-flow-body" }, scroller, aside),
  );
}

export default { render };
