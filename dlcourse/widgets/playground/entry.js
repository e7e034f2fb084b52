/**
 * Playground: a small network learns to tell two kinds of points apart.
 *
 * The model's traits are the state, and training.js trains for all views of a widget; what only one view knows (what
 * is pointed at, the brush, which weight is chosen) stays in the view and is never written.
 */

import facts from "dlcourse:playground";
import { logistic } from "../shared/js/activation_functions.js";
import { clamp } from "../shared/js/bounds.js";
import { float32sIn } from "../shared/js/bytes.js";
import { begin, bitmap, density } from "../shared/js/canvas.js";
import { choice, slider } from "../shared/js/controls.js";
import { engineOf } from "../shared/js/engines.js";
import { ARROWS } from "../shared/js/keys.js";
import { changes, remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { numberField, showNumber } from "../shared/js/number_field.js";
import { element, press, show, tell } from "../shared/js/page.js";
import { diverging } from "../shared/js/palette.js";
import { stage } from "../shared/js/stage.js";
import { percent, shown } from "../shared/js/words.js";
import { answerMap, answerMaps } from "./answer_maps.js";
import { playgroundCode } from "./code.js";
import { counter, nearestOf, showNumberChoice } from "./controls.js";
import { forward } from "./network.js";
import {
  drawNetwork,
  drawNode,
  layoutOf,
  partAt,
  partsOf,
  placeOf,
  samePart,
  WEIGHT_REACH,
} from "./network_picture.js";
import {
  drawBorder,
  drawCurves,
  drawMark,
  drawRuler,
  drawThumbnail,
  KEY_COLOURS,
  pointsDrawn,
  RUBBER,
  symbolPicture,
} from "./pictures.js";
import {
  FEATURES,
  gridOf,
  inputsOf,
  noisy,
  pointsOf,
  sampled,
  sharesOfFrame,
  split,
  unpackedPlane,
  zeroLines,
} from "./planes.js";
import { trainer } from "./trainer.js";
import { answerWords, modelNoteWords, nameOf, placeWords } from "./words.js";

const SETTINGS = ["data", "noise", "features", "layers", "activation", "optimizer", "learning_rate", "regularization"];
SETTINGS.push("rate", "batch", "weights"); // what the code for Keras is made of
const OTHERS = ["share", "points", "seed", "speed", "show", "playing", "epoch", "history", "_plane", "_model"];
const TRAITS = [...SETTINGS, ...OTHERS];
const SETS = [...Object.keys(facts.planes), "yours"];
const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
const COSTS = [0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];
const BATCHES = [1, 5, 10, 20, 50, 200];
const SPEEDS = [
  [2, "slow"],
  [10, "calm"],
  [30, "normal"],
  [120, "fast"],
];
const PENALTIES = { none: "none", l1: "L1 (sum of sizes)", l2: "L2 (sum of squares)" };
const OPTIMIZERS = { sgd: "plain steps (SGD)", momentum: "with momentum", adam: "Adam" };
const BRUSHES = [
  ["look", "Look"],
  ["0", "Blue"],
  ["1", "Orange"],
  ["erase", "Erase"],
];
const GRID = 64; // places along each axis at which the network is asked
const PALE = 0.45; // of the colours' reach is used behind points, so that these stand out
const NARROW = 760; // CSS pixels: below, the picture stands above the network
const [NETWORK_HEIGHT, HEADER, NAMES] = [318, 30, 62];
const COLUMN = 63; // the least width of a layer
const THUMBNAIL = 38;
const SAYING = 900; // milliseconds between two sentences while it trains

// --- the view --------------------------------------------------------------------------------------------------------

function render({ model, el }) {
  // setup ---------------------------------------------------------------------------------------------------------

  const { engine: session, leave: letGo } = engineOf(
    model,
    () => trainer(model, facts),
    (made) => made.stop(),
  );
  const scene = stage({
    model,
    el,
    name: "playground",
    label: "Playground: a small network learns to tell two kinds of points apart",
    traits: TRAITS,
    draw,
    toKeras,
    onReset: () => {
      chosen = null;
      brush = "look";
    },
    onEnd: () => {
      session.forget(heard);
      letGo();
    },
  });
  const { root } = scene;

  const button = (text, onclick, more = {}) => element("button", { type: "button", onclick, ...more }, text);
  const playButton = button("", () => write(model, { playing: !model.get("playing") }), { class: "dlc-play" });
  const stepButton = button("One epoch", () => session.step());
  const againButton = button("Start over", () => again({}));
  const epochLine = element("b", { class: "dlc-epoch" });
  const speed = choice("Speed", SPEEDS, (value) => write(model, { speed: Number(value) }));
  const otherButton = button("New start", () => again({ seed: (model.get("seed") + 1) % 2 ** 32 }), {
    title: "Start over from other weights",
  });

  const thumbnails = SETS.map(() => element("canvas", { "aria-hidden": "true" }));
  const setButtons = SETS.map((name, index) =>
    element(
      "button",
      { type: "button", class: "dlc-set", onclick: () => chooseSet(name) },
      thumbnails[index],
      element("span", {}, name),
    ),
  );
  const noise = slider("Noise", [0, facts.noisiest], 0.05, (value) => write(model, { noise: value }));
  const share = slider("For training", facts.shares, 0.1, (value) => write(model, { share: value }));
  const batch = choice("Batch", BATCHES, (value) => write(model, { batch: Number(value) }));

  const depth = counter("hidden layers", (by) => resize(seen.widths.length + by));
  const activation = choice(
    "Activation",
    facts.activations.map((name) => [name, name]),
    (name) => write(model, { activation: name }),
  );
  const canvas = element("canvas", { tabindex: 0, role: "application", onkeydown: walked, onblur: lookAway });
  const featureButtons = Object.entries(FEATURES).map(([name, { sign }]) =>
    button(sign, () => toggleFeature(name), { class: "dlc-feature", title: `What the network is told: ${name}` }),
  );
  const counters = Array.from({ length: facts.deepest }, (_, index) =>
    counter(`neurons of layer ${index + 1}`, (by) => widen(index, by)),
  );
  const network = element(
    "div",
    { class: "dlc-scrolls" },
    element("div", { class: "dlc-net" }, canvas, ...featureButtons, ...counters.map(({ line }) => line)),
  );
  const chosenLine = element("span");
  const field = numberField({
    label: "The chosen weight or bias",
    current: () => (chosen ? numberOf(chosen) : 0),
    change: (value) => {
      if (chosen) session.edit(chosen.layer, chosen.kind, placeOf(chosen, seen.layers[chosen.layer]), value);
    },
    refuse: scene.complain,
  });
  const optimizer = choice(
    "Learns by",
    facts.optimizers.map((name) => [name, OPTIMIZERS[name]]),
    (name) => write(model, { optimizer: name }),
  );
  const learningRate = choice("Learning rate", RATES, (value) => write(model, { learning_rate: Number(value) }));
  const regularization = choice(
    "Large weights cost",
    facts.penalties.map((name) => [name, PENALTIES[name]]),
    (name) => write(model, { regularization: name }),
  );
  const rate = choice("times", COSTS, (value) => write(model, { rate: Number(value) }));
  const networkPart = element(
    "div",
    { class: "dlc-left" },
    element("div", { class: "dlc-row" }, element("span", {}, "Hidden layers"), depth.line, activation.line),
    network,
    element("div", { class: "dlc-row dlc-chosen" }, chosenLine, field),
    element("div", { class: "dlc-row" }, optimizer.line, learningRate.line, batch.line, regularization.line, rate.line),
  );
  const modelNote = element("p", { class: "dlc-left dlc-model" });

  const title = element("b");
  const sources = ["model", "network"].map((name) =>
    button(name === "model" ? "your model" : "network", () => write(model, { show: name })),
  );
  const source = element("span", { class: "dlc-joined", role: "group", "aria-label": "Whose answers" }, ...sources);
  const picture = element("canvas", { tabindex: 0, role: "application", onkeydown: moved });
  const brushButtons = BRUSHES.map(([name, text]) => {
    const symbol = name === "0" || name === "1" ? [symbolPicture(Number(name))] : [];
    return element("button", { type: "button", onclick: () => takeBrush(name) }, ...symbol, text);
  });
  const brushes = element("span", { class: "dlc-joined", role: "group", "aria-label": "Brush" }, ...brushButtons);
  const clearButton = button("Remove all", () => write(model, { points: [], data: "yours" }));
  const keyLine = element("span", { class: "dlc-faint" }, "filled: training, hollow: test");
  const curve = element("canvas", { role: "img" });
  const [trainKey, testKey] = KEY_COLOURS.map((colour) => {
    const text = element("span");
    const dash = element("i", { class: "dlc-dash", style: `background: ${colour}` });
    return { text, line: element("span", {}, dash, text) };
  });
  const curvePart = element(
    "figure",
    {},
    element("figcaption", {}, element("b", {}, "Loss"), trainKey.line, testKey.line),
    curve,
  );
  const right = element(
    "div",
    { class: "dlc-right" },
    element("figcaption", {}, title, source),
    picture,
    element("div", { class: "dlc-row dlc-brushes" }, brushes, clearButton, keyLine),
    curvePart,
  );

  const main = element("div", { class: "dlc-stage" }, networkPart, modelNote, right);

  // state ---------------------------------------------------------------------------------------------------------

  let seen = null; // what the trainer has now
  let chosen = null; // the weight or bias in the number field
  let pointed = null; // the one under the pointer
  let walking = false; // the arrow keys walk through the network
  let place = null; // [x1, x2] under the pointer or at the keyboard's cross
  let brush = "look";
  let painted = null; // points while the brush is down
  let saidAt = 0;
  let layout = null;
  let side = 0;

  const changed = changes();
  const inkFor = remember(() => getComputedStyle(root).color);
  const gridFor = remember((frame, features) => inputsOf(gridOf(frame, GRID), features, frame));
  const passFor = remember((_version, grid) => forward(seen.layers, grid, GRID * GRID));
  const logitsFor = remember((pass) => pass.outputs.at(-1));
  const sharesFor = remember((logits) => logits.map(logistic));
  const featureMaps = remember((frame, theme) => {
    const all = Object.keys(FEATURES);
    return answerMaps(inputsOf(gridOf(frame, GRID), all, frame), GRID, theme);
  });
  const hiddenMaps = remember((pass, theme) =>
    pass.outputs.slice(0, -1).map((outputs) => answerMaps(outputs, GRID, theme)),
  );
  const answerPicture = remember((shares, size, theme) =>
    bitmap({ width: size, height: size, values: shares.map((value) => 2 * value - 1) }, diverging(1 / PALE, theme)),
  );
  const unitPicture = remember((pass, layer, unit, theme) =>
    answerMap(pass.outputs[layer], { unit, units: seen.layers[layer].units, size: GRID, theme }),
  );
  const borderFor = remember((values, size) => zeroLines(values, size));
  const ownSides = remember((points, share) => split(pointsOf(points), share));
  const surfaceFor = remember((sent) => Float64Array.from(float32sIn(sent)));
  const centred = remember((shares) => shares.map((value) => value - 0.5));
  const wrongFor = remember((sides, surface, size, frame) =>
    sides.map(({ x, y }) => {
      const wrong = y.filter((label, index) => {
        const [across, down] = sharesOfFrame([x[2 * index], x[2 * index + 1]], frame);
        return sampled(surface, size, across, down) > 0.5 !== label > 0.5;
      });
      return y.length ? wrong.length / y.length : null;
    }),
  );
  const pointsPicture = remember((sides, frame, length, _, dark) => pointsDrawn(sides, frame, length, dark));

  /** Whose answers are seen, over a grid of that size. */
  function answers() {
    const { frame } = seen;
    if (model.get("show") === "model") {
      const given = model.get("_model");
      const shares = surfaceFor(model.get("data") === "yours" ? given.plane : given.standard);
      const [training, test] = wrongFor(sidesNow(), shares, given.size, frame);
      return { shares, size: given.size, border: centred(shares), wrong: [training, test], pass: null };
    }
    const pass = passFor(seen.version, gridFor(frame, seen.features));
    const logits = logitsFor(pass);
    const wrong = [seen.training.wrong, seen.test.wrong];
    return { shares: sharesFor(logits), size: GRID, border: logits, wrong, pass };
  }

  function sidesNow() {
    return painted ? ownSides(painted, model.get("share")) : seen.sides;
  }

  function numberOf(part) {
    return seen.layers[part.layer][part.kind][placeOf(part, seen.layers[part.layer])];
  }

  /** The neuron whose own answer is looked at. */
  function lookedAt() {
    const part = pointed ?? (walking ? chosen : null);
    return part?.kind === "bias" && part.layer < seen.layers.length - 1 ? part : null;
  }

  // geometry ------------------------------------------------------------------------------------------------------

  function measure() {
    const narrow = scene.width < NARROW;
    side = Math.floor(narrow ? Math.min(scene.width, 400) : clamp(scene.width * 0.33, 260, 340));
    const columns = seen.widths.length + 2;
    const room = narrow ? scene.width : scene.width - side - 22;
    const features = Object.keys(FEATURES);
    layout = layoutOf({
      width: Math.max(room, NAMES + columns * COLUMN - 30),
      height: NETWORK_HEIGHT,
      left: NAMES,
      rows: features.length,
      places: seen.features.map((name) => features.indexOf(name)),
      sizes: [...seen.widths, 1],
    });
    right.style.width = `${side}px`;
    main.classList.toggle("dlc-narrow", narrow);
  }

  function placeUnder(event) {
    const box = picture.getBoundingClientRect();
    return placeAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  function placeAt(across, down) {
    const { x, y } = seen.frame;
    const limited = [across, down].map((share) => clamp(share, 0, 1));
    return [x[0] + limited[0] * (x[1] - x[0]), y[1] - limited[1] * (y[1] - y[0])];
  }

  // drawing -------------------------------------------------------------------------------------------------------

  function draw() {
    seen = session.seen();
    if (chosen && !exists(chosen)) chosen = null;
    if (pointed && !exists(pointed)) pointed = null;
    measure();
    const now = answers();
    const byModel = model.get("show") === "model";
    drawControls(byModel);
    networkPart.hidden = byModel;
    modelNote.hidden = !byModel;
    if (byModel) tell(modelNote, modelNoteWords(model.get("_model")));
    else drawNet(now);
    drawPicture(now);
    curvePart.hidden = byModel;
    if (!byModel) drawLoss();
    speak(now);
    const { epoch, training, test } = seen;
    return {
      epoch,
      loss: training.loss,
      testLoss: test.loss,
      wrong: now.wrong,
      answers: now.shares,
      points: sidesNow().map(({ y }) => y.length),
      chosen,
      scale: [...seen.frame.x, ...seen.frame.y],
    };
  }

  function exists({ kind, layer, from, to }) {
    const of = seen.layers[layer];
    return Boolean(of) && to < of.units && (kind === "bias" || from < of.inputs);
  }

  function drawControls(byModel) {
    const playing = model.get("playing");
    tell(playButton, playing ? "❚❚ Pause" : "▶ Train");
    press(playButton, playing);
    for (const control of [playButton, stepButton, againButton, otherButton]) control.disabled = byModel;
    tell(epochLine, `Epoch ${seen.epoch}`);
    show(
      speed.select,
      nearestOf(
        SPEEDS.map(([value]) => value),
        model.get("speed"),
      ),
    );
    SETS.forEach((name, index) => press(setButtons[index], name === model.get("data")));
    drawThumbnails();
    const own = model.get("data") === "yours";
    noise.input.disabled = own;
    noise.draw(model.get("noise"), own ? "–" : shown(model.get("noise")));
    share.draw(model.get("share"), percent(model.get("share")));
    const widths = seen.widths;
    tell(depth.value, String(widths.length));
    depth.less.disabled = widths.length === 0;
    depth.more.disabled = widths.length === facts.deepest;
    const lists = { activation, optimizer, regularization };
    for (const [name, { select }] of Object.entries(lists)) show(select, model.get(name));
    showNumberChoice(learningRate.select, model.get("learning_rate"));
    showNumberChoice(rate.select, model.get("rate"));
    showNumberChoice(batch.select, model.get("batch"));
    rate.line.hidden = model.get("regularization") === "none";
    source.hidden = !model.get("_model").name;
    sources.forEach((one, index) => press(one, (index === 0) === byModel));
    BRUSHES.forEach(([name], index) => press(brushButtons[index], name === brush));
    clearButton.hidden = !(own && model.get("points").length);
    keyLine.hidden = !clearButton.hidden && side < 400;
  }

  function drawThumbnails() {
    const own = model.get("points");
    SETS.forEach((name, index) => {
      if (!changed(`set ${name}`, scene.theme, density(), name === "yours" ? own : model.get("noise"))) return;
      const points = name === "yours" ? pointsOf(own.slice(0, 200)) : thumbnailPoints(name);
      const frame = name === "yours" ? model.get("_plane") : facts.standard;
      const pen = begin(thumbnails[index], THUMBNAIL, THUMBNAIL);
      drawThumbnail(pen, { points, frame, side: THUMBNAIL, theme: scene.theme });
    });
  }

  function thumbnailPoints(name) {
    const plane = facts.planes[name];
    const { x, y } = noisy({ ...unpackedPlane(plane), labels: plane.labels }, Math.min(model.get("noise"), 0.1));
    return { x: x.subarray(0, 300), y: y.subarray(0, 150) };
  }

  function drawNet({ pass }) {
    const [width, height] = [layout.width, NETWORK_HEIGHT + HEADER];
    const pen = begin(canvas, width, height);
    const features = Object.keys(FEATURES);
    const told = featureMaps(seen.frame, scene.theme);
    const maps = [
      seen.features.map((name) => told[features.indexOf(name)]),
      ...hiddenMaps(pass, scene.theme),
      [answerPicture(sharesFor(logitsFor(pass)), GRID, scene.theme)],
    ];
    pen.save();
    pen.translate(0, HEADER);
    layout.first.forEach((node, row) => {
      if (!seen.features.includes(features[row])) drawNode(pen, node, told[row], scene.theme, 0.28);
    });
    const scale = diverging(WEIGHT_REACH, scene.theme);
    drawNetwork(pen, { layout, layers: seen.layers, maps, scale, theme: scene.theme, chosen, pointed });
    pen.restore();
    placeOverlays();
    drawChosen();
  }

  function placeOverlays() {
    const features = Object.keys(FEATURES);
    const widths = seen.widths;
    if (!changed("overlays", layout.width, seen.features, widths)) return;
    featureButtons.forEach((one, row) => {
      press(one, seen.features.includes(features[row]));
      one.style.top = `${HEADER + layout.first[row].y - 12}px`;
      one.style.width = `${NAMES - 6}px`;
    });
    counters.forEach(({ line, value, less, more }, index) => {
      line.hidden = index >= widths.length;
      if (line.hidden) return;
      line.style.left = `${layout.columns[index + 1][0].x}px`;
      tell(value, String(widths[index]));
      less.disabled = widths[index] === 1;
      more.disabled = widths[index] === facts.widest;
    });
  }

  function drawChosen() {
    field.hidden = !chosen;
    const hint = "Orange lines are positive weights, blue ones negative; click a line or a neuron to change it.";
    tell(chosenLine, chosen ? `${nameOf(chosen, seen)}:` : hint);
    chosenLine.classList.toggle("dlc-faint", !chosen);
    if (chosen) showNumber(field, numberOf(chosen));
  }

  function drawPicture({ shares, size, border, pass }) {
    const part = pass ? lookedAt() : null;
    tell(title, part ? `What ${nameOf(part, seen).slice("Bias of ".length)} says` : "What the network says");
    if (!pass) tell(title, `What ${model.get("_model").name} says`);
    const pen = begin(picture, side, side);
    const map = part ? unitPicture(pass, part.layer, part.to, scene.theme) : answerPicture(shares, size, scene.theme);
    pen.imageSmoothingEnabled = true;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(map, 0, 0, side, side);
    if (!part) drawBorder(pen, { lines: borderFor(border, size), cell: side / size, theme: scene.theme });
    const [sides, dense] = [sidesNow(), density()];
    pen.drawImage(pointsPicture(sides, seen.frame, side, dense, scene.theme.dark), 0, 0, side, side);
    drawRuler(pen, { frame: seen.frame, side, theme: scene.theme, ink: inkFor(scene.theme) });
    if (place)
      drawMark(
        pen,
        sharesOfFrame(place, seen.frame).map((share) => share * side),
        brush,
      );
  }

  function drawLoss() {
    const [training, test] = [seen.training.loss, seen.test.loss];
    tell(trainKey.text, `training ${training === null ? "–" : shown(training)}`);
    tell(testKey.text, `test ${test === null ? "–" : shown(test)}`);
    const rows = [...seen.history];
    if (training !== null && (!rows.length || rows.at(-1)[0] < seen.epoch)) rows.push([seen.epoch, training, test]);
    drawCurves(begin(curve, side, 84), { rows, width: side, height: 84, theme: scene.theme, ink: inkFor(scene.theme) });
  }

  function speak(now) {
    const playing = model.get("playing");
    if (playing && performance.now() - saidAt < SAYING) return;
    saidAt = performance.now();
    scene.say(words(now, playing), () => describe(now));
  }

  function words({ shares, size, wrong, pass }, playing) {
    if (place && !playing) {
      const share = sampled(shares, size, ...sharesOfFrame(place, seen.frame));
      return placeWords(place, share, pass ? "the network" : "your model");
    }
    return answerWords({ wrong, epoch: seen.epoch, playing, byModel: !pass });
  }

  function describe({ wrong }) {
    const told = wrong[0] === null ? "no points" : `${percent(wrong[0])} of the training points are on the wrong side`;
    picture.setAttribute(
      "aria-label",
      `The plane with its points, ${told}. Arrow keys move a mark, Space uses the brush; below stands the answer`,
    );
    const widths = seen.widths.join(", ") || "none";
    canvas.setAttribute(
      "aria-label",
      `The network, hidden layers: ${widths}. Arrow keys walk through neurons and weights, Enter edits the chosen one`,
    );
    const losses = [seen.training.loss, seen.test.loss].map((loss) => (loss === null ? "unknown" : shown(loss)));
    curve.setAttribute("aria-label", `Loss over the epochs, now ${losses[0]} for training, ${losses[1]} for the test`);
  }

  function toKeras() {
    const state = Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
    return playgroundCode({ ...state, frame: session.seen().frame });
  }

  // events --------------------------------------------------------------------------------------------------------

  function again(changes) {
    scene.complain("");
    session.restart(changes);
  }

  function chooseSet(name) {
    chosen = null;
    if (name === "yours") {
      if (brush === "look") brush = "1";
      write(model, { data: name });
    } else again({ data: name });
  }

  function resize(count) {
    const widths = seen.widths.slice(0, count);
    while (widths.length < count) widths.push(Math.min(widths.at(-1) ?? 4, 4));
    again({ layers: widths });
  }

  function widen(index, by) {
    const changed = clamp(seen.widths[index] + by, 1, facts.widest);
    again({ layers: seen.widths.with(index, changed) });
  }

  function toggleFeature(name) {
    const now = seen.features;
    const features = Object.keys(FEATURES).filter((one) => now.includes(one) !== (one === name));
    if (features.length) again({ features });
    else scene.complain("The network must be told something of a point: leave at least one input on.");
  }

  function heard(broken) {
    if (broken) {
      const told = shown(model.get("learning_rate"));
      scene.complain(`The weights grew beyond all bounds: the learning rate ${told} is too large, take a smaller one.`);
    }
    scene.ask();
  }

  function partUnder(event) {
    const box = canvas.getBoundingClientRect();
    return partAt(layout, event.clientX - box.left, event.clientY - box.top - HEADER);
  }

  function overNetwork(event) {
    const part = partUnder(event);
    if (samePart(part, pointed)) return;
    pointed = part;
    canvas.style.cursor = part ? "pointer" : "";
    scene.ask();
  }

  function clickedNetwork(event) {
    chosen = partUnder(event);
    scene.complain("");
    drawChosen(); // a hidden field takes no focus
    if (chosen) field.focus();
    scene.ask();
  }

  function walked(event) {
    if (event.key === "Enter" && chosen) {
      event.preventDefault();
      field.focus();
      return;
    }
    if (event.key === "Escape") chosen = null;
    else if (!ARROWS[event.key]) return;
    else {
      const [down, right] = ARROWS[event.key];
      const layer = clamp((chosen?.layer ?? 0) + right, 0, seen.layers.length - 1);
      const parts = partsOf(layout, layer);
      const at = chosen && !right ? parts.findIndex((part) => samePart(part, chosen)) + down : 0;
      chosen = parts[clamp(at, 0, parts.length - 1)];
    }
    event.preventDefault();
    walking = Boolean(chosen);
    scene.ask();
  }

  function lookAway() {
    walking = false;
    scene.ask();
  }

  function takeBrush(name) {
    brush = name;
    scene.ask();
  }

  function rowsNow() {
    if (model.get("data") === "yours") return model.get("points");
    const { x, y } = session.points();
    return Array.from(y, (label, at) => [x[2 * at], x[2 * at + 1], label]);
  }

  /** Puts a point where the mark is, or takes those near it away; on a data set, its points become the learner's. */
  function paint(again = false) {
    const rows = painted ?? rowsNow();
    const near = (row, reach) => {
      const [one, other] = [sharesOfFrame(row, seen.frame), sharesOfFrame(place, seen.frame)];
      return Math.hypot(one[0] - other[0], one[1] - other[1]) * side < reach;
    };
    if (brush === "erase") painted = rows.filter((row) => !near(row, RUBBER));
    else if (again && rows.length && near(rows.at(-1), 14))
      return; // a drag leaves a trail, not a lump
    else if (rows.length >= facts.most) scene.complain(`There are ${facts.most} points already: erase some first.`);
    else painted = [...rows, [...place.map((at) => Math.round(at * 1e4) / 1e4), Number(brush)]];
    scene.ask();
  }

  function keepPainted() {
    if (painted) write(model, { points: painted, data: "yours", ...planeNow() });
    painted = null;
  }

  /** Points of a data set that become the learner's stay where they are seen. */
  function planeNow() {
    return model.get("data") === "yours" ? {} : { _plane: facts.standard };
  }

  function pressed(event) {
    place = placeUnder(event);
    scene.ask();
    if (brush === "look" || event.button) return;
    scene.complain("");
    picture.setPointerCapture(event.pointerId);
    paint();
  }

  function pointing(event) {
    place = placeUnder(event);
    if (painted && event.buttons) paint(true);
    scene.ask();
  }

  function released() {
    keepPainted();
    scene.ask();
  }

  function left() {
    place = null;
    scene.ask();
  }

  function moved(event) {
    const way = ARROWS[event.key];
    if (event.key === " " && place && brush !== "look") {
      event.preventDefault();
      paint();
      keepPainted();
    } else if (way) {
      event.preventDefault();
      const step = event.shiftKey ? 0.1 : 0.02;
      const [across, down] = place ? sharesOfFrame(place, seen.frame) : [0.5, 0.5];
      place = placeAt(across + step * way[1], down + step * way[0]);
      scene.ask();
    }
  }

  // wiring --------------------------------------------------------------------------------------------------------

  canvas.addEventListener("pointermove", overNetwork);
  canvas.addEventListener("click", clickedNetwork);
  canvas.addEventListener("pointerleave", () => {
    pointed = null;
    scene.ask();
  });
  picture.addEventListener("pointerdown", pressed);
  picture.addEventListener("pointermove", pointing);
  picture.addEventListener("pointerup", released);
  picture.addEventListener("pointercancel", released);
  picture.addEventListener("pointerleave", left);
  picture.addEventListener("blur", left);
  session.listen(heard);
  model.on("change:playing", session.wake);
  session.wake();
  return scene.finish(
    element(
      "div",
      { class: "dlc-row dlc-playing" },
      playButton,
      stepButton,
      epochLine,
      againButton,
      otherButton,
      speed.line,
      element("span", { class: "dlc-gap" }),
      scene.buttons,
    ),
    element(
      "div",
      { class: "dlc-row dlc-data" },
      element("span", { class: "dlc-row dlc-sets", role: "group", "aria-label": "Data set" }, ...setButtons),
      noise.line,
      share.line,
    ),
    main,
  );
}

export default { render };
