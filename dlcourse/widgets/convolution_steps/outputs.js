/** All output channels on one canvas, the chosen number framed. */
import { begin, frame, numberGrid } from "../shared/js/canvas.js";
import { WINDOW } from "../shared/js/palette.js";
import { brief } from "../shared/js/words.js";
import { emptySquare } from "./channels.js";
import { letterSize } from "./number_table.js";

export const GAP = 14; // CSS pixels between two channels
const TITLE = 18; // above each of them

/**
 * @typedef {{height: number, width: number, channels: number, cell: number, perRow: number}} Tiles
 *   `perRow`: how many channels lie side by side
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Tiles} tiles
 * @param {{values: ArrayLike<number>, position: [number, number], channel: number, scale: Function,
 *   hidesLater: boolean, isMarked: (place: number, channel: number) => boolean}} drawing
 *   `hidesLater`: whether what comes after the position is left empty; `isMarked`: which numbers are marked
 * @param {import("../shared/js/palette.js").Theme} theme
 */
export function drawOutputs(canvas, tiles, { values, position, channel, scale, hidesLater, isMarked }, theme) {
  const { height, width, channels, cell, perRow } = tiles;
  const across = perRow * (width * cell + GAP) - 6;
  const pen = begin(canvas, across, Math.ceil(channels / perRow) * (height * cell + TITLE + 8) - 3);
  const letters = letterSize(cell, Array.from(values, brief));
  const current = position[0] * width + position[1];
  for (let number = 0; number < channels; number++) {
    const [left, top] = tileAt(number, tiles);
    const ofChannel = Array.from(values).filter((_, index) => index % channels === number);
    pen.save();
    pen.translate(left, top);
    numberGrid(pen, { values: ofChannel, columns: width, cell, scale, font: theme.font, text: brief, size: letters });
    ofChannel.forEach((_, place) => {
      const [x, y] = [(place % width) * cell, Math.floor(place / width) * cell];
      if (hidesLater && (number > channel || (number === channel && place > current))) emptySquare(pen, x, y, cell);
      else if (isMarked(place, number)) mark(pen, x, y, cell);
    });
    if (number === channel) frame(pen, position[1] * cell, position[0] * cell, cell - 1, cell - 1, WINDOW);
    pen.restore();
    pen.textAlign = "left";
    pen.textBaseline = "alphabetic";
    pen.font = `${number === channel ? "600 " : ""}12px ${theme.font}`;
    pen.fillStyle = theme.dark ? "#e0e0e0" : "#333333";
    pen.fillText(`channel ${number}`, left, top - 6);
  }
}

/** The row, the column and the channel of the number at a point of the canvas; null beside them. */
export function outputAt(x, y, tiles) {
  for (let channel = 0; channel < tiles.channels; channel++) {
    const [left, top] = tileAt(channel, tiles);
    const [row, column] = [Math.floor((y - top) / tiles.cell), Math.floor((x - left) / tiles.cell)];
    if (row >= 0 && column >= 0 && row < tiles.height && column < tiles.width) return [row, column, channel];
  }
  return null;
}

function tileAt(channel, { height, width, cell, perRow }) {
  const [row, column] = [Math.floor(channel / perRow), channel % perRow];
  return [column * (width * cell + GAP) + 4, row * (height * cell + TITLE + 8) + TITLE];
}

function mark(pen, x, y, cell) {
  pen.strokeStyle = WINDOW;
  pen.lineWidth = 2;
  pen.setLineDash([4, 3]);
  pen.strokeRect(x + 1.5, y + 1.5, cell - 4, cell - 4);
  pen.setLineDash([]);
}
