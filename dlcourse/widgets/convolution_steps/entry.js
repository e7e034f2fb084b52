/**
 * ConvolutionSteps: a convolution, a transposed one or a pooling on a few numbers, step by step, all of it written out.
 *
 * The model's traits are the state; what only one view knows (where the pointer is, whether it plays) stays in the view
 * and is never written.
 */

import facts from "dlcourse:convolution_steps";
import { clamp, upTo } from "../shared/js/bounds.js";
import { density } from "../shared/js/canvas.js";
import { choice } from "../shared/js/controls.js";
import { ARROWS } from "../shared/js/keys.js";
import { changes, remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { numberField, showNumber } from "../shared/js/number_field.js";
import { element, pointOn, press, show, tell } from "../shared/js/page.js";
import { css, diverging, inkOn, WINDOW } from "../shared/js/palette.js";
import { stage } from "../shared/js/stage.js";
import { brief } from "../shared/js/words.js";
import { stepsChannels } from "./channels.js";
import { stepsCode } from "./code.js";
import { drawProduct, rowAt } from "./matrix.js";
import { filledWith, reachOf } from "./nested.js";
import { drawOutputs, GAP, outputAt } from "./outputs.js";
import {
  axesOf,
  biasesOf,
  CONVOLUTION,
  channelsOf,
  filled,
  MAXIMUM,
  MEAN,
  matrixOf,
  outputOf,
  pools,
  readersOf,
  sizeFormula,
  stepAt,
  TRANSPOSED,
  troubleOf,
  windowOf,
  written,
} from "./window_steps.js";

const NUMBERS = ["input", "kernel", "bias", "operation", "pool_size", "stride", "dilation", "padding", "relu"];
const TRAITS = [...NUMBERS, "position", "output_channel", "matrix", "_note"];
const PACE = 900; // milliseconds between two steps while it plays
const NARROW = 720; // CSS pixels: below, the output stands under the input
const [SMALLEST, LARGEST] = [20, 34]; // CSS pixels of a square
const TALLEST = 380;
const [SIGNS, ANSWER] = [82, 190]; // what × and = with their gaps take, and the column of the sum

// --- numbers ---------------------------------------------------------------------------------------------------------

/** The input at another size: the numbers that are there, and beyond them those of the first example. */
function resizedInput(input, rows, columns, channels) {
  const number = (r, c, k) => input[r]?.[c]?.[k] ?? facts.input[r][c][k];
  return filledWith([rows, columns, channels], number);
}

function resizedKernel(kernel, rows, columns, channels, filters) {
  const number = (i, j, c, f) => kernel[i]?.[j]?.[c]?.[f] ?? facts.kernel[i][j][c][f];
  return filledWith([rows, columns, channels, filters], number);
}

function between(low, high) {
  return low + Math.floor(Math.random() * (high - low + 1));
}

// --- the view --------------------------------------------------------------------------------------------------------

/** @param {import("../shared/js/model.js").View} view */
function render({ model, el }) {
  // setup ---------------------------------------------------------------------------------------------------------

  const scene = stage({
    model,
    el,
    name: "convolution_steps",
    label: "ConvolutionSteps: a convolution on a few numbers, step by step",
    traits: TRAITS,
    draw,
    toKeras: () => (look().trouble ? `# ${troubleInWords(look())}` : stepsCode(look().state)),
    onReset: stop,
    onEnd: stop,
  });
  const { root } = scene;

  const operation = choice(
    "Operation",
    facts.operations.map((name) => [name, name]),
    chooseOperation,
  );
  const size = choice("Window", squares(1, 5), (value) => chooseWindow(pairOf(value)));
  const stride = choice("Stride", upTo(...facts.strides), (value) => write(model, { stride: Number(value) }));
  const dilation = choice("Dilation", upTo(...facts.dilations), (value) => write(model, { dilation: Number(value) }));
  const padding = choice(
    "Padding",
    facts.paddings.map((name) => [name, name]),
    (value) => write(model, { padding: value }),
  );
  const inputSize = choice("Input", squares(3, 8), (value) => chooseInput(pairOf(value)));
  const inputs = choice("Input channels", upTo(1, 3), (value) => chooseInputs(Number(value)));
  const outputs = choice("Output channels", upTo(1, 3), (value) => chooseOutputs(Number(value)));
  const relu = element("input", { type: "checkbox", onchange: () => write(model, { relu: relu.checked }) });
  const reluLine = element("label", {}, relu, "ReLU");
  const newNumbers = element("button", { type: "button", onclick: renew }, "New numbers");

  const channelRows = stepsChannels({
    model,
    chosen: () => look().channel,
    complain: scene.complain,
    pointed(place) {
      pointedInput = place;
      scene.ask();
    },
  });
  const column = element("div", { class: "dlc-steps-answer" });
  const sums = upTo(0, 2).map((channel) => [element("span", {}, `channel ${channel}`), number()]);
  const bias = numberField({
    label: "Bias",
    current: () => biasesOf(look().state)[look().channel],
    change: changeBias,
    refuse: scene.complain,
  });
  const biasLine = [element("span", {}, "bias"), bias];
  const resultName = element("span");
  const result = element("span", { class: "dlc-number dlc-steps-result", style: `border-color: ${WINDOW}` });
  const rule = element("div", { class: "dlc-steps-line" });
  const outputName = element("span");
  const outputSizeLine = element("span", { class: "dlc-faint" });
  const output = element("canvas", { tabindex: 0, role: "application", onkeydown: keyed });
  const outputPart = element(
    "figure",
    { class: "dlc-steps-output" },
    element("figcaption", {}, outputName, outputSizeLine),
    output,
  );
  const trouble = element("p", { class: "dlc-trouble dlc-steps-trouble", role: "status" });
  const picture = element("div", { class: "dlc-steps-picture" }, channelRows.root, column, outputPart, trouble);

  const back = element("button", { type: "button", onclick: () => go(-1) }, "◀ Back");
  const play = element("button", { type: "button", "aria-pressed": "false", onclick: togglePlay }, "▶ Play");
  const forward = element("button", { type: "button", onclick: () => go(1) }, "Step ▶");
  const stepLine = element("span", { class: "dlc-faint" });
  const noteLine = element("span", { class: "dlc-faint" });
  const asMatrix = element("button", { type: "button", "aria-pressed": "false", onclick: toggleMatrix });
  asMatrix.textContent = "As a matrix product";
  const player = element(
    "div",
    { class: "dlc-steps-player" },
    element("span", { class: "dlc-joined", role: "group", "aria-label": "Steps" }, back, play, forward),
    stepLine,
    element("span", { class: "dlc-faint" }, "Click an output, or use arrow keys."),
    element("span", { class: "dlc-gap" }),
    noteLine,
    asMatrix,
  );
  const arithmetic = element("dl", { class: "dlc-steps-written" });
  const matrix = element("canvas", { role: "img" });
  const matrixNote = element("p", { class: "dlc-faint dlc-steps-note" });
  const matrixPart = element(
    "div",
    { class: "dlc-steps-matrix" },
    element("div", { class: "dlc-scrolls" }, matrix),
    matrixNote,
  );

  // state ---------------------------------------------------------------------------------------------------------

  let pointed = null; // the output under the pointer: its row, column and channel
  let pointedInput = null; // or the input: its row and column
  let timer = null; // while it plays
  let shape = { cell: LARGEST, outputCell: LARGEST, perRow: 1 };
  let matrixLayout = null;

  const scales = new Map();
  const changed = changes();
  const stateOf = remember((...values) => Object.fromEntries(NUMBERS.map((name, index) => [name, values[index]])));
  const outputFor = remember(outputOf);
  const matrixFor = remember(matrixOf);
  const axesFor = remember(axesOf);
  const readersFor = remember((state, row, at) => readersOf(state, axesFor(state), row, at));

  /** Everything that a drawing needs, from the traits and from what this view knows. */
  function look() {
    const state = stateOf(...NUMBERS.map((name) => model.get(name)));
    const broken = troubleOf(state);
    const channels = channelsOf(state);
    const empty = { axes: null, outputMap: null, channels, channel: 0, position: null, step: null };
    if (broken) return { state, trouble: broken, ...empty };
    const axes = axesFor(state);
    const outputMap = outputFor(state);
    const [row, column_, channel] = pointed ?? [...model.get("position"), model.get("output_channel")];
    const position = [clamp(row, 0, outputMap.height - 1), clamp(column_, 0, outputMap.width - 1)];
    const chosen = clamp(channel, 0, channels - 1);
    const step = stepAt(state, axes, position, chosen);
    return { state, trouble: null, axes, outputMap, channels, channel: chosen, position, step };
  }

  // geometry ------------------------------------------------------------------------------------------------------

  function measure({ state, axes, outputMap }) {
    const width = scene.width;
    const [rows, columns] = windowOf(state);
    const framed = axes ? [axes[0].framed, axes[1].framed] : [state.input.length, state.input[0].length];
    const grids = framed[1] + (pools(state) ? 1 : 2) * columns;
    const wide = width >= NARROW;
    const room = wide ? (width - SIGNS - ANSWER) / (grids + (outputMap?.width ?? columns)) : (width - SIGNS) / grids;
    const tall = TALLEST / (state.input[0][0].length * Math.max(framed[0], rows));
    const cell = clamp(Math.floor(Math.min(room, Math.max(tall, 26))), SMALLEST, LARGEST);
    shape = { cell, outputCell: cell, perRow: 1 };
    if (!outputMap) return;
    const left = width - SIGNS - ANSWER - grids * cell; // beside all the others
    const tile = (length) => outputMap.width * length + GAP;
    if (!wide || tile(cell) > left) {
      shape.outputCell = clamp(Math.floor((width - 20) / outputMap.width), 16, Math.max(cell, 26)); // below them
    }
    const free = tile(cell) > left ? width : left;
    shape.perRow = clamp(Math.floor((free + GAP) / tile(shape.outputCell)), 1, outputMap.channels);
  }

  function tiles({ height, width, channels }) {
    return { height, width, channels, cell: shape.outputCell, perRow: shape.perRow };
  }

  function outputUnder(event, { outputMap }) {
    const { x, y } = pointOn(event);
    return outputAt(x, y, tiles(outputMap));
  }

  // drawing -------------------------------------------------------------------------------------------------------

  function draw() {
    const view = look();
    measure(view);
    drawControls(view);
    const style = { cell: shape.cell, narrow: scene.width < NARROW, scaleFor, font: scene.theme.font };
    channelRows.draw(view, style);
    for (const part of [column, outputPart, arithmetic]) part.hidden = Boolean(view.trouble);
    trouble.hidden = !view.trouble;
    matrixPart.hidden = Boolean(view.trouble) || !model.get("matrix");
    root.dataset.value = view.trouble ? "" : view.step.value;
    scene.say(words(view), () => describe(view));
    if (view.trouble) {
      tell(trouble, troubleInWords(view));
      return null;
    }
    drawAnswer(view);
    drawOutput(view);
    drawArithmetic(view);
    if (!matrixPart.hidden) drawMatrix(view);
    return { ...view.outputMap, position: view.position, channel: view.channel, sums: view.step.sums };
  }

  function drawControls({ state, trouble: broken, channels, outputMap, position }) {
    show(operation.select, state.operation);
    showPair(size.select, windowOf(state));
    show(stride.select, state.stride);
    show(dilation.select, state.dilation);
    show(padding.select, state.padding);
    showPair(inputSize.select, [state.input.length, state.input[0].length]);
    show(inputs.select, state.input[0][0].length);
    show(outputs.select, channels);
    outputs.select.disabled = pools(state);
    outputs.select.title = pools(state) ? "A pooling works on each channel by itself" : "";
    relu.checked = state.relu;
    reluLine.hidden = pools(state);
    press(asMatrix, model.get("matrix"));
    press(play, Boolean(timer));
    tell(play, timer ? "❚❚ Pause" : "▶ Play");
    for (const button of [back, play, forward]) button.disabled = Boolean(broken);
    tell(noteLine, model.get("_note"));
    const count = broken ? 0 : outputMap.height * outputMap.width;
    tell(stepLine, broken ? "" : `step ${position[0] * outputMap.width + position[1] + 1} of ${count}`);
  }

  /** The same scale while nothing changes, so that squares are known by their colour. */
  function scaleFor(name, reach) {
    const cached = scales.get(name);
    if (cached?.reach === reach && cached.theme === scene.theme) return cached.scale;
    const scale = diverging(reach, scene.theme);
    scales.set(name, { reach, theme: scene.theme, scale });
    return scale;
  }

  /** The sum as one writes it on paper: a column of numbers, and a line below. */
  function drawAnswer({ state, step, outputMap }) {
    const pooling = pools(state);
    const depth = pooling ? 0 : step.sums.length;
    if (changed("answer", depth, pooling)) {
      const summed = pooling ? [] : [...sums.slice(0, depth).flat(), ...biasLine, rule];
      column.replaceChildren(...summed, resultName, result);
    }
    sums.slice(0, depth).forEach(([, field], index) => tell(field, brief(step.sums[index])));
    if (!pooling) showNumber(bias, step.bias);
    const name = { [MAXIMUM]: "maximum", [MEAN]: `mean of ${step.count}` }[state.operation];
    tell(resultName, name ?? (state.relu ? "after ReLU" : "output"));
    const colour = scaleFor("output", reachOf(outputMap.values))(step.value);
    tell(result, brief(step.value));
    result.style.background = css(colour);
    result.style.color = inkOn(colour);
  }

  function drawOutput({ outputMap, channels, position, channel, state }) {
    tell(outputName, channels > 1 ? "Outputs" : "Output");
    tell(outputSizeLine, `${outputMap.height} × ${outputMap.width} × ${channels}`);
    const readers = pointedInput && readersFor(state, pointedInput[0], pointedInput[1]);
    const isMarked = (place, outputChannel) =>
      Boolean(readers?.has(place)) && (!pools(state) || outputChannel === pointedInput[2]);
    const scale = scaleFor("output", reachOf(outputMap.values));
    const drawing = { values: outputMap.values, position, channel, scale, hidesLater: Boolean(timer), isMarked };
    drawOutputs(output, tiles(outputMap), drawing, scene.theme);
  }

  /** The arithmetic of this step, and that of the output's size. */
  function drawArithmetic({ state, step, channel, axes }) {
    const [rows, columns] = axes.map((axis) => sizeFormula(axis, state));
    const sizes =
      rows.join() === columns.join()
        ? [["size", rows]]
        : [
            ["height", rows],
            ["width", columns],
          ];
    const lines = [...written(state, step, channel).map(([name, text]) => [name, [text]]), ...sizes];
    if (!changed("arithmetic", JSON.stringify(lines))) return;
    const parts = (texts) => texts.map((text) => element("span", { class: "dlc-steps-part" }, text));
    arithmetic.replaceChildren(
      ...lines.flatMap(([name, texts]) => [element("dt", {}, name), element("dd", {}, ...parts(texts))]),
    );
  }

  function drawMatrix({ state, channel, outputMap, position, channels }) {
    const product = {
      matrix: matrixFor(state, channel),
      inputs: state.input[0][0].flatMap((_, at) => state.input.flatMap((row) => row.map((values) => values[at]))),
      outputs: Array.from(outputMap.values).filter((_, index) => index % channels === channel),
      bias: biasesOf(state)[channel],
      relu: state.relu && !pools(state),
      depth: state.input[0][0].length,
      row: position[0] * outputMap.width + position[1],
    };
    const productScales = {
      input: scaleFor("input", reachOf(state.input.flat(2))),
      weight: pools(state) ? scaleFor("kernel", 1) : scaleFor("kernel", reachOf(state.kernel.flat(3))),
      output: scaleFor("output", reachOf(outputMap.values)),
    };
    const dependencies = [state, channel, product.row, scene.theme, scene.width, density()];
    if (changed("matrix", ...dependencies))
      matrixLayout = drawProduct(matrix, product, productScales, scene.width, scene.theme);
    const { rows, columns } = product.matrix;
    const zeros = product.matrix.values.filter((value) => value === 0).length / product.matrix.values.length;
    const kind = {
      [CONVOLUTION]: "Each row is the kernel at another place, so the weights form bands.",
      [TRANSPOSED]: "It is the matrix of a convolution with the same kernel, rows and columns exchanged.",
      [MAXIMUM]: "For these numbers only: a one where the maximum stands. Other numbers, other matrix.",
      [MEAN]: "Each row has one over the count of its window.",
    }[state.operation];
    const added = product.bias ? " Then the bias is added." : "";
    const share = `${Math.round(100 * zeros)} % are zero`;
    tell(matrixNote, `${rows} outputs × ${columns} inputs, channel after channel; ${share}. ${kind}${added}`);
  }

  /** For screen readers, what the canvases show. */
  function describe(view) {
    if (view.trouble) return;
    const { outputMap, channel, channels } = view;
    const values = Array.from(outputMap.values).filter((_, index) => index % channels === channel);
    output.setAttribute(
      "aria-label",
      `Output channel ${channel}, ${outputMap.height} × ${outputMap.width}: ${values.map(brief).join(", ")}. Arrow keys move to ` +
        "another output, Page up and Page down to another channel",
    );
    matrix.setAttribute("aria-label", `The matrix of output channel ${channel}; ${matrixNote.textContent}`);
    channelRows.describe(view);
  }

  function troubleInWords({ trouble: broken }) {
    return filled(facts.trouble[broken.name], broken.numbers);
  }

  function words(view) {
    if (view.trouble) return "With these settings there is no output.";
    const { state, axes, position, channel, step } = view;
    if (pointedInput && !pointed) {
      const count = readersFor(state, ...pointedInput).size;
      const [row, at] = pointedInput;
      return `Input row ${row}, column ${at}: ${count} output${count === 1 ? " reads" : "s read"} it in each channel.`;
    }
    const place = `Output channel ${channel}, row ${position[0]}, column ${position[1]}`;
    const [, text] = written(state, step, channel).at(-1);
    return `${place}: ${text}. ${unread(axes, state)}`.trim();
  }

  /** A stride may leave over the last rows and columns. */
  function unread(axes, state) {
    if (state.operation === TRANSPOSED) return "";
    const left = axes.map((axis) => Math.max(((axis.framed - axis.span) % axis.step) - axis.after, 0));
    const parts = [
      ["row", left[0]],
      ["column", left[1]],
    ]
      .filter(([, count]) => count > 0)
      .map(([name, count]) => (count === 1 ? `the last ${name}` : `the last ${count} ${name}s`));
    return parts.length ? `With this stride no window reads ${parts.join(" and ")}.` : "";
  }

  // events --------------------------------------------------------------------------------------------------------

  function chooseOperation(name) {
    const pooledBefore = pools(look().state);
    const poolsNow = pools({ operation: name });
    const step = poolsNow ? Math.max(...model.get("pool_size")) : 1; // as Keras has it, unless told otherwise
    write(model, pooledBefore === poolsNow ? { operation: name } : { operation: name, stride: step });
  }

  function chooseWindow([rows, columns]) {
    const { state } = look();
    if (pools(state)) write(model, { pool_size: [rows, columns] });
    else write(model, { kernel: resizedKernel(state.kernel, rows, columns, ...depths(state)) });
  }

  function chooseInput([rows, columns]) {
    const { input } = look().state;
    write(model, { input: resizedInput(input, rows, columns, input[0][0].length) });
  }

  function chooseInputs(count) {
    const { input, kernel } = look().state;
    write(model, {
      input: resizedInput(input, input.length, input[0].length, count),
      kernel: resizedKernel(kernel, kernel.length, kernel[0].length, count, depths({ kernel })[1]),
    });
  }

  function chooseOutputs(count) {
    const { kernel, bias: biases } = look().state;
    const traits = { kernel: resizedKernel(kernel, kernel.length, kernel[0].length, depths({ kernel })[0], count) };
    if (biases.length > 1) traits.bias = upTo(0, count - 1).map((channel) => biases[channel] ?? 0);
    write(model, traits);
  }

  /** How many channels the kernel reads, and how many it makes. */
  function depths({ kernel }) {
    return [kernel[0][0].length, kernel[0][0][0].length];
  }

  function renew() {
    const { input, kernel } = look().state;
    write(model, {
      input: filledWith([input.length, input[0].length, input[0][0].length], () => between(0, 5)),
      kernel: filledWith([kernel.length, kernel[0].length, ...depths({ kernel })], () => between(-2, 2)),
    });
  }

  function changeBias(value) {
    const { state, channel } = look();
    write(model, { bias: biasesOf(state).map((current, index) => (index === channel ? value : current)) });
  }

  function toggleMatrix() {
    write(model, { matrix: !model.get("matrix") });
  }

  function moveTo(row, at, channel) {
    pointed = null;
    write(model, { position: [row, at], output_channel: channel });
    scene.ask();
  }

  /** So many steps on or back, through all output channels. */
  function go(by) {
    const view = look();
    if (view.trouble) return false;
    const { height, width, channels } = view.outputMap;
    const count = height * width * channels;
    const at = (view.channel * height + view.position[0]) * width + view.position[1] + by;
    const next = (at + count) % count;
    moveTo(Math.floor(next / width) % height, next % width, Math.floor(next / (height * width)));
    return at < count - 1;
  }

  function togglePlay() {
    if (timer) return stop();
    const view = look();
    const { height, width, channels } = view.outputMap;
    const atEnd = view.position[0] === height - 1 && view.position[1] === width - 1 && view.channel === channels - 1;
    if (atEnd) moveTo(0, 0, 0);
    timer = setTimeout(playOn, PACE);
    scene.ask();
  }

  function playOn() {
    timer = go(1) ? setTimeout(playOn, PACE) : null;
    scene.ask();
  }

  function stop() {
    clearTimeout(timer);
    timer = null;
    scene.ask();
  }

  function keyed(event) {
    const way = ARROWS[event.key];
    const leaf = { PageUp: -1, PageDown: 1 }[event.key];
    const view = look();
    if ((!way && !leaf) || view.trouble) return;
    event.preventDefault();
    if (leaf) {
      moveTo(...view.position, clamp(view.channel + leaf, 0, view.channels - 1));
      return;
    }
    const last = [view.outputMap.height - 1, view.outputMap.width - 1];
    const [row, at] = view.position.map((place, axis) => clamp(place + way[axis], 0, last[axis]));
    moveTo(row, at, view.channel);
  }

  function overOutput(event) {
    const view = look();
    if (view.trouble || timer) return;
    pointed = outputUnder(event, view);
    scene.ask();
  }

  function clickedOutput(event) {
    const view = look();
    const place = view.trouble ? null : outputUnder(event, view);
    if (!place) return;
    stop();
    moveTo(...place);
  }

  function leaveOutput() {
    pointed = null;
    scene.ask();
  }

  function clickedMatrix(event) {
    const view = look();
    const row = matrixLayout && !view.trouble ? rowAt(matrixLayout, event.offsetY) : null;
    if (row !== null) moveTo(Math.floor(row / view.outputMap.width), row % view.outputMap.width, view.channel);
  }

  // wiring --------------------------------------------------------------------------------------------------------

  output.addEventListener("pointermove", overOutput);
  output.addEventListener("pointerleave", leaveOutput);
  output.addEventListener("click", clickedOutput);
  matrix.addEventListener("click", clickedMatrix);
  return scene.finish(
    element("div", { class: "dlc-row" }, operation.line, size.line, stride.line, dilation.line, padding.line),
    element(
      "div",
      { class: "dlc-row", style: "margin-top: 6px" },
      inputSize.line,
      inputs.line,
      outputs.line,
      reluLine,
      newNumbers,
      element("span", { class: "dlc-gap" }),
      scene.buttons,
    ),
    element("div", { class: "dlc-scrolls" }, picture),
    player,
    arithmetic,
    matrixPart,
  );
}

function number() {
  return element("span", { class: "dlc-number" });
}

function squares(first, last) {
  return upTo(first, last).map((side) => [`${side} × ${side}`, `${side} × ${side}`]);
}

function pairOf(text) {
  return text.split(" × ").map(Number);
}

/** Shows a size in a list, also one that the list does not have. */
function showPair(select, [rows, columns]) {
  const text = `${rows} × ${columns}`;
  const isListed = Array.from(select.options).some((option) => option.value === text);
  if (!isListed) select.append(element("option", { value: text }, text));
  show(select, text);
}

export default { render };
