/**
 * Activations: functions and their slopes side by side, read at one x; and softmax, with numbers to pull at.
 *
 * Where the pointer is, only the view knows; a click or an arrow key writes x.
 */

import facts from "dlcourse:activations";
import { ACTIVATIONS, softmax } from "../shared/js/activation_functions.js";
import { clamp } from "../shared/js/bounds.js";
import { begin, density } from "../shared/js/canvas.js";
import { slider } from "../shared/js/controls.js";
import { ARROWS } from "../shared/js/keys.js";
import { changes, remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { element, pointOn, press, tell } from "../shared/js/page.js";
import { CATEGORIES, WINDOW } from "../shared/js/palette.js";
import { stage } from "../shared/js/stage.js";
import { dot, polyline, stroke } from "../shared/js/strokes.js";
import { shown } from "../shared/js/words.js";

const NAMES = Object.keys(facts.known);
const TRAITS = ["functions", "x", "logits", "temperature", "_own"];
const [VALUES, SLOPES] = [
  [-2, 4],
  [-0.25, 1.25],
]; // what the two pictures show of their axes
const NARROW = 620;
const TALLEST = 300;
const MARGIN = { left: 34, right: 8, top: 8, bottom: 22 };
const COLOURS = CATEGORIES.slice(0, 6); // the others are too pale, or as dark as a page
const LOGITS = [-5, 5];
const TEMPERATURES = [0.05, 20];
const LETTERS = ["a", "b", "c", "d", "e", "f"];

// --- numbers ---------------------------------------------------------------------------------------------------------

const XS = Float64Array.from(
  { length: facts.points },
  (_, i) => -facts.reach + (2 * facts.reach * i) / (facts.points - 1),
);

/** The learner's own function and its slope, between and from its samples. */
function sampled(samples) {
  const step = XS[1] - XS[0];
  const valueAt = (x) => {
    const place = Math.min(Math.max((x - XS[0]) / step, 0), samples.length - 1);
    const before = Math.min(Math.floor(place), samples.length - 2);
    return samples[before] + (place - before) * (samples[before + 1] - samples[before]);
  };
  const slope = (x) => {
    const [before, after] = [Math.max(x - step, -facts.reach), Math.min(x + step, facts.reach)];
    return (valueAt(after) - valueAt(before)) / (after - before);
  };
  return { value: valueAt, slope };
}

/** A function with its values and slopes all along the axis. */
function curveOf(name, own) {
  const { value, slope } = name === facts.yours ? sampled(own) : ACTIVATIONS[name];
  const values = XS.map((x) => value(x));
  return { name, value, slope, values, slopes: XS.map((x, index) => slope(x, values[index])) };
}

/** A colour and a dash for each of the known functions, so that the eye can follow it from one choice to the next. */
function style(name) {
  const index = name === facts.yours ? NAMES.length : NAMES.indexOf(name);
  return { colour: COLOURS[index % COLOURS.length], dash: facts.dashes[index % facts.dashes.length] };
}

function labelOf(name) {
  return name === facts.yours ? "your own" : facts.known[name][0];
}

// --- the view --------------------------------------------------------------------------------------------------------

/** @param {import("../shared/js/model.js").View} view */
function render({ model, el }) {
  // setup ---------------------------------------------------------------------------------------------------------

  const scene = stage({
    model,
    el,
    name: "activations",
    label: "Activations: functions and their slopes, and softmax",
    traits: TRAITS,
    draw,
    onReset: () => {
      pointed = null;
    },
  });
  const names = model.get("_own").length ? [...NAMES, facts.yours] : NAMES;
  const chips = names.map((name) => {
    const sample = element("canvas", { "aria-hidden": "true" });
    const button = element(
      "button",
      { type: "button", class: "dlc-chip", title: facts.known[name]?.[1] ?? "", onclick: () => toggle(name) },
      sample,
      labelOf(name),
    );
    return { name, sample, button };
  });
  const values = element("canvas", { tabindex: 0, role: "application", onkeydown: moved });
  const slopes = element("canvas", { role: "img" });
  const readings = element("div", { class: "dlc-activations-readings" });
  const pictures = element(
    "div",
    { class: "dlc-activations-pictures" },
    element(
      "figure",
      {},
      element("figcaption", {}, "What comes out", element("span", { class: "dlc-faint" }, "f(x)")),
      values,
    ),
    element(
      "figure",
      {},
      element(
        "figcaption",
        {},
        "How much of a change comes out",
        element("span", { class: "dlc-faint" }, "slope f′(x)"),
      ),
      slopes,
    ),
  );
  const temperature = temperatureSlider();
  const rows = element("div", { class: "dlc-activations-rows" });
  const sum = element("span", { class: "dlc-faint" });
  const softmaxPart = element(
    "div",
    { class: "dlc-activations-softmax" },
    element("div", { class: "dlc-row" }, element("b", {}, "softmax"), "several sums become probabilities", sum),
    rows,
    temperature.line,
  );

  // state ---------------------------------------------------------------------------------------------------------

  let pointed = null;
  let shape = { width: 0, height: 0 };
  const changed = changes();
  const curvesFor = remember((functions, own) => functions.map((name) => curveOf(name, own)));

  // geometry ------------------------------------------------------------------------------------------------------

  function measure() {
    const wide = scene.width >= NARROW;
    const width = wide ? (scene.width - 20) / 2 : scene.width;
    shape = { width, height: Math.min(TALLEST, width * 0.62) };
  }

  function toX(x) {
    return MARGIN.left + ((x + facts.reach) / (2 * facts.reach)) * (shape.width - MARGIN.left - MARGIN.right);
  }

  function toY(y, [low, high]) {
    return MARGIN.top + ((high - y) / (high - low)) * (shape.height - MARGIN.top - MARGIN.bottom);
  }

  function xUnder(event) {
    const share = (pointOn(event).x - MARGIN.left) / (shape.width - MARGIN.left - MARGIN.right);
    const x = (2 * share - 1) * facts.reach;
    return clamp(Math.round(x * 20) / 20, -facts.reach, facts.reach);
  }

  // drawing -------------------------------------------------------------------------------------------------------

  function draw() {
    measure();
    const x = pointed ?? model.get("x");
    const curves = curvesFor(model.get("functions"), model.get("_own"));
    const points = curves.map(({ name, value, slope }) => ({ name, value: value(x), slope: slope(x, value(x)) }));
    drawChips();
    drawCurves(values, curves, "values", VALUES, [-2, -1, 0, 1, 2, 3, 4], x, points);
    drawCurves(slopes, curves, "slopes", SLOPES, [0, 0.25, 0.5, 0.75, 1], x, points);
    drawReadings(x, points);
    const shares = drawSoftmax();
    scene.say(words(x, points), () => describe(x, points));
    scene.root.dataset.value = x;
    return { x, read: points, shares };
  }

  function drawChips() {
    const chosen = model.get("functions");
    for (const { name, sample, button } of chips) {
      press(button, chosen.includes(name));
      if (!changed(`chip ${name}`, scene.theme, density())) continue;
      const pen = begin(sample, 26, 10);
      stroke(
        pen,
        [
          [0, 5],
          [26, 5],
        ],
        style(name),
        2.5,
      );
    }
  }

  function drawCurves(canvas, curves, quantity, span, marks, x, points) {
    if (!changed(quantity, curves, x, shape.width, scene.theme, density())) return;
    const pen = begin(canvas, shape.width, shape.height);
    const ink = getComputedStyle(scene.root).color;
    axes(pen, span, marks, ink);
    pen.save();
    pen.beginPath();
    pen.rect(
      MARGIN.left,
      MARGIN.top - 2,
      shape.width - MARGIN.left - MARGIN.right,
      shape.height - MARGIN.top - MARGIN.bottom + 4,
    );
    pen.clip();
    const solidFirst = [...curves].sort(
      (curve, other) => style(curve.name).dash.length - style(other.name).dash.length,
    );
    for (const curve of solidFirst) {
      stroke(
        pen,
        Array.from(XS, (at, index) => [toX(at), toY(curve[quantity][index], span)]),
        style(curve.name),
        2.5,
      );
    }
    if (quantity === "values") for (const point of points) tangent(pen, x, point, span);
    stroke(
      pen,
      [
        [toX(x), 0],
        [toX(x), shape.height],
      ],
      { colour: WINDOW, dash: [] },
      1.5,
    );
    for (const point of points)
      dot(pen, [toX(x), toY(quantity === "values" ? point.value : point.slope, span)], 5, style(point.name).colour);
    pen.restore();
  }

  function axes(pen, span, marks, ink) {
    pen.font = `11px ${scene.theme.font}`;
    pen.fillStyle = ink;
    pen.lineWidth = 1;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const mark of marks) {
      const y = toY(mark, span);
      pen.strokeStyle = scene.theme.line;
      pen.globalAlpha = mark === 0 ? 1 : 0.35;
      polyline(pen, [
        [MARGIN.left, y],
        [shape.width - MARGIN.right, y],
      ]);
      pen.globalAlpha = 0.8;
      pen.fillText(String(mark).replace("-", "−"), MARGIN.left - 5, y);
    }
    pen.textAlign = "center";
    for (let mark = -facts.reach; mark <= facts.reach; mark += 2) {
      pen.globalAlpha = mark === 0 ? 1 : 0.35;
      polyline(pen, [
        [toX(mark), MARGIN.top],
        [toX(mark), shape.height - MARGIN.bottom],
      ]);
      pen.globalAlpha = 0.8;
      pen.fillText(String(mark).replace("-", "−"), toX(mark), shape.height - 9);
    }
    pen.globalAlpha = 1;
  }

  /** A short piece of the tangent: its steepness is what the other picture shows. */
  function tangent(pen, x, { name, value, slope }, span) {
    const halfLength = 1.1;
    const ends = [x - halfLength, x + halfLength].map((at) => [toX(at), toY(value + slope * (at - x), span)]);
    pen.globalAlpha = 0.55;
    stroke(pen, ends, { ...style(name), dash: [] }, 5);
    pen.globalAlpha = 1;
  }

  function drawReadings(x, points) {
    if (!changed("readings", x, points.map(({ name }) => name).join(), scene.theme, model.get("_own"))) return;
    readings.replaceChildren(
      ...points.map(({ name, value, slope }) =>
        element(
          "span",
          { style: `border-color: ${style(name).colour}` },
          element("b", {}, labelOf(name)),
          ` f = ${shown(value)}, slope = ${shown(slope)}`,
        ),
      ),
    );
  }

  function drawSoftmax() {
    const logits = model.get("logits");
    const shares = softmax(logits.map((logit) => logit / model.get("temperature")));
    if (rows.childElementCount !== logits.length) rows.replaceChildren(...logits.map(row));
    logits.forEach((logit, index) => {
      const { parts } = rows.children[index];
      parts.sum.draw(logit, shown(logit));
      parts.bar.style.width = `calc((100% - 60px) * ${Math.max(shares[index], 0.003)})`;
      tell(parts.share, `${(shares[index] * 100).toFixed(shares[index] < 0.1 ? 1 : 0)} %`);
    });
    temperature.draw(Math.log(model.get("temperature")), shown(model.get("temperature")));
    tell(sum, "together 100 %");
    return shares;
  }

  function row(_, index) {
    const change = (value) =>
      write(model, { logits: model.get("logits").map((logit, position) => (position === index ? value : logit)) });
    const name = `Sum of class ${LETTERS[index]}`;
    const sum = slider(LETTERS[index], LOGITS, 0.1, change, { name });
    const bar = element("span", { class: "dlc-activations-bar", style: `background: ${CATEGORIES[0]}` });
    const share = element("span", { class: "dlc-number" });
    const line = element("div", {}, sum.line, element("span", { class: "dlc-activations-track" }, bar, share));
    line.parts = { sum, bar, share };
    return line;
  }

  /** From very sure to very unsure, by its logarithm. */
  function temperatureSlider() {
    const [low, high] = TEMPERATURES;
    const change = (logarithm) =>
      write(model, { temperature: clamp(Math.round(Math.exp(logarithm) * 100) / 100, low, high) });
    const control = slider("temperature", [Math.log(low), Math.log(high)], "any", change);
    control.input.addEventListener("keydown", (event) => {
      if (!ARROWS[event.key]) return;
      event.preventDefault();
      const [down, right] = ARROWS[event.key];
      control.input.value = Number(control.input.value) + ((right - down) * Math.log(high / low)) / 60;
      change(Number(control.input.value));
    });
    return control;
  }

  function describe(x, points) {
    values.setAttribute("aria-label", `Functions; arrow keys move x, which is ${shown(x)}`);
    slopes.setAttribute(
      "aria-label",
      `Slopes at ${shown(x)}: ${points.map((point) => `${labelOf(point.name)} ${shown(point.slope)}`).join(", ")}`,
    );
  }

  function words(x, points) {
    if (!points.length) return "Choose a function above.";
    const flat = points.filter(({ slope }) => Math.abs(slope) < 0.02);
    const start = `At x = ${shown(x)}: ${points.map(({ name, value }) => `${labelOf(name)} gives ${shown(value)}`).join(", ")}.`;
    if (flat.length === 0) return `${start} A small change of x comes out of each of them.`;
    const flatNames = flat.map(({ name }) => labelOf(name)).join(" and ");
    return `${start} Here ${flatNames} ${flat.length > 1 ? "are" : "is"} flat: what changes before ${flat.length > 1 ? "them" : "it"} does not come out, and nothing can be learned through it.`;
  }

  // events --------------------------------------------------------------------------------------------------------

  function toggle(name) {
    const chosen = model.get("functions");
    write(model, { functions: chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name] });
  }

  function moved(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    pointed = null;
    const x = model.get("x") + way * (event.shiftKey ? 1 : 0.1);
    write(model, { x: clamp(Math.round(x * 1e6) / 1e6, -facts.reach, facts.reach) });
    scene.ask();
  }

  // wiring --------------------------------------------------------------------------------------------------------

  for (const canvas of [values, slopes]) {
    canvas.addEventListener("pointermove", (event) => {
      pointed = xUnder(event);
      scene.ask();
    });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      pointed = xUnder(event);
      scene.ask();
    });
    canvas.addEventListener("pointerup", (event) => write(model, { x: xUnder(event) }));
    canvas.addEventListener("pointerleave", () => {
      pointed = null;
      scene.ask();
    });
  }
  return scene.finish(
    element(
      "div",
      { class: "dlc-row" },
      element("span", { class: "dlc-activations-chips" }, ...chips.map(({ button }) => button)),
      element("span", { class: "dlc-gap" }),
      scene.buttons,
    ),
    pictures,
    readings,
    softmaxPart,
  );
}

export default { render };
