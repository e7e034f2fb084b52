/**
 * How a picture becomes what a network takes: cut, shrunk by areas, brought to its range. Pure.
 *
 * @typedef {{height: number, width: number, values: Float64Array}} Plane  of one colour, 0 to 255
 * @typedef {{shape: number[], dtype: string, range: [number, number], colours: "grey" | "RGB"}} Input  of the manifest
 */

const BOX = 20 / 28; // how much of a digit's frame its ink fills, and
const MIDDLE = 0.5; // where its centre of mass lies: MNIST was made so

/**
 * The planes of a picture: one of grey, or red, green and blue. What is transparent lies on white.
 *
 * @param {ArrayLike<number>} pixels  red, green, blue and opacity of each
 * @param {"grey" | "RGB"} colours
 * @returns {Plane[]}
 */
export function planesOf(pixels, height, width, colours) {
  const shares =
    colours === "RGB"
      ? [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ]
      : [[0.299, 0.587, 0.114]]; // how bright each of the three looks
  return shares.map((weights) => {
    const values = new Float64Array(height * width);
    for (let index = 0; index < values.length; index++) {
      const opacity = pixels[4 * index + 3] / 255;
      const light = weights.reduce((sum, weight, channel) => sum + weight * pixels[4 * index + channel], 0);
      values[index] = light * opacity + 255 * (1 - opacity);
    }
    return { height, width, values };
  });
}

/** White for black, and black for white. @param {Plane} plane @returns {Plane} */
export function inverted(plane) {
  return { ...plane, values: plane.values.map((value) => 255 - value) };
}

/**
 * A plane at another size: each new number is the mean of what lies under it.
 *
 * @param {Plane} plane
 * @param {number[]} [region]  top, left, height and width of the part to take; the largest in the middle that has the
 *   new proportions
 * @returns {Plane}
 */
export function resampled(plane, height, width, region = central(plane, height, width)) {
  const [top, left, tall, wide] = region;
  const rows = coverage(plane.height, height, top, tall);
  const columns = coverage(plane.width, width, left, wide);
  const values = new Float64Array(height * width);
  rows.forEach(([firstRow, rowShares], row) => {
    columns.forEach(([firstColumn, columnShares], column) => {
      let sum = 0;
      rowShares.forEach((rowShare, down) => {
        const start = (firstRow + down) * plane.width + firstColumn;
        for (let right = 0; right < columnShares.length; right++) {
          sum += rowShare * columnShares[right] * plane.values[start + right];
        }
      });
      values[row * width + column] = sum;
    });
  });
  return { height, width, values };
}

/**
 * Ink as MNIST would hold it: scaled into a box, its centre of mass in the middle.
 *
 * @param {Plane} plane  0 where there is no ink
 * @returns {Plane}
 */
export function centred(plane, height, width) {
  const digit = { height, width, values: new Float64Array(height * width) };
  const box = boxOf(plane);
  if (!box) return digit;
  const longest = Math.max(box[2], box[3]);
  const [tall, wide] = [
    [box[2], height],
    [box[3], width],
  ].map(([length, side]) => Math.max(1, Math.floor((BOX * side * length) / longest + 0.5)));
  const small = resampled(plane, tall, wide, box);
  const [down, right] = shifts(small, height, width);
  small.values.forEach((ink, index) => {
    const row = Math.floor(index / wide) + down;
    const column = (index % wide) + right;
    if (row >= 0 && row < height && column >= 0 && column < width) digit.values[row * width + column] = ink;
  });
  return digit;
}

/**
 * What the network gets: the numbers of all pixels in its range, the colours of each side by side.
 *
 * @param {Plane[]} planes  in the network's size
 * @param {Input} input
 */
export function numbersOf(planes, input) {
  const [low, high] = input.range;
  const count = planes[0].values.length;
  const numbers =
    input.dtype === "uint8" ? new Uint8Array(count * planes.length) : new Float32Array(count * planes.length);
  planes.forEach((plane, channel) => {
    plane.values.forEach((value, index) => {
      const number = low + (value / 255) * (high - low);
      numbers[index * planes.length + channel] = input.dtype === "uint8" ? Math.round(number) : number;
    });
  });
  return numbers;
}

/** The largest part in the middle that has the proportions asked for. */
function central(plane, height, width) {
  const scale = Math.min(plane.height / height, plane.width / width);
  const [tall, wide] = [height * scale, width * scale];
  return [(plane.height - tall) / 2, (plane.width - wide) / 2, tall, wide];
}

/** For each new place along an axis: the first old one under it, and the shares from there on. @returns {[number, number[]][]} */
function coverage(length, count, first, reach) {
  const step = reach / count;
  return Array.from({ length: count }, (_, index) => {
    const [start, end] = [first + step * index, first + step * (index + 1)];
    const from = Math.min(Math.max(Math.floor(start), 0), length - 1);
    const to = Math.min(Math.max(Math.ceil(end), from + 1), length);
    const shares = Array.from({ length: to - from }, (__, place) => {
      return Math.max(Math.min(end, from + place + 1) - Math.max(start, from + place), 0) / step;
    });
    return [from, shares];
  });
}

/** The smallest box that holds all ink; null where there is none. */
function boxOf({ height, width, values }) {
  let [top, left, bottom, right] = [height, width, -1, -1];
  values.forEach((ink, index) => {
    if (!ink) return;
    const [row, column] = [Math.floor(index / width), index % width];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
  });
  return bottom < 0 ? null : [top, left, bottom - top + 1, right - left + 1];
}

/** How far ink must move, down and to the right, for its centre of mass to come to the middle. */
function shifts({ width: wide, values }, height, width) {
  let [sum, rows, columns] = [0, 0, 0];
  values.forEach((ink, index) => {
    sum += ink;
    rows += ink * Math.floor(index / wide);
    columns += ink * (index % wide);
  });
  return [
    [rows, height],
    [columns, width],
  ].map(([moment, side]) => Math.floor(MIDDLE * side - moment / sum + 0.5 + 1e-6));
}
