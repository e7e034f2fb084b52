/**
 * Random changes of pictures, as Keras' layers RandomFlip, RandomRotation, RandomTranslation, RandomZoom, RandomShear,
 * RandomBrightness, RandomContrast, GaussianNoise and RandomErasing make them, one after the other.
 *
 * @typedef {import("../shared/js/warp.js").Image} Image
 * @typedef {{mirrored: boolean, upside: boolean, angle: number, shift: [number, number], zoom: number, shear: number,
 *   brightness: number, contrast: number, noise: number, cut: number, place: [number, number], seed: number}} Change
 *   `angle`: degrees, counter-clockwise; `shift`: to the right and down, as shares of the picture; `zoom`: how much of
 *   the picture is seen along a side, so that 2 makes things half as large; `cut`: share of the area that is covered;
 *   `place`: where, 0 to 1
 */
import { even } from "../shared/js/random.js";
import { warped } from "../shared/js/warp.js";

/** What no layer changes. @type {Change} */
export const UNCHANGED = {
  mirrored: false,
  upside: false,
  angle: 0,
  shift: [0, 0],
  zoom: 1,
  shear: 0,
  brightness: 0,
  contrast: 1,
  noise: 0,
  cut: 0,
  place: [0, 0],
  seed: 0,
};

/** Numbers of a normal distribution to choose from: a logarithm and a cosine for each pixel would take too long. */
const NORMAL = (() => {
  const roll = dice(1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());
  return Float32Array.from({ length: 8192 }, normal);
})();

/** Evenly distributed numbers from 0 to 1, the same for the same seed. */
export function dice(seed) {
  let place = 0;
  return () => even(seed, place++);
}

/**
 * A change drawn at random within the settings. Each number comes from its own throw, so that moving one slider leaves
 * the rest of the picture as it was.
 *
 * @returns {Change}
 */
export function draw(settings, seed) {
  const roll = dice(seed);
  for (let warmUp = 0; warmUp < 4; warmUp++) roll(); // seeds next to each other begin alike
  const around = (reach) => (2 * roll() - 1) * reach * settings.strength;
  const coin = (allowed) => roll() < 0.5 && allowed;
  return {
    mirrored: coin(settings.flip_horizontal),
    upside: coin(settings.flip_vertical),
    angle: around(settings.rotation),
    shift: [around(settings.shift_x), around(settings.shift_y)],
    zoom: 1 + around(settings.zoom),
    shear: around(settings.shear),
    brightness: around(settings.brightness),
    contrast: 1 + around(settings.contrast),
    noise: settings.noise * settings.strength,
    cut: settings.cutout * settings.strength,
    place: [roll(), roll()],
    seed: Math.floor(roll() * 4294967296),
  };
}

/** A picture changed. @param {Image} image @param {Change} change @param {"constant" | "nearest" | "reflect"} fill */
export function augmented(image, change, fill) {
  let copy = image;
  if (change.mirrored || change.upside) copy = flipped(copy, change);
  for (const matrix of matrices(image, change)) copy = warped(copy, matrix, fill);
  if (copy === image) copy = { ...image, values: Float32Array.from(image.values) };
  if (change.brightness) recoloured(copy.values, (value) => value + change.brightness);
  if (change.contrast !== 1) contrasted(copy, change.contrast);
  if (change.noise) noisy(copy.values, change);
  if (change.cut) covered(copy, change);
  return copy;
}

/**
 * For each geometric layer, the six numbers that lead from a pixel of its output to a place in its input.
 *
 * @param {{height: number, width: number}} image
 * @param {Pick<Change, "angle" | "shift" | "zoom" | "shear">} change
 * @returns {number[][]}
 */
export function matrices({ height, width }, { angle, shift, zoom, shear }) {
  const perLayer = [];
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  if (angle) {
    const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    perLayer.push([cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos]);
  }
  if (shift[0] || shift[1]) perLayer.push([1, 0, -shift[0] * width, 0, 1, -shift[1] * height]);
  if (zoom !== 1) perLayer.push([zoom, 0, x * (1 - zoom), 0, zoom, y * (1 - zoom)]);
  if (shear) perLayer.push([1, shear, 0, 0, 1, 0]);
  return perLayer;
}

function flipped({ height, width, channels, values }, { mirrored, upside }) {
  const pixels = new Float32Array(values.length);
  let to = 0;
  for (let row = 0; row < height; row++) {
    const from = (upside ? height - 1 - row : row) * width;
    for (let column = 0; column < width; column++) {
      const at = (from + (mirrored ? width - 1 - column : column)) * channels;
      for (let channel = 0; channel < channels; channel++) pixels[to++] = values[at + channel];
    }
  }
  return { height, width, channels, values: pixels };
}

function recoloured(values, change) {
  for (let index = 0; index < values.length; index++) values[index] = Math.min(Math.max(change(values[index]), 0), 1);
}

/** Each channel's distances from its mean, stretched. */
function contrasted({ channels, values }, factor) {
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let index = channel; index < values.length; index += channels) sum += values[index];
    const offset = (1 - factor) * (sum / (values.length / channels));
    for (let index = channel; index < values.length; index += channels) {
      values[index] = Math.min(Math.max(values[index] * factor + offset, 0), 1);
    }
  }
}

function noisy(values, { noise, seed }) {
  const roll = dice(seed);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] + noise * NORMAL[(roll() * NORMAL.length) | 0];
    values[index] = Math.min(Math.max(value, 0), 1);
  }
}

function covered({ height, width, channels, values }, { cut, place }) {
  const side = Math.sqrt(cut);
  const [left, top] = [place[0] * width * (1 - side), place[1] * height * (1 - side)];
  for (let row = Math.ceil(top); row < top + side * height; row++) {
    for (let column = Math.ceil(left); column < left + side * width; column++) {
      values.fill(0, (row * width + column) * channels, (row * width + column + 1) * channels);
    }
  }
}

// --- labels ----------------------------------------------------------------------------------------------------------

const HALFWAY = 30; // degrees beyond a quarter turn from which on nobody can say which quarter it is
const SEEN = 0.5; // of the picture's middle, where the thing is
const FLAT = 0.04; // a standard deviation below which nothing can be made out

/**
 * What becomes of a label: which of the eight ways to lay a square a change comes nearest to, and what else speaks
 * against it.
 *
 * @param {Record<string, string>} ways  from a way ("", "m", "90", "m90", ...: mirrored, then turned to the left) to
 *   what the picture then shows: a label, or "" for nothing that has a name; what is missing is nothing, too
 * @returns {{keeps: boolean, becomes: string, why: "way" | "between" | "gone" | "flat"}}
 */
export function labelAfter(label, ways, change, copy) {
  if (deviation(copy) < FLAT) return { keeps: false, becomes: "", why: "flat" };
  if (leftOver(copy, change) < SEEN) return { keeps: false, becomes: "", why: "gone" };
  const turned = (((change.angle + (change.upside ? 180 : 0)) % 360) + 360) % 360;
  const mirrored = change.mirrored !== change.upside; // upside down is mirrored and turned by half
  const quarter = Math.round(turned / 90) % 4;
  const off = Math.abs(turned - 90 * Math.round(turned / 90));
  if (off > HALFWAY) return { keeps: false, becomes: "", why: "between" };
  const becomes = ways[`${mirrored ? "m" : ""}${quarter ? 90 * quarter : ""}`] ?? "";
  return { keeps: becomes === label, becomes, why: "way" };
}

function deviation({ values }) {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(squares / values.length - mean * mean, 0));
}

/** How much of the picture's middle is still inside the frame. */
function leftOver({ height, width }, change) {
  const flat = { height, width, channels: 1, values: new Float32Array(height * width) };
  const middle = (at, length) => Math.abs(at - (length - 1) / 2) < length / 4;
  flat.values.forEach((_, index) => {
    const inside = middle(Math.floor(index / width), height) && middle(index % width, width);
    flat.values[index] = inside ? 1 : 0;
  });
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const whole = sum(flat.values);
  /** @type {Image} */
  let mask = flat;
  for (const matrix of matrices(flat, change)) mask = warped(mask, matrix, "constant");
  if (change.cut) covered(mask, change);
  return (sum(mask.values) * change.zoom ** 2) / whole;
}
