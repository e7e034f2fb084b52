/**
 * What a unit deep inside a network sees of its input, along rows (axis 0) and along columns (axis 1).
 *
 * @typedef {{kind: string, kernel: number, stride: number, padding: "valid" | "same" | number, dilation: number}} Layer
 *   a padding that is a number: so many zeros on each side
 * @typedef {{taps: number[][], step: number}} Reach
 *   unit i + k * taps.length reads the units taps[i] + k * step
 * @typedef {{name: string, kind: string, inputs: number[], size: number[], reach: (Reach | null)[],
 *   field: (number | null)[], jump: (number | null)[], start: (number | null)[], even: boolean[]}} Node
 *   the units of a layer, as Python has them, too: `inputs` are nodes by their number, the network's input is number 0;
 *   `size` is rows and columns; a reach of null reads all; `field` is how much a unit sees, `jump` the step to what its neighbour sees, `start` the
 *   first that unit 0 sees, all in inputs; `even`: whether these hold for every unit
 */
import { outputSize, paddingAmounts, span } from "../shared/js/convolution.js";

const SAME_PLACE = { taps: [[0]], step: 1 };

/** How many zeros come before and after the input along one axis. */
export function zerosAround(length, layer) {
  if (typeof layer.padding === "number") return [layer.padding, layer.padding];
  return paddingAmounts(length, layer.kernel, layer);
}

/** The size of a layer's output along one axis; 0 where its kernel does not fit. */
export function unitsAfter(length, layer) {
  const [before, after] = zerosAround(length, layer);
  return outputSize(before + length + after, layer.kernel, { ...layer, padding: "valid" });
}

/** @returns {Node} the input, where each unit sees itself */
function inputNode(size) {
  const reach = [SAME_PLACE, SAME_PLACE];
  const numbers = { field: [1, 1], jump: [1, 1], start: [0, 0], even: [true, true] };
  return { name: "input", kind: "input", inputs: [], size, reach, ...numbers };
}

/**
 * The nodes of a stack of layers: the input and as many as fit.
 *
 * @param {Layer[]} layers
 * @param {number[]} size  rows and columns of the input
 * @returns {Node[]}
 */
export function stackNodes(layers, size) {
  const nodes = [inputNode(size)];
  for (const layer of layers) {
    const before = nodes.at(-1);
    const output = before.size.map((length) => unitsAfter(length, layer));
    if (!output.every(Boolean)) break;
    const zeros = before.size.map((length) => zerosAround(length, layer)[0]);
    nodes.push({
      name: `${layer.kind} ${layer.kernel} × ${layer.kernel}`,
      kind: layer.kind,
      inputs: [nodes.length - 1],
      size: output,
      reach: zeros.map((start) => ({ taps: [taps(layer, start)], step: layer.stride })),
      field: before.field.map((field, axis) => field + (span(layer.kernel, layer.dilation) - 1) * before.jump[axis]),
      jump: before.jump.map((jump) => jump * layer.stride),
      start: before.start.map((start, axis) => start - zeros[axis] * before.jump[axis]),
      even: [true, true],
    });
  }
  return nodes;
}

function taps({ kernel, dilation }, start) {
  return Array.from({ length: kernel }, (_, tap) => tap * dilation - start);
}

/** Calls back with every unit of a node's inputs that a unit reads, and with how many it reads in all. */
function eachRead(nodes, node, axis, unit, visit) {
  const reach = node.reach[axis];
  const pattern = reach?.taps[unit % reach.taps.length];
  const shift = reach && Math.floor(unit / reach.taps.length) * reach.step;
  for (const source of node.inputs) {
    const length = nodes[source].size[axis];
    if (!reach) for (let at = 0; at < length; at++) visit(source, at, length);
    else {
      for (const tap of pattern) {
        const at = tap + shift;
        if (at >= 0 && at < length) visit(source, at, pattern.length);
      }
    }
  }
}

/**
 * Which units of every node one unit sees along an axis, itself among them.
 *
 * @param {Node[]} nodes
 * @param {number} target  the unit's node
 * @param {number} axis
 * @param {number} unit
 * @returns {Uint8Array[]} for each node a 1 for each unit that is seen
 */
export function unitsSeen(nodes, target, axis, unit) {
  const marks = nodes.map((node) => new Uint8Array(node.size[axis]));
  marks[target][unit] = 1;
  for (let number = target; number > 0; number--) {
    marks[number].forEach((isSeen, at) => {
      if (!isSeen) return;
      eachRead(nodes, nodes[number], axis, at, (source, inputUnit) => {
        marks[source][inputUnit] = 1;
      });
    });
  }
  return marks;
}

/**
 * How much each input counts for one unit along an axis, if all weights are equal: the share of the ways from there.
 *
 * In two dimensions it is the product of both axes, because a window is as wide in every row. Parameters as above.
 *
 * @returns {Float64Array} at most 1 in sum; what lies in the padding is lost
 */
export function influence(nodes, target, axis, unit) {
  const shares = nodes.map((node) => new Float64Array(node.size[axis]));
  shares[target][unit] = 1;
  for (let number = target; number > 0; number--) {
    shares[number].forEach((share, at) => {
      if (!share) return;
      eachRead(nodes, nodes[number], axis, at, (source, inputUnit, count) => {
        shares[source][inputUnit] += share / count;
      });
    });
  }
  return shares[0];
}

/** The first and the last that is marked; null if none is. @returns {[number, number] | null} */
export function hull(marks) {
  const first = marks.indexOf(1);
  return first < 0 ? null : [first, marks.lastIndexOf(1)];
}

/** The middle of what a unit sees of the input, also where it has no place there: the input's middle. */
export function centreOf(nodes, node, axis, unit) {
  const [field, jump, start] = [node.field[axis], node.jump[axis], node.start[axis]];
  if (jump === null) return (nodes[0].size[axis] - 1) / 2;
  return (start === null ? (jump - field) / 2 : start) + (field - 1) / 2 + jump * unit;
}

/** The unit whose middle lies nearest to a place of the input. */
export function unitAt(nodes, node, axis, place) {
  const first = centreOf(nodes, node, axis, 0);
  const near = node.jump[axis] === null ? 0 : Math.round((place - first) / node.jump[axis]);
  return Math.min(Math.max(near, 0), node.size[axis] - 1);
}

/**
 * What a unit sees with the padding, from first to last, where it is known by arithmetic; else null.
 *
 * @returns {[number, number] | null}
 */
export function fullField(node, axis, unit) {
  const [field, jump, start] = [node.field[axis], node.jump[axis], node.start[axis]];
  if (jump === null || start === null || !node.even[axis]) return null;
  return [start + jump * unit, start + jump * unit + field - 1];
}

/** The fewest values that hold such a share of their sum. */
export function fewestHolding(values, share) {
  const sorted = Float64Array.from(values.filter((value) => value > 0)).sort();
  let left = share * sorted.reduce((sum, value) => sum + value, 0) * (1 - 1e-9); // so that rounding adds no value
  let count = 0;
  while (left > 0 && count < sorted.length) left -= sorted[sorted.length - ++count];
  return count;
}
