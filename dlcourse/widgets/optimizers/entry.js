/**
 * Optimizers: several of them race downhill on a surface, from a start that can be dragged.
 *
 * Every path is computed whole whenever something changes: that takes less than a millisecond, and so a new rate or a
 * new start shows at once where it leads. Playing only moves along the paths.
 */

import facts from "dlcourse:optimizers";
import { clamp } from "../shared/js/bounds.js";
import { float32sIn, float64sIn } from "../shared/js/bytes.js";
import { begin, bitmap, density } from "../shared/js/canvas.js";
import { choice, slider } from "../shared/js/controls.js";
import { scale as axisScale, ticks } from "../shared/js/curves.js";
import { ARROWS } from "../shared/js/keys.js";
import { changes, remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { numberField, showNumber } from "../shared/js/number_field.js";
import { element, pointOn, press, show, tell } from "../shared/js/page.js";
import { CATEGORIES, sequential, WINDOW } from "../shared/js/palette.js";
import { stage } from "../shared/js/stage.js";
import { dot, polyline, stroke } from "../shared/js/strokes.js";
import { shown } from "../shared/js/words.js";
import { descend } from "./descent.js";
import { drawFit } from "./fit_picture.js";
import { lineFit, nextChange } from "./line_fit.js";
import { gridded, SURFACES } from "./surfaces.js";

const RACE = ["momentum", "weight_decay", "schedule", "noise", "steps", "seed"];
const TRAITS = ["surface", "optimizers", "rates", "start", "step", "_own", "_data", ...RACE];
const NAMES = {
  sgd: "SGD",
  momentum: "momentum",
  nesterov: "Nesterov",
  adagrad: "AdaGrad",
  rmsprop: "RMSProp",
  adam: "Adam",
};
const SCHEDULES = { constant: "constant", exponential: "falls to 1/100", cosine: "cosine to 0" };
const NARROW = 640;
const LARGEST = 400;
const LARGEST_FIT = 320; // of the surface of a line fit, so that it is in view together with its cell
const PIXELS = 160; // of the surface's picture along each side
const BANDS = 16; // of height, so that one sees the lines of equal height
const LOWEST = 1e-6; // heights below are drawn there: a logarithm has no zero
const MARGIN = { left: 46, right: 8, top: 8, bottom: 22 };
const FASTEST = 60; // steps a second while it plays

// --- numbers ---------------------------------------------------------------------------------------------------------

function surfaceOf(name, own, points) {
  if (name === facts.lineFit) return lineFit(points);
  if (name !== facts.yours) return SURFACES[name];
  return gridded(float32sIn(own.values), facts.points, facts.reach);
}

/** The points that a line is fitted to; null where there are none. */
function pointsIn(data) {
  return data.x ? { xs: float64sIn(data.x), ys: float64sIn(data.y) } : null;
}

/** Heights from above, the top row first, and the least and the greatest of them. */
function relief(surface) {
  const values = new Float32Array(PIXELS * PIXELS);
  let [low, high] = [Infinity, -Infinity];
  const along = (index) => ((index + 0.5) / PIXELS) * 2 * facts.reach - facts.reach;
  for (let row = 0; row < PIXELS; row++) {
    for (let column = 0; column < PIXELS; column++) {
      const value = surface.value(along(column), -along(row));
      values[row * PIXELS + column] = value;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { values, low, high };
}

function banded({ values, low, high }) {
  const reach = Math.max(high - low, 1e-12);
  const bands = values.map((value) => Math.floor(Math.sqrt((value - low) / reach) * BANDS * 0.999) / BANDS);
  return { height: PIXELS, width: PIXELS, values: bands };
}

function colourOf(name) {
  return CATEGORIES[facts.optimizers.indexOf(name)];
}

function styleOf(name) {
  return { colour: colourOf(name), dash: facts.dashes[name] };
}

// --- the view --------------------------------------------------------------------------------------------------------

/** @param {import("../shared/js/model.js").View} view */
function render({ model, el }) {
  // setup ---------------------------------------------------------------------------------------------------------

  const scene = stage({
    model,
    el,
    name: "optimizers",
    label: "Optimizers: a race downhill",
    traits: TRAITS,
    draw,
    toKeras,
    onReset: forget,
    onEnd: pause,
  });
  const map = element("canvas", { tabindex: 0, role: "application", onkeydown: moved });
  const heights = element("canvas", { role: "img" });
  const fit = element("canvas", { role: "img" });
  const heightsFigure = element("figure", {}, element("figcaption", {}, "Height after each step"), heights);
  const fitFigure = element("figure", {}, element("figcaption", {}, "The points, the line, and its errors"), fit);
  const mapTitle = element("span");
  const hint = element("div", { class: "dlc-faint" }, "Drag the start, or move it with the arrow keys.");
  const given = [model.get("_own").values && facts.yours, model.get("_data").x && facts.lineFit];
  const surfaceNames = [...facts.surfaces, ...given.filter(Boolean)];
  const surfaceChoice = choice(
    "Surface",
    surfaceNames.map((name) => [
      name,
      { [facts.yours]: "your own", [facts.lineFit]: "the loss of a line" }[name] ?? name,
    ]),
    (surface) => write(model, { surface }),
  );
  const scheduleChoice = choice(
    "Schedule",
    Object.entries(SCHEDULES),
    (schedule) => write(model, { schedule }),
    "How the learning rates change from the first step to the last",
  );
  const playButton = element("button", { type: "button", "aria-pressed": "false", onclick: togglePlay }, "▶ Play");
  const backButton = element("button", { type: "button", "aria-label": "One step back", onclick: () => go(-1) }, "◀");
  const onButton = element("button", { type: "button", "aria-label": "One step on", onclick: () => go(1) }, "▶▏");
  const progress = element("input", {
    type: "range",
    min: 0,
    "aria-label": "Step",
    oninput: () => write(model, { step: Number(progress.value) }),
  });
  const stepLine = element("span", { class: "dlc-number" });
  const momentum = amount("momentum", "momentum", 0.99, 0.01);
  const noise = amount("noise", "noise", 5, 0.1);
  const decay = amount("weight decay", "weight_decay", 2, 0.05);
  const racers = facts.optimizers.map(racer);

  // state ---------------------------------------------------------------------------------------------------------

  let pointed = null; // the place under the pointer
  let dragged = null; // the start while it is dragged
  let running = null; // the next frame while it plays
  let shape = { side: 0, width: 0, height: 0 };
  const changed = changes();
  const pointsFor = remember(pointsIn);
  const surfaceFor = remember(surfaceOf);
  const reliefFor = remember(relief);
  const pictureFor = remember((surface, dark) => bitmap(banded(reliefFor(surface)), sequential(0, 1 / 0.7, { dark })));
  const pathsFor = remember((surface, names, rates, x, y, race) =>
    names.map((name) => ({ name, ...descend(surface, [x, y], name, rates[name], JSON.parse(race)) })),
  );

  function look() {
    const points = pointsFor(model.get("_data"));
    const surface = surfaceFor(model.get("surface"), model.get("_own"), points);
    const fitted = model.get("surface") === facts.lineFit ? points : null;
    const [x, y] = dragged ?? model.get("start");
    const race = Object.fromEntries(RACE.map((name) => [name, model.get(name)]));
    const paths = pathsFor(surface, model.get("optimizers"), model.get("rates"), x, y, JSON.stringify(race));
    return { surface, fitted, paths, start: [x, y], steps: race.steps, step: Math.min(model.get("step"), race.steps) };
  }

  // geometry ------------------------------------------------------------------------------------------------------

  function measure(largest) {
    const wide = scene.width >= NARROW;
    const side = Math.min(largest, wide ? (scene.width - 20) / 2 : scene.width);
    const width = wide ? Math.min(scene.width - 20 - side, 560) : scene.width;
    shape = { side, width, height: wide ? side : 220 };
  }

  /** Where a place of the surface lies. @param {number[]} place */
  function onMap([x, y]) {
    const zoom = shape.side / (2 * facts.reach);
    return [(x + facts.reach) * zoom, (facts.reach - y) * zoom];
  }

  function placeUnder(event) {
    const { x, y } = pointOn(event);
    const zoom = (2 * facts.reach) / shape.side;
    const place = [x * zoom - facts.reach, facts.reach - y * zoom];
    return place.map((at) => clamp(Math.round(at * 100) / 100, -facts.reach, facts.reach));
  }

  // drawing -------------------------------------------------------------------------------------------------------

  function draw() {
    const view = look();
    measure(view.fitted ? LARGEST_FIT : LARGEST);
    drawControls(view);
    drawMap(view);
    fitFigure.hidden = !view.fitted;
    heightsFigure.hidden = Boolean(view.fitted);
    if (view.fitted) drawPoints(view);
    else drawHeights(view);
    scene.say(words(view), () => describe(view));
    const reachedHeights = view.paths.map(({ name, values }) => [name, values[view.step]]);
    scene.root.dataset.value = String(view.step);
    return { step: view.step, reached: Object.fromEntries(reachedHeights), paths: view.paths };
  }

  function drawControls({ paths, step, steps }) {
    show(surfaceChoice.select, model.get("surface"));
    show(scheduleChoice.select, model.get("schedule"));
    for (const control of [momentum, noise, decay]) control.draw();
    progress.max = steps;
    show(progress, step);
    tell(stepLine, `${step} of ${steps}`);
    press(playButton, running !== null);
    tell(playButton, running === null ? "▶ Play" : "❚❚ Pause");
    for (const { name, button, field, reading, sample } of racers) {
      const path = paths.find((candidate) => candidate.name === name);
      press(button, Boolean(path));
      showNumber(field, model.get("rates")[name]);
      tell(reading, path ? height(path.values[step]) : "");
      if (changed(`sample ${name}`, scene.theme, density())) drawSample(sample, name);
    }
  }

  function drawSample(sample, name) {
    const pen = begin(sample, 26, 10);
    pen.lineJoin = "round";
    stroke(
      pen,
      [
        [0, 5],
        [26, 5],
      ],
      styleOf(name),
      3,
    );
  }

  function drawMap({ surface, fitted, paths, start, step }) {
    if (!changed("map", surface, paths, step, pointed, shape.side, scene.theme, density())) return;
    const pen = begin(map, shape.side, shape.side);
    pen.lineJoin = "round";
    const high = `${scene.theme.dark ? "bright" : "dark"} is high`;
    const axes = `w across, b up, −${facts.reach} to ${facts.reach}`;
    tell(mapTitle, fitted ? `Loss: ${axes}; ${high}` : `The surface, from above: ${high}`);
    pen.drawImage(pictureFor(surface, scene.theme.dark), 0, 0, shape.side, shape.side);
    for (const { name, xs, ys } of paths) {
      const places = [];
      for (let at = 0; at <= step && Number.isFinite(xs[at]); at++) places.push(onMap([xs[at], ys[at]]));
      stroke(pen, places, { colour: scene.theme.dark ? "rgb(0 0 0 / 70%)" : "rgb(255 255 255 / 80%)", dash: [] }, 5.5);
      stroke(pen, places, styleOf(name), 2.5);
      if (places.length) dot(pen, places.at(-1), 5, colourOf(name));
    }
    if (fitted) {
      for (const { xs, ys } of paths) {
        const place = [xs[step], ys[step]];
        if (place.every(Number.isFinite)) drawDownhill(pen, surface, place);
      }
    } else if (pointed && !dragged) drawDownhill(pen, surface, pointed);
    const [x, y] = onMap(start);
    pen.strokeStyle = "white";
    pen.lineWidth = 5;
    ring(pen, x, y);
    pen.strokeStyle = WINDOW;
    pen.lineWidth = 2.5;
    ring(pen, x, y);
  }

  /** From a place, the way that is steepest down: what gradient descent follows. */
  function drawDownhill(pen, surface, place) {
    const slope = surface.slope(...place);
    const size = Math.hypot(...slope);
    if (size < 1e-9) return;
    const length = 0.12 + 0.5 * (1 - Math.exp(-size / 3));
    const [from, to] = [onMap(place), onMap(place.map((at, axis) => at - (slope[axis] / size) * length))];
    const turn = Math.atan2(to[1] - from[1], to[0] - from[0]);
    const barbs = [-2.6, 2.6].map((by) => [to[0] + 9 * Math.cos(turn + by), to[1] + 9 * Math.sin(turn + by)]);
    for (const [colour, width] of [
      ["white", 4.5],
      [WINDOW, 2.5],
    ]) {
      stroke(pen, [from, to], { colour, dash: [] }, width);
      stroke(pen, [barbs[0], to, barbs[1]], { colour, dash: [] }, width);
    }
  }

  function drawPoints({ fitted, paths, step }) {
    if (!changed("fit", fitted, paths, step, shape.width, shape.height, scene.theme, density())) return;
    const lines = paths
      .filter(({ values }) => Number.isFinite(values[step]))
      .map(({ name, xs, ys }) => ({ w: xs[step], b: ys[step], colour: colourOf(name), dash: facts.dashes[name] }));
    const { width, height: tall } = shape;
    const inks = { ink: getComputedStyle(scene.root).color, grid: scene.theme.line, font: scene.theme.font };
    drawFit(begin(fit, width, tall), { points: fitted, width, height: tall, lines, ...inks });
  }

  function drawHeights({ paths, step, steps }) {
    if (!changed("heights", paths, step, shape.width, shape.height, scene.theme, density())) return;
    const pen = begin(heights, shape.width, shape.height);
    pen.lineJoin = "round";
    const ink = getComputedStyle(scene.root).color;
    const finite = paths.flatMap(({ values }) => Array.from(values)).filter(Number.isFinite);
    const [lowest, highest] = [Math.min(...finite, 1), Math.max(...finite, 1)];
    const span = [Math.max(lowest, LOWEST), clamp(highest, 10 * Math.max(lowest, LOWEST), 1e4)];
    const y = axisScale(span, shape.height - MARGIN.bottom, MARGIN.top, true);
    const x = axisScale([0, steps], MARGIN.left, shape.width - MARGIN.right, false);
    pen.font = `11px ${scene.theme.font}`;
    pen.fillStyle = ink;
    pen.strokeStyle = scene.theme.line;
    pen.lineWidth = 1;
    pen.textBaseline = "middle";
    for (const mark of ticks(span, 7, true)) {
      pen.textAlign = "right";
      pen.globalAlpha = 0.8;
      pen.fillText(
        mark >= 0.01 && mark < 1e4 ? String(Number(mark.toPrecision(2))) : mark.toExponential(0).replace("-", "−"),
        MARGIN.left - 5,
        y(mark),
      );
      pen.globalAlpha = 0.35;
      polyline(pen, [
        [MARGIN.left, y(mark)],
        [shape.width - MARGIN.right, y(mark)],
      ]);
    }
    pen.globalAlpha = 0.8;
    pen.textAlign = "center";
    for (const mark of ticks([0, steps], 6, false))
      pen.fillText(mark, clamp(x(mark), 0, shape.width - 12), shape.height - 9);
    pen.globalAlpha = 1;
    for (const { name, values } of paths) {
      const points = [];
      for (let at = 0; at <= steps && Number.isFinite(values[at]); at++)
        points.push([x(at), y(clamp(values[at], ...span))]);
      pen.globalAlpha = 0.3;
      if (step > 0) stroke(pen, points, styleOf(name), 2); // before the race begins, nothing tells how it ends
      pen.globalAlpha = 1;
      stroke(pen, points.slice(0, step + 1), styleOf(name), 2.5);
      if (points.length > step) dot(pen, points[step], 4.5, colourOf(name));
    }
    stroke(
      pen,
      [
        [x(step), MARGIN.top],
        [x(step), shape.height - MARGIN.bottom],
      ],
      { colour: WINDOW, dash: [] },
      1.5,
    );
  }

  function describe({ start, fitted, paths, step }) {
    map.setAttribute(
      "aria-label",
      `The surface from above; the race starts at ${start.map(shown).join(", ")}; arrow keys move the start`,
    );
    if (fitted) fit.setAttribute("aria-label", `${fitted.xs.length} points; ${linesInWords(paths, step) || "no line"}`);
    heights.setAttribute("aria-label", "The height that each has reached after each step, on a logarithmic scale");
  }

  /** Each line that is not lost. */
  function linesInWords(paths, step) {
    const there = paths.filter(({ values }) => Number.isFinite(values[step]));
    return there
      .map(({ name, xs, ys }) => `${NAMES[name]}’s line has w = ${shown(xs[step])}, b = ${shown(ys[step])}`)
      .join("; ");
  }

  /** What gradient and step of a line fit are, where one optimiser stands alone. */
  function gradientInWords(surface, { xs, ys }, step) {
    const slope = surface.slope(xs[step], ys[step]);
    const [w, b] = slope.map(nextChange);
    return `The gradient is (${slope.map(shown).join(", ")}): downhill, w ${w} and b ${b}.`;
  }

  function words({ surface, fitted, paths, step }) {
    if (!paths.length) return "Nobody races: choose an optimiser below.";
    const standings = paths.map(({ name, values }) => ({ name, value: values[step] }));
    const racing = standings
      .filter(({ value }) => Number.isFinite(value))
      .sort((standing, other) => standing.value - other.value);
    const lost = standings.filter(({ value }) => !Number.isFinite(value)).map(({ name }) => NAMES[name]);
    const parts = [];
    if (racing.length) {
      const [best] = racing;
      const followers = racing.slice(1).map(({ name, value }) => `${NAMES[name]} at ${height(value)}`);
      const standing = paths.length === 1 ? "is" : "is lowest,";
      parts.push(
        `After ${step} steps ${NAMES[best.name]} ${standing} at ${height(best.value)}${followers.length ? `; ${followers.join(", ")}` : ""}.`,
      );
    }
    if (lost.length) parts.push(`${lost.join(" and ")} flew away: the rate is too large for this slope.`);
    if (fitted && racing.length) parts.push(`${linesInWords(paths, step)}.`);
    if (fitted && paths.length === 1 && racing.length) parts.push(gradientInWords(surface, paths[0], step));
    if (pointed && !fitted)
      parts.push(`Here the height is ${height(surface.value(...pointed))}; the arrow points downhill.`);
    return parts.join(" ");
  }

  function toKeras() {
    const rates = model.get("rates");
    const entries = model.get("optimizers").map((name) => `    "${name}": ${kerasOptimizer(name, rates[name])},`);
    return [
      "import keras",
      "",
      ...kerasRate(),
      "optimizers = {",
      ...entries,
      "}",
      `model.compile(optimizer=optimizers["${model.get("optimizers")[0] ?? "adam"}"], loss="mse")  # your model`,
    ].join("\n");
  }

  function kerasRate() {
    const steps = model.get("steps");
    if (model.get("schedule") === "constant") return [];
    const [name, last] = model.get("schedule") === "cosine" ? ["CosineDecay", ""] : ["ExponentialDecay", ", 0.01"];
    return ["def falling(rate):", `    return keras.optimizers.schedules.${name}(rate, ${steps}${last})`, ""];
  }

  function kerasOptimizer(name, rate) {
    const classes = {
      sgd: "SGD",
      momentum: "SGD",
      nesterov: "SGD",
      adagrad: "Adagrad",
      rmsprop: "RMSprop",
      adam: "Adam",
    };
    const parameters = [model.get("schedule") === "constant" ? rate : `falling(${rate})`];
    if (["momentum", "nesterov"].includes(name)) parameters.push(`momentum=${model.get("momentum")}`);
    if (name === "nesterov") parameters.push("nesterov=True");
    if (model.get("weight_decay")) parameters.push(`weight_decay=${model.get("weight_decay")}`);
    return `keras.optimizers.${classes[name]}(${parameters.join(", ")})`;
  }

  // events --------------------------------------------------------------------------------------------------------

  function racer(name) {
    const sample = element("canvas", { "aria-hidden": "true" });
    const button = element(
      "button",
      { type: "button", class: "dlc-chip", onclick: () => toggle(name) },
      sample,
      NAMES[name],
    );
    const field = numberField({
      label: `Learning rate of ${NAMES[name]}`,
      step: 0.01,
      current: () => model.get("rates")[name],
      change: (rate) => write(model, { rates: { ...model.get("rates"), [name]: clamp(rate, 0, 100) } }),
      refuse: scene.complain,
    });
    const reading = element("span", { class: "dlc-number" });
    const line = element("div", {}, button, element("label", {}, "rate", field), reading);
    return { name, sample, button, field, reading, line };
  }

  /** A slider from 0 for a trait. */
  function amount(label, trait, limit, step) {
    const control = slider(label, [0, limit], step, (value) => write(model, { [trait]: value }));
    return { line: control.line, draw: () => control.draw(model.get(trait), shown(model.get(trait))) };
  }

  function toggle(name) {
    const chosen = model.get("optimizers");
    const racing = facts.optimizers.filter((optimizer) =>
      optimizer === name ? !chosen.includes(optimizer) : chosen.includes(optimizer),
    );
    write(model, { optimizers: racing });
  }

  function go(by) {
    pause();
    write(model, { step: clamp(Math.min(model.get("step"), model.get("steps")) + by, 0, model.get("steps")) });
    scene.ask();
  }

  function togglePlay() {
    if (running !== null) return pause();
    if (model.get("step") >= model.get("steps")) write(model, { step: 0 });
    let last = performance.now();
    let due = 0;
    const frame = (time) => {
      due += ((time - last) * FASTEST) / 1000;
      last = time;
      if (due >= 1) {
        const step = Math.min(model.get("step") + Math.floor(due), model.get("steps"));
        due -= Math.floor(due);
        model.set("step", step);
        if (step >= model.get("steps")) return pause();
      }
      running = requestAnimationFrame(frame);
    };
    running = requestAnimationFrame(frame);
    return scene.ask();
  }

  /** Stops, and only now tells Python how far it has got. */
  function pause() {
    if (running === null) return;
    cancelAnimationFrame(running);
    running = null;
    model.save_changes();
    scene.ask();
  }

  function forget() {
    pause();
    [pointed, dragged] = [null, null];
  }

  function moved(event) {
    if (!ARROWS[event.key]) return;
    const [down, right] = ARROWS[event.key];
    event.preventDefault();
    const distance = event.shiftKey ? 0.5 : 0.05;
    const start = model
      .get("start")
      .map((at, axis) =>
        clamp(Math.round((at + [right, -down][axis] * distance) * 1e4) / 1e4, -facts.reach, facts.reach),
      );
    write(model, { start });
    scene.ask();
  }

  // wiring --------------------------------------------------------------------------------------------------------

  map.addEventListener("pointermove", (event) => {
    pointed = placeUnder(event);
    if (dragged) dragged = pointed;
    scene.ask();
  });
  map.addEventListener("pointerdown", (event) => {
    map.setPointerCapture(event.pointerId);
    dragged = placeUnder(event);
    scene.ask();
  });
  map.addEventListener("pointerup", (event) => {
    dragged = null;
    write(model, { start: placeUnder(event) });
    scene.ask();
  });
  map.addEventListener("pointercancel", forget);
  map.addEventListener("pointerleave", () => {
    pointed = null;
    scene.ask();
  });
  return scene.finish(
    element(
      "div",
      { class: "dlc-row" },
      surfaceChoice.line,
      scheduleChoice.line,
      element("span", { class: "dlc-gap" }),
      scene.buttons,
    ),
    element(
      "div",
      { class: "dlc-optimizers-pictures" },
      element("figure", {}, element("figcaption", {}, mapTitle), map, hint),
      fitFigure,
      heightsFigure,
    ),
    element(
      "div",
      { class: "dlc-row" },
      element("span", { class: "dlc-joined" }, backButton, playButton, onButton),
      progress,
      stepLine,
    ),
    element("div", { class: "dlc-optimizers-racers" }, ...racers.map(({ line }) => line)),
    element("div", { class: "dlc-row" }, momentum.line, noise.line, decay.line),
  );
}

/** A height, also a very small one, in a few characters. */
function height(value) {
  if (!Number.isFinite(value)) return "lost";
  if (value !== 0 && Math.abs(value) < 0.005) return value.toExponential(0).replace("-", "−");
  return Math.abs(value) >= 1e4 ? value.toExponential(0) : shown(value);
}

function ring(pen, x, y) {
  pen.beginPath();
  pen.arc(x, y, 8, 0, 2 * Math.PI);
  pen.stroke();
}

export default { render };
