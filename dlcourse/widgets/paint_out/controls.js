/** All that stands on the page around the canvases: the brush, what it pastes, the layer, and the words. */
import { choice, slider } from "../shared/js/controls.js";
import { changes } from "../shared/js/memory.js";
import { element, press, show, tell } from "../shared/js/page.js";
import { percent } from "../shared/js/words.js";
import { widest } from "./state.js";
import {
  ATTRIBUTED,
  BASELINES,
  barsTitle,
  canvasLabels,
  layerLegend,
  layerNote,
  networkNote,
  pictureHint,
  pictureTitle,
  sourceHint,
} from "./words.js";

/**
 * @param {{attributions: Record<string, string>, baselines: string[]}} facts
 * @param {{change: (traits: Object) => void, undo: () => void, clear: () => void, otherFile: (file: File) => void,
 *   picture: Object, source: Object, bars: Object}} on
 *   what is called; `change`: writes traits; `picture`, `source`, `bars`: the listeners of the canvases
 */
export function controls(facts, on) {
  const sections = [
    pictureSection(on),
    brushSection(facts, on),
    sourceSection(on),
    barsSection(on),
    layerSection(facts, on),
  ];
  const [picture, tools, source, bars, layer] = sections;
  const note = element("div", { class: "dlc-faint" });
  const left = element("div", { class: "dlc-paint_out-left" }, picture.part, tools.part, source.part);
  const right = element("div", { class: "dlc-paint_out-right" }, bars.part, layer.part);
  const parts = element("div", { class: "dlc-paint_out-parts" }, left, right);
  return {
    parts,
    note,
    canvases: { picture: picture.canvas, source: source.canvas, bars: bars.canvas },
    /** Shows a view, without what is drawn. */
    draw(view, { beside }) {
      parts.classList.toggle("dlc-paint_out-above", !beside);
      for (const section of sections) section.draw(view);
      tell(note, networkNote(view));
    },
    /** Tells screen readers what the canvases show. */
    describe(view) {
      const labels = canvasLabels(view);
      for (const [name, { canvas }] of Object.entries({ picture, source, bars })) {
        canvas.setAttribute("aria-label", labels[name]);
      }
    },
    /** The colour of faint letters. */
    faint: () => getComputedStyle(note).color,
  };
}

function pictureSection({ picture: listeners }) {
  const title = element("figcaption");
  const canvas = element("canvas", { tabindex: 0, role: "application", class: "dlc-paint_out-picture", ...listeners });
  const hint = element("div", { class: "dlc-faint dlc-paint_out-hint" });
  return {
    part: element("figure", {}, title, canvas, hint),
    canvas,
    draw(view) {
      tell(title, pictureTitle(view));
      tell(hint, pictureHint(view));
    },
  };
}

/** What the brush leaves, how wide it is, and the way back. */
function brushSection({ baselines }, { change, undo, clear }) {
  const buttons = baselines.map((name) =>
    element(
      "button",
      { type: "button", title: BASELINES[name][1], onclick: () => change({ baseline: name }) },
      BASELINES[name][0],
    ),
  );
  const group = element("span", { class: "dlc-joined", role: "group", "aria-label": "The brush leaves" }, ...buttons);
  const width = slider("width", [1, 100], 0.5, (brush) => change({ brush }), {
    name: "Width of the brush",
    meaning: "in pixels of the picture",
  });
  const back = element("button", { type: "button", onclick: undo }, "Undo");
  const away = element("button", { type: "button", onclick: clear }, "Take all paint away");
  return {
    part: element(
      "div",
      { class: "dlc-paint_out-tools" },
      element("div", { class: "dlc-row" }, "Brush", group, width.line),
      element("div", { class: "dlc-row" }, back, away),
    ),
    draw(view) {
      buttons.forEach((button, number) => press(button, baselines[number] === view.baseline));
      width.input.max = widest(view.described.size);
      width.draw(view.brush, `${view.brush} px`);
      back.disabled = !view.easel.steps;
      away.disabled = !view.easel.bytes;
    },
  };
}

/** Where "paste" takes from. */
function sourceSection({ source: listeners, otherFile, change }) {
  const canvas = element("canvas", { tabindex: 0, role: "application", class: "dlc-paint_out-picture", ...listeners });
  const input = element("input", { type: "file", accept: "image/*", hidden: true, onchange: chosen });
  const upload = element("button", { type: "button", onclick: () => input.click() }, "Another picture…");
  const same = element("button", { type: "button", onclick: () => change({ other: null }) }, "The same picture");
  const title = element("b");
  const hint = element("div", { class: "dlc-faint dlc-paint_out-hint" });
  const words = element("div", {}, title, hint, element("div", { class: "dlc-row" }, upload, same), input);
  const part = element("div", { class: "dlc-paint_out-source" }, canvas, words);

  function chosen() {
    if (input.files.length) otherFile(input.files[0]);
    input.value = "";
  }

  return {
    part,
    canvas,
    draw(view) {
      part.hidden = view.baseline !== "paste";
      tell(title, `Pasted from ${view.other ? view.other.name : "the same picture"}`);
      tell(hint, sourceHint(view));
      same.hidden = !view.other;
    },
  };
}

function barsSection({ bars: listeners }) {
  const title = element("span");
  const legend = element("span", { class: "dlc-faint" }, "thin and grey: before");
  const canvas = element("canvas", { role: "img", ...listeners });
  return {
    part: element("figure", {}, element("figcaption", {}, title, legend), canvas),
    canvas,
    draw(view) {
      tell(title, barsTitle(view));
    },
  };
}

/** Which attribution lies over the picture. */
function layerSection({ attributions }, { change }) {
  const kinds = choice(
    "layer",
    Object.entries(attributions),
    (attribution) => change({ attribution }),
    "what the answer depends on, over the picture",
  );
  const pictures = choice(
    "of",
    ATTRIBUTED,
    (attributed) => change({ attributed }),
    "which picture the layer is computed for",
  );
  const classes = choice(
    "for",
    [],
    (number) => change({ label: Number(number) }),
    "the class that the layer asks about",
  );
  const strength = slider("fade in", [0, 1], 0.01, (fade) => change({ fade }), { name: "Fade in" });
  const [note, legend] = [element("div", { role: "status" }), element("div", { class: "dlc-faint" })];
  const changed = changes();
  return {
    part: element(
      "div",
      { class: "dlc-paint_out-layer" },
      element("div", { class: "dlc-row" }, kinds.line, pictures.line, classes.line),
      element("div", { class: "dlc-row" }, strength.line),
      ...[legend, note],
    ),
    draw(view) {
      const { shown, described, asked } = view;
      if (changed("classes", described, ...shown)) {
        classes.select.replaceChildren(
          ...shown.map((number) => element("option", { value: number }, described.classes[number])),
        );
      }
      show(kinds.select, view.attribution);
      show(pictures.select, view.attributed);
      if (asked !== null) show(classes.select, asked);
      strength.draw(view.fade, percent(view.fade));
      strength.line.hidden = view.attribution === "none";
      tell(legend, layerLegend(view));
      tell(note, layerNote(view));
    },
  };
}
