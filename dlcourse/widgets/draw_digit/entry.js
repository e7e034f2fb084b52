/**
 * DrawDigit: a canvas, what the network sees of it, and what it takes it for.
 *
 * The drawing is the state, kept when a stroke ends; the stroke in the making, the brush of the keyboard and what can
 * be undone belong to the view.
 */

import facts from "dlcourse:draw_digit";
import { barsHeight, drawBars, verdict } from "../shared/js/bars.js";
import { clamp } from "../shared/js/bounds.js";
import { networkOf, probabilitiesOf } from "../shared/js/browser_network.js";
import { bytesIn } from "../shared/js/bytes.js";
import { begin, bitmap, density } from "../shared/js/canvas.js";
import { ARROWS } from "../shared/js/keys.js";
import { changes, remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { runner } from "../shared/js/network_runner.js";
import { element, pointOn, tell } from "../shared/js/page.js";
import { brightness, WINDOW } from "../shared/js/palette.js";
import { stage } from "../shared/js/stage.js";
import { percent } from "../shared/js/words.js";
import { centred, drawLine, inkOf, moved as movedInk, shrunk } from "./ink.js";
import { readingsAsCode, readingsInWords, readingsTable } from "./readings.js";

const TRAITS = ["drawing", "_model", "_answers", "_failed"];
const [SMALLEST, LARGEST] = [270, 364]; // the canvas, in CSS pixels
const BESIDE = 2 * (228 + 26); // what the two cards need beside it
const SMALL = 140; // what the network sees: five CSS pixels for one
const UNDOS = 50;
const STEP = facts.side / facts.pixels; // of the keyboard's brush: a pixel of the digit
const MOVES = [
  ["←", "left", 0, -1],
  ["↑", "up", -1, 0],
  ["↓", "down", 1, 0],
  ["→", "right", 0, 1],
];

/**
 * What a drawing of the view needs.
 *
 * @typedef {{description: any, ink: import("./ink.js").Plane, results: {digit: ReturnType<typeof centred>,
 *   shares: number[] | null, said: string[] | null}[], empty: boolean}} Look
 *   `description`: what Python says of the network; `results`: for each way to make a digit of the ink, the digit and
 *   the probabilities, or what the readers say, null while they are computed
 */

/** The class that is seen, in words: with how much certainty, and with which other one it is close. */
function seenAs(shares, classes) {
  const { first, second, sure } = verdict(shares, facts);
  const winner = `${classes[first]} (${percent(shares[first])})`;
  return sure ? winner : `not sure: ${winner} or ${classes[second]} (${percent(shares[second])})`;
}

/** Where the brush may be. */
function inside([x, y]) {
  return [x, y].map((at) => clamp(at, 0, facts.side));
}

/** @param {import("../shared/js/model.js").View} view */
function render({ model, el }) {
  // setup ---------------------------------------------------------------------------------------------------------

  const scene = stage({
    model,
    el,
    name: "draw_digit",
    label: "DrawDigit: draw a digit, and see what a network takes it for",
    traits: TRAITS,
    draw,
    toKeras,
    onReset: forget,
    onEnd: () => ways.forEach((way) => way.end()),
  });
  const { root } = scene;

  const canvas = element("canvas", {
    tabindex: 0,
    role: "application",
    "aria-label":
      "The canvas. Draw with the pointer, or with the keyboard: arrow keys move the brush, the space bar lowers and " +
      "lifts it; the line below says what the network sees",
    onkeydown: keyPressed,
    onblur: () => liftBrush(),
    onpointerdown: pressed,
    onpointermove: moved,
    onpointerup: released,
    onpointercancel: released,
  });
  const hint = element("span", { class: "dlc-faint" });
  const undoButton = element("button", { type: "button", onclick: undo }, "Undo");
  const clearButton = element("button", { type: "button", onclick: clear }, "Clear");
  const source = element("span", { class: "dlc-faint" });
  const moveButtons = MOVES.map(([arrow, way, down, right]) =>
    element(
      "button",
      { type: "button", "aria-label": `Move the drawing ${way} by one pixel`, onclick: () => moveInk(down, right) },
      arrow,
    ),
  );
  const ways = [
    card("Centred, as MNIST is made", "the ink scaled into 20 × 20, its centre of mass in the middle", centred, true),
    card("Only shrunk", "the same canvas, left where it is", shrunk, false),
  ];

  /** One of the two ways to make a digit of the drawing. */
  function card(title, note, digitOf, framed) {
    const digitCanvas = element("canvas", { role: "img" });
    const answer = element("div", { class: "dlc-draw_digit-answer" });
    const share = element("div", { class: "dlc-draw_digit-share" });
    const doubt = element("div", { class: "dlc-faint" });
    const bars = element("canvas", { role: "img" });
    const readings = readingsTable();
    const network = runner(scene.ask);
    return {
      root: element(
        "figure",
        { class: "dlc-draw_digit-card" },
        element("figcaption", {}, element("b", {}, title)),
        element("div", { class: "dlc-faint dlc-draw_digit-note" }, note),
        element("div", { class: "dlc-draw_digit-seen" }, digitCanvas, element("div", {}, answer, share, doubt)),
        bars,
        readings.root,
      ),
      digitCanvas,
      answer,
      share,
      doubt,
      bars,
      readings,
      framed,
      digitFor: remember((ink) => digitOf(ink)),
      inputFor: remember((digit, white) => digit.values.map((value) => value * white)),
      picture: remember((digit) => bitmap(digit, brightness())),
      run: network.run,
      end: network.end,
    };
  }

  // state ---------------------------------------------------------------------------------------------------------

  let live = null; // the bytes of a stroke in the making
  let version = 0; // of them
  let last = null; // the point where the stroke is
  let brush = null; // the keyboard's, once it has moved
  let brushDown = false;
  let previousDrawings = []; // the drawings before each stroke
  let side = LARGEST;

  const changed = changes();
  const keptBytes = remember(({ bytes }) => bytesIn(bytes));
  const inkFor = remember((bytes) => inkOf(bytes, facts.side));
  const liveInk = remember((bytes, _) => inkOf(bytes, facts.side));
  const pictureOf = remember((ink) => bitmap(ink, brightness()));
  const networkFor = remember((described) => described && networkOf(described));

  function drawingBytes() {
    return keptBytes(model.get("drawing"));
  }

  /** @returns {Look} */
  function look() {
    const description = model.get("_model");
    const ink = live ? liveInk(live, version) : inkFor(drawingBytes());
    const network = networkFor(description.network);
    const answers = model.get("_answers");
    const results = ways.map((way, index) => {
      const digit = way.digitFor(ink);
      const asked = live ? null : answers[index];
      if (description.readers) return { digit, shares: null, said: asked };
      if (!network) return { digit, shares: asked, said: null };
      const { outputs, complete } = way.run(network, way.inputFor(digit, description.white));
      const shares = complete ? probabilitiesOf(outputs[network.output], description.finish) : null;
      return { digit, shares, said: null };
    });
    return { description, ink, results, empty: !results[0].digit.box };
  }

  // drawing -------------------------------------------------------------------------------------------------------

  function draw() {
    const free = scene.width - BESIDE;
    side = Math.min(LARGEST, free < SMALLEST ? scene.width : free);
    const view = look();
    drawCanvas(view);
    ways.forEach((way, index) => drawWay(way, view.results[index], view));
    undoButton.disabled = !previousDrawings.length;
    for (const button of [clearButton, ...moveButtons]) button.disabled = view.empty;
    tell(hint, hintFor(view));
    tell(source, sourceOf(view.description));
    scene.say(words(view), () => describe(view));
    const [inMiddle, asItIs] = view.results;
    root.dataset.answer = inMiddle.shares ? String(verdict(inMiddle.shares, facts).first) : "";
    return {
      centred: inMiddle.shares,
      shrunk: asItIs.shares,
      said: view.description.readers && [inMiddle.said, asItIs.said],
      digits: [inMiddle.digit.values, asItIs.digit.values],
    };
  }

  function hintFor({ empty }) {
    if (brushDown) return "The brush is down: arrow keys draw, the space bar lifts it.";
    if (brush && document.activeElement === canvas) return "Arrow keys move the brush, the space bar lowers it.";
    if (isExample()) return "Draw a digit of your own here: this one goes with your first stroke.";
    return empty ? "Draw a digit here." : "Draw more, or clear the canvas.";
  }

  function sourceOf({ readers, name, accuracy, why, network, finish, pixels }) {
    if (readers) return model.get("_failed") || "The readers are asked in Python, after each stroke.";
    if (!name) {
      const right = Math.round(accuracy * 100);
      return (
        "Asked: a tiny linear model, trained just now on 4,000 digits; of 1,000 others it gets " +
        `${right} % right. Yours: DrawDigit(model, scale="0 to 1").`
      );
    }
    const parts = [`Asked: ${name}, with ${pixels}.`];
    if (finish === "scores") parts.push("It puts out scores (logits); a softmax here makes them probabilities.");
    if (!network) parts.push(`${why} So it is asked in Python, after each stroke.`);
    else if (network.half) parts.push("Its weights are rounded to 16 bits here.");
    return parts.join(" ");
  }

  /** @param {Look} look */
  function drawCanvas({ ink, results: [{ digit }], empty }) {
    const shown = [ink, side, density(), brush?.[0], brush?.[1], brushDown, document.activeElement === canvas];
    if (!changed("canvas", ...shown, empty)) return;
    const scale = side / facts.side;
    const pen = begin(canvas, side, side);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(pictureOf(ink), 0, 0, side, side);
    if (digit.box && !live) {
      const { top, left, height, width } = digit.box;
      pen.strokeStyle = "rgb(255 255 255 / 45%)";
      pen.setLineDash([4, 4]);
      pen.strokeRect(left * scale - 1.5, top * scale - 1.5, width * scale + 3, height * scale + 3);
      pen.setLineDash([]);
    }
    if (!brush || document.activeElement !== canvas) return;
    pen.beginPath();
    pen.arc(brush[0] * scale, brush[1] * scale, facts.radius * scale, 0, 2 * Math.PI);
    pen.lineWidth = 2.5;
    pen.strokeStyle = WINDOW;
    pen.stroke();
    pen.globalAlpha = 0.5;
    pen.fillStyle = WINDOW;
    if (brushDown) pen.fill();
    pen.globalAlpha = 1;
  }

  function drawWay(way, { digit, shares, said }, { description, empty }) {
    const width = Math.min(way.root.clientWidth, 420);
    const theme = scene.theme;
    if (changed(`seen ${way.framed}`, digit, density())) {
      const pen = begin(way.digitCanvas, SMALL, SMALL);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(way.picture(digit), 0, 0, SMALL, SMALL);
      if (way.framed && !empty) drawMiddle(pen);
    }
    for (const part of [way.answer, way.share, way.bars]) part.hidden = Boolean(description.readers);
    if (description.readers && changed(`readings ${way.framed}`, description, said)) {
      way.readings.show(description.readers, said);
    }
    if (!shares) return;
    const { first, second, sure } = verdict(shares, facts);
    tell(way.answer, empty ? "–" : description.classes[first]);
    way.answer.classList.toggle("dlc-draw_digit-long", description.classes[first].length > 3);
    tell(way.share, empty ? "nothing drawn" : percent(shares[first]));
    tell(
      way.doubt,
      empty ? "" : sure ? "" : `not sure: or ${description.classes[second]} (${percent(shares[second])})`,
    );
    if (!changed(`bars ${way.framed}`, shares, description, width, theme.dark, density())) return;
    const pen = begin(way.bars, width, barsHeight(shares.length));
    const ink = getComputedStyle(root).color;
    drawBars(pen, { shares, names: description.classes, width, theme, ink });
  }

  /** The cross in the middle, on which the centre of mass lies. */
  function drawMiddle(pen) {
    const middle = (14.5 / facts.pixels) * SMALL;
    for (const [colour, thick] of [
      ["rgb(255 255 255 / 90%)", 4],
      [WINDOW, 2],
    ]) {
      pen.strokeStyle = colour;
      pen.lineWidth = thick;
      pen.beginPath();
      pen.moveTo(middle - 5, middle);
      pen.lineTo(middle + 5, middle);
      pen.moveTo(middle, middle - 5);
      pen.lineTo(middle, middle + 5);
      pen.stroke();
    }
  }

  /** @param {Look} look */
  function words({ description, results: [inMiddle, asItIs], empty }) {
    if (description.readers) {
      if (empty) return "The canvas is empty.";
      return readingsInWords(description.readers, [inMiddle.said, asItIs.said]);
    }
    if (!inMiddle.shares || !asItIs.shares) return "The network is at work.";
    if (empty) {
      const best = verdict(inMiddle.shares, facts).first;
      return (
        "The canvas is empty. A network cannot say that it sees nothing: asked all the same, it answers " +
        `${description.classes[best]} (${percent(inMiddle.shares[best])}).`
      );
    }
    const [centredDigit, shrunkDigit] = [inMiddle, asItIs].map(({ shares }) => verdict(shares, facts).first);
    const centredWords = `Centred, the network sees ${seenAs(inMiddle.shares, description.classes)}; only shrunk, `;
    const shrunkWords = seenAs(asItIs.shares, description.classes);
    if (centredDigit === shrunkDigit) return `${centredWords}${shrunkWords}.`;
    return `${centredWords}${shrunkWords}. The same ink, another answer: it has learned from digits in the middle.`;
  }

  /** For screen readers, what the canvases show. */
  function describe({ description, results }) {
    ways.forEach((way, index) => {
      const { digit, shares } = results[index];
      const inked = digit.values.filter((value) => value > 0.5).length;
      way.digitCanvas.setAttribute("aria-label", `What the network sees: 28 × 28 pixels, ${inked} of them with ink`);
      if (!shares) return;
      const percentages = description.classes.slice(0, 12).map((name, number) => `${name}: ${percent(shares[number])}`);
      way.bars.setAttribute("aria-label", `Probabilities: ${percentages.join(", ")}`);
    });
  }

  function toKeras() {
    const { name, given: input, finish, readers, calls } = model.get("_model");
    if (readers) return readingsAsCode(calls);
    const lines = ["import keras", ""];
    if (!name) {
      lines.push(
        "from dlcourse.data import load",
        "",
        'digits = load("mnist")',
        "model = keras.Sequential([",
        "    keras.Input((784,)),",
        '    keras.layers.Dense(10, activation="softmax"),',
        "])",
        'model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])',
        "model.fit(digits.train.x.reshape(-1, 784) / 255, digits.train.y, epochs=12)",
        "",
      );
    }
    lines.push(
      "digit = widget.digit  # what you drew: 28 × 28, 0 to 1, centred as MNIST is",
      `outputs = model(${input})`,
    );
    lines.push(finish === "scores" ? "probabilities = keras.ops.softmax(outputs)[0]" : "probabilities = outputs[0]");
    return lines.join("\n");
  }

  // events --------------------------------------------------------------------------------------------------------

  /** Whether there is only what was put there to show something. */
  function isExample() {
    if (!model.get("_example") || previousDrawings.length || live) return false;
    const { bytes } = model.get("_start").drawing;
    return drawingBytes().every((byte, index) => byte === bytes.getUint8(index));
  }

  function pointOf({ clientX, clientY }) {
    const { across, down } = pointOn({ currentTarget: canvas, clientX, clientY }); // a coalesced event has no target
    return [across * facts.side, down * facts.side];
  }

  function beginStroke(point) {
    const replacesExample = isExample();
    previousDrawings = [...previousDrawings.slice(1 - UNDOS), drawingBytes()];
    live = replacesExample ? new Uint8Array(facts.side ** 2) : Uint8Array.from(drawingBytes());
    last = point;
    goTo(point);
  }

  function goTo(point) {
    drawLine(live, facts.side, last, point, facts.radius);
    last = point;
    version += 1;
    scene.ask();
  }

  function endStroke() {
    if (!live) return;
    const bytes = live;
    live = null;
    keep(bytes);
  }

  function keep(bytes) {
    write(model, { drawing: { bytes: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) } });
    scene.ask();
  }

  function pressed(event) {
    if (event.button > 0 || live) return;
    canvas.setPointerCapture(event.pointerId);
    brush = null;
    beginStroke(pointOf(event));
  }

  function moved(event) {
    if (!live || brushDown) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    for (const part of coalesced.length ? coalesced : [event]) goTo(pointOf(part));
  }

  function released() {
    if (!brushDown) endStroke();
  }

  function keyPressed(event) {
    const way = ARROWS[event.key];
    if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
    else if (event.key === " ") toggleBrush();
    else if (way) moveBrush(way, event.shiftKey ? 3 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation(); // Ctrl+Z would undo in the notebook's cell, too
  }

  function moveBrush([down, right], times) {
    brush ??= [facts.side / 2, facts.side / 3];
    brush = inside(brush.map((at, axis) => at + [right, down][axis] * STEP * times));
    if (brushDown) goTo(brush);
    scene.ask();
  }

  function toggleBrush() {
    brush ??= [facts.side / 2, facts.side / 3];
    if (brushDown) liftBrush();
    else if (!live) {
      brushDown = true;
      beginStroke(brush);
    }
    scene.ask();
  }

  function liftBrush() {
    if (brushDown) {
      brushDown = false;
      endStroke();
    }
    scene.ask();
  }

  function undo() {
    brushDown = false;
    live = null;
    if (previousDrawings.length) keep(previousDrawings.pop());
  }

  function clear() {
    brushDown = false;
    live = null;
    previousDrawings = [...previousDrawings.slice(1 - UNDOS), drawingBytes()];
    keep(new Uint8Array(facts.side ** 2));
  }

  function moveInk(down, right) {
    brushDown = false;
    live = null;
    previousDrawings = [...previousDrawings.slice(1 - UNDOS), drawingBytes()];
    keep(movedInk(drawingBytes(), facts.side, down * STEP, right * STEP));
  }

  function forget() {
    live = null;
    brush = null;
    brushDown = false;
    previousDrawings = [];
  }

  // wiring --------------------------------------------------------------------------------------------------------

  canvas.addEventListener("focus", scene.ask);
  return scene.finish(
    element(
      "div",
      { class: "dlc-row" },
      element("span", { class: "dlc-joined" }, clearButton, undoButton),
      element("span", { class: "dlc-joined", role: "group", "aria-label": "Move the drawing" }, ...moveButtons),
      hint,
      element("span", { class: "dlc-gap" }),
      scene.buttons,
    ),
    element("div", { class: "dlc-draw_digit-parts" }, canvas, ...ways.map((way) => way.root)),
    source,
  );
}

export default { render };
