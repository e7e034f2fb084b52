/** What is chosen, what the colours mean, and the list of neighbours. */

import { begin } from "../shared/js/canvas.js";
import { choice, slider } from "../shared/js/controls.js";
import { changes } from "../shared/js/memory.js";
import { element, show, tell } from "../shared/js/page.js";
import { CATEGORIES } from "../shared/js/palette.js";
import { isColoured } from "./picture.js";
import { distanceText, METHOD_NAMES, methodNote, nameOf, sourceNote } from "./words.js";

const [LOOKED_AT, LISTED] = [72, 34]; // the sides of the pictures in the list

/** Which map, and how many neighbours. @param {number} most @param {{method: (name: string) => void, k: (k: number) => void}} choose */
export function choices(most, choose) {
  const method = choice("Map", [], choose.method, "How many dimensions become two");
  const k = slider("Neighbours", [1, most], 1, choose.k, { meaning: "How many of the nearest pictures are shown" });
  const changed = changes();
  return {
    lines: [method.line, k.line],
    draw(view) {
      if (changed("methods", view.methods.join())) {
        method.select.replaceChildren(
          ...view.methods.map((name) => element("option", { value: name }, METHOD_NAMES[name])),
        );
      }
      show(method.select, view.method);
      k.input.max = String(view.mapped.sought);
      k.draw(view.k);
    },
  };
}

/** Nearer, further away, and the whole map. @param {(key: string) => void} press */
export function lenses(press) {
  const keys = [
    ["+", "+", "Nearer"],
    ["-", "−", "Further away"],
    ["0", "Whole map", "The whole map"],
  ];
  return element(
    "span",
    { class: "dlc-joined" },
    ...keys.map(([key, text, label]) =>
      element("button", { type: "button", "aria-label": label, title: label, onclick: () => press(key) }, text),
    ),
  );
}

/** Which colour is which class. */
export function legend() {
  const part = element("div", { class: "dlc-row dlc-picture_map-legend" });
  const changed = changes();
  return {
    part,
    draw({ mapped: { classes } }) {
      if (!changed("classes", classes)) return;
      part.hidden = !isColoured(classes);
      part.replaceChildren(
        ...classes.map((name, number) => {
          const sign = element("span", { class: "dlc-picture_map-sign", "aria-hidden": "true" });
          sign.style.background = CATEGORIES[number];
          return element("span", {}, sign, name);
        }),
      );
    },
  };
}

/** The picture that is looked at, and its neighbours, each of which can be looked at in turn. @param {(index: number) => void} pick */
export function neighbourList(pick) {
  const large = element("canvas", { role: "img" });
  const [name, count] = [element("b"), element("span")];
  const rows = [];
  const list = element("ol", { class: "dlc-picture_map-list dlc-scrolls" });
  const part = element(
    "div",
    { class: "dlc-picture_map-side" },
    element(
      "div",
      { class: "dlc-picture_map-picked" },
      large,
      element("div", { class: "dlc-picture_map-words" }, name, count),
    ),
    list,
  );
  const changed = changes();

  function row() {
    const parts = {
      canvas: element("canvas", { "aria-hidden": "true" }),
      text: element("span"),
      mark: element("b", { "aria-hidden": "true" }),
      kind: element("span", { class: "dlc-unseen" }),
      far: element("span", { class: "dlc-faint" }),
      index: 0,
    };
    const button = element(
      "button",
      { type: "button", onclick: () => pick(parts.index) },
      parts.canvas,
      parts.text,
      parts.mark,
      parts.kind,
      parts.far,
    );
    return { ...parts, parts, root: element("li", {}, button) };
  }

  return {
    part,
    draw(view, thumbnail) {
      if (!changed("list", view.mapped, view.neighbours)) return;
      const { mapped, picked, neighbours, alike } = view;
      while (rows.length < neighbours.length) {
        rows.push(row());
        list.append(rows.at(-1).root);
      }
      drawPicture(large, thumbnail(picked), LOOKED_AT);
      large.setAttribute("aria-label", `The picture that is looked at: ${nameOf(mapped, picked)}`);
      tell(name, nameOf(mapped, picked));
      tell(count, alike === null ? "" : `${alike} of ${neighbours.length} nearest are of its class`);
      rows.forEach(({ root }, place) => {
        root.hidden = place >= neighbours.length;
      });
      neighbours.forEach(({ index, distance, same }, place) => {
        const { canvas, text, mark, kind, far, parts } = rows[place];
        parts.index = index;
        drawPicture(canvas, thumbnail(index), LISTED);
        tell(text, nameOf(mapped, index));
        tell(mark, same === null ? "" : same ? "✓" : "✗");
        tell(kind, same === null ? "" : same ? "same class" : "another class");
        tell(far, distanceText(distance));
      });
    },
  };
}

/** What the map can show, and whose pictures these are. */
export function notes() {
  const lines = [element("div", { class: "dlc-faint" }), element("div", { class: "dlc-faint" })];
  return {
    lines,
    draw(view) {
      tell(lines[0], methodNote(view));
      tell(lines[1], sourceNote(view));
    },
  };
}

function drawPicture(canvas, picture, side) {
  const scale = side / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const pen = begin(canvas, side, side);
  pen.imageSmoothingEnabled = scale < 2;
  pen.drawImage(picture, (side - width) / 2, (side - height) / 2, width, height);
}
