/**
 * What there is to see, and what a key or a choice makes of it. Nothing here knows the page.
 *
 * @typedef {"identity" | "zero" | "input" | "unit" | "head"} Kind
 * @typedef {{layer: string, kind: Kind, number: number}} Cut
 * @typedef {{name: string, kind: string, inputs: number[], shape: (number | null)[], kinds: Kind[], units: number,
 *   heads: number, why: string, noIdentity: string}} Part  as Python's `dlcourse.lens.Part` has it
 * @typedef {{value: number, loss: number | null, counts: number[] | null, answers: any}} Result
 * @typedef {{cuts: Cut[], guess: number | null}} Trial  `guess`: in the units of the page; null where it was given up
 *
 * @typedef {object} Network  as Python tells of it
 * @property {string} name
 * @property {Part[]} parts
 * @property {"accuracy" | "iou" | "loss"} measure
 * @property {string[]} classes
 * @property {boolean} table  whether there is room for a table of confusions
 * @property {number} examples  how many it is measured on
 * @property {number} shown  of how many the answers are known
 * @property {"bars" | "mask" | "number" | "none"} answer  how the answer to one of them is shown
 * @property {{shape: number[], bytes: DataView} | null} pictures
 * @property {any} truths
 *
 * @typedef {object} Traits
 * @property {Cut[]} cuts
 * @property {number} example
 * @property {Trial[]} tried
 * @property {Network} _network
 * @property {Record<string, Result>} _results
 * @property {string} _failed
 *
 * @typedef {object} Own  what one view alone knows
 * @property {number} chosen  the part that one thinks of cutting; -1 for what is cut, or the first that is worth it
 * @property {Kind | null} kind  and how
 * @property {number} number  and which of its inputs, units or heads
 * @property {number | null} guess
 * @property {boolean} alone  whether there is no kernel behind the page
 *
 * @typedef {{words: string, cuts: Cut[], guess: number | null, value: number | null, change: number | null,
 *   loss: number | null, isNow: boolean}} Row  of the table of what was tried
 *
 * @typedef {object} View  what one frame shows
 * @property {Network} network
 * @property {Cut[]} cuts
 * @property {number} chosen
 * @property {Part} part  which that is
 * @property {Kind | null} kind  null where nothing of it can be cut
 * @property {number} number
 * @property {number} count  of how many
 * @property {boolean} isCut  whether just that is cut
 * @property {Result} before
 * @property {Result | null} now  what is measured with the cuts, where that may be seen
 * @property {boolean} covered  whether a guess is asked for
 * @property {boolean} unknown  whether it may be seen and nobody has measured it
 * @property {number | null} guess  that is not yet committed
 * @property {number | null} committed  the guess that was
 * @property {{low: number, high: number, step: number, unit: string}} axis  of guesses
 * @property {number} example
 * @property {Row[]} rows
 * @property {string} failed
 * @property {boolean} alone
 */
import { clamp } from "../shared/js/bounds.js";
import { remember } from "../shared/js/memory.js";
import { together } from "./words.js";

export const TRAITS = ["cuts", "example", "tried", "_network", "_results", "_failed"];
const WHOLE = ["identity", "zero"];

/** What one view knows at first. @returns {Omit<Own, "alone">} */
export function fresh() {
  return { chosen: -1, kind: null, number: 0, guess: null };
}

/** Makes views of states, and computes anew only what has changed. @returns {(traits: Traits, own: Own) => View} */
export function viewer() {
  const rowsFor = remember(rowsOf);
  return ({ cuts, example, tried, _network: network, _results: results, _failed: failed }, own) => {
    const { parts, measure } = network;
    const first = own.chosen < 0 ? cuts[0] : undefined; // nothing is chosen yet: what is cut, if something is
    const at = first ? parts.findIndex(({ name }) => name === first.layer) : own.chosen;
    const chosen = at >= 0 ? Math.min(at, parts.length - 1) : firstWorth(parts);
    const part = parts[chosen];
    const kind = kindOf(part, first?.kind ?? own.kind);
    const count = countOf(part, kind);
    const number = clamp(first?.number ?? own.number, 0, count - 1);
    const key = keyOf(cuts);
    const trial = tried.find((other) => keyOf(other.cuts) === key);
    const before = results[""];
    const told = !cuts.length || Boolean(trial);
    const now = told ? (results[key] ?? null) : null;
    return {
      ...{ network, cuts, chosen, part, kind, number, count, before, now, example, failed, alone: own.alone },
      isCut: kind !== null && cuts.some((cut) => same(cut, { layer: part.name, kind, number })),
      covered: !told,
      unknown: told && !now,
      guess: told ? null : own.guess,
      committed: trial?.guess ?? null,
      axis: axisOf(measure, before),
      rows: rowsFor(tried, results, network, key),
    };
  };
}

/** What tells cuts from others, in whatever order; widgets/ablation/__init__.py has the same. @param {Cut[]} cuts */
export function keyOf(cuts) {
  return cuts
    .map(({ layer, kind, number }) => `${layer}:${kind}:${number}`)
    .sort()
    .join(" ");
}

/** A measured value in the units of the page: percent, or a loss. @param {Network["measure"]} measure */
export function inUnits(value, measure) {
  return measure === "loss" ? value : Math.round(1000 * value) / 10;
}

/** Where guesses may lie. @param {Network["measure"]} measure @param {Result} before */
function axisOf(measure, before) {
  if (measure !== "loss") return { low: 0, high: 100, step: 1, unit: "%" };
  const high = Number((10 * (before.value || 0.1)).toPrecision(1));
  return { low: 0, high, step: high / 100, unit: "" };
}

/** The part that is chosen at first: where ways meet, else the first that can be cut. @param {Part[]} parts */
function firstWorth(parts) {
  const meets = parts.findIndex(({ kinds }) => kinds.includes("input"));
  return Math.max(0, meets >= 0 ? meets : parts.findIndex(({ kinds }) => kinds.length));
}

/** How a part is cut if one does not say: what fits it best. @param {Part} part @param {Kind | null} wanted */
function kindOf({ kinds }, wanted) {
  if (wanted && kinds.includes(wanted)) return wanted;
  return kinds.includes("input") ? "input" : (kinds[0] ?? null);
}

/** Of how many inputs, units or heads one is cut. @param {Part} part @param {Kind | null} kind */
function countOf({ inputs, units, heads }, kind) {
  return { input: inputs.length, unit: units, head: heads }[kind] ?? 1;
}

function same(cut, other) {
  return cut.layer === other.layer && cut.kind === other.kind && cut.number === other.number;
}

/** @returns {Row[]} */
function rowsOf(tried, results, network, key) {
  const whole = results[""];
  return tried.map(({ cuts, guess }) => {
    const result = results[keyOf(cuts)];
    const value = result ? inUnits(result.value, network.measure) : null;
    const change = result ? value - inUnits(whole.value, network.measure) : null;
    const isNow = keyOf(cuts) === key;
    return { words: together(cuts, network.parts), cuts, guess, value, change, loss: result?.loss ?? null, isNow };
  });
}

// --- what to write -----------------------------------------------------------------------------------------------------

/** What is chosen is cut, or put back where it was cut. @param {View} view @returns {{cuts: Cut[]}} */
export function toggled({ cuts, part, kind, number, isCut }) {
  const cut = { layer: part.name, kind, number };
  if (isCut) return { cuts: cuts.filter((other) => !same(cut, other)) };
  const inWhole = WHOLE.includes(kind);
  const stays = (other) => other.layer !== part.name || (!inWhole && !WHOLE.includes(other.kind));
  const others = cuts.filter(stays);
  // of an addition the last input stays
  const inputs = others.filter((other) => other.layer === part.name && other.kind === "input");
  const all = kind === "input" && inputs.length + 1 === part.inputs.length;
  return { cuts: [...others.filter((other) => !all || !inputs.includes(other)), cut] };
}

/** One cut is put back. @param {View} view @param {Cut} cut */
export function putBack({ cuts }, cut) {
  return { cuts: cuts.filter((other) => !same(cut, other)) };
}

/** A guess is committed, or null for none. @param {Trial[]} tried @param {View} view @param {number | null} guess */
export function committed(tried, { cuts }, guess) {
  return { tried: [...tried, { cuts, guess }] };
}

/** The part that a key leads to; -1 if it means nothing. @param {View} view */
export function partAfter({ chosen, network: { parts } }, key) {
  const last = parts.length - 1;
  const to = { ArrowUp: chosen - 1, ArrowDown: chosen + 1, Home: 0, End: last }[key];
  const far = { PageUp: chosen - 8, PageDown: chosen + 8 }[key];
  return to === undefined && far === undefined ? -1 : clamp(to ?? far, 0, last);
}

/** Whether a part as a whole is cut. @param {Part} part @param {Cut[]} cuts */
export function isGone({ name }, cuts) {
  return cuts.some(({ layer, kind }) => layer === name && WHOLE.includes(kind));
}

/** The links of the plan that are cut. @param {Part[]} parts @param {Cut[]} cuts @returns {Set<string>} "from to" */
export function cutLinks(parts, cuts) {
  const links = new Set();
  parts.forEach(({ name, inputs }, to) => {
    const left = inputs.filter((_, number) => !cuts.some((cut) => same(cut, { layer: name, kind: "input", number })));
    for (const from of inputs) if (!left.includes(from)) links.add(`${from} ${to}`);
  });
  return links;
}
