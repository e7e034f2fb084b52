/** Draws the weights on their levels, the settings that were tried, and the examples that change their class. */
import { clamp } from "../shared/js/bounds.js";
import { begin, density } from "../shared/js/canvas.js";
import { changes, remember } from "../shared/js/memory.js";
import { CATEGORIES, css, diverging, WINDOW } from "../shared/js/palette.js";
import { thumbnailer } from "../shared/js/thumbnails.js";
import { shown } from "../shared/js/words.js";
import { sizeScale, TILE, tileAt } from "./layout.js";
import { shareOnBar, sizeInWords, tileText } from "./words.js";

const [ABOVE, BELOW] = [18, 20]; // of the histogram: room for shares and for the axis
const MOST_SHARES = 9; // that are written above the bars
const AXIS = { left: 40, right: 8, top: 8, bottom: 22 }; // around the tries
const EFFECTS = { spoiled: CATEGORIES[5], mended: CATEGORIES[2], other: "#8c8c8c" };

/**
 * Draws on the widget's canvases, and anew only what has changed.
 *
 * @param {Record<"histogram" | "tries" | "tiles", HTMLCanvasElement>} canvases
 * @returns {(view: import("./state.js").View, tries: import("./state.js").Try[], layout: import("./layout.js").Layout,
 *   theme: import("../shared/js/palette.js").Theme) => void}
 */
export function painter(canvases) {
  const changed = changes();
  const thumbnails = remember(({ pictures, values }) =>
    pictures ? thumbnailer(pictures.bytes ?? values, pictures.shape) : null,
  );

  return (view, tries, layout, theme) => {
    if (changed("histogram", view.spread, layout.histogram.width, theme, density())) {
      drawHistogram(canvases.histogram, view.spread, layout.histogram, theme);
    }
    const now = [view.bytes, view.score, view.complete, view.floatBytes];
    if (changed("tries", tries, ...now, layout.tries.width, theme, density())) {
      drawTries(canvases.tries, view, tries, layout.tries, theme);
    }
    const { width, shown: count } = layout.tiles;
    if (changed("tiles", view.changed, view.described, view.examples, width, count, theme, density())) {
      drawTiles(canvases.tiles, view, layout.tiles, theme, thumbnails(view.examples));
    }
  };
}

function drawHistogram(canvas, { low, high, counts, bars, single }, { width, height }, theme) {
  const pen = begin(canvas, width, height);
  const [bottom, tall] = [height - BELOW, height - ABOVE - BELOW];
  const x = (value) => ((value - low) / (high - low)) * (width - 10) + 5;
  const step = (width - 10) / counts.length;
  const most = counts.reduce((largest, count) => Math.max(largest, count), 1);
  pen.fillStyle = theme.dark ? "#4a4a4a" : "#d8d8d8";
  counts.forEach((count, bin) => {
    const size = (count / most) * tall;
    pen.fillRect(5 + bin * step, bottom - size, step + 0.5, size);
  });
  if (bars) drawBars(pen, bars, { x, bottom, tall, width, thick: single ? barWidth(bars, x) : step * 0.6 }, theme);
  drawAxis(pen, { low, high, x, bottom, width }, theme);
}

/** The width of a level's bar: less than the way to the next one. */
function barWidth(bars, x) {
  const gaps = bars.slice(1).map(({ value }, index) => x(value) - x(bars[index].value));
  return Math.min(9, Math.max(2, 0.6 * Math.min(...gaps, 15)));
}

function drawBars(pen, bars, { x, bottom, tall, width, thick }, theme) {
  const colours = diverging(1, theme);
  const most = Math.max(...bars.map(({ count }) => count));
  const all = bars.reduce((total, { count }) => total + count, 0);
  pen.textAlign = "center";
  pen.textBaseline = "alphabetic";
  pen.font = `11px ${theme.font}`;
  for (const { value, count } of bars) {
    const size = Math.max(1, (count / most) * tall);
    pen.fillStyle = value === 0 ? (theme.dark ? "#b0b0b0" : "#7a7a7a") : css(colours(Math.sign(value) * 0.62));
    pen.fillRect(x(value) - thick / 2, bottom - size, thick, size);
    pen.fillRect(x(value) - 0.5, bottom, 1, 4); // the level itself
    if (bars.length > MOST_SHARES) continue;
    pen.fillStyle = theme.ink;
    const text = shareOnBar(count / all);
    const half = pen.measureText(text).width / 2;
    pen.fillText(text, clamp(x(value), half, width - half), bottom - size - 4);
  }
}

function drawAxis(pen, { low, high, x, bottom, width }, theme) {
  pen.fillStyle = theme.line;
  pen.fillRect(5, bottom, width - 10, 1);
  pen.fillStyle = theme.ink;
  pen.font = `11px ${theme.font}`;
  pen.textBaseline = "bottom";
  const places = [low, 0, high].filter((value) => value >= low && value <= high);
  for (const value of new Set(places)) {
    const near = value === 0 && Math.min(x(0) - x(low), x(high) - x(0)) < 40;
    if (near) continue;
    pen.textAlign = value === low ? "left" : value === high ? "right" : "center";
    pen.fillText(shown(value), value === low ? 2 : value === high ? width - 2 : x(value), bottom + BELOW);
  }
}

/** Size against score of all that was tried: how small can it be, and still be right? */
function drawTries(canvas, view, tries, { width, height }, theme) {
  const pen = begin(canvas, width, height);
  const [across, tall] = [width - AXIS.left - AXIS.right, height - AXIS.top - AXIS.bottom];
  const toX = sizeScale(view.floatBytes, across);
  const x = (bytes) => AXIS.left + toX(bytes);
  const y = (score) => AXIS.top + (1 - score) * tall;
  pen.font = `11px ${theme.font}`;
  pen.textBaseline = "middle";
  for (const score of [0, 0.25, 0.5, 0.75, 1]) {
    pen.fillStyle = theme.line;
    pen.globalAlpha = score ? 0.35 : 1;
    pen.fillRect(AXIS.left, y(score), across, 1);
    pen.globalAlpha = 1;
    pen.fillStyle = theme.ink;
    pen.textAlign = "right";
    pen.fillText(`${100 * score} %`, AXIS.left - 6, y(score));
  }
  pen.textBaseline = "bottom";
  for (const part of [32, 16, 8, 4, 2, 1]) {
    const bytes = view.floatBytes / part;
    pen.textAlign = part === 1 ? "right" : "center";
    pen.fillText(sizeInWords(bytes, part > 1), part === 1 ? width - 2 : x(bytes), height);
  }
  if (view.right && view.done) drawFloats(pen, AXIS.left, y(view.right.before / view.done), across, theme);
  for (const { bytes, score } of tries) dot(pen, x(bytes), y(score), 3.5, CATEGORIES[4]);
  if (view.complete) dot(pen, x(view.bytes), y(view.score), 6, WINDOW);
}

/** What is right with floats: what one would like to keep. */
function drawFloats(pen, left, y, across, theme) {
  pen.setLineDash([5, 4]);
  pen.strokeStyle = theme.ink;
  pen.globalAlpha = 0.6;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(left, y);
  pen.lineTo(left + across, y);
  pen.stroke();
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

function dot(pen, x, y, radius, colour) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = 1;
  pen.strokeStyle = "rgb(255 255 255 / 70%)";
  pen.stroke();
}

function drawTiles(canvas, { changed, described }, tiles, theme, thumbnail) {
  const pen = begin(canvas, tiles.width, tiles.height);
  const { picture: side, width } = TILE;
  pen.imageSmoothingEnabled = false;
  pen.textAlign = "center";
  changed.slice(0, tiles.shown).forEach(({ number, before, now, effect }, place) => {
    const { x, y } = tileAt(tiles, place);
    const [left, top] = [x + 4, y + 3];
    if (thumbnail) drawPicture(pen, thumbnail(number), left, top, side);
    else {
      pen.fillStyle = theme.ink;
      pen.textBaseline = "middle";
      pen.font = `13px ${theme.font}`;
      pen.fillText(`#${number}`, left + side / 2, top + side / 2);
    }
    pen.lineWidth = 3;
    pen.strokeStyle = EFFECTS[effect];
    pen.strokeRect(left - 1.5, top - 1.5, side + 3, side + 3);
    pen.fillStyle = theme.ink;
    pen.textBaseline = "top";
    pen.font = `12px ${theme.font}`;
    pen.fillText(tileText(described.classes, before, now, effect), left + side / 2, top + side + 5, width - 2);
  });
}

function drawPicture(pen, picture, left, top, side) {
  const scale = side / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  pen.drawImage(picture, left + (side - width) / 2, top + (side - height) / 2, width, height);
}
