/** All that stands on the page beside the two canvases: the ways and their sliders, and what each network says. */
import { choice, slider } from "../shared/js/controls.js";
import { element, press, show, tell } from "../shared/js/page.js";
import { percent } from "../shared/js/words.js";
import { colourOf } from "./picture.js";
import { CHANGES } from "./state.js";
import { curvesLabel, hint, networkNote, pictureLabel, pictureTitle, shortAmount, WAY_NAMES } from "./words.js";

/**
 * @param {{ways: Record<string, import("./ways.js").Way>, fills: string[]}} facts
 * @param {{amount: (name: string, value: number) => void, way: (name: string) => void, fill: (fill: string) => void,
 *   turnPage: (way: number) => void, undo: () => void, picture: Object, curves: Object}} on
 *   what is called; `picture`, `curves`: the listeners of the two canvases
 */
export function controls(facts, on) {
  const sections = [pictureSection(on), waySection(on.way), readingsSection(), sliderSection(facts, on)];
  const [picture, ways, readings, sliders] = sections;
  const curves = element("canvas", { role: "img", ...on.curves });
  const note = element("div", { class: "dlc-faint" });
  const left = element("div", { class: "dlc-orbit-left" }, picture.part, sliders.part);
  const right = element("div", { class: "dlc-orbit-right" }, ways.part, readings.part, curves);
  const parts = element("div", { class: "dlc-orbit-parts" }, left, right);
  return {
    pager: picture.pager,
    parts,
    note,
    canvases: { picture: picture.canvas, curves },
    /** Shows a view, without what is drawn. */
    draw(view, { beside }, theme) {
      parts.classList.toggle("dlc-orbit-above", !beside);
      for (const section of sections) section.draw(view, theme);
      tell(note, networkNote(view));
      note.hidden = !note.textContent;
    },
    /** Tells screen readers what the canvases show. */
    describe(view) {
      picture.canvas.setAttribute("aria-label", pictureLabel(view));
      curves.setAttribute("aria-label", curvesLabel(view));
    },
    /** The colour of faint letters. */
    faint: () => getComputedStyle(picture.hint).color,
  };
}

function pictureSection({ picture: listeners, turnPage }) {
  const title = element("figcaption");
  const canvas = element("canvas", { tabindex: 0, role: "application", class: "dlc-orbit-picture", ...listeners });
  const note = element("div", { class: "dlc-faint dlc-orbit-hint" });
  const before = element(
    "button",
    { type: "button", onclick: () => turnPage(-1), "aria-label": "Previous picture" },
    "‹",
  );
  const after = element("button", { type: "button", onclick: () => turnPage(1), "aria-label": "Next picture" }, "›");
  const pager = element("span", { class: "dlc-row" }, before, "another picture", after);
  return {
    part: element("figure", {}, title, canvas, note),
    pager,
    canvas,
    hint: note,
    draw(view) {
      tell(title, pictureTitle(view));
      tell(note, hint(view));
      pager.hidden = view.pictures < 2;
    },
  };
}

/** Which way the orbit goes. */
function waySection(choose) {
  const buttons = CHANGES.map((name) =>
    element("button", { type: "button", title: WAY_NAMES[name][1], onclick: () => choose(name) }, WAY_NAMES[name][0]),
  );
  const group = element("span", { class: "dlc-joined", role: "group", "aria-label": "Along" }, ...buttons);
  return {
    part: element("div", { class: "dlc-row" }, "Along", group),
    draw({ name }) {
      buttons.forEach((button, number) => press(button, CHANGES[number] === name));
    },
  };
}

/** What each network says now: the picture's class and the strongest other one. It is the curves' legend, too. */
function readingsSection() {
  const part = element("div", { class: "dlc-orbit-readings" });
  let rows = [];

  function row() {
    const [swatch, dashed] = ["", " dlc-orbit-dashed"].map((kind) =>
      element("span", { class: `dlc-orbit-line${kind}` }),
    );
    const [name, own, other] = [element("b"), element("span"), element("span")];
    return { parts: [name, swatch, own, dashed, other], swatch, dashed, name, own, other };
  }

  function draw({ names, readings, classes, label }, theme) {
    if (rows.length !== names.length) {
      rows = names.map(row);
      part.replaceChildren(...rows.flatMap(({ parts }) => parts));
    }
    rows.forEach(({ swatch, dashed, name, own, other }, number) => {
      const reading = readings[number];
      for (const sample of [swatch, dashed]) sample.style.borderColor = colourOf(number, theme);
      tell(name, names[number]);
      tell(own, `${classes[label]}: ${reading ? percent(reading.share) : "…"}`);
      tell(other, reading ? `${classes[reading.rival]}: ${percent(reading.other)}` : "…");
    });
  }

  return { part, draw };
}

function sliderSection({ ways, fills }, { amount, fill: fillChosen, undo }) {
  const sliders = CHANGES.map((name) => {
    const { low, high, step, log } = ways[name];
    // the slider of what grows by factors goes by its logarithm
    const [range, value] = log ? [[Math.log2(low), Math.log2(high)], (moved) => 2 ** moved] : [[low, high], Number];
    const control = slider(WAY_NAMES[name][0], range, log ? 0.02 : step, (moved) => amount(name, value(moved)), {
      meaning: WAY_NAMES[name][1],
    });
    return { name, log, ...control };
  });
  const fill = choice("fill", fills, fillChosen, "what comes in from beyond the edge");
  const back = element("button", { type: "button", onclick: undo }, "As it is");
  const lines = sliders.map(({ line }) => line);
  return {
    part: element(
      "div",
      { class: "dlc-orbit-sliders" },
      ...lines,
      element("div", { class: "dlc-row" }, fill.line, back),
    ),
    draw(view) {
      for (const { name, log, draw, line } of sliders) {
        const value = view.change[name];
        draw(log ? Math.log2(value) : value, shortAmount(name, value));
        line.classList.toggle("dlc-orbit-along", name === view.name);
      }
      show(fill.select, view.fill);
      back.disabled = Object.entries(view.change).every(([name, value]) => value === ways[name].neutral);
    },
  };
}
