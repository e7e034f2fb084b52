/**
 * What there is to see, and what a key or a choice makes of it. Nothing here knows the page.
 *
 * The model's traits are the state; what only one view knows (where the pointer is, what the camera sees) is given
 * beside them and is never written.
 *
 * @typedef {import("../shared/js/convolution.js").Plane} Plane
 * @typedef {import("../shared/js/convolution.js").Settings} Settings
 * @typedef {import("../shared/js/convolution.js").Tap} Tap
 * @typedef {import("../shared/js/pictures.js").Picture} Picture
 * @typedef {import("./weights.js").Weights} Weights
 * @typedef {import("./weights.js").Layer} Layer
 * @typedef {[number, number]} Place  a row and a column
 *
 * @typedef {object} Traits
 * @property {Picture} image
 * @property {string} channel
 * @property {Weights} kernel
 * @property {number} bias
 * @property {number} stride
 * @property {number} dilation
 * @property {"valid" | "same"} padding
 * @property {boolean} relu
 * @property {Place} position
 * @property {number} filter
 * @property {number} input_channel
 * @property {Layer | {}} _layer
 *
 * @typedef {object} View  what one frame shows
 * @property {Picture} image
 * @property {string} channel  the one that is read; of a picture without colours, its brightness
 * @property {Plane} plane  the numbers of that channel
 * @property {boolean} drawing  whether somebody draws on the picture
 * @property {Weights} kernel
 * @property {string} preset  the kernel's name, "" where it has none
 * @property {number} bias
 * @property {boolean} relu
 * @property {Settings} settings
 * @property {number} reach  how many pixels the window covers along a side
 * @property {[number, number]} zeros  how many there are above the picture and to its left
 * @property {{height: number, width: number}} padded  the picture with the zeros around it
 * @property {{height: number, width: number}} size  of the output
 * @property {Answer | null} answer  null where the kernel does not fit into the picture
 * @property {Layer | null} layer
 * @property {number} filter
 * @property {number} inputChannel
 *
 * @typedef {object} Answer  what the convolution gives, and what it gives at the window
 * @property {Plane} sums  of all windows, with the bias
 * @property {boolean} isPicture  whether they are brightness again
 * @property {number} low  the number at which the colours begin
 * @property {number} limit  the number at which they end
 * @property {Place} position  the window's, in the output
 * @property {Tap[]} taps  what lies under the window
 * @property {number} products  the sum of its products
 * @property {number} biased  with the bias
 * @property {number} value  after ReLU, where it is on
 */
import { clamp } from "../shared/js/bounds.js";
import { convolve, outputSize, paddingAmounts, span, windowAt } from "../shared/js/convolution.js";
import { remember } from "../shared/js/memory.js";
import { planeOf } from "../shared/js/pictures.js";
import { keepsBrightness, learned, presetOf, random } from "./weights.js";

const FAR = 10; // steps of the window that an arrow key makes with Shift

export const TRAITS = [
  "image",
  "channel",
  "kernel",
  "bias",
  "stride",
  "dilation",
  "padding",
  "relu",
  "position",
  "filter",
  "input_channel",
  "_layer",
];

/**
 * Makes views, and computes anew only what has changed since the last one.
 *
 * @param {import("./weights.js").Presets} presets
 * @returns {(traits: Traits, only: {image: Picture, drawing: boolean, pointed: Place | null}) => View}
 *   `only`: what one view alone knows: the picture, which may still be in the camera or under the brush, and the
 *   output element under the pointer
 */
export function viewer(presets) {
  const planeFor = remember(planeOf);
  const presetFor = remember((kernel) => presetOf(kernel, presets));
  const sumsFor = remember((plane, kernel, bias, stride, dilation, padding) =>
    convolve(plane, kernel, bias, { stride, dilation, padding }),
  );
  const limitFor = remember(limitOf);

  function answer(plane, { kernel, bias, stride, dilation, padding, relu }, size, place) {
    const sums = sumsFor(plane, kernel, bias, stride, dilation, padding);
    const isPicture = keepsBrightness(kernel);
    const limit = isPicture ? 1 : limitFor(sums.values);
    const position = inside(size, place);
    const biased = sums.values[position[0] * size.width + position[1]];
    return {
      sums,
      isPicture,
      low: isPicture || relu ? 0 : -limit,
      limit,
      position,
      taps: windowAt(plane, kernel, { stride, dilation, padding }, position),
      products: biased - bias,
      biased,
      value: relu ? Math.max(biased, 0) : biased,
    };
  }

  return (traits, { image, drawing, pointed }) => {
    const { kernel, bias, relu, stride, dilation, padding, filter, input_channel: inputChannel } = traits;
    const channel = image.shape[2] === 1 ? "grey" : traits.channel;
    const plane = planeFor(image, channel);
    const settings = { stride, dilation, padding };
    const sizes = sizesOf(plane, kernel.length, settings);
    const fits = sizes.size.height > 0 && sizes.size.width > 0;
    return {
      image,
      channel,
      plane,
      drawing,
      kernel,
      preset: presetFor(kernel),
      bias,
      relu,
      settings,
      ...sizes,
      answer: fits ? answer(plane, traits, sizes.size, pointed ?? traits.position) : null,
      layer: "shape" in traits._layer ? traits._layer : null,
      filter,
      inputChannel,
    };
  };
}

/** How much room picture, zeros, window and output take, in pixels and output elements. */
function sizesOf({ height, width }, kernelSize, settings) {
  const [above, below] = paddingAmounts(height, kernelSize, settings);
  const [left, right] = paddingAmounts(width, kernelSize, settings);
  return {
    reach: span(kernelSize, settings.dilation),
    zeros: /** @type {[number, number]} */ ([above, left]),
    padded: { height: height + above + below, width: width + left + right },
    size: { height: outputSize(height, kernelSize, settings), width: outputSize(width, kernelSize, settings) },
  };
}

/** Where 99 of 100 values lie within: the colours end there, so that a few bright edges do not pale the rest. */
export function limitOf(values) {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 1;
  const counts = new Uint32Array(1000);
  for (const value of values) counts[Math.min(999, Math.floor((Math.abs(value) / largest) * 1000))]++;
  let within = 0;
  const bin = counts.findIndex((count) => {
    within += count;
    return within >= 0.99 * values.length;
  });
  return ((bin + 1) / 1000) * largest;
}

/** The nearest place in an output of that size. @returns {Place} */
export function inside({ height, width }, [row, column]) {
  return [clamp(row, 0, height - 1), clamp(column, 0, width - 1)];
}

/** The pixel in the middle of the window that belongs to an output element. @returns {Place} */
export function middleOf({ settings: { stride }, reach, zeros: [above, left] }, [row, column]) {
  return [row * stride + (reach - 1) / 2 - above, column * stride + (reach - 1) / 2 - left];
}

// --- what to write ---------------------------------------------------------------------------------------------------

/** The window's place after an arrow key. @returns {Place} */
export function moved({ answer: { position }, size }, [down, right], withShift) {
  const steps = withShift ? FAR : 1;
  return inside(size, [position[0] + down * steps, position[1] + right * steps]);
}

/** The output has another size, and the window stays where it is in the picture. Nothing without a window. */
export function kept(before, after) {
  if (!before.answer || !after.answer) return {};
  const { stride } = after.settings;
  const [row, column] = middleOf(before, before.answer.position);
  const [firstRow, firstColumn] = middleOf(after, [0, 0]);
  /** @type {Place} */
  const place = [Math.round((row - firstRow) / stride), Math.round((column - firstColumn) / stride)];
  return { position: inside(after.size, place) };
}

/** A kernel is chosen by name, not smaller than 3. */
export function named(name, kernel, presets) {
  const size = Math.max(kernel.length, 3);
  return { kernel: name === "random" ? random(size) : presets[name][size] };
}

/** A stride or a dilation is chosen; Keras does not take both, so that it may cost the other. */
export function spaced(traits, name, value) {
  const otherSetting = name === "stride" ? "dilation" : "stride";
  const lost = value > 1 && traits[otherSetting] > 1 ? otherSetting : null;
  return { lost, changes: lost ? { [name]: value, [lost]: 1 } : { [name]: value } };
}

/** A filter or an input channel of the layer is chosen. `channels`: names, after grey those of the three colours. */
export function leafed({ _layer: layer, filter, input_channel }, choice, channels) {
  const chosen = { filter, input_channel, ...choice };
  const changes = { ...chosen, ...learned(layer, chosen.input_channel, chosen.filter) };
  return layer.colours ? { ...changes, channel: channels[1 + chosen.input_channel] } : changes;
}
