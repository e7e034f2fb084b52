/**
 * ReceptiveField: a unit deep inside a network is the lamp, what it sees of the picture lies in its light.
 *
 * A cut through all layers stands over the picture, every unit in its place, and beside it a table with the layers'
 * settings and numbers. The model's traits are the state; where the pointer is, only the view knows.
 */

import facts from "dlcourse:receptive_field";
import { clamp } from "../shared/js/bounds.js";
import { float32sIn } from "../shared/js/bytes.js";
import { begin, colourBar, density, frame } from "../shared/js/canvas.js";
import { choice } from "../shared/js/controls.js";
import { ARROWS } from "../shared/js/keys.js";
import { changes, remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { ownPicture } from "../shared/js/own_picture.js";
import { element, pointOn, show, tell } from "../shared/js/page.js";
import { sequential, WINDOW } from "../shared/js/palette.js";
import { stage } from "../shared/js/stage.js";
import { stackCode } from "./code.js";
import { colourOf, dot, drawCut } from "./cut.js";
import { layerTable } from "./layer_table.js";
import { fittedPicture, heatPicture, veil } from "./pictures.js";
import { centreOf, fewestHolding, fullField, hull, influence, stackNodes, unitAt, unitsSeen } from "./reach.js";
import { arithmetic, effectiveWords, lengthOf, readsWords, wordsFor } from "./words.js";

const TRAITS = ["image", "layers", "input_size", "preset", "unit", "effective", "_model", "_slopes"];
const NARROW = 760; // CSS pixels: below, the table stands under the picture
const [LEAST, MOST] = [300, 360]; // the picture's width beside the table
const TALLEST = 400;
const [HEAD, ROW, ROWS] = [24, 26, 8]; // of the table: its title line, a layer's line, and how many are seen at once
const MARGIN = 18; // around the picture, for the padding
const GUTTER = 16; // to the left, for the layers' numbers
const DOTS = 12; // CSS pixels between the middles of what neighbours see; nearer ones would be a fog
/** @type {[number, number]} */
const DRAWING = [96, 96];
const DEEPER = { PageUp: 1, PageDown: -1 };
const PRESET_TITLES = { small: "a small stack", ResNet50: "ResNet50, longest path", "": "your own stack" };

// --- numbers ---------------------------------------------------------------------------------------------------------

/** The preset that a stack is, if it is one. */
function presetOf(layers, size) {
  const text = settingsOf({ layers, size });
  return Object.keys(facts.presets).find((name) => settingsOf(facts.presets[name]) === text) ?? "";
}

function settingsOf({ layers, size }) {
  const settings = ({ kind, kernel, stride, padding, dilation }) => [kind, kernel, stride, padding, dilation];
  return JSON.stringify([size, layers.map(settings)]);
}

/** The unit in the middle of the last layer that still has places. */
function middleOf(nodes) {
  const target = Math.max(
    nodes.findLastIndex(({ jump }) => jump.every((step) => step !== null)),
    1,
  );
  return [target - 1, ...(nodes[target] ?? nodes[0]).size.map((length) => Math.floor(length / 2))];
}

/** The outer product of how much rows and columns count. */
function outer(rows, columns) {
  const values = new Float64Array(rows.length * columns.length);
  rows.forEach((row, i) => {
    if (!row) return;
    columns.forEach((column, j) => {
      values[i * columns.length + j] = row * column;
    });
  });
  return { height: rows.length, width: columns.length, values };
}

// --- the view --------------------------------------------------------------------------------------------------------

/** @param {import("../shared/js/model.js").View} view */
function render({ model, el }) {
  // setup ---------------------------------------------------------------------------------------------------------

  const scene = stage({
    model,
    el,
    name: "receptive_field",
    label: "What a unit of a network sees of the picture",
    traits: TRAITS,
    draw,
    toKeras,
    onReset: () => own.stop(),
    onEnd: () => own.end(),
  });
  const own = ownPicture({
    longest: facts.longest,
    drawing: DRAWING,
    current: () => model.get("image"),
    keep: (image) => write(model, { image }),
    ask: scene.ask,
    complain: scene.complain,
  });
  const preset = choice("Network", [], choosePreset);
  const size = choice("Input", [], (value) => chooseSize(Number(value)));

  const canvas = element("canvas", { tabindex: 0, role: "application", onkeydown: moved });
  const pictureNote = element("figcaption", { class: "dlc-faint" });
  const table = layerTable({ ...facts, change: changeLayer, pick: pickLayer });
  const addConvolution = button("+ Convolution", () => addLayer("convolution"));
  const addPooling = button("+ Pooling", () => addLayer("pooling"));
  const deeper = button("Move up", () => moveLayer(1));
  const shallower = button("Move down", () => moveLayer(-1));
  const remove = button("Remove", removeLayer);
  const editing = element(
    "div",
    { class: "dlc-row" },
    element("span", { class: "dlc-joined" }, addConvolution, addPooling),
    element("span", { class: "dlc-joined" }, deeper, shallower, remove),
  );
  const title = element("b");
  const sums = element("div", { class: "dlc-sums" });
  const effective = element("input", {
    type: "checkbox",
    onchange: () => write(model, { effective: effective.checked }),
  });
  const bar = element("canvas", { "aria-hidden": "true" });
  const legend = element("span", { class: "dlc-row", hidden: true }, "little", bar, "much");
  const countLine = element("p", { class: "dlc-faint" });
  const hint = element(
    "p",
    { class: "dlc-faint" },
    "Try: raise a dilation and look for holes; add a pooling low down and see the beam widen.",
  );
  const panel = element(
    "div",
    { class: "dlc-panel" },
    editing,
    element("div", {}, title, sums),
    element(
      "div",
      {},
      element("div", { class: "dlc-row" }, element("label", {}, effective, "How much each pixel counts"), legend),
      countLine,
    ),
    hint,
  );

  // state ---------------------------------------------------------------------------------------------------------

  let pointed = null; // the unit under the pointer
  let painting = false;
  let shape = null; // where things are on the canvas, since the last drawing

  const changed = changes();
  const stackFor = remember(stackNodes);
  const alongFor = [remember(unitsSeen), remember(unitsSeen)];
  const influenceFor = remember((nodes, target, row, column) =>
    outer(influence(nodes, target, 0, row), influence(nodes, target, 1, column)),
  );
  const slopesFor = remember(({ shape: [height, width], values }) => ({ height, width, values: float32sIn(values) }));
  const fewestFor = remember((plane) => fewestHolding(plane.values, facts.share));
  const pictureFor = remember(fittedPicture);
  const veilFor = remember(veil);
  const heatFor = remember(heatPicture);
  const inkFor = remember(() => getComputedStyle(pictureNote).color); // of what is less important; given the theme

  /** The network, with the layers that can be edited, if they can. */
  function network() {
    if (model.get("preset") === facts.model) return { nodes: model.get("_model").nodes, layers: null };
    const layers = model.get("layers");
    return { nodes: stackFor(layers, model.get("input_size")), layers };
  }

  /** Everything that a drawing needs, from the traits and from what this view knows. */
  function look() {
    const { nodes, layers } = network();
    const { target, unit } = placed(nodes, pointed ?? model.get("unit"));
    const lit = [0, 1].map((axis) => alongFor[axis](nodes, target, axis, unit[axis]));
    const visible = lit.map((marks) => hull(marks[0]));
    const full = [0, 1].map((axis) => fullField(nodes[target], axis, unit[axis]) ?? visible[axis]);
    const counts = model.get("effective") ? counting(nodes, layers, target, unit) : { plane: null, trouble: "" };
    return { nodes, layers, target, unit, lit, visible, full, counts, image: own.image() };
  }

  /** The unit of a trait or of the pointer, inside the network. */
  function placed(nodes, [layer, ...place]) {
    const target = clamp(layer + 1, 0, nodes.length - 1);
    return { target, unit: place.map((at, axis) => clamp(at, 0, nodes[target].size[axis] - 1)) };
  }

  /** How much each pixel counts for the unit; of a model Python tells it, and only for the unit that is chosen. */
  function counting(nodes, layers, target, unit) {
    if (layers) return { plane: influenceFor(nodes, target, ...unit), trouble: "" };
    const slopes = model.get("_slopes");
    const isCurrent = slopes.unit && [target - 1, ...unit].every((at, index) => at === slopes.unit[index]);
    if (!isCurrent) {
      const trouble = pointed ? "Click, and Python computes it here." : "Python computes the gradient …";
      return { plane: null, trouble };
    }
    return slopes.trouble ? { plane: null, trouble: slopes.trouble } : { plane: slopesFor(slopes), trouble: "" };
  }

  // geometry ------------------------------------------------------------------------------------------------------

  function measure({ nodes, layers }) {
    const [rows, columns] = nodes[0].size;
    const narrow = scene.width < NARROW;
    const room = narrow ? Math.min(scene.width, 460) : clamp(scene.width * 0.36, LEAST, MOST);
    const scale = Math.min((room - GUTTER - 2 * MARGIN) / columns, TALLEST / rows);
    const count = layers ? layers.length + 1 : nodes.length; // a layer that does not fit has its line, too
    const pitch = Math.min(ROW, (ROW * ROWS) / count);
    const cut = HEAD + pitch * count;
    const left = GUTTER + (room - GUTTER - columns * scale) / 2;
    const picture = { left, top: cut + MARGIN, width: columns * scale, height: Math.max(rows * scale, 24) };
    const height = picture.top + picture.height + MARGIN;
    shape = { narrow, room, height, scale, down: picture.height / rows, head: HEAD, pitch, cut, count, picture };
  }

  /** The unit under the pointer: of the strip there, or of the chosen layer where it points into the picture. */
  function unitUnder(event, view) {
    const { x, y } = pointOn(event);
    const column = (x - shape.picture.left) / shape.scale - 0.5;
    if (y < HEAD) return null;
    if (y > shape.cut) return unitNear(view.nodes, view.target, [(y - shape.picture.top) / shape.down - 0.5, column]);
    const number = clamp(shape.count - 1 - Math.floor((y - HEAD) / shape.pitch), 0, view.nodes.length - 1);
    const chosen = placed(view.nodes, model.get("unit"));
    const row = centreOf(view.nodes, view.nodes[chosen.target], 0, chosen.unit[0]);
    return unitNear(view.nodes, number || view.target, [row, column]);
  }

  function unitNear(nodes, target, place) {
    return [target - 1, ...place.map((at, axis) => unitAt(nodes, nodes[target], axis, at))];
  }

  // drawing -------------------------------------------------------------------------------------------------------

  function draw() {
    const view = look();
    measure(view);
    drawControls(view);
    drawCanvas(view);
    drawPanel(view);
    scene.say(wordsFor(view), () => canvas.setAttribute("aria-label", describe(view)));
    const { nodes, target, unit, lit, counts } = view;
    return {
      unit: [target - 1, ...unit],
      field: view.visible,
      layers: nodes.map(({ size: units, field, jump, start }) => ({ units, field, jump, start })),
      lit: lit.map((marks) => marks.map(hull)),
      counts: counts.plane && fewestFor(counts.plane),
    };
  }

  function drawControls({ nodes, layers, target, image }) {
    const modelName = model.get("_model").name;
    const names = [...Object.keys(facts.presets), ...(modelName ? [facts.model] : []), ""];
    if (changed("presets", modelName)) {
      const titles = { ...PRESET_TITLES, [facts.model]: `your model: ${modelName}` };
      preset.select.replaceChildren(...names.map((name) => element("option", { value: name }, titles[name] ?? name)));
    }
    show(preset.select, layers ? presetOf(layers, model.get("input_size")) : facts.model);
    size.line.hidden = !layers;
    const [rows, columns] = nodes[0].size;
    if (changed("sizes", rows, columns)) {
      const sizes = facts.sizes.map((length) => [length, `${length} × ${length}`]);
      const isListed = rows === columns && facts.sizes.includes(rows);
      const options = isListed ? sizes : [["", `${rows} × ${columns}`], ...sizes];
      size.select.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
      show(size.select, isListed ? rows : "");
    }
    own.draw();
    editing.hidden = hint.hidden = !layers;
    if (layers) {
      addConvolution.disabled = addPooling.disabled = layers.length >= facts.mostLayers;
      remove.disabled = target === 0;
      deeper.disabled = target === 0 || target >= layers.length;
      shallower.disabled = target <= 1;
    }
    effective.checked = model.get("effective");
    tell(pictureNote, `${image.name}, cut to ${rows} × ${columns} pixels`);
    main.classList.toggle("dlc-narrow", shape.narrow);
    const height = shape.narrow ? 320 : HEAD + ROW * ROWS;
    table.draw({ nodes, layers, target, colours: colourOf, row: ROW, height: height + 1 });
  }

  function drawCanvas(view) {
    const pen = begin(canvas, shape.room, shape.height);
    const [rows, columns] = view.nodes[0].size;
    const style = { theme: scene.theme, ink: inkFor(scene.theme), pixels: pictureFor(view.image, rows, columns) };
    drawCut(pen, view, shape, style);
    drawPicture(pen, view, style.pixels);
  }

  function drawPicture(pen, { nodes, target, unit, lit, full, visible, counts }, pixels) {
    const { left, top, width, height } = shape.picture;
    const x = (at) => left + at * shape.scale;
    const y = (at) => top + at * shape.down;
    pen.imageSmoothingEnabled = false;
    pen.drawImage(pixels, left, top, width, height);
    pen.drawImage(veilFor(lit[0][0], lit[1][0]), left, top, width, height);
    if (counts.plane) pen.drawImage(heatFor(counts.plane, scene.theme.dark), left, top, width, height);
    drawPlaces(pen, nodes, target, x, y);
    if (!full[0] || !full[1]) return;
    pen.save();
    pen.beginPath();
    pen.rect(GUTTER, shape.cut, shape.room - GUTTER, shape.height - shape.cut);
    pen.clip();
    if (full.some((pair, axis) => lengthOf(pair) > lengthOf(visible[axis]))) drawPadding(pen, full, x, y);
    const [rowsSeen, columnsSeen] = full;
    const [wide, high] = [lengthOf(columnsSeen) * shape.scale, lengthOf(rowsSeen) * shape.down];
    frame(pen, x(columnsSeen[0]), y(rowsSeen[0]), wide, high, WINDOW);
    pen.restore();
    const [row, column] = unit.map((at, axis) => centreOf(nodes, nodes[target], axis, at) + 0.5);
    dot(pen, x(column), y(row), 3.5, WINDOW);
  }

  /** What of the field lies beyond the picture's border. */
  function drawPadding(pen, [rowsSeen, columnsSeen], x, y) {
    const { left, top, width, height } = shape.picture;
    pen.save();
    pen.fillStyle = WINDOW;
    pen.globalAlpha = 0.16;
    pen.beginPath();
    pen.rect(0, 0, shape.room, shape.height);
    pen.rect(left, top, width, height);
    pen.clip("evenodd"); // all but the picture
    const [wide, high] = [lengthOf(columnsSeen) * shape.scale, lengthOf(rowsSeen) * shape.down];
    pen.fillRect(x(columnsSeen[0]), y(rowsSeen[0]), wide, high);
    pen.restore();
  }

  /** The middles of what the layer's units see, where they are far enough apart to be told from each other. */
  function drawPlaces(pen, nodes, target, x, y) {
    const node = nodes[target];
    if (node.jump.some((jump) => jump === null || jump * shape.scale < DOTS)) return;
    for (let row = 0; row < node.size[0]; row++) {
      for (let column = 0; column < node.size[1]; column++) {
        const [i, j] = [centreOf(nodes, node, 0, row), centreOf(nodes, node, 1, column)];
        dot(pen, x(j + 0.5), y(i + 0.5), 1.4, "rgb(255 255 255 / 85%)");
      }
    }
  }

  function drawPanel(view) {
    const { nodes, layers, target, counts } = view;
    const node = nodes[target];
    tell(title, target ? `Layer ${target}: ${node.name}` : "No layer yet: add one");
    if (changed("sums", nodes, layers, target)) {
      const lines = layers && target ? arithmetic(nodes[target - 1], node, layers[target - 1]) : [];
      sums.replaceChildren(...lines.flat().map((word) => element("span", {}, word)));
      if (!layers && target) sums.append(element("p", {}, readsWords(nodes, node)));
    }
    legend.hidden = !counts.plane;
    if (counts.plane && changed("legend", scene.theme.dark, density(), counts.plane !== null)) {
      colourBar(begin(bar, 90, 12), 90, 12, sequential(0, 1, scene.theme), 0, 1);
    }
    tell(countLine, effect(view));
  }

  /** In words, how much smaller the effective field is than the theoretical one. */
  function effect(view) {
    const { plane, trouble } = view.counts;
    if (!model.get("effective")) return "Not all that a unit can see counts alike.";
    return plane ? effectiveWords(view, fewestFor(plane), facts.share) : trouble;
  }

  function describe({ nodes }) {
    return (
      `A cut through ${nodes.length - 1} layers over the picture: arrow keys move the unit, with Shift left and ` +
      "right by ten; Shift with up and down, or Page up and Page down, go to the layer above and below; the line " +
      "below tells what it sees"
    );
  }

  function toKeras() {
    const { layers } = network();
    if (layers) return stackCode({ layers, size: model.get("input_size") });
    return "from dlcourse.lens import receptive_fields\n\nreceptive_fields(model)  # your own, with every layer of it";
  }

  // events --------------------------------------------------------------------------------------------------------

  function choosePreset(name) {
    scene.complain("");
    pointed = null;
    if (name === facts.model) write(model, { preset: name, unit: middleOf(model.get("_model").nodes) });
    else if (name) {
      const { layers, size: input_size } = facts.presets[name];
      write(model, { layers, input_size, preset: name, unit: middleOf(stackNodes(layers, input_size)) });
    }
    scene.ask();
  }

  function chooseSize(length) {
    if (length) edit(model.get("layers"), { input_size: [length, length] });
  }

  /**
   * Writes another stack; the unit stays where it is in the picture, as well as it can.
   *
   * @param {import("./reach.js").Layer[]} layers
   * @param {{input_size?: number[], layer?: number}} [also]  `layer`: the one that the unit is to be in
   */
  function edit(layers, { input_size = model.get("input_size"), layer } = {}) {
    const before = network().nodes;
    const { target, unit } = placed(before, model.get("unit"));
    const shares = unit.map((at, axis) => (centreOf(before, before[target], axis, at) + 0.5) / before[0].size[axis]);
    const nodes = stackNodes(layers, input_size);
    const next = clamp((layer ?? target - 1) + 1, 0, nodes.length - 1);
    const places = shares.map((share, axis) => share * nodes[0].size[axis] - 0.5);
    const [, ...place] = unitNear(nodes, next, places);
    write(model, { layers, input_size, preset: presetOf(layers, input_size), unit: [Math.max(next - 1, 0), ...place] });
    scene.ask();
  }

  function changeLayer(index, setting, value) {
    const layer = { ...model.get("layers")[index], [setting]: value };
    let lost = "";
    if (layer.kind === "pooling" && layer.dilation > 1) {
      layer.dilation = 1;
      lost = "Keras' pooling takes no dilation: it is 1 now.";
    } else if (layer.stride > 1 && layer.dilation > 1) {
      const otherSetting = setting === "stride" ? "dilation" : "stride";
      layer[otherSetting] = 1;
      lost = `Keras takes a stride or a dilation, not both: the ${otherSetting} is 1 now.`;
    }
    scene.complain(lost);
    edit(model.get("layers").map((current, at) => (at === index ? layer : current)));
  }

  function chosenLayer() {
    return placed(network().nodes, model.get("unit")).target - 1;
  }

  function addLayer(kind) {
    const layers = [...model.get("layers")];
    const at = chosenLayer() + 1;
    const [kernel, stride, padding] = kind === "pooling" ? [2, 2, "valid"] : [3, 1, "same"];
    layers.splice(at, 0, { kind, kernel, stride, padding, dilation: 1 });
    edit(layers, { layer: at });
  }

  function removeLayer() {
    const at = chosenLayer();
    if (at >= 0)
      edit(
        model.get("layers").filter((_, index) => index !== at),
        { layer: at - 1 },
      );
  }

  function moveLayer(way) {
    const layers = [...model.get("layers")];
    const at = chosenLayer();
    if (at < 0 || !layers[at + way]) return;
    [layers[at], layers[at + way]] = [layers[at + way], layers[at]];
    edit(layers, { layer: at + way });
  }

  function pickLayer(number) {
    const { nodes } = network();
    if (!number || number >= nodes.length) return;
    const { target, unit } = placed(nodes, model.get("unit"));
    const place = unit.map((at, axis) => centreOf(nodes, nodes[target], axis, at));
    pointed = null;
    write(model, { unit: unitNear(nodes, number, place) });
    scene.ask();
  }

  function moved(event) {
    const { nodes } = network();
    const { target, unit } = placed(nodes, model.get("unit"));
    const way = ARROWS[event.key];
    const deep = DEEPER[event.key] ?? (event.shiftKey && way?.[0] ? -way[0] : 0);
    if (!way && !deep) return;
    event.preventDefault();
    if (deep) {
      pickLayer(clamp(target + deep, 1, nodes.length - 1));
      return;
    }
    const distance = event.shiftKey ? 10 : 1;
    pointed = null;
    const place = unit.map((at, axis) => clamp(at + distance * way[axis], 0, nodes[target].size[axis] - 1));
    write(model, { unit: [Math.max(target - 1, 0), ...place] });
    scene.ask();
  }

  function pointing(event) {
    const view = look();
    pointed = unitUnder(event, view);
    if (painting) own.paint(pixelUnder(event), 3.2);
    scene.ask();
  }

  /** The place in the learner's drawing, which the input shows cut. */
  function pixelUnder(event) {
    const { x, y } = pointOn(event);
    const [height, width] = own.image().shape;
    const { left, top, width: across, height: down } = shape.picture;
    const share = Math.min(height / down, width / across);
    const row = height / 2 + (y - top - down / 2) * share;
    return [row, width / 2 + (x - left - across / 2) * share];
  }

  function pressed(event) {
    canvas.setPointerCapture(event.pointerId);
    painting = own.isDrawing() && pointOn(event).y > shape.cut;
    pointing(event);
    if (!painting && pointed) write(model, { unit: pointed.map((at) => Math.max(at, 0)) });
  }

  function released(event) {
    if (painting) own.keepDrawing();
    else if (pointed && event.type === "pointerup") write(model, { unit: pointed.map((at) => Math.max(at, 0)) });
    painting = false;
    if (event.pointerType !== "mouse") leave();
  }

  function leave() {
    pointed = null;
    scene.ask();
  }

  // wiring --------------------------------------------------------------------------------------------------------

  canvas.addEventListener("pointermove", pointing);
  canvas.addEventListener("pointerdown", pressed);
  canvas.addEventListener("pointerup", released);
  canvas.addEventListener("pointercancel", released);
  canvas.addEventListener("pointerleave", leave);
  const main = element(
    "div",
    { class: "dlc-main" },
    element("figure", {}, canvas, pictureNote),
    element("div", { class: "dlc-side" }, table.box, panel),
  );
  own.dropOn(main);
  return scene.finish(
    element(
      "div",
      { class: "dlc-row" },
      preset.line,
      size.line,
      ...own.buttons,
      element("span", { class: "dlc-gap" }),
      scene.buttons,
    ),
    main,
  );
}

function button(text, onclick) {
  return element("button", { type: "button", onclick }, text);
}

export default { render };
