/**
 * Kernels: a window slides over a picture, and what it does there is written out.
 *
 * The model's traits are the state; what only one view knows (where the pointer is, what the camera sees, whether a
 * drawing is being made) stays in the view and is never written.
 */

import facts from "dlcourse:kernels";
import { clamp, upTo } from "../shared/js/bounds.js";
import { begin, bitmap, colourBar, density, frame, numberGrid, numberSize } from "../shared/js/canvas.js";
import { choice } from "../shared/js/controls.js";
import { convolve, outputSize, paddingAmounts, span, windowAt } from "../shared/js/convolution.js";
import { ARROWS } from "../shared/js/keys.js";
import { changes, remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { numberField, showNumber } from "../shared/js/number_field.js";
import { ownPicture } from "../shared/js/own_picture.js";
import { element, press, show, tell } from "../shared/js/page.js";
import { brightness, css, diverging, inkOn, WINDOW } from "../shared/js/palette.js";
import { planeOf } from "../shared/js/pictures.js";
import { stage } from "../shared/js/stage.js";
import { shown } from "../shared/js/words.js";
import { kerasCode } from "./code.js";

const SETTINGS = ["kernel", "bias", "stride", "dilation", "padding", "relu", "channel"];
const TRAITS = [...SETTINGS, "image", "position", "filter", "input_channel", "_layer"];
const TINTS = { grey: "#ffffff", red: "#ff5a50", green: "#5ae66e", blue: "#6ea0ff" };
const NARROW = 560; // CSS pixels: below, the two pictures stand one above the other
const TALLEST = 380;
const SIGNS = 62; // × and = with the room around them
const ANSWER = 190; // sum, bias and output to the right of the grids
const DRAWING = [80, 120];

// --- numbers ---------------------------------------------------------------------------------------------------------

function arithmetic(model) {
  return { stride: model.get("stride"), dilation: model.get("dilation"), padding: model.get("padding") };
}

/** The preset that a kernel is, if it is one. */
function presetOf(kernel) {
  const same = (rows) => rows?.every((row, i) => row.every((weight, j) => weight === kernel[i][j]));
  return Object.keys(facts.presets).find((name) => same(facts.presets[name][kernel.length])) ?? "";
}

/** The kernel at another size: the same preset, or what there is around the same centre. */
function resized(kernel, size) {
  const name = presetOf(kernel);
  if (name && size > 1) return facts.presets[name][size];
  const shift = (size - kernel.length) / 2;
  return table(size, (i, j) => kernel[i - shift]?.[j - shift] ?? 0);
}

function random(size) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return table(size, () => Math.round(normal() * 100) / 100);
}

function table(size, weight) {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => weight(i, j)));
}

/** Where 99 of 100 values lie within: the reach of the colours, so that a few bright edges do not pale the rest. */
function reachOf(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  if (most === 0) return 1;
  const counts = new Uint32Array(1000);
  for (const value of values) counts[Math.min(999, Math.floor((Math.abs(value) / most) * 1000))]++;
  let seen = 0;
  const bin = counts.findIndex((count) => {
    seen += count;
    return seen >= 0.99 * values.length;
  });
  return ((bin + 1) / 1000) * most;
}

/** Whether a kernel leaves the brightness as it is, so that its output is a picture again. */
function keepsBrightness(kernel) {
  return Math.abs(kernel.flat().reduce((sum, weight) => sum + weight, 0) - 1) < 0.05;
}

// --- the view --------------------------------------------------------------------------------------------------------

function render({ model, el }) {
  // setup ---------------------------------------------------------------------------------------------------------

  const scene = stage({
    model,
    el,
    name: "kernels",
    label: "Kernels: a convolution by eye and by hand",
    traits: TRAITS,
    draw,
    toKeras,
    onReset: () => own.stop(),
    onEnd: () => own.end(),
  });
  const { root } = scene;
  const own = ownPicture({
    longest: facts.longest,
    drawing: DRAWING,
    current: () => model.get("image"),
    keep: (image) => write(model, { image }),
    ask: scene.ask,
    complain: scene.complain,
  });
  const channelButtons = facts.channels.map((channel) =>
    element("button", { type: "button", onclick: () => write(model, { channel }) }, channel),
  );
  const channels = element("span", { class: "dlc-joined", role: "group", "aria-label": "Channel" }, ...channelButtons);

  const pictureSize = element("span", { class: "dlc-faint" });
  const pictureName = element("span");
  const picture = element("canvas", { tabindex: 0, role: "application", onkeydown: moved });
  const pictureHint = element("div", { class: "dlc-kernels-legend dlc-faint" });
  const outputSizeLine = element("span", { class: "dlc-faint" });
  const output = element("canvas", { role: "img" });
  const bar = element("canvas", { "aria-hidden": "true" });
  const [low, high] = [element("span"), element("span")];
  const legendNote = element("span", { class: "dlc-faint" });
  const pictures = element(
    "div",
    { class: "dlc-kernels-pictures" },
    element("figure", {}, element("figcaption", {}, pictureName, pictureSize), picture, pictureHint),
    element(
      "figure",
      {},
      element("figcaption", {}, "Output", outputSizeLine),
      output,
      element("div", { class: "dlc-kernels-legend" }, low, bar, high, legendNote),
    ),
  );

  const presetNames = ["", ...Object.keys(facts.presets), "random"].map((name) => [name, name || "your own"]);
  const preset = choice("Kernel", presetNames, choosePreset);
  const sizes = choice(
    "Size",
    facts.sizes.map((size) => [size, `${size} × ${size}`]),
    (size) => writeInPlace({ kernel: resized(model.get("kernel"), Number(size)) }),
  );
  const stride = choice("Stride", upTo(...facts.strides), (value) => chooseStep("stride", Number(value)));
  const dilation = choice("Dilation", upTo(...facts.dilations), (value) => chooseStep("dilation", Number(value)));
  const padding = choice(
    "Padding",
    [
      ["valid", "valid"],
      ["same", "same (zeros)"],
    ],
    (value) => writeInPlace({ padding: value }),
  );
  const relu = element("input", { type: "checkbox", onchange: () => write(model, { relu: relu.checked }) });

  const patch = element("canvas", { role: "img" });
  const group = { class: "dlc-kernels-weights", role: "group", "aria-label": "Weights of the kernel" };
  const weights = element("div", group);
  const products = element("canvas", { role: "img" });
  const sumOutput = element("span", { class: "dlc-number" });
  const bias = numberField({
    current: () => model.get("bias"),
    change: (value) => write(model, { bias: value }),
    refuse: scene.complain,
  });
  const reluLine = element("span");
  const result = element("span", { class: "dlc-number dlc-result", style: `border-color: ${WINDOW}` });
  const answerPart = element(
    "div",
    { class: "dlc-kernels-answer" },
    element("div", {}, element("span", {}, "→ their sum"), sumOutput),
    element("label", {}, "+ bias", bias),
    element("div", {}, reluLine, result),
  );
  const sum = element(
    "div",
    { class: "dlc-kernels-sum" },
    titled("Window", patch),
    element("span", { class: "dlc-sign" }, "×"),
    titled("Kernel", weights),
    element("span", { class: "dlc-sign" }, "="),
    titled("Products", products),
    answerPart,
  );

  const layerName = element("b");
  const filter = choice("filter", [], (value) => chooseOfLayer({ filter: Number(value) }));
  const inputChannel = choice("input channel", [], (value) => chooseOfLayer({ input_channel: Number(value) }));
  const layerNote = element("span", { class: "dlc-faint" });
  const strip = element("canvas", { role: "img", onclick: clickedStrip });
  const layerPart = element(
    "div",
    { class: "dlc-kernels-layer", hidden: true },
    element("div", { class: "dlc-row" }, layerName, filter.line, inputChannel.line, layerNote),
    strip,
  );

  // state ---------------------------------------------------------------------------------------------------------

  let pointed = null; // the output element under the pointer, while it is over a picture
  let painting = false;
  let shape = { width: 0, scale: 1, cell: 40, beside: true };

  const changed = changes();
  const planeFor = remember(planeOf);
  const sumsFor = remember((plane, kernel, offset, step, spread, zeros) =>
    convolve(plane, kernel, offset, { stride: step, dilation: spread, padding: zeros }),
  );
  const reachFor = remember((sums) => reachOf(sums.values));
  const planePicture = remember((plane, channel) => bitmap(plane, brightness(TINTS[channel])));
  const sumsPicture = remember((sums, rectified, tint, reach, dark) => {
    const scale = tint ? brightness(tint) : diverging(reach, { dark });
    return bitmap(sums, scale, rectified ? 0 : undefined);
  });

  /** Everything that a drawing needs, from the traits and from what this view knows. */
  function look() {
    const image = own.image();
    const kernel = model.get("kernel");
    const settings = arithmetic(model);
    const channel = image.shape[2] === 1 ? "grey" : model.get("channel");
    const plane = planeFor(image, channel);
    const height = outputSize(plane.height, kernel.length, settings);
    const width = outputSize(plane.width, kernel.length, settings);
    const [above, below] = paddingAmounts(plane.height, kernel.length, settings);
    const [left, right] = paddingAmounts(plane.width, kernel.length, settings);
    const base = { image, kernel, settings, channel, plane, above, left, height, width };
    base.framed = { height: plane.height + above + below, width: plane.width + left + right };
    base.reach = span(kernel.length, settings.dilation);
    if (!height || !width) return { ...base, fits: false };
    const offset = model.get("bias");
    const sums = sumsFor(plane, kernel, offset, settings.stride, settings.dilation, settings.padding);
    const [row, column] = pointed ?? model.get("position");
    const position = [clamp(row, 0, height - 1), clamp(column, 0, width - 1)];
    const answer = sums.values[position[0] * width + position[1]];
    const rectified = model.get("relu");
    const tint = keepsBrightness(kernel) ? TINTS[channel] : null;
    const colours = tint ? 1 : reachFor(sums);
    const taps = windowAt(plane, kernel, settings, position);
    const value = rectified ? Math.max(answer, 0) : answer;
    return { ...base, fits: true, sums, position, answer, value, rectified, tint, colours, taps, offset };
  }

  // geometry ------------------------------------------------------------------------------------------------------

  function measure({ framed, kernel }) {
    const whole = scene.width;
    const column = whole < NARROW ? whole : (whole - 20) / 2;
    const scale = Math.min(column / framed.width, TALLEST / framed.height);
    const size = kernel.length;
    const comfortable = size <= 3 ? 50 : size <= 5 ? 42 : 34;
    const fitting = Math.floor((whole - SIGNS) / (3 * size));
    const withAnswer = Math.floor((whole - SIGNS - ANSWER) / (3 * size));
    const alone = Math.floor(whole / size); // where three grids do not fit side by side, each has a line
    const beside = withAnswer >= 32;
    const possible = beside ? withAnswer : fitting >= 28 ? fitting : alone;
    shape = { width: whole, scale, beside, cell: Math.min(comfortable, possible) };
  }

  /** The output element whose window lies around a point of the picture. */
  function under(event, canvas, seen) {
    const box = canvas.getBoundingClientRect();
    const x = (event.clientX - box.left) / shape.scale;
    const y = (event.clientY - box.top) / shape.scale;
    if (canvas === output) {
      const row = y - (seen.framed.height - seen.height) / 2;
      const column = x - (seen.framed.width - seen.width) / 2;
      return [clamp(Math.floor(row), 0, seen.height - 1), clamp(Math.floor(column), 0, seen.width - 1)];
    }
    const half = seen.reach / 2;
    return [
      clamp(Math.round((y - half) / seen.settings.stride), 0, seen.height - 1),
      clamp(Math.round((x - half) / seen.settings.stride), 0, seen.width - 1),
    ];
  }

  // drawing -------------------------------------------------------------------------------------------------------

  function draw() {
    const seen = look();
    measure(seen);
    drawControls(seen);
    drawLayer();
    drawPicture(seen);
    drawOutput(seen);
    sum.hidden = !seen.fits;
    if (seen.fits) drawSum(seen);
    scene.say(words(seen), () => describe(seen));
    root.dataset.value = seen.fits ? seen.value : "";
    return seen.fits ? { ...seen.sums, rectified: seen.rectified } : null;
  }

  function drawControls({ kernel, settings, channel, image }) {
    tell(preset.select.options[0], model.get("_layer").shape ? "learned, or your own" : "your own");
    show(preset.select, presetOf(kernel));
    show(sizes.select, kernel.length);
    show(stride.select, settings.stride);
    show(dilation.select, settings.dilation);
    show(padding.select, settings.padding);
    relu.checked = model.get("relu");
    channels.hidden = image.shape[2] === 1;
    channelButtons.forEach((button) => press(button, button.textContent === channel));
    own.draw();
  }

  function drawPicture(seen) {
    const { scale } = shape;
    const { framed, plane, above, left } = seen;
    const { stride, dilation, padding } = seen.settings;
    const lies = [seen.fits, seen.position?.[0], seen.position?.[1], seen.kernel.length, stride, dilation, padding];
    if (!changed("picture", plane, seen.channel, scale, density(), own.isDrawing(), ...lies)) return;
    const pen = begin(picture, framed.width * scale, framed.height * scale);
    pen.fillStyle = "black"; // the zeros around
    pen.fillRect(0, 0, framed.width * scale, framed.height * scale);
    pen.imageSmoothingEnabled = false;
    const place = [left * scale, above * scale, plane.width * scale, plane.height * scale];
    pen.drawImage(planePicture(plane, seen.channel), ...place);
    if (framed.width > plane.width || framed.height > plane.height) {
      pen.setLineDash([4, 4]);
      pen.strokeStyle = "white";
      pen.lineWidth = 1;
      pen.strokeRect(...place);
      pen.setLineDash([]);
    }
    tell(pictureName, `Picture: ${seen.image.name}${seen.channel === "grey" ? "" : `, ${seen.channel}`}`);
    const around = padding === "same" ? ", zeros around" : "";
    tell(pictureSize, `${plane.height} × ${plane.width}${around}`);
    const brush = "Draw with the pointer, or with the space bar at the window.";
    tell(pictureHint, own.isDrawing() ? brush : "Point to look, click to stay; arrow keys move the window.");
    if (!seen.fits) return;
    const [x, y] = [seen.position[1] * stride * scale, seen.position[0] * stride * scale];
    const side = seen.reach * scale;
    guides(pen, x + side / 2, y + side / 2, framed.width * scale, framed.height * scale, side / 2 + 7);
    frame(pen, x - 1, y - 1, side + 2, side + 2, WINDOW);
    if (dilation > 1) {
      pen.fillStyle = WINDOW;
      const dot = Math.max(2, scale * 0.8);
      for (let i = 0; i < seen.kernel.length; i++) {
        for (let j = 0; j < seen.kernel.length; j++) {
          const middle = [(j * dilation + 0.5) * scale, (i * dilation + 0.5) * scale];
          pen.fillRect(x + middle[0] - dot / 2, y + middle[1] - dot / 2, dot, dot);
        }
      }
    }
  }

  function drawOutput(seen) {
    const { scale } = shape;
    const { framed, height, width } = seen;
    const pen = begin(output, framed.width * scale, framed.height * scale);
    pen.strokeStyle = scene.theme.line;
    pen.lineWidth = 1;
    pen.setLineDash([3, 3]);
    pen.strokeRect(0.5, 0.5, framed.width * scale - 1, framed.height * scale - 1);
    pen.setLineDash([]);
    tell(outputSizeLine, `${height} × ${width}`);
    bar.hidden = low.hidden = high.hidden = legendNote.hidden = !seen.fits;
    if (!seen.fits) return;
    const origin = [((framed.width - width) / 2) * scale, ((framed.height - height) / 2) * scale];
    const seenColours = sumsPicture(seen.sums, seen.rectified, seen.tint, seen.colours, scene.theme.dark);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(seenColours, ...origin, width * scale, height * scale);
    const [x, y] = [origin[0] + seen.position[1] * scale, origin[1] + seen.position[0] * scale];
    guides(pen, x + scale / 2, y + scale / 2, framed.width * scale, framed.height * scale, scale / 2 + 9);
    frame(pen, x - 3, y - 3, scale + 6, scale + 6, WINDOW);
    drawLegend(seen);
  }

  /** Thin lines to the borders, so that a small window is found at once. */
  function guides(pen, x, y, width, height, free) {
    for (const [colour, thick, alpha] of [
      ["white", 2, 0.4],
      [WINDOW, 1, 0.65],
    ]) {
      pen.globalAlpha = alpha;
      pen.strokeStyle = colour;
      pen.lineWidth = thick;
      pen.beginPath();
      for (const [from, to] of [
        [
          [0, y],
          [x - free, y],
        ],
        [
          [x + free, y],
          [width, y],
        ],
        [
          [x, 0],
          [x, y - free],
        ],
        [
          [x, y + free],
          [x, height],
        ],
      ]) {
        pen.moveTo(...from);
        pen.lineTo(...to);
      }
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  function drawLegend({ tint, colours, rectified }) {
    const width = Math.min(140, shape.width / 3);
    const scale = tint ? brightness(tint) : diverging(colours, scene.theme);
    const from = tint || rectified ? 0 : -colours;
    colourBar(begin(bar, width, 12), width, 12, scale, from, colours);
    tell(low, shown(from));
    tell(high, shown(colours));
    tell(legendNote, tint ? "brightness" : rectified ? "negative became 0" : "blue is negative");
  }

  function drawSum(seen) {
    const { cell } = shape;
    const size = seen.kernel.length;
    const side = size * cell;
    const strongest = Math.max(...seen.kernel.flat().map(Math.abs)) || 1;
    const faded = seen.taps.map((tap) => !tap.inside);
    const grid = { columns: size, cell, faded, font: scene.theme.font };
    const values = seen.taps.map((tap) => tap.value);
    numberGrid(begin(patch, side, side), { ...grid, values, scale: brightness(TINTS[seen.channel]) });
    const made = seen.taps.map((tap) => tap.product);
    const pen = begin(products, side, side);
    numberGrid(pen, { ...grid, values: made, scale: diverging(Math.max(strongest, 1e-9), scene.theme) });
    patch.style.boxShadow = `0 0 0 2.5px ${WINDOW}`;
    drawWeights(seen.kernel, strongest);
    answerPart.classList.toggle("dlc-below", !shape.beside);
    tell(sumOutput, shown(seen.answer - seen.offset));
    showNumber(bias, seen.offset);
    tell(reluLine, seen.rectified ? "ReLU → output" : "= output");
    const scale = seen.tint ? brightness(seen.tint) : diverging(seen.colours, scene.theme);
    const colour = scale(seen.value);
    tell(result, shown(seen.value));
    result.style.background = css(colour);
    result.style.color = inkOn(colour);
  }

  function drawWeights(kernel, strongest) {
    const size = kernel.length;
    if (weights.childElementCount !== size * size) weights.replaceChildren(...kernel.flatMap(weightInputs));
    weights.style.gridTemplate = `repeat(${size}, ${shape.cell - 1}px) / repeat(${size}, ${shape.cell - 1}px)`;
    weights.style.fontSize = `${numberSize(shape.cell)}px`;
    const scale = diverging(strongest, scene.theme);
    kernel.flat().forEach((weight, index) => {
      const input = weights.children[index];
      showNumber(input, weight);
      const colour = scale(weight);
      input.style.background = css(colour);
      input.style.color = inkOn(colour);
    });
  }

  function weightInputs(row, i) {
    return row.map((_, j) => {
      const label = `Weight in row ${i + 1}, column ${j + 1}`;
      const change = (value) =>
        write(model, { kernel: table(row.length, (r, c) => (r === i && c === j ? value : model.get("kernel")[r][c])) });
      const current = () => model.get("kernel")[i][j];
      return numberField({ label, current, change, refuse: scene.complain });
    });
  }

  function drawLayer() {
    const layer = model.get("_layer");
    layerPart.hidden = !layer.shape;
    if (!layer.shape) return;
    const [, , inputs, filters] = layer.shape;
    tell(layerName, `Layer ${layer.name}`);
    for (const [{ select }, count, value] of [
      [filter, filters, model.get("filter")],
      [inputChannel, inputs, model.get("input_channel")],
    ]) {
      if (select.childElementCount !== count) {
        const numbers = Array.from({ length: count }, (_, index) => index);
        select.replaceChildren(...numbers.map((index) => element("option", { value: index }, index)));
      }
      show(select, value);
    }
    const [allInputs, allFilters] = layer.of;
    const cut = allInputs > inputs || allFilters > filters;
    tell(layerNote, cut ? `the first of ${allFilters} filters and ${allInputs} channels` : "");
    const chosen = [model.get("filter"), model.get("input_channel")];
    if (changed("strip", layer, ...chosen, shape.width, scene.theme, density())) drawStrip(layer);
  }

  function drawStrip(layer) {
    const [size, , , filters] = layer.shape;
    const { tile, perRow } = tiling(layer);
    const pen = begin(strip, perRow * tile, Math.ceil(filters / perRow) * tile);
    pen.imageSmoothingEnabled = false;
    strip.setAttribute("aria-label", `The ${filters} filters of the layer; choose one from the list above`);
    for (let index = 0; index < filters; index++) {
      const kernel = ofLayer(layer, model.get("input_channel"), index).kernel.flat();
      const scale = diverging(Math.max(...kernel.map(Math.abs)) || 1, scene.theme);
      const [x, y] = [(index % perRow) * tile + 4, Math.floor(index / perRow) * tile + 4];
      pen.drawImage(bitmap({ height: size, width: size, values: kernel }, scale), x, y, tile - 8, tile - 8);
      if (index === model.get("filter")) frame(pen, x, y, tile - 8, tile - 8, WINDOW);
    }
  }

  function tiling(layer) {
    const tile = layer.shape[0] <= 3 ? 34 : 44;
    return { tile, perRow: Math.max(1, Math.min(layer.shape[3], Math.floor(shape.width / tile))) };
  }

  /** For screen readers, what the canvases show. */
  function describe({ fits, taps, height, width }) {
    output.setAttribute("aria-label", fits ? `The output, ${height} × ${width}` : "No output");
    if (!fits) return;
    patch.setAttribute("aria-label", `Values under the window: ${taps.map((tap) => shown(tap.value)).join(", ")}`);
    products.setAttribute("aria-label", `Products: ${taps.map((tap) => shown(tap.product)).join(", ")}`);
  }

  function words(seen) {
    const size = seen.kernel.length;
    if (!seen.fits) {
      const wide = seen.settings.dilation > 1 ? `, spread over ${seen.reach},` : "";
      return (
        `A kernel of ${size} × ${size}${wide} does not fit into a picture of ${seen.plane.height} × ` +
        `${seen.plane.width}: take a smaller one, or padding "same".`
      );
    }
    const [row, column] = seen.position;
    const place = `Row ${row}, column ${column}: the products sum to ${shown(seen.answer - seen.offset)}`;
    const after = [];
    if (seen.offset) after.push(`with the bias it is ${shown(seen.answer)}`);
    if (seen.rectified && seen.answer < 0) after.push("ReLU makes it 0");
    return `${[place, ...after].join(", ")}. ${meaning(seen)}`;
  }

  function meaning({ tint, answer, colours, taps }) {
    if (tint) {
      const middle = taps[(taps.length - 1) / 2].value;
      return `In the middle the picture has ${shown(middle)}.`;
    }
    const strength = answer / colours;
    if (Math.abs(strength) < 0.1) return "Nearly nothing: under the window is not what this kernel looks for.";
    const much = Math.abs(strength) > 0.6 ? "A strong answer" : "Some answer";
    return strength > 0
      ? `${much}: bright where the kernel is orange, dark where it is blue.`
      : `${much}, below zero: dark where the kernel is orange, bright where it is blue.`;
  }

  function toKeras() {
    const { image, kernel, channel, settings } = look();
    const known = facts.photographs.includes(image.name);
    return kerasCode({ image, known, kernel, channel, ...settings, bias: model.get("bias"), relu: model.get("relu") });
  }

  // events --------------------------------------------------------------------------------------------------------

  function choosePreset(name) {
    const size = Math.max(model.get("kernel").length, 3);
    if (name) writeInPlace({ kernel: name === "random" ? random(size) : facts.presets[name][size] });
    scene.ask();
  }

  function chooseStep(name, value) {
    const other = name === "stride" ? "dilation" : "stride";
    const lost = value > 1 && model.get(other) > 1;
    scene.complain(lost ? `Keras takes a stride or a dilation, not both: the ${other} is 1 now.` : "");
    writeInPlace(lost ? { [name]: value, [other]: 1 } : { [name]: value });
  }

  /** Writes what changes the output's size, and keeps the window where it is in the picture. */
  function writeInPlace(changes) {
    const before = look();
    write(model, changes);
    const after = look();
    if (!before.fits || !after.fits) return;
    const first = middleOf({ ...after, position: [0, 0] });
    const last = [after.height - 1, after.width - 1];
    const place = (at, axis) => clamp(Math.round((at - first[axis]) / after.settings.stride), 0, last[axis]);
    write(model, { position: middleOf(before).map(place) });
  }

  function chooseOfLayer(which) {
    const chosen = { filter: model.get("filter"), input_channel: model.get("input_channel"), ...which };
    const layer = model.get("_layer");
    const changes = { ...chosen, ...ofLayer(layer, chosen.input_channel, chosen.filter) };
    if (layer.colours) changes.channel = facts.channels[1 + chosen.input_channel];
    write(model, changes);
  }

  function ofLayer({ shape: [size, , inputs, filters], weights: all, biases }, input, number) {
    const at = (view, index) => view.getFloat32(4 * index, true);
    const kernel = table(size, (i, j) => at(all, ((i * size + j) * inputs + input) * filters + number));
    return { kernel, bias: at(biases, input * filters + number) };
  }

  function clickedStrip(event) {
    const layer = model.get("_layer");
    const { tile, perRow } = tiling(layer);
    const number = Math.floor(event.offsetY / tile) * perRow + Math.floor(event.offsetX / tile);
    if (number < layer.shape[3]) chooseOfLayer({ filter: number });
  }

  function moved(event) {
    const way = ARROWS[event.key];
    if (own.isDrawing() && event.key === " ") {
      event.preventDefault();
      const seen = look();
      own.paint(middleOf(seen));
      own.keepDrawing();
      return;
    }
    if (!way) return;
    event.preventDefault();
    const seen = look();
    if (!seen.fits) return;
    const far = event.shiftKey ? 10 : 1;
    const last = [seen.height - 1, seen.width - 1];
    pointed = null;
    write(model, { position: seen.position.map((at, axis) => clamp(at + way[axis] * far, 0, last[axis])) });
    scene.ask();
  }

  function middleOf({ position, settings, reach, above, left }) {
    return [
      position[0] * settings.stride + (reach - 1) / 2 - above,
      position[1] * settings.stride + (reach - 1) / 2 - left,
    ];
  }

  function pointing(event, canvas) {
    const seen = look();
    if (!seen.fits) return;
    pointed = under(event, canvas, seen);
    if (painting && canvas === picture) own.paint(middleOf({ ...seen, position: pointed }));
    scene.ask();
  }

  function pressed(event, canvas) {
    pointing(event, canvas);
    canvas.setPointerCapture(event.pointerId);
    if (own.isDrawing() && canvas === picture) {
      painting = true;
      pointing(event, canvas);
    } else if (pointed) write(model, { position: pointed });
  }

  function released(event) {
    if (painting) own.keepDrawing();
    else if (pointed && event.type === "pointerup") write(model, { position: pointed });
    painting = false;
    if (event.pointerType !== "mouse") leave();
  }

  function leave() {
    pointed = null;
    scene.ask();
  }

  // wiring --------------------------------------------------------------------------------------------------------

  picture.setAttribute(
    "aria-label",
    "The picture with a movable window: arrow keys move it by one, with Shift by ten; the line below tells the sum",
  );
  for (const canvas of [picture, output]) {
    canvas.addEventListener("pointermove", (event) => pointing(event, canvas));
    canvas.addEventListener("pointerdown", (event) => pressed(event, canvas));
    canvas.addEventListener("pointerup", released);
    canvas.addEventListener("pointercancel", released);
    canvas.addEventListener("pointerleave", leave);
  }
  own.dropOn(pictures);
  return scene.finish(
    element(
      "div",
      { class: "dlc-row" },
      ...own.buttons,
      channels,
      element("span", { class: "dlc-gap" }),
      scene.buttons,
    ),
    pictures,
    element(
      "div",
      { class: "dlc-row" },
      preset.line,
      sizes.line,
      stride.line,
      dilation.line,
      padding.line,
      element("label", {}, relu, "ReLU"),
    ),
    layerPart,
    sum,
  );
}

function titled(title, content) {
  return element("figure", {}, element("figcaption", { class: "dlc-faint" }, title), content);
}

export default { render };
