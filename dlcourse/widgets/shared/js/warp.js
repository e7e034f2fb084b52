/**
 * Pictures warped: each pixel of the new one comes from a place in the old one. lens/transforming.py does the same.
 *
 * @typedef {{height: number, width: number, channels: number, values: Float32Array}} Image  0 to 1, channels last
 */

/**
 * Each pixel from the four around its place in the input; beyond the edges there is black unless they are filled.
 *
 * @param {Image} image
 * @param {number[]} matrix  six numbers
 * @param {string} fill
 * @returns {Image}
 */
export function warped({ height, width, channels, values }, [a, b, c, d, e, f], fill) {
  const pixels = new Float32Array(values.length);
  const beyond = { nearest: clamped, reflect: reflected }[fill];
  const line = width * channels;
  let to = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++, to += channels) {
      let x = a * column + b * row + c;
      let y = d * column + e * row + f;
      if (beyond && (x < 0 || x > width - 1)) x = beyond(x, width);
      if (beyond && (y < 0 || y > height - 1)) y = beyond(y, height);
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, below] = [x - left, y - top];
      const from = top * line + left * channels;
      if (left >= 0 && top >= 0 && left < width - 1 && top < height - 1) {
        const weights = [(1 - right) * (1 - below), right * (1 - below), (1 - right) * below, right * below];
        for (let at = from, channel = 0; channel < channels; channel++, at++) {
          pixels[to + channel] =
            weights[0] * values[at] +
            weights[1] * values[at + channels] +
            weights[2] * values[at + line] +
            weights[3] * values[at + line + channels];
        }
        continue;
      }
      for (let corner = 0; corner < 4; corner++) {
        const [i, j] = [top + (corner >> 1), left + (corner & 1)];
        if (i < 0 || j < 0 || i >= height || j >= width) continue;
        const weight = (corner >> 1 ? below : 1 - below) * (corner & 1 ? right : 1 - right);
        for (let channel = 0; channel < channels; channel++) {
          pixels[to + channel] += weight * values[(i * width + j) * channels + channel];
        }
      }
    }
  }
  return { height, width, channels, values: pixels };
}

function clamped(at, length) {
  return Math.min(Math.max(at, 0), length - 1);
}

/** dcba|abcd|dcba, as TensorFlow does it. */
function reflected(at, length) {
  const twice = 2 * length;
  let inside = at;
  if (inside < 0) {
    if (inside < twice) inside += twice * Math.trunc(-inside / twice);
    inside = inside < -length ? inside + twice : -inside - 1;
  } else if (inside > length - 1) {
    inside -= twice * Math.trunc(inside / twice);
    if (inside >= length) inside = twice - inside - 1;
  }
  return clamped(inside, length);
}
