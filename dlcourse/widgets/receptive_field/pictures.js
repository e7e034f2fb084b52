/** The pictures of a receptive field: the input as the network gets it, the dark around what is seen, what counts. */
import { bytesIn } from "../shared/js/bytes.js";
import { sequential } from "../shared/js/palette.js";

const ALPHA = 24; // where a pixel's opacity stands in its number
const DARKNESS = 150; // of the veil, of 255
const FAINTEST = 60; // of what counts nearly nothing, of 255

/**
 * The middle of a picture, cut to the input's proportions and scaled to its size.
 *
 * @param {import("../shared/js/pictures.js").Picture} image
 * @returns {HTMLCanvasElement} a pixel for each of the input
 */
export function fittedPicture({ shape: [height, width, channels], bytes }, rows, columns) {
  const whole = document.createElement("canvas");
  [whole.width, whole.height] = [width, height];
  const data = bytesIn(bytes);
  const pen = whole.getContext("2d");
  const pixels = pen.createImageData(width, height);
  for (let index = 0; index < height * width; index++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels.data[4 * index + channel] = data[index * channels + (channels === 3 ? channel : 0)];
    }
    pixels.data[4 * index + 3] = 255;
  }
  pen.putImageData(pixels, 0, 0);
  const share = Math.min(height / rows, width / columns);
  const fitted = document.createElement("canvas");
  [fitted.width, fitted.height] = [columns, rows];
  const small = fitted.getContext("2d");
  small.imageSmoothingQuality = "high";
  const [top, left] = [(height - rows * share) / 2, (width - columns * share) / 2];
  small.drawImage(whole, left, top, columns * share, rows * share, 0, 0, columns, rows);
  return fitted;
}

/** A veil over all pixels but those whose row and whose column are seen. */
export function veil(rows, columns) {
  return painted(rows.length, columns.length, (pixels) => {
    const dark = DARKNESS << ALPHA;
    rows.forEach((row, i) => {
      const from = i * columns.length;
      if (!row) pixels.fill(dark, from, from + columns.length);
      else for (let j = 0; j < columns.length; j++) pixels[from + j] = columns[j] ? 0 : dark;
    });
  });
}

/** How much each pixel counts, in colours; the picture shows through where it counts little. */
export function heatPicture({ height, width, values }, dark) {
  const { packed } = sequential(0, 1, { dark });
  const peak = nearlyMost(values);
  return painted(height, width, (pixels) => {
    for (let index = 0; index < values.length; index++) {
      if (!values[index]) continue;
      const share = Math.min(values[index] / peak, 1);
      const colour = packed[Math.round(share * (packed.length - 1))] & 0xffffff;
      pixels[index] = colour | (Math.round(FAINTEST + (255 - FAINTEST) * share) << ALPHA);
    }
  });
}

/** What all but a few values lie below: a gradient's few peaks would make all others pale. */
function nearlyMost(values) {
  const above = values.filter((value) => value > 0);
  const step = Math.ceil(above.length / 4000); // a sample will do
  const some = above.filter((_, index) => index % step === 0).sort();
  return some.length ? some[Math.floor(0.997 * (some.length - 1))] : 0;
}

/** A picture whose pixels are painted as numbers: opacity, blue, green, red. */
function painted(height, width, paint) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(width, height);
  paint(new Uint32Array(picture.data.buffer));
  pen.putImageData(picture, 0, 0);
  return canvas;
}
