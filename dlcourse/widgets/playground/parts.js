/**
 * The parts of a dense network that can be chosen: its weights, and its neurons with their biases.
 *
 * @typedef {{kind: "kernel", layer: number, from: number, to: number}} Weight  from an input of a layer to a neuron
 * @typedef {{kind: "bias", layer: number, to: number, from?: undefined}} Bias  of a neuron of a layer
 * @typedef {Weight | Bias} Part
 * @typedef {import("./network.js").Layer} Layer
 */

/**
 * All of a layer, in the order of the arrow keys: each neuron, then what leads to it.
 *
 * @param {{inputs: number, units: number}} sizes
 * @param {number} layer  the layer's number
 * @returns {Part[]}
 */
export function partsOf({ inputs, units }, layer) {
  return Array.from({ length: units }, (_, to) => [
    /** @type {Part} */ ({ kind: "bias", layer, to }),
    ...Array.from({ length: inputs }, (__, from) => /** @type {Part} */ ({ kind: "kernel", layer, from, to })),
  ]).flat();
}

/** Whether two parts are the same, or both none. */
export function samePart(part, other) {
  if (!part || !other) return part === other;
  return part.kind === other.kind && part.layer === other.layer && part.from === other.from && part.to === other.to;
}

/** Whether a network of such layers has the part. */
export function hasPart(layers, { kind, layer, from, to }) {
  const owner = layers[layer];
  return Boolean(owner) && to < owner.units && (kind === "bias" || from < owner.inputs);
}

/**
 * Which number of its layer's kernel or bias a part is.
 *
 * @param {{kind: string, from?: number, to: number}} part
 * @param {{units: number}} layer
 */
export function placeOf({ kind, from, to }, { units }) {
  return kind === "bias" ? to : from * units + to;
}

/** The weight or bias itself. @param {Layer[]} layers @param {Part} part @returns {number} */
export function numberOf(layers, part) {
  const layer = layers[part.layer];
  return layer[part.kind][placeOf(part, layer)];
}
