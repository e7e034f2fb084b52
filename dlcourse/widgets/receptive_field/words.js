/** What a unit sees and what of it counts, in words and in sums. */

import { typed } from "../shared/js/words.js";
import { hull } from "./reach.js";

/**
 * @typedef {{nodes: import("./reach.js").Node[], layers: import("./reach.js").Layer[] | null, target: number,
 *   unit: number[], lit: Uint8Array[][], full: ([number, number] | null)[]}} Look
 *   `layers`: of a stack, null for a model; `unit`: of the node `target`; `lit`: for rows and columns what `unitsSeen`
 *   gives; `full`: what it sees along both with the padding
 */

/** How many lie between the first and the last of a pair, with both. */
export function lengthOf(pair) {
  return pair ? pair[1] - pair[0] + 1 : 0;
}

/** @param {Look} look */
export function wordsFor({ nodes, layers, target, unit, lit, full }) {
  const unfit = layers && nodes.length <= layers.length ? `${trouble(nodes, layers)} ` : "";
  if (!target) return `${unfit}The input alone: each pixel sees itself. Add a layer.`;
  const node = nodes[target];
  const place = `Layer ${target} (${node.name}), row ${unit[0]}, column ${unit[1]}:`;
  const [rows, columns] = lit.map((marks) => hull(marks[0]));
  if (!rows || !columns) return `${unfit}${place} it sees nothing but padding.`;
  const area = `${lengthOf(rows)} × ${lengthOf(columns)} of the ${nodes[0].size.join(" × ")} pixels`;
  const parts = [`${place} it sees ${area}, rows ${rows[0]} to ${rows[1]}, columns ${columns[0]} to ${columns[1]}.`];
  if (node.jump.every((jump) => jump === null)) parts.push("A unit like this has no place any more: it sees all.");
  else if (lengthOf(full[0]) > lengthOf(rows) || lengthOf(full[1]) > lengthOf(columns)) {
    parts.push(`Its whole field is ${full.map(lengthOf).join(" × ")}; the rest lies beyond the border.`);
  }
  const columnsRead = sum(lit[1][0]);
  if (columnsRead < lengthOf(columns))
    parts.push(`It has holes: of ${lengthOf(columns)} columns it reads ${columnsRead}.`);
  return unfit + parts.join(" ");
}

/** Why the first layer that does not fit does not. */
function trouble(nodes, layers) {
  const { kernel, dilation } = layers[nodes.length - 1];
  const wide = dilation > 1 ? `, spread by dilation ${dilation},` : "";
  return (
    `Layer ${nodes.length}: a kernel of ${kernel} × ${kernel}${wide} does not fit into ` +
    `${nodes.at(-1).size.join(" × ")} units: take a smaller one, or padding "same".`
  );
}

/**
 * How much smaller the effective field is than the theoretical one.
 *
 * @param {Look} look
 * @param {number} count  the fewest pixels that hold the share of what moves the unit
 * @param {number} share
 */
export function effectiveWords({ layers, lit }, count, share) {
  if (!count) return "No pixel counts: every way to them is shut, for instance by a ReLU at 0.";
  const visiblePixels = sum(lit[0][0]) * sum(lit[1][0]);
  const side = Math.round(Math.sqrt(count));
  return (
    `${layers ? "If all weights are equal" : "By the model's own gradient"}, ${100 * share} % of what moves the unit ` +
    `comes from ${count} of the ${visiblePixels} pixels that it can see (${Math.round((100 * count) / visiblePixels)} %), ` +
    `as many as in a square of ${side} × ${side}.`
  );
}

/**
 * The recurrences with the numbers of a stack's layer filled in, along the columns.
 *
 * @returns {[string, string, string, string][]} what is computed, the sum, its result, the rule
 */
export function arithmetic(before, node, { kernel, stride, dilation }) {
  const [field, jump, start] = [before.field[1], before.jump[1], before.start[1]];
  const zeros = (start - node.start[1]) / jump;
  const grown = `${field} + (${kernel} − 1) · ${dilation} · ${jump}`;
  const first = `${typed(start)} − ${zeros} · ${jump}`;
  return [
    ["sees", "below + (kernel − 1) · dilation · jump below", grown, node.field[1]],
    ["jump", "jump below · stride", `${jump} · ${stride}`, node.jump[1]],
    ["start", "start below − zeros in front · jump below", first, typed(node.start[1])],
  ].map(([quantity, rule, terms, result]) => [quantity, terms, `= ${result}`, rule]);
}

/** What a model's layer is and what it reads. */
export function readsWords(nodes, { kind, inputs }) {
  const names = inputs.map((number) => (number ? `layer ${number} (${nodes[number].name})` : "the input"));
  return `${kind}, reads ${names.join(" and ")}`;
}

function sum(marks) {
  return marks.reduce((total, mark) => total + mark, 0);
}
