/** Pictures of many examples, from bytes that hold them all. */
import { bytesIn } from "./bytes.js";

/**
 * Makes a canvas of the example with a number, each once.
 *
 * @param {ArrayBufferView} view  height × width × channels bytes for each example
 * @param {number[]} shape  height, width, channels
 * @returns {(number: number) => HTMLCanvasElement}
 */
export function thumbnailer(view, [height, width, channels]) {
  const bytes = bytesIn(view);
  const length = height * width * channels;
  const made = new Map();
  return (number) => {
    if (!made.has(number)) {
      made.set(number, thumbnail(bytes.subarray(number * length, (number + 1) * length), height, width));
    }
    return made.get(number);
  };
}

function thumbnail(bytes, height, width) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(width, height);
  const channels = bytes.length / (height * width);
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      picture.data[4 * pixel + colour] = bytes[pixel * channels + Math.min(colour, channels - 1)];
    }
    picture.data[4 * pixel + 3] = 255;
  }
  pen.putImageData(picture, 0, 0);
  return canvas;
}
