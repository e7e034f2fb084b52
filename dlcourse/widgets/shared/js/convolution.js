/**
 * The arithmetic of a convolution in two dimensions, as Keras does it: the kernel is not flipped.
 *
 * @typedef {{height: number, width: number, values: Float32Array | Float64Array}} Plane  numbers row by row
 * @typedef {{stride: number, dilation: number, padding: "valid" | "same" | "full"}} Settings
 * @typedef {{row: number, column: number, inside: boolean, value: number, weight: number, product: number}} Tap
 */

/** How many input elements a kernel of `size` reaches over. */
export function span(size, dilation) {
  return (size - 1) * dilation + 1;
}

/** The size of the output along one axis; 0 where the kernel does not fit. */
export function outputSize(length, size, { stride, dilation, padding }) {
  if (padding === "same") return Math.ceil(length / stride);
  const rim = padding === "full" ? span(size, dilation) - 1 : 0;
  return Math.max(Math.floor((length + 2 * rim - span(size, dilation)) / stride) + 1, 0);
}

/** How many zeros come before and after the input along one axis; an odd one comes after. */
export function paddingAmounts(length, size, settings) {
  if (settings.padding === "valid") return [0, 0];
  if (settings.padding === "full") return [span(size, settings.dilation) - 1, span(size, settings.dilation) - 1];
  const last = (outputSize(length, size, settings) - 1) * settings.stride;
  const missing = Math.max(last + span(size, settings.dilation) - length, 0);
  return [Math.floor(missing / 2), Math.ceil(missing / 2)];
}

/**
 * The sums of all windows, plus the bias.
 *
 * One weight after the other is laid over the whole picture: the inner loop then runs along a row.
 *
 * @param {Plane} plane
 * @param {number[][]} kernel
 * @param {number} bias
 * @param {Settings} settings
 * @returns {Plane}
 */
export function convolve(plane, kernel, bias, settings) {
  const { stride, dilation } = settings;
  const size = kernel.length;
  const height = outputSize(plane.height, size, settings);
  const width = outputSize(plane.width, size, settings);
  const [above] = paddingAmounts(plane.height, size, settings);
  const [left] = paddingAmounts(plane.width, size, settings);
  const sums = new Float64Array(height * width).fill(bias);
  for (let i = 0; i < size; i++) {
    const rowShift = i * dilation - above;
    const rowFrom = firstInside(rowShift, stride);
    const rowTo = Math.min(height, lastInside(plane.height, rowShift, stride));
    for (let j = 0; j < size; j++) {
      const weight = kernel[i][j];
      if (weight === 0) continue;
      const columnShift = j * dilation - left;
      const columnFrom = firstInside(columnShift, stride);
      const columnTo = Math.min(width, lastInside(plane.width, columnShift, stride));
      for (let row = rowFrom; row < rowTo; row++) {
        const input = (row * stride + rowShift) * plane.width + columnShift;
        const output = row * width;
        for (let column = columnFrom; column < columnTo; column++) {
          sums[output + column] += weight * plane.values[input + column * stride];
        }
      }
    }
  }
  return { height, width, values: Float32Array.from(sums) };
}

/** The first output whose element of the window, shifted by so much, lies inside the input. */
function firstInside(shift, stride) {
  return Math.max(Math.ceil(-shift / stride), 0);
}

/** One past the last such output. */
function lastInside(length, shift, stride) {
  return Math.floor((length - 1 - shift) / stride) + 1;
}

/**
 * What one window holds: every element under the kernel with its weight and their product, row by row.
 *
 * @param {Plane} plane
 * @param {number[][]} kernel
 * @param {Settings} settings
 * @param {[number, number]} position  the output element, row and column
 * @returns {Tap[]}
 */
export function windowAt(plane, kernel, settings, position) {
  const size = kernel.length;
  const [above] = paddingAmounts(plane.height, size, settings);
  const [left] = paddingAmounts(plane.width, size, settings);
  const taps = [];
  for (let i = 0; i < size; i++) {
    const row = position[0] * settings.stride + i * settings.dilation - above;
    for (let j = 0; j < size; j++) {
      const column = position[1] * settings.stride + j * settings.dilation - left;
      const inside = row >= 0 && row < plane.height && column >= 0 && column < plane.width;
      const value = inside ? plane.values[row * plane.width + column] : 0;
      taps.push({ row, column, inside, value, weight: kernel[i][j], product: value * kernel[i][j] });
    }
  }
  return taps;
}
