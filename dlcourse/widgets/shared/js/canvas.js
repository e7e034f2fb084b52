/** Drawing on canvases that stay crisp on every screen. */
import { css, inkOn } from "./palette.js";
import { shown } from "./words.js";

/** Pixels of the screen for one of the page. */
export function density() {
  return window.devicePixelRatio || 1;
}

/**
 * Gives a canvas its size on the page and as many pixels as the screen has there.
 *
 * @returns {CanvasRenderingContext2D} with lengths in CSS pixels, cleared
 */
export function begin(canvas, width, height) {
  const dense = density();
  const [columns, rows] = [Math.round(width * dense), Math.round(height * dense)];
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/** A plane as a picture of its own size, a pixel for each number; what is below `floor` is shown as that. */
export function bitmap(plane, { low, high, packed }, floor = low) {
  const canvas = document.createElement("canvas");
  canvas.width = plane.width;
  canvas.height = plane.height;
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(plane.width, plane.height);
  const pixels = new Uint32Array(picture.data.buffer);
  const { values } = plane;
  const last = packed.length - 1;
  const perStep = last / (high - low);
  for (let index = 0; index < values.length; index++) {
    const step = (Math.max(values[index], floor) - low) * perStep;
    pixels[index] = packed[step < last ? (step > 0 ? (step + 0.5) | 0 : 0) : last];
  }
  pen.putImageData(picture, 0, 0);
  return canvas;
}

/** A frame that is seen on every background: the colour between two lines of white. */
export function frame(pen, x, y, width, height, colour) {
  pen.lineJoin = "round";
  pen.strokeStyle = "rgb(255 255 255 / 90%)";
  pen.lineWidth = 4.5;
  pen.strokeRect(x, y, width, height);
  pen.strokeStyle = colour;
  pen.lineWidth = 2.5;
  pen.strokeRect(x, y, width, height);
}

/**
 * Numbers in coloured squares.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {{values: number[], columns: number, cell: number, scale: Function, faded?: boolean[], font: string,
 *   text?: (value: number) => string, size?: number}} grid  `text`: how a number is written; `size`: of the letters
 */
export function numberGrid(pen, { values, columns, cell, scale, faded, font, text = shown, size = numberSize(cell) }) {
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `${size}px ${font}`;
  values.forEach((value, index) => {
    const [x, y] = [(index % columns) * cell, Math.floor(index / columns) * cell];
    const colour = scale(value);
    pen.fillStyle = css(colour);
    pen.fillRect(x, y, cell - 1, cell - 1);
    pen.fillStyle = inkOn(colour);
    pen.globalAlpha = faded?.[index] ? 0.55 : 1;
    pen.fillText(text(value), x + (cell - 1) / 2, y + cell / 2);
    pen.globalAlpha = 1;
  });
}

/** The size of the letters in such a square: five of them fit. */
export function numberSize(cell) {
  return Math.min(13, Math.round(cell * 2.9) / 10);
}

/** A bar with the colours of a scale from `low` to `high`. */
export function colourBar(pen, width, height, scale, low, high) {
  for (let x = 0; x < width; x++) {
    pen.fillStyle = css(scale(low + ((high - low) * x) / Math.max(width - 1, 1)));
    pen.fillRect(x, 0, 1.5, height);
  }
}
