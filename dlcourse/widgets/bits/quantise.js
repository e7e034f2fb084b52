/**
 * Numbers kept in few bits, integer for integer as dlcourse/lens/quantisation.py does it.
 *
 * @typedef {{integers: Int32Array, scales: Float32Array, zeroPoints: Int32Array}} Quantised  a scale and a zero point
 *   for each channel, or one of each for all
 * @typedef {{bits: number, symmetric: boolean, perChannel: boolean}} Settings
 */

const TINY = 2 ** -126; // the smallest ordinary float32: no scale is below it

/** The whole number next to a number, of two that are equally near the even one. */
export function rint(value) {
  const below = Math.floor(value);
  const over = value - below;
  if (over !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/**
 * @param {Float32Array} values  the channels of a place side by side
 * @param {number} channels
 * @param {Settings} settings  with 24 bits at most
 * @returns {Quantised}
 */
export function quantise(values, channels, { bits, symmetric, perChannel }) {
  const columns = perChannel ? channels : 1;
  if (symmetric && bits === 1) return signs(values, columns);
  const [lowest, highest] = symmetric ? [-(2 ** (bits - 1) - 1), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  const { smallest, largest } = ranges(values, columns);
  const scales = new Float32Array(columns);
  const zeroPoints = new Int32Array(columns);
  for (let column = 0; column < columns; column++) {
    const reach = symmetric ? Math.max(-smallest[column], largest[column]) : largest[column] - smallest[column];
    const scale = reach / highest;
    scales[column] = scale >= TINY ? scale : 1;
    if (!symmetric && scale >= TINY) zeroPoints[column] = rint(-smallest[column] / scale);
  }
  const integers = new Int32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const column = index % columns;
    const whole = rint(Math.fround(values[index] / scales[column])) + zeroPoints[column];
    integers[index] = Math.min(Math.max(whole, lowest), highest);
  }
  return { integers, scales, zeroPoints };
}

/** The numbers that the integers stand for. @param {Quantised} quantised */
export function dequantise({ integers, scales, zeroPoints }) {
  const columns = scales.length;
  const values = new Float32Array(integers.length);
  for (let index = 0; index < values.length; index++) {
    const column = index % columns;
    values[index] = (integers[index] - zeroPoints[column]) * scales[column];
  }
  return values;
}

/** The least and the largest number of each column, 0 always among them. */
function ranges(values, columns) {
  const [smallest, largest] = [new Float64Array(columns), new Float64Array(columns)];
  for (let index = 0; index < values.length; index++) {
    const column = index % columns;
    if (values[index] < smallest[column]) smallest[column] = values[index];
    if (values[index] > largest[column]) largest[column] = values[index];
  }
  return { smallest, largest };
}

/** One bit: the sign, times the mean size. @returns {Quantised} */
function signs(values, columns) {
  const sizes = new Float64Array(columns);
  for (let index = 0; index < values.length; index++) sizes[index % columns] += Math.abs(values[index]);
  const perColumn = values.length / columns;
  const usable = Array.from(sizes, (size) => size / perColumn >= TINY);
  const integers = new Int32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    integers[index] = usable[index % columns] ? (values[index] < 0 ? -1 : 1) : 0;
  }
  const scales = Float32Array.from(sizes, (size, column) => (usable[column] ? size / perColumn : 1));
  return { integers, scales, zeroPoints: new Int32Array(columns) };
}

/**
 * How many bytes numbers take: packed, with their scales and zero points, or as floats.
 *
 * @param {number} count
 * @param {number} channels
 * @param {Settings} settings
 */
export function storedBytes(count, channels, { bits, symmetric, perChannel }) {
  if (bits === 32) return 4 * count;
  const each = 4 + (symmetric ? 0 : Math.ceil(bits / 8));
  return Math.ceil((count * bits) / 8) + (perChannel ? channels : 1) * each;
}
