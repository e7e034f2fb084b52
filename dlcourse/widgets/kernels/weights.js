/**
 * A kernel's weights, where they come from: a preset, chance, a layer that has learned, a field that somebody fills.
 *
 * @typedef {number[][]} Weights  square, row by row
 * @typedef {Record<string, Record<number, Weights>>} Presets  by name and size
 * @typedef {{name: string, shape: [number, number, number, number], of: [number, number], colours: boolean,
 *   weights: DataView, biases: DataView}} Layer
 *   `shape`: rows, columns, input channels, filters that travel; `of`: input channels and filters that the layer has;
 *   `colours`: whether its input channels are red, green and blue
 */

/** The name of the preset that a kernel is, "" where it is none. */
export function presetOf(kernel, presets) {
  const isKernel = (rows) => rows?.every((row, i) => row.every((weight, j) => weight === kernel[i][j]));
  return Object.keys(presets).find((name) => isKernel(presets[name][kernel.length])) ?? "";
}

/** The kernel at another size: the same preset, or what there is around the same centre. @returns {Weights} */
export function resized(kernel, size, presets) {
  const name = presetOf(kernel, presets);
  if (name && size > 1) return presets[name][size];
  const shift = (size - kernel.length) / 2;
  return square(size, (row, column) => kernel[row - shift]?.[column - shift] ?? 0);
}

/** Weights from the normal distribution, by the method of Box and Muller. `chance` is even, from 0 to 1. */
export function random(size, chance = Math.random) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  return square(size, () => Math.round(normal() * 100) / 100);
}

/** The kernel with another weight in one place. */
export function replaced(kernel, [row, column], weight) {
  return square(kernel.length, (i, j) => (i === row && j === column ? weight : kernel[i][j]));
}

/** What a filter of a layer has learned for one input channel. */
export function learned({ shape: [size, , channels, filters], weights, biases }, channel, filter) {
  const number = (view, index) => view.getFloat32(4 * index, true);
  const at = (row, column) => ((row * size + column) * channels + channel) * filters + filter;
  return {
    kernel: square(size, (row, column) => number(weights, at(row, column))),
    bias: number(biases, channel * filters + filter),
  };
}

/** Whether the kernel leaves the brightness as it is, so that its output is a picture again. */
export function keepsBrightness(kernel) {
  return Math.abs(kernel.flat().reduce((sum, weight) => sum + weight, 0) - 1) < 0.05;
}

/** How far the weights reach from zero, for their colours; 1 where all are zero. */
export function strongest(kernel) {
  return Math.max(...kernel.flat().map(Math.abs)) || 1;
}

/** @returns {Weights} */
function square(size, weight) {
  return Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => weight(row, column)));
}
