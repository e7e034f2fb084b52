/**
 * A plane of numbers at another size, by areas: each new number is the mean of what lies under it.
 * shared/resample.py does the same.
 *
 * @typedef {[number, number, number, number]} Region  top, left, height, width; they need not be whole
 */

/**
 * @param {import("./convolution.js").Plane} plane
 * @param {Region} [region]  which part of the plane; all of it
 * @returns {import("./convolution.js").Plane}
 */
export function resampled(plane, height, width, region = [0, 0, plane.height, plane.width]) {
  const [top, left, tall, wide] = region;
  const rows = shares(plane.height, height, top, tall);
  const columns = shares(plane.width, width, left, wide);
  const [first, last] = [rows[0].from, rows[height - 1].from + rows[height - 1].shares.length];
  const narrow = new Float64Array(plane.height * width);
  for (let row = first; row < last; row++) {
    for (let column = 0; column < width; column++) {
      const { from, shares: own } = columns[column];
      let sum = 0;
      for (let k = 0; k < own.length; k++) sum += own[k] * plane.values[row * plane.width + from + k];
      narrow[row * width + column] = sum;
    }
  }
  const values = new Float64Array(height * width);
  rows.forEach(({ from, shares: own }, row) => {
    for (let k = 0; k < own.length; k++) {
      for (let column = 0; column < width; column++) {
        values[row * width + column] += own[k] * narrow[(from + k) * width + column];
      }
    }
  });
  return { height, width, values };
}

/**
 * The largest part in the middle of a plane that has the proportions of another one.
 *
 * @param {number} height
 * @param {number} width
 * @param {number[]} like  the other one's height and width
 * @returns {Region}
 */
export function central(height, width, like) {
  const scale = Math.min(height / like[0], width / like[1]);
  const [tall, wide] = [like[0] * scale, like[1] * scale];
  return [(height - tall) / 2, (width - wide) / 2, tall, wide];
}

/** For each new number along an axis, the first old one under it and the shares from there on. */
function shares(length, count, first, reach) {
  const step = reach / count;
  return Array.from({ length: count }, (_, index) => {
    const [start, end] = [first + step * index, first + step * (index + 1)];
    const from = Math.min(Math.max(Math.floor(start), 0), length - 1);
    const to = Math.min(Math.max(Math.ceil(end), from + 1), length);
    const own = Array.from({ length: to - from }, (__, k) => Math.min(end, from + k + 1) - Math.max(start, from + k));
    return { from, shares: own.map((share) => Math.max(share, 0) / step) };
  });
}
