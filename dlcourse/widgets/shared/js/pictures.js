/**
 * Pictures as they travel, as numbers and with dots of a brush.
 *
 * @typedef {{name: string, shape: [number, number, number], bytes: DataView}} Picture  as Python has it, too
 */

import { bytesIn } from "./bytes.js";

/** The picture's brightness, 0 to 1, or one of its colours. @returns {import("./convolution.js").Plane} */
export function planeOf({ shape: [height, width, channels], bytes }, channel) {
  const values = new Float32Array(height * width);
  const data = bytesIn(bytes);
  const colour = ["red", "green", "blue"].indexOf(channel);
  for (let index = 0, at = 0; index < values.length; index++, at += channels) {
    if (channels === 1) values[index] = data[at] / 255;
    else if (colour >= 0) values[index] = data[at + colour] / 255;
    else values[index] = (0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]) / 255;
  }
  return { height, width, values };
}

/** A black picture to draw on. @returns {Picture} */
export function blank(height, width) {
  return { name: "a drawing", shape: [height, width, 1], bytes: new DataView(new ArrayBuffer(height * width)) };
}

/** The same drawing with a soft white dot more. @returns {Picture} */
export function dotted(drawing, row, column, radius) {
  const [height, width] = drawing.shape;
  const data = bytesIn(drawing.bytes).slice();
  for (let i = Math.max(0, Math.ceil(row - radius)); i <= Math.min(height - 1, row + radius); i++) {
    for (let j = Math.max(0, Math.ceil(column - radius)); j <= Math.min(width - 1, column + radius); j++) {
      const ink = 255 * Math.min(1, radius - Math.hypot(i - row, j - column));
      data[i * width + j] = Math.max(data[i * width + j], ink);
    }
  }
  return { ...drawing, bytes: new DataView(data.buffer) };
}
