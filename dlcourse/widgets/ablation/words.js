/**
 * What the widget says.
 *
 * @typedef {import("./state.js").View} View
 * @typedef {import("./state.js").Cut} Cut
 * @typedef {import("./state.js").Part} Part
 */
import { figure } from "../shared/js/numbers.js";
import { numberVerdict } from "../shared/js/verdict.js";
import { percent } from "../shared/js/words.js";

const MEASURES = { accuracy: "accuracy", iou: "IoU", loss: "loss" };

/** The ways of cutting, with what they mean. */
export const KINDS = {
  identity: ["the layer, passed over", "It hands on what it is given."],
  zero: ["the layer, as zeros", "It puts out zeros."],
  input: ["one of its inputs", "It is left out of a sum; in a concatenation zeros take its place."],
  unit: ["one unit", "It puts out zeros, behind the activation."],
  head: ["one head", "Its part of the output kernel is zero."],
};

/** What a way of cutting is called for a part. @param {Part} part */
export function kindName(part, kind) {
  return kind === "unit" && part.shape.length > 1 ? "one channel" : KINDS[kind][0];
}

/** One cut, as words.py says it. @param {Cut} cut @param {Part[]} parts */
export function cutInWords({ layer, kind, number }, parts) {
  const part = parts.find(({ name }) => name === layer);
  if (!part) return layer;
  if (kind === "identity") return `${layer} passed over`;
  if (kind === "zero") return `${layer} puts out zeros`;
  if (kind === "input") return `${layer} without ${inputName(part, number, parts)}`;
  return `${layer} without ${kind === "unit" && part.shape.length > 1 ? "channel" : kind} ${number}`;
}

/** An input of a part. @param {Part} part @param {Part[]} parts */
export function inputName({ inputs }, number, parts) {
  const from = inputs[number];
  const name = from < 0 ? "the input" : parts[from].name;
  if (inputs.filter((other) => other === from).length === 1) return name;
  return `${name} (no. ${inputs.slice(0, number + 1).filter((other) => other === from).length})`;
}

/** All that is cut. @param {Cut[]} cuts @param {Part[]} parts */
export function together(cuts, parts) {
  return cuts.map((cut) => cutInWords(cut, parts)).join(" and ") || "nothing";
}

/** What is measured. @param {View} view */
export function measureName({ network: { measure } }) {
  return MEASURES[measure];
}

/** A measured value. @param {number | null} value  in the units of the page @param {View} view */
export function inFigures(value, { axis: { unit } }) {
  return value === null ? "–" : figure(value, unit);
}

/** A loss. @param {number | null} loss */
export function lossInFigures(loss) {
  return loss === null ? "not finite" : figure(loss);
}

/** How a value has changed. @param {number | null} change */
export function changeInFigures(change, { axis: { unit } }) {
  if (change === null) return "–";
  const size = Math.abs(Number(change.toPrecision(3)));
  return size ? `${change < 0 ? "−" : "+"}${figure(size)}${unit === "%" ? " points" : ""}` : "±0";
}

/** The line below. @param {View} view @param {(value: number) => number} inUnits */
export function sentence(view, inUnits) {
  const { network, cuts, before, now, covered, unknown, guess, committed, axis, failed, alone } = view;
  const [name, whole] = [measureName(view), inFigures(inUnits(before.value), view)];
  if (!cuts.length) {
    const on = `on ${figure(network.examples)} examples`;
    return `Nothing is cut: ${name} ${whole} ${on}. Choose a part of the plan and cut it.`;
  }
  const what = `Cut: ${together(cuts, network.parts)}.`;
  if (covered && guess === null)
    return `${what} Whole, the ${name} is ${whole}: how much is left? Guess, then measure.`;
  if (covered) return `${what} Your guess: ${inFigures(guess, view)}. It is not committed yet.`;
  if (failed && unknown) return `${what} ${failed}`;
  if (unknown && alone) {
    return `${what} Nobody has measured this, and no Python stands behind this page: run the notebook to do it.`;
  }
  if (unknown) return `${what} It is being measured.`;
  const truth = inUnits(now.value);
  const verdict = committed === null ? "" : ` ${numberVerdict(axis, committed, Number(truth.toPrecision(4)))}`;
  return `${what} ${capital(name)} ${inFigures(truth, view)}, whole ${whole}.${verdict}`;
}

/** @param {string} text */
export function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

/** A shape without the batch. @param {(number | null)[]} shape */
export function shapeInWords(shape) {
  return shape.map((length) => length ?? "?").join(" × ");
}

/** What a part is, and what cannot be cut of it. @param {View} view */
export function partNote({ part }) {
  if (part.why && !part.kinds.length) return `It cannot be cut: ${part.why}.`;
  if (part.why) return `As a whole it cannot be cut: ${part.why}.`;
  if (part.noIdentity) return `It cannot be passed over: ${part.noIdentity}.`;
  return "";
}

/** What the button does. @param {View} view */
export function cutButton({ isCut, kind }) {
  if (kind === null) return "Cannot be cut";
  return isCut ? "Put it back" : "Cut it";
}

/** A row of the plan for screen readers. @param {Part} part @param {string} mark */
export function partLabel({ name, kind, shape, kinds }, mark) {
  const can = kinds.length ? "" : ", cannot be cut";
  return `${name}, ${kind}, ${shapeInWords(shape)}${can}${mark ? `, ${mark}` : ""}`;
}

/** What is cut of a part, in short; "" for nothing. @param {Part} part @param {Cut[]} cuts @param {Part[]} parts */
export function mark(part, cuts, parts) {
  const own = cuts.filter(({ layer }) => layer === part.name);
  return own.map((cut) => cutInWords(cut, parts).slice(part.name.length + 1)).join(", ");
}

/** A probability before and with the cut; once where nobody could tell them apart. */
export function changeInWords(before, after) {
  const isNothing = Math.max(before, after) < 0.005;
  return [...new Set(isNothing ? [percent(after)] : [percent(before), percent(after)])].join(" → ");
}

/** The example that is shown. @param {View} view */
export function exampleInWords(view) {
  const { network, example, before, now } = view;
  if (network.answer === "mask") return `Example ${example}: right, whole, and with the cut`;
  if (network.answer === "number") {
    const said = now ? `, with the cut ${figure(now.answers[example])}` : "";
    return `Example ${example}: right is ${figure(network.truths[example])}; whole it says ${figure(before.answers[example])}${said}.`;
  }
  const right = network.classes[network.truths[example]];
  const said = (shares) => {
    const winner = shares.indexOf(Math.max(...shares));
    return `${network.classes[winner]} (${percent(shares[winner])})`;
  };
  const after = now && view.cuts.length ? `, with the cut ${said(now.answers[example])}` : "";
  return `Example ${example} is ${right}: whole it says ${said(before.answers[example])}${after}.`;
}
