/**
 * All that is drawn: the picture as painted with its layer and the brush, the picture to paste from, and the bars.
 *
 * @typedef {import("./state.js").View} View
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("../shared/js/palette.js").Theme & {faint: string}} Theme
 */
import { begin, density } from "../shared/js/canvas.js";
import { changes, remember } from "../shared/js/memory.js";
import { CATEGORIES, WINDOW } from "../shared/js/palette.js";
import { coloursOf } from "./layer.js";
import { ROW } from "./layout.js";
import { changeInWords } from "./words.js";

const [LIGHT, DARK] = [
  { before: "#8a9096", now: CATEGORIES[0], track: "#ececec" },
  { before: "#8a9096", now: CATEGORIES[4], track: "#2c2c2c" },
];
const COARSE = 64; // a picture whose sides are no longer is shown with its pixels

/**
 * Draws on the canvases what has changed since it was last drawn.
 *
 * @param {{picture: HTMLCanvasElement, source: HTMLCanvasElement, bars: HTMLCanvasElement}} canvases
 * @returns {(view: View, layout: Layout, theme: Theme) => void}
 */
export function painter({ picture, source, bars }) {
  const changed = changes();
  const paper = document.createElement("canvas"); // the picture in its own size
  const layerFor = remember(layerBitmap);
  const sourceFor = remember((image) => {
    const canvas = document.createElement("canvas");
    fill(canvas, { shape: image.shape, bytes: new Uint8Array(image.bytes.buffer, image.bytes.byteOffset) }, 0);
    return canvas;
  });

  return (view, layout, theme) => {
    const { bytes, easel, live, described, layer, fade, pointed, brush, drawing } = view;
    const sizes = [layout.picture.width, density()];
    if (changed("paper", bytes, easel.number, live, layer, fade)) {
      fill(paper, { shape: described.size, bytes }, layer ? fade : 0);
    }
    if (changed("picture", bytes, easel.number, live, layer, fade, pointed, brush, drawing, ...sizes)) {
      drawPicture(picture, paper, layer && layerFor(layer), view, layout);
    }
    if (view.baseline === "paste" && changed("source", view.other, view.image, view.source, ...sizes)) {
      drawSource(source, sourceFor(view.other ?? view.image), view, layout);
    }
    if (
      changed("bars", view.before, view.now, view.current, view.shown, view.asked, layout.bars.width, theme, density())
    ) {
      drawBars(bars, view, layout, theme);
    }
  };
}

/** Puts bytes on a canvas of their own size, faded to grey by a share. */
function fill(canvas, { shape: [rows, columns, channels], bytes }, greyed) {
  if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
  const pen = canvas.getContext("2d");
  const pixels = pen.createImageData(columns, rows);
  const { data } = pixels;
  const [green, blue] = channels === 3 ? [1, 2] : [0, 0];
  for (let from = 0, to = 0; to < data.length; from += channels, to += 4) {
    const [r, g, b] = [bytes[from], bytes[from + green], bytes[from + blue]];
    const grey = 0.299 * r + 0.587 * g + 0.114 * b;
    data[to] = r + greyed * (grey - r);
    data[to + 1] = g + greyed * (grey - g);
    data[to + 2] = b + greyed * (grey - b);
    data[to + 3] = 255;
  }
  pen.putImageData(pixels, 0, 0);
}

/** The colours of a layer in its own size. */
function layerBitmap(layer) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [layer.columns, layer.rows];
  canvas.getContext("2d").putImageData(new ImageData(coloursOf(layer), layer.columns, layer.rows), 0, 0);
  return canvas;
}

function drawPicture(canvas, paper, bitmap, view, { picture: { width, height } }) {
  const pen = begin(canvas, width, height);
  const [rows, columns] = view.described.size;
  pen.imageSmoothingEnabled = Math.max(rows, columns) > COARSE;
  pen.drawImage(paper, 0, 0, width, height);
  const zoom = width / columns;
  if (bitmap) {
    const [top, left, tall, wide] = view.layer.region;
    pen.imageSmoothingEnabled = true;
    pen.globalAlpha = view.fade;
    pen.drawImage(bitmap, left * zoom, top * zoom, wide * zoom, tall * zoom);
    pen.globalAlpha = 1;
  }
  if (view.pointed && !view.drawing) drawRing(pen, view.pointed, (view.brush / 2) * zoom, zoom);
}

/** Where the brush is, and how wide. */
function drawRing(pen, [row, column], radius, zoom) {
  for (const [colour, width] of [
    ["rgb(255 255 255 / 90%)", 3.5],
    [WINDOW, 1.6],
  ]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc((column + 0.5) * zoom, (row + 0.5) * zoom, Math.max(radius, 2), 0, 2 * Math.PI);
    pen.stroke();
  }
}

function drawSource(canvas, bitmap, { source, brush, described: { size } }, { source: { width, height } }) {
  const pen = begin(canvas, width, height);
  pen.imageSmoothingEnabled = Math.max(size[0], size[1]) > COARSE;
  pen.drawImage(bitmap, 0, 0, width, height);
  const zoom = width / size[1];
  drawRing(pen, source, (brush / 2) * zoom, zoom);
}

/** A row for each class: what it had before, thin and grey, and what it has now. */
function drawBars(canvas, view, { bars: { width, height, names, numbers } }, theme) {
  const { shown, before, now, current, described, asked } = view;
  const pen = begin(canvas, width, height);
  if (!before || !now) return;
  const colours = theme.dark ? DARK : LIGHT;
  const room = width - names - numbers;
  pen.textBaseline = "middle";
  shown.forEach((number, row) => {
    const y = row * ROW;
    const bold = number === asked ? "600 " : "";
    write(
      pen,
      fitting(pen, described.classes[number], names - 10, `${bold}13px ${theme.font}`),
      names - 8,
      y,
      "right",
      theme,
    );
    pen.fillStyle = colours.track;
    pen.fillRect(names, y + 4, room, ROW - 9);
    pen.fillStyle = colours.before;
    pen.fillRect(names, y + 4, Math.max(1, room * before[number]), 6);
    pen.fillStyle = colours.now;
    pen.globalAlpha = current ? 1 : 0.6;
    pen.fillRect(names, y + 11, Math.max(1, room * now[number]), ROW - 16);
    pen.globalAlpha = 1;
    write(pen, changeInWords(before[number], now[number]), width, y, "right", theme);
  });
}

function write(pen, text, x, y, align, { ink }) {
  pen.fillStyle = ink;
  pen.textAlign = align;
  pen.fillText(text, x, y + ROW / 2);
}

/** A text, shortened to the room it has, in letters that the pen then has. */
function fitting(pen, text, room, font) {
  pen.font = font;
  let short = text;
  while (short.length > 1 && pen.measureText(short).width > room) short = short.slice(0, -1);
  return short.length < text.length ? `${short.slice(0, -1)}…` : text;
}
