/**
 * What a frame shows, from the traits; and what typing, keys and choices change. Nothing here knows the page.
 *
 * @typedef {object} Traits
 * @property {string} text
 * @property {import("./cells.js").Holds} held
 * @property {number} unit
 * @property {number | null} step  null for the last
 * @property {Object} _network  as network.py describes it
 * @property {Object} _reply  what Python has computed, for a text and held gates
 *
 * @typedef {object} View
 * @property {import("./cells.js").Cell} cell
 * @property {string} name  of the layer or the model; "" for the network at hand
 * @property {Vocabulary | null} vocabulary
 * @property {string} text
 * @property {import("./cells.js").Holds} held
 * @property {string[]} tokens  what is read at each step; "" in a series
 * @property {number} steps
 * @property {number} unit
 * @property {number} step
 * @property {import("./cells.js").Way | null} way  null while it is not known
 * @property {ReturnType<typeof import("./cells.js").gradientOverTime> | null} gradient
 * @property {{values: number[], names: string[], finish: string, atEnd: boolean} | null} answer
 *   `atEnd`: whether it is known after the last step alone
 * @property {"" | "asked" | "alone" | "failed"} waiting  for Python: asked, or nobody is there
 * @property {string} failed  what Python says where it cannot
 *
 * @typedef {{tokens: string[], words: boolean, unknown: string, masked: boolean}} Vocabulary
 */
import { clamp } from "../shared/js/bounds.js";
import { forward, networkOf, probabilitiesOf } from "../shared/js/browser_network.js";
import { float32sIn } from "../shared/js/bytes.js";
import { remember } from "../shared/js/memory.js";
import { cellOf, gradientOverTime, unroll } from "./cells.js";

export const TRAITS = ["text", "held", "unit", "step", "_network", "_reply"];

/**
 * Makes views of states, and computes anew only what has changed.
 *
 * @returns {(traits: Traits, alone?: boolean) => View} `alone`: whether there is no kernel behind the page
 */
export function viewer() {
  const readyFor = remember(ready);
  const inputsFor = remember(inputsOf);
  const wayFor = remember((cell, inputs, holds) => inputs && unroll(cell, inputs, JSON.parse(holds)));
  const gradientFor = remember((cell, way, unit) => way && gradientOverTime(cell, way, unit));

  return ({ text, held, unit, step, _network: network, _reply: reply }, alone = false) => {
    const { cell, head, vocabulary } = readyFor(network);
    const tokens = vocabulary ? partsOf(vocabulary, text) : null;
    const holds = JSON.stringify(held);
    const current = reply.text === text && JSON.stringify(reply.held) === holds;
    const inputs = inputsFor(network, text, network.reads_alone ? null : current ? reply.inputs : undefined);
    const way = wayFor(cell, inputs, holds);
    const steps = way?.steps ?? tokens.length;
    const at = step === null ? steps - 1 : Math.min(step, steps - 1);
    const asksPython = !network.reads_alone || (network.classes.length > 0 && !head);
    const failed = (asksPython && current && reply.failed) || "";
    return {
      ...{ cell, name: network.name, vocabulary, text, held, steps, unit, step: at, way, failed },
      tokens: tokens ?? Array(steps).fill(""),
      gradient: gradientFor(cell, way, unit),
      answer: answerOf(network, head, way, at, current ? reply : null),
      waiting: !asksPython ? "" : failed ? "failed" : current ? "" : alone ? "alone" : "asked",
    };
  };
}

/** A network unpacked. */
function ready(network) {
  return { cell: cellOf(network), head: network.head && networkOf(network.head), vocabulary: network.vocabulary };
}

/** What the layer is given: a series, the vectors of tokens, or what Python says. */
function inputsOf(network, text, reply) {
  if (network.series) return float32sIn(network.series);
  if (!network.reads_alone) return reply ? float32sIn(reply) : null;
  const numbers = numbersOf(network.vocabulary, text);
  const { features, embedded } = network;
  const inputs = new Float32Array(numbers.length * features);
  const table = embedded && float32sIn(embedded);
  numbers.forEach((number, step) => {
    if (table) inputs.set(table.subarray(number * features, (number + 1) * features), step * features);
    else inputs[step * features + number] = 1;
  });
  return inputs;
}

function answerOf({ classes, finish, head: described }, head, way, step, reply) {
  if (!classes.length || !way) return null;
  const units = way.rows.state.length / way.steps;
  if (head) {
    const state = way.rows.state.subarray(step * units, (step + 1) * units);
    const outputs = forward(head, state)[described.output];
    return { values: probabilitiesOf(outputs, finish), names: classes, finish, atEnd: false };
  }
  if (!reply?.answers) return null;
  const all = float32sIn(reply.answers);
  const rows = all.length / classes.length;
  const row = rows > 1 ? step : 0;
  const values = Array.from(all.subarray(row * classes.length, (row + 1) * classes.length));
  return { values, names: classes, finish, atEnd: rows === 1 };
}

// --- texts -------------------------------------------------------------------------------------------------------------

/** A text's characters, or its words. @param {Vocabulary} vocabulary @returns {string[]} */
export function partsOf({ words }, text) {
  return words ? text.split(/\s+/).filter(Boolean) : Array.from(text);
}

/** A text in numbers. @param {Vocabulary} vocabulary @returns {number[]} -1 for what has none */
export function numbersOf(vocabulary, text) {
  const other = vocabulary.tokens.indexOf(vocabulary.unknown);
  const places = new Map(vocabulary.tokens.map((token, number) => [token, number]));
  return partsOf(vocabulary, text).map((part) => places.get(part) ?? other);
}

/**
 * Why a text cannot be read, in a sentence; "" where it can.
 *
 * @param {Vocabulary} vocabulary
 * @param {string} text
 * @param {number} most
 */
export function cannotRead(vocabulary, text, most) {
  const parts = partsOf(vocabulary, text);
  const kind = vocabulary.words ? "words" : "characters";
  if (!parts.length) return `Type some ${kind}.`;
  if (parts.length > most) return `${parts.length} ${kind} are too many: it shows at most ${most}.`;
  const numbers = numbersOf(vocabulary, text);
  const stranger = numbers.indexOf(-1);
  if (stranger >= 0) {
    const known = vocabulary.words ? `${vocabulary.tokens.slice(0, 8).join(", ")}, …` : vocabulary.tokens.join("");
    return `“${parts[stranger]}” is not among the ${vocabulary.tokens.length} ${kind} that the network knows: ${known}`;
  }
  const masked = vocabulary.masked ? numbers.indexOf(0) : -1;
  return masked >= 0 ? `“${parts[masked]}” has number 0, and the network skips that.` : "";
}

// --- what to write -----------------------------------------------------------------------------------------------------

/** The step and the unit some steps and units away, within what there is. @param {View} view */
export function moved({ step, steps, unit, cell }, right, down) {
  return {
    step: stepAt(clamp(step + right, 0, steps - 1), steps),
    unit: clamp(unit + down, 0, cell.units - 1),
  };
}

/** A step as it is written: the last one is null, so that it stays the last where the text grows. */
export function stepAt(step, steps) {
  return step >= steps - 1 ? null : step;
}

/**
 * The held gates after a button of one of them.
 *
 * @param {View} view
 * @param {string} gate
 * @param {number | null} value  null to let it go
 * @param {{alone: boolean, here: boolean}} how  `alone`: the unit that is looked at; `here`: from the step on
 */
export function withHold({ held, unit, step }, gate, value, { alone, here }) {
  const { [gate]: _, ...others } = held;
  if (value === null) return others;
  return { ...others, [gate]: { value, unit: alone ? unit : null, step: here ? step : 0 } };
}
