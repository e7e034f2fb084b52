/** A network's layers as a table, the last one on top as in a pile; a stack's settings can be changed in it. */
import { upTo } from "../shared/js/bounds.js";
import { choice } from "../shared/js/controls.js";
import { changes } from "../shared/js/memory.js";
import { element, show, tell } from "../shared/js/page.js";
import { brief } from "../shared/js/words.js";

const TITLES = [
  ["", ""],
  ["layer", ""],
  ["kernel", "how many units of the layer before a unit reads, along each axis"],
  ["stride", "the step from one unit to the next, in units of the layer before"],
  ["padding", "what is put around the layer before: nothing (valid), zeros up to the same size, or so many zeros"],
  ["dilation", "the distance between the units that are read"],
  ["units", "rows × columns of the layer"],
  ["sees", "pixels of the picture from the first to the last that a unit sees, along each axis"],
  ["jump", "pixels from what a unit sees to what its neighbour sees"],
  ["start", "the first pixel that unit 0 sees; below zero it lies in the padding"],
];
const SETTINGS = ["kernel", "stride", "padding", "dilation"];
const ZEROS = [1, 3];

/**
 * @param {{kinds: string[], kernels: number[], strides: number[], dilations: number[],
 *   change: (layer: number, setting: string, value: any) => void, pick: (node: number) => void}} table
 *   `kernels`, `strides`, `dilations`: the smallest and the largest; `pick`: a node is chosen, the input is number 0
 */
export function layerTable({ kinds, kernels, strides, dilations, change, pick }) {
  const head = element("tr", {}, ...TITLES.map(([text, title]) => element("th", { title }, text)));
  const body = element("tbody");
  const table = element("table", {}, element("thead", {}, head), body);
  const box = element("div", { class: "dlc-layers dlc-scrolls" }, table);
  const options = {
    kind: kinds,
    kernel: upTo(...kernels),
    stride: upTo(...strides),
    padding: ["valid", "same", ...upTo(...ZEROS)],
    dilation: upTo(...dilations),
  };
  const changed = changes();
  let rows = []; // for each node, by its number

  /**
   * @param {{nodes: import("./reach.js").Node[], layers: import("./reach.js").Layer[] | null, target: number,
   *   colours: (node: {kind: string}) => string, row: number, height: number}} state
   *   `layers`: of a stack, also those that do not fit; null for a model; `row`: a row's height; `height`: the box's,
   *   beyond which it scrolls
   */
  function draw({ nodes, layers, target, colours, row, height }) {
    const count = layers ? layers.length + 1 : nodes.length;
    table.classList.toggle("dlc-fixed", !layers);
    box.style.setProperty("--dlc-row", `${row}px`);
    box.style.maxHeight = `${height}px`;
    if (changed("rows", count, Boolean(layers))) {
      rows = Array.from({ length: count }, (_, number) => makeRow(number, layers && number > 0));
      body.replaceChildren(...rows.map(({ line }) => line).reverse());
      changed("numbers", null);
      changed("target", null);
    }
    if (changed("numbers", nodes, layers)) {
      rows.forEach((tableRow, number) => fill(tableRow, nodes[number], layers?.[number - 1], colours));
    }
    if (changed("target", target)) {
      rows.forEach(({ line }, number) => line.classList.toggle("dlc-chosen", number === target));
      reveal(rows[target].line);
    }
  }

  function makeRow(number, editable) {
    const button = element(
      "button",
      { type: "button", "aria-label": number ? `Look from layer ${number}` : "The input", onclick: () => pick(number) },
      number || "",
    );
    const chip = element("i", { class: "dlc-chip" });
    const name = element("span");
    const keys = editable ? ["kind", ...SETTINGS] : [];
    const selects = Object.fromEntries(keys.map((key) => [key, selectFor(number, key)]));
    const numbers = Array.from({ length: 4 }, () => element("td", { class: "dlc-number" }));
    const settings = SETTINGS.map((key) => element("td", {}, ...(selects[key] ? [selects[key]] : [])));
    const line = element(
      "tr",
      { onclick: (event) => event.target.closest("select, button") || pick(number) },
      element("td", {}, button),
      element("td", {}, element("span", { class: "dlc-kind" }, chip, selects.kind ?? name)),
      ...settings,
      ...numbers,
    );
    return { line, chip, name, selects, numbers, button };
  }

  function selectFor(number, key) {
    const { select } = choice("", options[key], (value) => {
      change(number - 1, key, key === "kind" || ["valid", "same"].includes(value) ? value : Number(value));
    });
    select.setAttribute("aria-label", `${key[0].toUpperCase()}${key.slice(1)} of layer ${number}`);
    return select;
  }

  function fill({ line, chip, name, selects, numbers, button }, node, layer, colours) {
    line.classList.toggle("dlc-unfit", !node);
    button.disabled = !node;
    chip.style.background = colours(node ?? layer);
    if (!layer) {
      tell(name, node.name);
      name.title = `${node.name} (${node.kind})`;
    } else {
      for (const [key, select] of Object.entries(selects)) {
        if (!options[key].includes(layer[key])) addOption(select, layer[key]);
        show(select, layer[key]);
      }
      selects.dilation.disabled = layer.kind === "pooling";
    }
    const texts = node ? numbersOf(node) : ["does not fit", "", "", ""];
    numbers.forEach((cell, index) => tell(cell, texts[index]));
  }

  /** A setting from Python that the list lacks. */
  function addOption(select, value) {
    if (Array.from(select.options).some((option) => option.value === String(value))) return;
    select.append(element("option", { value }, value));
  }

  /** Scrolls the box, and never the page, so that a row is seen. */
  function reveal(line) {
    const above = line.offsetTop - head.offsetHeight;
    const below = line.offsetTop + line.offsetHeight - box.clientHeight;
    if (box.scrollTop > above) box.scrollTop = above;
    else if (box.scrollTop < below) box.scrollTop = below;
  }

  return { box, draw };
}

/** Units, what a unit sees, jump and start, for reading: one number where rows and columns agree. */
function numbersOf({ size, field, jump, start }) {
  const whole = jump.every((step) => step === null);
  return [
    size.join(" × "),
    whole ? "all" : together(field.map((length, axis) => (jump[axis] === null ? "all" : length))),
    whole ? "–" : together(jump),
    whole ? "–" : together(start),
  ];
}

function together([rows, columns]) {
  return rows === columns ? place(columns) : `${place(rows)}, ${place(columns)}`;
}

/** A reach or a place; there is none where a unit sees all. */
function place(value) {
  if (value === null) return "–";
  return value === "all" ? value : brief(value);
}
