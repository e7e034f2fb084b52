/** What one pulls and chooses, and the words and large numbers on the page. */

import { choice } from "../shared/js/controls.js";
import { changes } from "../shared/js/memory.js";
import { element, press, show, tell } from "../shared/js/page.js";
import { bitsAt, placeOf } from "./state.js";
import {
  bitsInWords,
  figuresOf,
  histogramLabel,
  sizeInWords,
  sourceNote,
  spreadNote,
  spreadTitle,
  tilesLabel,
  tilesNote,
  tilesTitle,
  triesLabel,
} from "./words.js";

/** @type {[string, string][]} */
const LEVELS = [
  ["symmetric", "on both sides of 0"],
  ["affine", "with a zero point"],
];
/** @type {[string, string][]} */
const SCALES = [
  ["tensor", "one a layer"],
  ["channel", "one a channel"],
];

/**
 * @param {{fewest: number, most: number}} range  of the bits
 * @param {{all: (bits: number) => void, layer: (index: number, bits: number) => void, look: (index: number) => void,
 *   symmetric: (on: boolean) => void, perChannel: (on: boolean) => void}} choose  what is done with a choice
 */
export function controls(range, choose) {
  const levels = choice(
    "Levels",
    LEVELS,
    (value) => choose.symmetric(value === "symmetric"),
    "Where the levels lie: as many below 0 as above it, or spread from the smallest weight to the largest",
  );
  const scales = choice(
    "Scale",
    SCALES,
    (value) => choose.perChannel(value === "channel"),
    "The distance of the levels: the same for all weights of a layer, or another for each output channel",
  );
  const sections = [largeNumbers(), layerTable(range, choose), spreadFigure(), tilesFigure(), triesFigure()];
  const [numbers, table, spread, tiles, tries] = sections;
  const note = element("div", { class: "dlc-faint" });
  const columns = [
    [table, tries],
    [spread, tiles],
  ].map((column) => element("div", { class: "dlc-bits-column" }, ...column.map(({ part }) => part)));
  const grid = element("div", { class: "dlc-bits-grid" }, ...columns);
  return {
    choices: [levels.line, scales.line],
    numbers: numbers.part,
    grid,
    note,
    canvases: { histogram: spread.canvas, tries: tries.canvas, tiles: tiles.canvas },
    /** Shows a view, without what is drawn. */
    draw(view, layout) {
      show(levels.select, view.symmetric ? "symmetric" : "affine");
      show(scales.select, view.perChannel ? "channel" : "tensor");
      grid.classList.toggle("dlc-bits-wide", layout.wide);
      grid.style.setProperty("--left", `${layout.tries.width}px`);
      for (const section of sections) section.draw(view, layout);
      tell(note, sourceNote(view));
    },
    /** Tells screen readers what the canvases show. */
    describe(view, tried) {
      spread.canvas.setAttribute("aria-label", histogramLabel(view));
      tries.canvas.setAttribute("aria-label", triesLabel(tried, view));
      tiles.canvas.setAttribute("aria-label", tilesLabel(view));
    },
  };
}

/** Size, accuracy and changes, large. */
function largeNumbers() {
  const parts = ["size", "right", "changed"].map((name) => {
    const number = element("span", { class: "dlc-bits-large" });
    const note = element("span", { class: "dlc-faint" });
    const bar = element("span");
    const track = element("span", { class: "dlc-bits-track", "aria-hidden": "true" }, bar);
    return { name, number, note, bar, root: element("div", { class: "dlc-bits-number" }, number, note, track) };
  });
  const part = element("div", { class: "dlc-bits-numbers" }, ...parts.map(({ root }) => root));

  function draw(view) {
    const figures = figuresOf(view);
    const shares = {
      size: view.bytes / view.floatBytes,
      right: view.score,
      changed: view.done ? view.changed.length / view.done : 0,
    };
    for (const { name, number, note, bar, root } of parts) {
      root.hidden = !figures[name];
      if (!figures[name]) continue;
      tell(number, figures[name].number);
      tell(note, figures[name].note);
      bar.style.width = `${100 * Math.min(1, shares[name])}%`;
    }
  }

  return { part, draw };
}

/** A slider for all layers, and one for each. */
function layerTable({ fewest, most }, choose) {
  const all = bitSlider("all layers", (place) => choose.all(bitsAt(place, most)));
  const rows = element("div", { class: "dlc-bits-rows dlc-scrolls" });
  const part = element(
    "div",
    { class: "dlc-bits-table", role: "group", "aria-label": "Bits of a weight" },
    element("div", { class: "dlc-bits-row" }, element("b", {}, "all layers"), all.input, all.value, all.bytes),
    rows,
  );
  const changed = changes();
  let sliders = [];

  function bitSlider(name, change) {
    const input = element("input", {
      type: "range",
      min: fewest,
      max: most + 1,
      step: 1,
      "aria-label": `Bits of ${name}`,
      oninput: () => change(Number(input.value)),
    });
    return { input, value: element("span"), bytes: element("span", { class: "dlc-faint" }) };
  }

  function row({ name, kind, shape }, index) {
    const slider = bitSlider(name, (place) => choose.layer(index, bitsAt(place, most)));
    const button = element(
      "button",
      { type: "button", title: `${name}: ${kind}, weights ${shape.join(" × ")}`, onclick: () => choose.look(index) },
      name,
    );
    slider.input.addEventListener("focus", () => choose.look(index));
    const root = element("div", { class: "dlc-bits-row" }, button, slider.input, slider.value, slider.bytes);
    return { ...slider, button, root };
  }

  function place({ input, value, bytes }, bits, size, text = bitsInWords(bits)) {
    show(input, placeOf(bits, most));
    input.setAttribute("aria-valuetext", text);
    tell(value, text);
    tell(bytes, sizeInWords(size));
  }

  function draw(view) {
    if (changed("rows", view.described)) {
      sliders = view.rows.map(row);
      rows.replaceChildren(...sliders.map(({ root }) => root));
    }
    const middle = Math.round(view.rows.reduce((total, { bits }) => total + placeOf(bits, most), 0) / view.rows.length);
    place(all, bitsAt(middle, most), view.bytes, view.everywhere ? bitsInWords(view.everywhere) : "mixed");
    view.rows.forEach(({ bits, bytes }, index) => {
      place(sliders[index], bits, bytes);
      press(sliders[index].button, index === view.index);
    });
  }

  return { part, draw };
}

function spreadFigure() {
  const [title, note] = [element("b"), element("span", { class: "dlc-faint" })];
  const canvas = element("canvas", { role: "img" });
  const legend = element("div", { class: "dlc-faint" }, "Grey: the weights as they were. In colour: on their levels.");
  return {
    part: element("figure", {}, element("figcaption", {}, title, note), canvas, legend),
    canvas,
    draw(view) {
      tell(title, spreadTitle(view));
      tell(note, spreadNote(view));
    },
  };
}

function tilesFigure() {
  const [title, note] = [element("b"), element("span", { class: "dlc-faint" })];
  const canvas = element("canvas", { role: "img" });
  return {
    part: element("figure", {}, element("figcaption", {}, title, note), canvas),
    canvas,
    draw(view, layout) {
      tell(title, tilesTitle(view, layout.tiles.shown));
      tell(note, tilesNote(view));
    },
  };
}

function triesFigure() {
  const title = element("b", {}, "Tried so far");
  const note = element("span", { class: "dlc-faint" });
  const canvas = element("canvas", { role: "img" });
  return {
    part: element("figure", { class: "dlc-bits-tries" }, element("figcaption", {}, title, note), canvas),
    canvas,
    draw: ({ right, floatBytes }) => {
      const unit = floatBytes >= 999950 ? "MB" : "kB";
      tell(note, `${right ? "right (dashed: with floats)" : "as with floats"}, by ${unit}`);
    },
  };
}
