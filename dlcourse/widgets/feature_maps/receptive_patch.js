/**
 * The part of the picture that a number of a network can depend on. Nothing here knows the page.
 *
 * @typedef {{top: number, left: number, bottom: number, right: number}} Patch  its first and last rows and columns
 */
import { clamp } from "../shared/js/bounds.js";
import { sizesOf } from "../shared/js/browser_network.js";

/**
 * @param {import("../shared/js/browser_network.js").Network} network
 * @param {number} index  of the node
 * @param {[number, number]} position  row and column in its maps
 * @returns {Patch} of the picture, which is the first node
 */
export function receptivePatch(network, index, [row, column]) {
  const fields = new Map([[index, { top: row, left: column, bottom: row, right: column }]]);
  for (let at = index; at > 0; at--) {
    const field = fields.get(at);
    if (!field) continue;
    const node = network.nodes[at];
    for (const input of node.inputs) {
      const patch = clipped(takenBy(node, field, network.nodes[input]), sizesOf(network.nodes[input]));
      fields.set(input, joined(fields.get(input), patch));
    }
  }
  return fields.get(0) ?? whole(network.nodes[0]);
}

/** What of one of its inputs a node takes for a field of its output; it may reach beyond the edge. @returns {Patch} */
function takenBy(node, field, input) {
  switch (node.kind) {
    case "conv":
    case "pool":
      return underWindows(node, field);
    case "place":
      return moved(field, (at, axis) => at - node.offset[axis]);
    case "repeat":
      return moved(field, (at, axis) => Math.floor(at / node.size[axis]));
    case "globalPool":
    case "reshape":
      return whole(input);
    case "dense":
      return input.shape.length === 3 ? field : whole(input);
    default:
      return field;
  }
}

function underWindows({ size, stride, dilation, before }, field) {
  const first = (at, axis) => at * stride[axis] - before[axis];
  const last = (at, axis) => first(at, axis) + (size[axis] - 1) * dilation[axis];
  return moved(field, first, last);
}

/** A field whose first and last rows (axis 0) and columns (axis 1) lie elsewhere. */
function moved({ top, left, bottom, right }, first, last = first) {
  return { top: first(top, 0), left: first(left, 1), bottom: last(bottom, 0), right: last(right, 1) };
}

function whole(node) {
  const [rows, columns] = sizesOf(node);
  return { top: 0, left: 0, bottom: rows - 1, right: columns - 1 };
}

function clipped(field, lengths) {
  return moved(field, (at, axis) => clamp(at, 0, lengths[axis] - 1));
}

function joined(patch, other) {
  if (!patch) return other;
  return {
    top: Math.min(patch.top, other.top),
    left: Math.min(patch.left, other.left),
    bottom: Math.max(patch.bottom, other.bottom),
    right: Math.max(patch.right, other.right),
  };
}
