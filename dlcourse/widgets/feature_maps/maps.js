/**
 * A layer's numbers as maps. They lie as in Keras: row by row, column by column, the channels of a place side by side.
 * Nothing here knows the page.
 *
 * @typedef {import("../shared/js/convolution.js").Plane} Plane
 * @typedef {[number, number, number]} Sizes  rows, columns and channels
 * @typedef {{low: number, high: number}} Range  what the colours of a map reach over
 */

/** One map. @returns {Plane} */
export function channelOf(numbers, [height, width, channels], channel) {
  const values = new Float32Array(height * width);
  for (let place = 0; place < values.length; place++) values[place] = numbers[place * channels + channel];
  return { height, width, values };
}

/** The number of one map at one place. */
export function numberAt(numbers, [, width, channels], channel, [row, column]) {
  return numbers[(row * width + column) * channels + channel];
}

/**
 * From where to where numbers reach: as far below zero as above where one of them is negative, else from zero up.
 *
 * @param {ArrayLike<number>} numbers
 * @param {{from?: number, step?: number}} [which]  the first one, and how far it is to the next; all of them
 * @returns {Range}
 */
export function rangeOf(numbers, { from = 0, step = 1 } = {}) {
  let [lowest, largest] = [0, 0];
  for (let index = from; index < numbers.length; index += step) {
    const value = numbers[index];
    if (value < lowest) lowest = value;
    if (Math.abs(value) > largest) largest = Math.abs(value);
  }
  return lowest < 0 ? { low: -largest, high: largest } : { low: 0, high: largest || 1 };
}

/** How many maps are 0 everywhere. */
export function silentMaps(numbers, channels) {
  const alive = new Uint8Array(channels);
  for (let index = 0; index < numbers.length; index++) if (numbers[index] !== 0) alive[index % channels] = 1;
  return alive.filter((mark) => mark === 0).length;
}
