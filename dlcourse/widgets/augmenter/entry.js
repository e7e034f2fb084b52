/**
 * Augmenter: randomly changed copies of pictures, and the question whether they keep their label.
 *
 * The traits are the state; which copies a learner has judged, and how, stays in the view.
 */

import facts from "dlcourse:augmenter";
import { clamp } from "../shared/js/bounds.js";
import { bytesIn } from "../shared/js/bytes.js";
import { begin, density, frame } from "../shared/js/canvas.js";
import { checkbox, choice, slider } from "../shared/js/controls.js";
import { ARROWS } from "../shared/js/keys.js";
import { changes, remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { element, show, tell } from "../shared/js/page.js";
import { CATEGORIES, WINDOW } from "../shared/js/palette.js";
import { stage } from "../shared/js/stage.js";
import { augmented, draw as drawChange, labelAfter } from "./augment.js";
import { augmentCode } from "./code.js";

const AMOUNTS = Object.keys(facts.amounts);
const SETTINGS = [...AMOUNTS, "flip_horizontal", "flip_vertical", "fill", "seed"];
const TRAITS = [...SETTINGS, "images", "labels", "chosen", "_ways", "_own"];
const NAMES = {
  rotation: "rotation",
  shift_x: "shift →",
  shift_y: "shift ↓",
  zoom: "zoom",
  shear: "shear",
  brightness: "brightness",
  contrast: "contrast",
  noise: "noise",
  cutout: "cutout",
  strength: "strength of all",
};
const GAP = 8;
const AFTER_ORIGINAL = 14; // more room, so that the originals stand apart
const LARGEST = 76;
const SMALLEST = 54;
const LABEL = 19;
const EDGE = 3; // room for the frame around a copy
const [, , RIGHT, , , WRONG] = CATEGORIES;

// --- numbers ---------------------------------------------------------------------------------------------------------

/** A picture as it travels, as numbers from 0 to 1. @returns {import("./augment.js").Image} */
function numbersOf({ shape: [height, width, channels], bytes }) {
  const data = bytesIn(bytes);
  return { height, width, channels, values: Float32Array.from(data, (value) => value / 255) };
}

/** An image as a canvas of its own size. */
function canvasOf({ height, width, channels, values }) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  const last = channels - 1; // a grey picture has one channel for all three
  for (let pixel = 0, at = 0; pixel < pixels.length; pixel++, at += channels) {
    const byte = (channel) => (255 * values[at + Math.min(channel, last)] + 0.5) | 0;
    pixels[pixel] = (255 << 24) | (byte(2) << 16) | (byte(1) << 8) | byte(0);
  }
  pen.putImageData(picture, 0, 0);
  return canvas;
}

/** How much a setting is, in words: degrees or per cent. */
function amountOf(name, value) {
  if (name === "rotation") return `±${Math.round(value)}°`;
  const share = `${Math.round(100 * value)} %`;
  return ["strength", "noise", "cutout"].includes(name) ? share : `±${share}`;
}

/** What was done to a copy, in words. */
function changeInWords(change, { height, width }) {
  const parts = [];
  const signed = (value, positive, negative) => `${Math.abs(Math.round(value))} ${value > 0 ? positive : negative}`;
  const pixels = (value) => (Math.abs(Math.round(value)) === 1 ? "pixel" : "pixels");
  if (change.mirrored) parts.push("mirrored");
  if (change.upside) parts.push("turned upside down");
  if (Math.abs(change.angle) >= 0.5) parts.push(`turned ${signed(change.angle, "degrees left", "degrees right")}`);
  const [right, down] = [change.shift[0] * width, change.shift[1] * height];
  if (Math.abs(right) >= 0.5) parts.push(`moved ${signed(right, `${pixels(right)} right`, `${pixels(right)} left`)}`);
  if (Math.abs(down) >= 0.5) parts.push(`moved ${signed(down, `${pixels(down)} down`, `${pixels(down)} up`)}`);
  if (Math.abs(change.zoom - 1) >= 0.01) parts.push(`shown at ${Math.round(100 / change.zoom)} % of its size`);
  if (Math.abs(change.shear) >= 0.01) parts.push("sheared");
  if (Math.abs(change.brightness) >= 0.01) parts.push(`${change.brightness > 0 ? "brighter" : "darker"}`);
  if (Math.abs(change.contrast - 1) >= 0.01) parts.push(`with ${change.contrast > 1 ? "more" : "less"} contrast`);
  if (change.noise) parts.push("noisy");
  if (change.cut) parts.push("partly covered");
  return parts.length ? parts.join(", ") : "not changed";
}

// --- the view --------------------------------------------------------------------------------------------------------

/** @param {import("../shared/js/model.js").View} view */
function render({ model, el }) {
  // setup ---------------------------------------------------------------------------------------------------------

  const scene = stage({
    model,
    el,
    name: "augmenter",
    label: "Augmenter: randomly changed copies of pictures",
    traits: TRAITS,
    draw,
    toKeras,
    onReset: forget,
  });
  const diceButton = element("button", { type: "button", onclick: throwDice }, "⚄ New dice");
  const seedNote = element("span", { class: "dlc-faint" });
  const canvas = element("canvas", { tabindex: 0, role: "application", onkeydown: moved });
  canvas.addEventListener("pointerup", clicked);
  const sliders = Object.fromEntries(AMOUNTS.map((name) => [name, amount(name)]));
  const flips = Object.fromEntries(
    ["flip_horizontal", "flip_vertical"].map((name) => [
      name,
      checkbox(name.replace("_", " "), (mirrored) => write(model, { [name]: mirrored })),
    ]),
  );
  const fill = choice(
    "beyond the edge",
    facts.fills.map((name) => [name, name]),
    (value) => write(model, { fill: value }),
  );
  const controls = element(
    "div",
    { class: "dlc-augmenter-controls" },
    ...AMOUNTS.map((name) => sliders[name].line),
    flips.flip_horizontal.line,
    flips.flip_vertical.line,
    fill.line,
  );
  const ownNote = element("p", { class: "dlc-faint" });
  const question = element("b");
  const yes = element("button", { type: "button", onclick: () => judge(true) }, "Yes, it still is");
  const no = element("button", { type: "button", onclick: () => judge(false) }, "No");
  const verdict = element("span", { "aria-live": "polite" });
  const score = element("span", { class: "dlc-faint" });
  const asking = element("div", { class: "dlc-row dlc-augmenter-ask" }, question, yes, no, verdict, score);

  // state ---------------------------------------------------------------------------------------------------------

  let judgements = new Map(); // from "row,column" to what the learner said of that copy
  let right = 0;
  let answered = 0;
  let shape = { cell: LARGEST, columns: facts.copies };
  const originals = remember((images) => images.map(numbersOf));
  const changedSince = changes();
  const painted = new WeakMap(); // from an image to a canvas of its size
  const ownCopies = remember(({ rows }) => rows.map((row) => row.map(numbersOf)));
  const copiesFor = remember((images, ...values) => {
    const settings = Object.fromEntries(SETTINGS.map((name, index) => [name, values[index]]));
    return images.map((image, row) =>
      Array.from({ length: facts.copies }, (_, column) => {
        const change = drawChange(settings, settings.seed * 1009 + row * 101 + column);
        return { change, image: augmented(image, change, settings.fill) };
      }),
    );
  });

  function settings() {
    return Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
  }

  function look() {
    const images = originals(model.get("images"));
    const own = model.get("_own");
    const isOwn = Boolean(own.rows);
    const rows = isOwn
      ? ownCopies(own).map((row) => row.map((image) => ({ change: null, image })))
      : copiesFor(images, ...SETTINGS.map((name) => model.get(name)));
    const [row, column] = model.get("chosen");
    const chosen = column > 0 && row < rows.length && column <= facts.copies ? [row, column - 1] : null;
    return { images, rows, isOwn, chosen, labels: model.get("labels") };
  }

  // drawing -------------------------------------------------------------------------------------------------------

  function draw() {
    const view = look();
    if (changedSince("copies", view.rows)) judgements = new Map();
    measure(view);
    drawControls(view);
    drawGallery(view);
    const answer = drawQuestion(view);
    scene.say(words(view), () => canvas.setAttribute("aria-label", galleryLabel(view)));
    return {
      values: view.rows.map((row) => row.map(({ image }) => image.values)),
      changes: view.rows.map((row) => row.map(({ change }) => change)),
      chosen: view.chosen,
      keeps: answer ? answer.keeps : null,
    };
  }

  function measure({ rows }) {
    const room = scene.width - AFTER_ORIGINAL - EDGE;
    let columns = facts.copies;
    const cellFor = (count) => Math.floor((room - GAP * (count + 1)) / (count + 1));
    while (columns > 3 && cellFor(columns) < SMALLEST) columns--;
    const largest = rows.length > 4 ? 64 : LARGEST;
    shape = { cell: Math.min(largest, cellFor(columns)), columns };
  }

  function place(row, column) {
    const x = column * (shape.cell + GAP) + (column ? AFTER_ORIGINAL : 0);
    return [x + EDGE, row * (shape.cell + LABEL + GAP) + 20];
  }

  function drawGallery({ images, rows, chosen, labels, isOwn }) {
    const marks = chosen ? chosen.join() : "";
    if (
      !changedSince(
        "gallery",
        rows,
        marks,
        judgements,
        judgements.size,
        shape.cell,
        shape.columns,
        labels,
        scene.theme,
        density(),
      )
    ) {
      return;
    }
    const [width] = place(0, shape.columns + 1);
    const pen = begin(canvas, width, rows.length * (shape.cell + LABEL + GAP) + 14);
    pen.font = `12px ${scene.theme.font}`;
    pen.textBaseline = "middle";
    const ink = getComputedStyle(scene.root).color;
    pen.fillStyle = ink;
    pen.fillText("original", 3, 8);
    pen.fillText(isOwn ? "copies made by your layers" : "copies, each changed at random", place(0, 1)[0], 8);
    pen.imageSmoothingEnabled = false;
    rows.forEach((row, index) => {
      paint(pen, images[index], place(index, 0));
      pen.fillStyle = ink;
      pen.fillText(labels[index] ?? "", place(index, 0)[0], place(index, 0)[1] + shape.cell + 10);
      row.slice(0, shape.columns).forEach(({ image }, column) => {
        const [x, y] = place(index, column + 1);
        paint(pen, image, [x, y]);
        const judgement = judgements.get(`${index},${column}`);
        if (judgement !== undefined) mark(pen, x, y, judgement);
        if (marks === `${index},${column}`) frame(pen, x - 1, y - 1, shape.cell + 2, shape.cell + 2, WINDOW);
      });
    });
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {import("./augment.js").Image} image
   * @param {number[]} corner  its left and its upper edge
   */
  function paint(pen, image, [x, y]) {
    if (!painted.has(image)) painted.set(image, canvasOf(image));
    const { height, width } = image;
    const zoom = shape.cell / Math.max(width, height);
    pen.drawImage(painted.get(image), x, y, width * zoom, height * zoom);
  }

  /** Whether the learner was right about a copy. */
  function mark(pen, x, y, { correct }) {
    pen.fillStyle = correct === null ? "#6b6b6b" : correct ? RIGHT : WRONG;
    pen.beginPath();
    pen.arc(x + shape.cell - 9, y + 9, 8, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = "#ffffff";
    pen.textAlign = "center";
    pen.fillText(correct === null ? "?" : correct ? "✓" : "✗", x + shape.cell - 9, y + 9.5);
    pen.textAlign = "left";
  }

  function drawControls({ isOwn }) {
    controls.hidden = isOwn;
    ownNote.hidden = !isOwn;
    if (isOwn) tell(ownNote, `Your layers: ${model.get("_own").names}. New dice lets Python make other copies.`);
    for (const name of AMOUNTS) sliders[name].draw(model.get(name), amountOf(name, model.get(name)));
    for (const [name, { input }] of Object.entries(flips)) input.checked = model.get(name);
    show(fill.select, model.get("fill"));
    tell(seedNote, isOwn ? "" : `seed ${model.get("seed")}`);
  }

  /** The question about the chosen copy; returns its answer where one is known. */
  function drawQuestion(view) {
    const { chosen, rows, labels } = view;
    const label = chosen && labels[chosen[0]];
    yes.hidden = no.hidden = !label;
    if (!chosen) {
      tell(question, "Does a copy keep its label? Click one.");
      tell(verdict, "");
      return null;
    }
    if (!label) {
      tell(question, "Give labels=[...] to be asked whether a copy keeps its label.");
      tell(verdict, "");
      return null;
    }
    const answer = answerFor(label, rows[chosen[0]][chosen[1]]);
    const judgement = judgements.get(chosen.join());
    tell(question, `Is the framed copy still “${label}”?`);
    tell(verdict, judgement ? reply(label, judgement.yes, answer) : "");
    verdict.className = judgement && answer ? (judgement.correct ? "dlc-right" : "dlc-wrong") : "";
    tell(score, answered ? `${right} of ${answered} right` : "");
    return answer;
  }

  /** What becomes of a copy's label; null where nobody can know. */
  function answerFor(label, { change, image }) {
    const ways = model.get("_ways")[label];
    return ways && change ? labelAfter(label, ways, change, image) : null;
  }

  function reply(label, saidYes, answer) {
    if (!answer)
      return `No table knows “${label}”: you decide. A copy that you would name differently teaches nonsense.`;
    const start = saidYes === answer.keeps ? "Right: " : "Look again: ";
    if (answer.keeps) return `${start}it still is “${label}”, so the network may learn from it.`;
    const why = {
      flat: "nothing can be made out any more",
      gone: "most of it is gone, so the network can only guess",
      between: "turned so far nobody would meet it",
      way: answer.becomes
        ? `now it is “${answer.becomes}”, with the wrong label on it`
        : "laid like this it is nothing that has this name",
    };
    return `${start}${why[answer.why]}.`;
  }

  function words({ rows, chosen, labels, isOwn }) {
    if (isOwn) return `${facts.copies} copies each of ${rows.length} pictures, made by your own layers.`;
    if (chosen) {
      const { change, image } = rows[chosen[0]][chosen[1]];
      return `Copy ${chosen[1] + 1} of ${labels[chosen[0]] ?? `picture ${chosen[0] + 1}`}: ${changeInWords(change, image)}.`;
    }
    const active = AMOUNTS.filter((name) => name !== "strength" && model.get(name) * model.get("strength") > 0);
    const limits = active.map(
      (name) => `${name.replace("_", " ")} ${amountOf(name, model.get(name) * model.get("strength"))}`,
    );
    if (model.get("flip_horizontal")) limits.push("every second one mirrored");
    if (model.get("flip_vertical")) limits.push("every second one upside down");
    return limits.length
      ? `Every copy draws its own changes, at most: ${limits.join(", ")}.`
      : "Nothing is changed: move a slider.";
  }

  function galleryLabel({ rows }) {
    return (
      `${rows.length} pictures, each with ${shape.columns} copies; arrow keys choose a copy, Y and N answer whether ` +
      "it keeps its label; the line below tells what was done to it"
    );
  }

  function toKeras() {
    if (look().isOwn) return "# the copies come from your own layers:\ncopies = layers(images, training=True)";
    return augmentCode(settings());
  }

  // events --------------------------------------------------------------------------------------------------------

  function amount(name) {
    const [limit, step] = facts.amounts[name];
    return slider(NAMES[name], [0, limit], step, (value) => write(model, { [name]: value }));
  }

  function throwDice() {
    if (look().isOwn) model.send({ do: "more" });
    else write(model, { seed: (model.get("seed") + 1) % 2 ** 31 });
  }

  function clicked(event) {
    const { rows } = look();
    for (let row = 0; row < rows.length; row++) {
      for (let column = 0; column < shape.columns; column++) {
        const [x, y] = place(row, column + 1);
        const inside = event.offsetX >= x && event.offsetX < x + shape.cell;
        if (inside && event.offsetY >= y && event.offsetY < y + shape.cell) write(model, { chosen: [row, column + 1] });
      }
    }
  }

  function moved(event) {
    const { rows, chosen } = look();
    const way = ARROWS[event.key];
    const answer = { y: true, n: false }[event.key.toLowerCase()];
    if (!way && answer === undefined) return;
    event.preventDefault();
    if (answer !== undefined) return judge(answer);
    const [row, column] = chosen ?? [0, -1];
    const to = chosen ? [row + way[0], column + way[1]] : [0, 0];
    write(model, { chosen: [clamp(to[0], 0, rows.length - 1), clamp(to[1], 0, shape.columns - 1) + 1] });
  }

  function judge(saidYes) {
    const { chosen, rows, labels } = look();
    const label = chosen && labels[chosen[0]];
    if (!label) return;
    const answer = answerFor(label, rows[chosen[0]][chosen[1]]);
    const correct = answer ? answer.keeps === saidYes : null;
    if (answer && !judgements.has(chosen.join())) {
      answered += 1;
      right += correct ? 1 : 0;
    }
    judgements.set(chosen.join(), { yes: saidYes, correct });
    judgements = new Map(judgements);
    scene.ask();
  }

  function forget() {
    judgements = new Map();
    right = answered = 0;
  }

  // wiring --------------------------------------------------------------------------------------------------------

  return scene.finish(
    element("div", { class: "dlc-row" }, diceButton, seedNote, element("span", { class: "dlc-gap" }), scene.buttons),
    element("div", { class: "dlc-augmenter-gallery" }, canvas),
    asking,
    controls,
    ownNote,
  );
}

export default { render };
