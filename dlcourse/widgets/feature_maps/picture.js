/**
 * All that is drawn: the picture with what the place sees of it, the maps with their legend, and how a number is made.
 *
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./making_picture.js").Theme} Theme
 * @typedef {import("./state.js").View} View
 * @typedef {{picture: HTMLCanvasElement, tiles: HTMLCanvasElement, bar: HTMLCanvasElement, making: HTMLCanvasElement}}
 *   Canvases
 */
import { upTo } from "../shared/js/bounds.js";
import { begin, colourBar, density, frame } from "../shared/js/canvas.js";
import { changes, remember } from "../shared/js/memory.js";
import { brightness, inkOn, WINDOW } from "../shared/js/palette.js";
import { shown } from "../shared/js/words.js";
import { greyBitmap, inputBitmap, mapBitmap, scaleOf } from "./bitmaps.js";
import { cornerOf, tilesWidth } from "./layout.js";
import { drawMaking, partsOf } from "./making_picture.js";
import { channelOf } from "./maps.js";
import { labelOf } from "./words.js";

const [BAR_WIDTH, BAR_HEIGHT] = [110, 12];
const BRUSH = 10; // the side of the keyboard's brush
const LOWEST = 40; // of the maps' canvas, for the words that stand there meanwhile
const VALUE_ROOM = 40; // of a unit in which its value is written

/**
 * Draws on the canvases what has changed since it was last drawn.
 *
 * @param {Canvases} canvases
 * @returns {(view: View, layout: Layout, theme: Theme) => void}
 */
export function painter(canvases) {
  const drawParts = [inputPainter(canvases.picture), mapsPainter(canvases), makingPainter(canvases.making)];
  return (view, layout, theme) => {
    for (const drawPart of drawParts) drawPart(view, layout, theme);
  };
}

/** The picture as the network gets it; framed what the place sees, or while one draws on it where the brush is. */
function inputPainter(canvas) {
  const changed = changes();
  const bitmapFor = remember(inputBitmap);

  return (view, { picture: { width, height } }) => {
    const { described, input, drawing, brush, patch } = view;
    if (!changed("input", input, width, drawing, brush, patch, density())) return;
    const pen = begin(canvas, width, height);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(bitmapFor(input, described), 0, 0, width, height);
    if (drawing) drawBrush(pen, view, width, height);
    else if (patch) drawPatch(pen, patch, width / described.size[1], width, height);
  };
}

function drawBrush(pen, { brush, image }, width, height) {
  if (!brush) return;
  const [x, y] = [(brush[1] / image.shape[1]) * width, (brush[0] / image.shape[0]) * height];
  frame(pen, x - BRUSH / 2, y - BRUSH / 2, BRUSH, BRUSH, WINDOW);
}

/** Frames a part of the picture; the whole frame stays in sight. */
function drawPatch(pen, { top, left, bottom, right }, scale, width, height) {
  const [x, y] = [left, top].map((at) => Math.max(at * scale - 1, 2));
  const [endX, endY] = [Math.min((right + 1) * scale + 1, width - 2), Math.min((bottom + 1) * scale + 1, height - 2)];
  frame(pen, x, y, Math.max(endX - x, 4), Math.max(endY - y, 4), WINDOW);
}

/** The maps of the page as tiles, and the colours of the chosen one. */
function mapsPainter(canvases) {
  const changed = changes();
  const planesFor = remember((numbers, sizes, first, last) =>
    upTo(first, last - 1).map((number) => channelOf(numbers, sizes, number)),
  );
  const greysFor = remember((planes, white) => planes.map((plane) => greyBitmap(plane, white)));
  const bitmapsFor = remember((planes, dark, range) => planes.map((plane) => mapBitmap(plane, { dark }, range)));

  return (view, { tiles }, theme) => {
    const { described, index, numbers, sizes, first, last, units, map, range, spot } = view;
    const state = [index, numbers, first, last, map, spot.number, ...spot.position, tiles.columns, tiles.wide];
    if (!changed("maps", ...state, theme.dark, density())) return;
    const pen = begin(canvases.tiles, tilesWidth(tiles), Math.max(tiles.height, LOWEST));
    if (!numbers) {
      drawWaiting(pen, theme);
      return;
    }
    const isInput = index === 0;
    const planes = planesFor(numbers, sizes, first, last);
    const bitmaps = isInput
      ? greysFor(planes, described.white)
      : bitmapsFor(planes, theme.dark, units ? range : undefined);
    bitmaps.forEach((bitmap, number) => drawTile(pen, bitmap, number, view, tiles, theme));
    drawFrames(pen, view, tiles);
    drawScale(canvases.bar, isInput ? brightness() : scaleOf(range, theme));
  };
}

function drawWaiting(pen, { faint, font }) {
  pen.fillStyle = faint;
  pen.font = `13px ${font}`;
  pen.fillText("Python is asked for these maps …", 4, 20);
}

function drawScale(canvas, scale) {
  colourBar(begin(canvas, BAR_WIDTH, BAR_HEIGHT), BAR_WIDTH, BAR_HEIGHT, scale, scale.low, scale.high);
}

/** One map of the page with its name below; of a unit its value. `number`: counted from the first of the page */
function drawTile(pen, bitmap, number, view, tiles, theme) {
  const [x, y] = cornerOf(tiles, number);
  pen.imageSmoothingEnabled = bitmap.width > tiles.wide * 1.5;
  pen.drawImage(bitmap, x, y, tiles.wide, tiles.tall);
  pen.textBaseline = "middle";
  if (!view.units) drawLabel(pen, view.first + number, view, [x + 1, y + tiles.tall + 10, tiles.wide], theme);
  else if (tiles.wide >= VALUE_ROOM) {
    drawValue(pen, view.numbers[view.first + number], view.range, [x + tiles.wide / 2, y + tiles.tall / 2], theme);
  }
}

function drawLabel(pen, map, { described, layer, map: chosen }, [x, y, room], { ink, faint, font }) {
  pen.fillStyle = map === chosen ? ink : faint;
  pen.font = `${map === chosen ? "600 " : ""}11px ${font}`;
  pen.textAlign = "left";
  const label = labelOf(described, layer, map);
  pen.fillText(pen.measureText(label).width <= room ? label : String(map), x, y);
}

function drawValue(pen, value, range, [x, y], theme) {
  pen.fillStyle = inkOn(scaleOf(range, theme)(value));
  pen.font = `11px ${theme.font}`;
  pen.textAlign = "center";
  pen.fillText(shown(value), x, y);
}

/** Frames the chosen map, and the place that is looked at. */
function drawFrames(pen, { map, first, sizes: [height, width], spot, units }, tiles) {
  const [left, top] = cornerOf(tiles, map - first);
  frame(pen, left + 1.5, top + 1.5, tiles.wide - 3, tiles.tall - 3, WINDOW);
  if (units) return;
  const [x, y] = cornerOf(tiles, spot.number - first);
  const [row, column] = spot.position;
  const [scaleX, scaleY] = [tiles.wide / width, tiles.tall / height];
  const [wide, tall] = [Math.max(scaleX, 3) + 2, Math.max(scaleY, 3) + 2];
  frame(pen, x + column * scaleX - 1, y + row * scaleY - 1, wide, tall, WINDOW);
}

/** How the number of the chosen map is made at the place that is looked at. */
function makingPainter(canvas) {
  const changed = changes();
  const partsFor = remember((network, outputs, index, map, dark, width, range) =>
    partsOf({ network, outputs, index, map, theme: { dark }, width, range }),
  );

  return (view, { making: { width, height } }, theme) => {
    const { network, outputs, index, map, units, range, making } = view;
    if (!making) return;
    const parts = partsFor(network, outputs, index, map, theme.dark, width, units ? range : undefined);
    if (!changed("making", parts, making, theme, density())) return;
    drawMaking(begin(canvas, width, height), parts, view, theme);
  };
}
