/** All that stands on the page: the strip of layers, the picture, the maps, and the words between them. */
import { clamp } from "../shared/js/bounds.js";
import { changes } from "../shared/js/memory.js";
import { element, press, tell } from "../shared/js/page.js";
import { shown } from "../shared/js/words.js";
import {
  canvasLabels,
  legendText,
  makingTitle,
  mapsTitle,
  networkNote,
  pageTitle,
  pictureHint,
  pictureTitle,
} from "./words.js";

const MAPS_LABEL =
  "The maps of the layer. Arrow keys choose a map, with Shift they move the place in it; " +
  "the line below says what is there";

/**
 * @param {{chooseLayer: (number: number) => void, turnPage: (way: number) => void, picture: Object, tiles: Object}} on
 *   what is called; `picture`, `tiles`: the listeners of the two canvases
 */
export function controls(on) {
  const sections = [layerStrip(on.chooseLayer), pictureFigure(on.picture), mapsFigure(on), makingSection()];
  const [layers, picture, maps, making] = sections;
  const note = element("div", { class: "dlc-faint" });
  return {
    layers: layers.part,
    parts: element("div", { class: "dlc-feature_maps-parts" }, picture.part, maps.part),
    making: making.part,
    note,
    canvases: { picture: picture.canvas, ...maps.canvases, making: making.canvas },
    /** Shows a view, without what is drawn. */
    draw(view) {
      for (const section of sections) section.draw(view);
      tell(note, networkNote(view));
      note.hidden = !note.textContent;
    },
    /** Tells screen readers what the canvases show. */
    describe(view) {
      const labels = canvasLabels(view);
      picture.canvas.setAttribute("aria-label", labels.picture);
      making.canvas.setAttribute("aria-label", labels.making);
    },
    /** The colours of ordinary and of faint letters. */
    inks: () => ({ ink: getComputedStyle(maps.part).color, faint: getComputedStyle(picture.hint).color }),
  };
}

/** A button for each layer; arrow keys go from one to the next. */
function layerStrip(choose) {
  const attributes = { class: "dlc-feature_maps-layers dlc-scrolls", role: "group", "aria-label": "Layers" };
  const part = element("div", attributes);
  const changed = changes();

  function button({ name, layer, shape }, number) {
    return element(
      "button",
      { type: "button", onclick: () => choose(number), onkeydown: (event) => step(event, number), title: layer },
      element("span", {}, number === 0 ? "picture" : name),
      element("span", { class: "dlc-feature_maps-shape" }, `${layer} ${shape.join("×")}`),
    );
  }

  function step(event, number) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const next = clamp(number + way, 0, part.children.length - 1);
    part.children[next].focus();
    choose(next);
  }

  function draw({ described, index }) {
    if (changed("layers", described)) part.replaceChildren(...described.layers.map(button));
    Array.from(part.children).forEach((layer, number) => press(layer, number === index));
    if (!changed("chosen", described, index)) return;
    const chosen = part.children[index]; // not scrollIntoView: it would move the whole notebook
    part.scrollLeft = chosen.offsetLeft - part.offsetLeft - (part.clientWidth - chosen.offsetWidth) / 2;
  }

  return { part, draw };
}

function pictureFigure(listeners) {
  const title = element("figcaption");
  const canvas = element("canvas", { tabindex: -1, role: "img", ...listeners });
  const hint = element("div", { class: "dlc-faint dlc-feature_maps-hint" });
  return {
    part: element("figure", {}, title, canvas, hint),
    canvas,
    hint,
    draw(view) {
      tell(title, pictureTitle(view));
      tell(hint, pictureHint(view));
      canvas.tabIndex = view.drawing ? 0 : -1;
      canvas.classList.toggle("dlc-feature_maps-drawn", view.drawing);
    },
  };
}

function mapsFigure({ turnPage, tiles: listeners }) {
  const title = element("span");
  const before = element("button", { type: "button", onclick: () => turnPage(-1) }, "‹");
  const after = element("button", { type: "button", onclick: () => turnPage(1) }, "›");
  const page = element("span", { class: "dlc-faint" });
  const pager = element("span", { class: "dlc-row" }, before, page, after);
  const tiles = element("canvas", { tabindex: 0, role: "application", "aria-label": MAPS_LABEL, ...listeners });
  const legend = mapsLegend();
  return {
    part: element(
      "figure",
      { class: "dlc-feature_maps-maps" },
      element("figcaption", {}, title, pager),
      tiles,
      legend.part,
    ),
    canvases: { tiles, bar: legend.bar },
    draw(view) {
      const count = view.sizes[2];
      tell(title, mapsTitle(view));
      tell(page, pageTitle(view));
      pager.hidden = count <= view.pageSize;
      before.disabled = view.first === 0;
      after.disabled = view.last === count;
      legend.draw(view);
    },
  };
}

function mapsLegend() {
  const [low, high] = [element("span"), element("span")];
  const bar = element("canvas", { "aria-hidden": "true" });
  const meaning = element("span", { class: "dlc-faint" });
  const pieces = [low, bar, high, meaning];
  return {
    part: element("div", { class: "dlc-feature_maps-legend" }, ...pieces),
    bar,
    draw(view) {
      for (const piece of pieces) piece.hidden = !view.numbers;
      if (!view.numbers) return;
      tell(low, shown(view.range.low));
      tell(high, shown(view.range.high));
      tell(meaning, legendText(view));
    },
  };
}

function makingSection() {
  const title = element("b");
  const canvas = element("canvas", { role: "img" });
  const part = element(
    "div",
    { class: "dlc-feature_maps-making" },
    title,
    element("div", { class: "dlc-scrolls" }, canvas),
  );
  return {
    part,
    canvas,
    draw(view) {
      part.hidden = !view.making;
      if (view.making) tell(title, makingTitle(view));
    },
  };
}
