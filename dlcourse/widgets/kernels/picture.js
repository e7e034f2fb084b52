/** All that is drawn: the picture with its window, the output, the grids of numbers, a layer's filters. */
import { begin, bitmap, colourBar, density, frame, numberGrid } from "../shared/js/canvas.js";
import { changes, remember } from "../shared/js/memory.js";
import { brightness, diverging, WINDOW } from "../shared/js/palette.js";
import { tileBox } from "./layout.js";
import { learned, strongest } from "./weights.js";

const TINTS = { grey: "#ffffff", red: "#ff5a50", green: "#5ae66e", blue: "#6ea0ff" };
const LEGEND_HEIGHT = 12;

/** The colours of the output: brightness again, or strength of the answer. */
export function outputScale({ answer: { isPicture, limit }, channel }, theme) {
  return isPicture ? brightness(TINTS[channel]) : diverging(limit, theme);
}

/** The colours of weights. */
export function weightScale(kernel, theme) {
  return diverging(strongest(kernel), theme);
}

/**
 * Draws on the widget's canvases, and anew only what has changed.
 *
 * @param {Record<"picture" | "output" | "bar" | "patch" | "products" | "strip", HTMLCanvasElement>} canvases
 * @returns {(view: import("./state.js").View, layout: import("./layout.js").Layout,
 *   theme: import("../shared/js/palette.js").Theme) => void}
 */
export function painter(canvases) {
  const changed = changes();
  const planeBitmap = remember((plane, channel) => bitmap(plane, brightness(TINTS[channel])));
  const outputBitmap = remember((sums, isPicture, limit, channel, relu, dark) =>
    bitmap(sums, outputScale({ answer: { isPicture, limit }, channel }, { dark }), relu ? 0 : undefined),
  );

  function pictureChanged({ plane, channel, kernel, settings: { stride, dilation, padding }, answer }, { scale }) {
    const place = [Boolean(answer), answer?.position[0], answer?.position[1]];
    return changed("picture", plane, channel, scale, density(), ...place, kernel.length, stride, dilation, padding);
  }

  function stripChanged({ layer, filter, inputChannel }, { width }, theme) {
    return changed("strip", layer, filter, inputChannel, width, theme, density());
  }

  return (view, layout, theme) => {
    const { answer, channel, relu } = view;
    if (view.layer && stripChanged(view, layout, theme)) drawStrip(canvases.strip, view, layout, theme);
    if (pictureChanged(view, layout)) {
      drawPicture(canvases.picture, planeBitmap(view.plane, channel), view, layout);
    }
    const pen = drawRoom(canvases.output, layout, theme);
    if (!answer) return;
    drawOutput(pen, outputBitmap(answer.sums, answer.isPicture, answer.limit, channel, relu, theme.dark), layout);
    drawLegend(canvases.bar, view, layout, theme);
    drawGrids(canvases, view, layout, theme);
  };
}

function drawPicture(canvas, planeBitmap, { plane, padded, kernel, settings }, layout) {
  const { canvas: room, plane: box, window, scale } = layout;
  const pen = begin(canvas, room.width, room.height);
  pen.fillStyle = "black"; // the zeros around
  pen.fillRect(0, 0, room.width, room.height);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(planeBitmap, box.x, box.y, box.width, box.height);
  if (padded.width > plane.width || padded.height > plane.height) dashed(pen, box, [4, 4], "white");
  if (!window) return;
  drawGuides(pen, window, room, window.width / 2 + 7);
  frame(pen, window.x - 1, window.y - 1, window.width + 2, window.height + 2, WINDOW);
  if (settings.dilation > 1) drawDots(pen, window, kernel.length, settings.dilation, scale);
}

/** The pixels that a spread kernel reads. */
function drawDots(pen, { x, y }, size, dilation, scale) {
  const dot = Math.max(2, scale * 0.8);
  pen.fillStyle = WINDOW;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const middle = { x: (column * dilation + 0.5) * scale, y: (row * dilation + 0.5) * scale };
      pen.fillRect(x + middle.x - dot / 2, y + middle.y - dot / 2, dot, dot);
    }
  }
}

/** The room that the output has, as large as the picture, so that what a kernel loses at the borders is seen. */
function drawRoom(canvas, { canvas: { width, height } }, theme) {
  const pen = begin(canvas, width, height);
  dashed(pen, { x: 0.5, y: 0.5, width: width - 1, height: height - 1 }, [3, 3], theme.line);
  return pen;
}

function drawOutput(pen, outputBitmap, { canvas: room, output, element }) {
  pen.imageSmoothingEnabled = false;
  pen.drawImage(outputBitmap, output.x, output.y, output.width, output.height);
  drawGuides(pen, element, room, element.width / 2 + 9);
  frame(pen, element.x - 3, element.y - 3, element.width + 6, element.height + 6, WINDOW);
}

function dashed(pen, { x, y, width, height }, dashes, colour) {
  pen.setLineDash(dashes);
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.strokeRect(x, y, width, height);
  pen.setLineDash([]);
}

/** Thin lines from a box to the borders, so that a small one is found at once; `free` stays empty around its middle. */
function drawGuides(pen, box, { width, height }, free) {
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const lines = new Path2D();
  for (const [fromX, fromY, toX, toY] of [
    [0, y, x - free, y],
    [x + free, y, width, y],
    [x, 0, x, y - free],
    [x, y + free, x, height],
  ]) {
    lines.moveTo(fromX, fromY);
    lines.lineTo(toX, toY);
  }
  for (const [colour, thick, alpha] of [
    ["white", 2, 0.4],
    [WINDOW, 1, 0.65],
  ]) {
    pen.globalAlpha = alpha;
    pen.strokeStyle = colour;
    pen.lineWidth = thick;
    pen.stroke(lines);
  }
  pen.globalAlpha = 1;
}

function drawLegend(canvas, view, { legend }, theme) {
  const { low, limit } = view.answer;
  colourBar(begin(canvas, legend, LEGEND_HEIGHT), legend, LEGEND_HEIGHT, outputScale(view, theme), low, limit);
}

/** What lies under the window, and its products with the weights. */
function drawGrids({ patch, products }, { kernel, channel, answer: { taps } }, { cell }, theme) {
  const columns = kernel.length;
  const side = columns * cell;
  const grid = { columns, cell, faded: taps.map((tap) => !tap.inside), font: theme.font };
  const [pixels, weighted] = [taps.map((tap) => tap.value), taps.map((tap) => tap.product)];
  numberGrid(begin(patch, side, side), { ...grid, values: pixels, scale: brightness(TINTS[channel]) });
  numberGrid(begin(products, side, side), { ...grid, values: weighted, scale: weightScale(kernel, theme) });
}

function drawStrip(canvas, { layer, filter, inputChannel }, { strip }, theme) {
  const [size] = layer.shape;
  const pen = begin(canvas, strip.perRow * strip.tile, Math.ceil(strip.count / strip.perRow) * strip.tile);
  pen.imageSmoothingEnabled = false;
  for (let index = 0; index < strip.count; index++) {
    const { kernel } = learned(layer, inputChannel, index);
    const { x, y, width, height } = tileBox(strip, index);
    const plane = { height: size, width: size, values: kernel.flat() };
    pen.drawImage(bitmap(plane, weightScale(kernel, theme)), x, y, width, height);
    if (index === filter) frame(pen, x, y, width, height, WINDOW);
  }
}
