/**
 * What a brush does to a picture, byte for byte as dlcourse/lens/painting.py does. Nothing here knows the page.
 *
 * @typedef {{height: number, width: number, channels: number, bytes: Uint8Array}} Pixels
 * @typedef {{values: ArrayLike<number>, inside: Uint8Array | null}} Content  what is put on every pixel, from 0 to 255,
 *   and where there is something to put
 * @typedef {{before: Pixels, content: Content, mask: Float64Array, bytes: Uint8Array, last: [number, number] | null}}
 *   Stroke  what it is painted on, what it puts there, how much of each pixel it has covered, and what has come of it
 */
import { clamp } from "../shared/js/bounds.js";

const PASSES = 3; // means of a square, one after the other, come close to a Gaussian

/** A picture as numbers to paint on. @param {import("../shared/js/pictures.js").Picture} picture @returns {Pixels} */
export function pixelsOf({ shape: [height, width, channels], bytes }) {
  return { height, width, channels, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** One grey for all. @returns {Content} */
export function greyContent({ bytes }, grey) {
  return { values: new Float64Array(bytes.length).fill(grey), inside: null };
}

/** The picture without its details. @param {Pixels} pixels @returns {Content} */
export function blurredContent({ height, width, channels, bytes }, reach = blurReach(height, width)) {
  let values = Float64Array.from(bytes);
  const [down, across] = [width * channels, channels];
  for (const [length, step, lines] of [
    [height, down, Array.from({ length: width * channels }, (_, line) => line)],
    [
      width,
      across,
      Array.from({ length: height * channels }, (_, line) => Math.floor(line / channels) * down + (line % channels)),
    ],
  ]) {
    for (let pass = 0; pass < PASSES; pass++) values = means(values, { length, step, lines }, reach);
  }
  return { values, inside: null };
}

/** How far the blur of a picture reaches, so that what is under the brush cannot be told any more. */
export function blurReach(height, width) {
  return Math.max(1, Math.floor(Math.max(height, width) / 12) + 1);
}

/** Along each line the mean of what lies within reach of a place; at the ends of what there is. */
function means(values, { length, step, lines }, reach) {
  const result = new Float64Array(values.length);
  const sums = new Float64Array(length + 1);
  for (const line of lines) {
    for (let at = 0; at < length; at++) sums[at + 1] = sums[at] + values[line + at * step];
    for (let at = 0; at < length; at++) {
      const [first, last] = [Math.max(at - reach, 0), Math.min(at + reach + 1, length)];
      result[line + at * step] = (sums[last] - sums[first]) / (last - first);
    }
  }
  return result;
}

/**
 * Another place of a picture, laid over one of the same size.
 *
 * @param {Pixels} source
 * @param {[number, number]} offset  rows and columns from a pixel here to the one there that is put in its place
 * @returns {Content}
 */
export function movedContent({ height, width, channels, bytes }, [down, across]) {
  const [values, inside] = [new Uint8Array(bytes.length), new Uint8Array(height * width)];
  for (let row = 0; row < height; row++) {
    const from = clamp(row + down, 0, height - 1);
    for (let column = 0; column < width; column++) {
      const left = clamp(column + across, 0, width - 1);
      const place = row * width + column;
      inside[place] = from === row + down && left === column + across ? 1 : 0;
      for (let channel = 0; channel < channels; channel++) {
        values[place * channels + channel] = bytes[(from * width + left) * channels + channel];
      }
    }
  }
  return { values, inside };
}

/** How far it is from the place where a stroke begins to the one that it takes from. @returns {[number, number]} */
export function offsetFrom(source, [row, column]) {
  return [Math.floor(source[0] - row + 0.5), Math.floor(source[1] - column + 0.5)];
}

/** @param {Pixels} before @param {Content} content @returns {Stroke} a stroke that has not touched the picture yet */
export function strokeOn(before, content) {
  const mask = new Float64Array(before.height * before.width);
  return { before, content, mask, bytes: before.bytes.slice(), last: null };
}

/**
 * Leads the brush on to a place; the first time it is a dot.
 *
 * @param {Stroke} stroke  `mask` and `bytes` become what they are then
 * @param {[number, number]} place  row and column
 * @param {number} radius
 */
export function leadTo(stroke, place, radius) {
  const { before, mask, last } = stroke;
  const start = last ?? place;
  const [down, across] = [place[0] - start[0], place[1] - start[1]];
  const length = down * down + across * across;
  const [top, bottom] = reached(start[0], place[0], radius, before.height);
  const [left, right] = reached(start[1], place[1], radius, before.width);
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const [y, x] = [row - start[0], column - start[1]];
      const along = length === 0 ? 0 : clamp((y * down + x * across) / length, 0, 1);
      const distance = Math.sqrt((y - along * down) ** 2 + (x - along * across) ** 2);
      const cover = clamp(radius + 0.5 - distance, 0, 1);
      const pixel = row * before.width + column;
      if (cover <= mask[pixel]) continue;
      mask[pixel] = cover;
      put(stroke, pixel);
    }
  }
  stroke.last = place;
}

function reached(start, end, radius, length) {
  const beyond = radius + 1;
  const first = clamp(Math.floor(Math.min(start, end) - beyond), 0, length - 1);
  return [first, clamp(Math.ceil(Math.max(start, end) + beyond), 0, length - 1)];
}

function put({ before: { channels, bytes: under }, content: { values, inside }, mask, bytes }, pixel) {
  const share = inside ? mask[pixel] * inside[pixel] : mask[pixel];
  for (let at = pixel * channels; at < (pixel + 1) * channels; at++) {
    bytes[at] = Math.floor(under[at] * (1 - share) + values[at] * share + 0.5);
  }
}

/** How much of a picture is another one than before. @param {Pixels} original @param {Uint8Array} bytes */
export function paintedShare({ channels, bytes: original }, bytes) {
  let changed = 0;
  for (let at = 0; at < bytes.length; at += channels) {
    for (let channel = 0; channel < channels; channel++) {
      if (bytes[at + channel] === original[at + channel]) continue;
      changed++;
      break;
    }
  }
  return changed / (bytes.length / channels);
}
