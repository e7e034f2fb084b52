/** What the widget says: the line below, names of gates and states, equations with their numbers, labels. */
import { strongest } from "../shared/js/bars.js";
import { percent, shown } from "../shared/js/words.js";
import { sharesAt } from "./cells.js";

/** @type {Record<string, string>} */
const NAMES = {
  input: "input gate i",
  forget: "forget gate f",
  output: "output gate o",
  update: "update gate z",
  reset: "reset gate r",
  candidate: "candidate g",
  cell: "cell state c",
  state: "state h",
};
/** @type {Record<string, string>} */
const SYMBOLS = {
  input: "i",
  forget: "f",
  output: "o",
  update: "z",
  reset: "r",
  candidate: "g",
  cell: "c",
  state: "h",
};

/** A character that can be seen. */
export function visible(token) {
  return { " ": "␣", "\n": "↵", "\t": "⇥" }[token] ?? token;
}

/** The name above a map, with the range of its colours. @param {import("./state.js").View} view */
export function rowTitle({ cell, way }, name) {
  if (cell.gates.includes(name)) return `${NAMES[name]}, 0 to 1`;
  if (!way) return NAMES[name];
  const reach = way.rows[name].reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return `${NAMES[name]}, −${shown(reach)} to ${shown(reach)}`;
}

/** The same without the range. */
export function rowName(name) {
  return NAMES[name];
}

/** A held gate in words. */
export function holdInWords(gate, { value, unit, step }) {
  const how = value === 1 ? "held open (1)" : value === 0 ? "held shut (0)" : `held at ${shown(value)}`;
  const whose = unit === null ? "in all units" : `in unit ${unit}`;
  return `${gate} gate ${how} ${whose}${step ? ` from step ${step} on` : ""}`;
}

/** Where one looks. @param {import("./state.js").View} view */
function placeInWords({ step, steps, tokens, vocabulary }) {
  const read = vocabulary ? ` “${visible(tokens[step])}”` : "";
  return `step ${step}${read} (of 0 to ${steps - 1})`;
}

/** The line below. @param {import("./state.js").View} view */
export function sentence(view) {
  const { cell, unit, way, held, answer, gradient, steps } = view;
  if (!way) return waitingWords(view);
  const at = view.step * cell.units + unit;
  const last = cell.rows.slice(-2).filter((name) => name !== "candidate");
  const states = last.map((name) => `${NAMES[name]} is ${shown(way.rows[name][at])}`).join(", ");
  const holds = Object.entries(held).map(([gate, hold]) => holdInWords(gate, hold));
  const parts = [
    `${cell.kind}, unit ${unit} at ${placeInWords(view)}: ${states}${holds.length ? `, with the ${holds.join(" and the ")}` : ""}.`,
  ];
  if (answer) parts.push(answerInWords(answer));
  else if (view.waiting) parts.push(waitingWords(view));
  if (steps > 1)
    parts.push(`Of a change of the first state, ${size(gradient.state[0])} reaches the unit's last state.`);
  return parts.join(" ");
}

/** A size that may be very small. */
export function size(value) {
  if (value === 0) return "nothing";
  return value < 0.005 ? value.toExponential(1).replace("-", "−") : shown(value);
}

/** @param {NonNullable<import("./state.js").View["answer"]>} answer */
export function answerInWords({ values, names, finish, atEnd }) {
  const when = atEnd ? "After the last step" : "Then";
  if (finish === "values") {
    const numbers = values.map((value, index) => (names.length > 1 ? `${names[index]} ${shown(value)}` : shown(value)));
    return `${when} the answer is ${numbers.slice(0, 6).join(", ")}.`;
  }
  const [first, second] = strongest(values, 2);
  const also = second === undefined ? "" : `, before “${visible(names[second])}”, ${percent(values[second])}`;
  return `${when} the answer is “${visible(names[first])}”, ${percent(values[first])}${also}.`;
}

/** Why something is not there. @param {import("./state.js").View} view */
export function waitingWords({ waiting, failed }) {
  if (waiting === "failed") return failed;
  if (waiting === "alone") return "What the model makes of this text only a running notebook can tell.";
  return waiting ? "Python is asked …" : "";
}

/** What is under the pointer, or where one looks. @param {import("./state.js").View} view */
export function pointedInWords({ way, cell, tokens, vocabulary }, place) {
  if (!way || !place) return "Point at a number, or click it to look at its unit and step. Arrow keys do the same.";
  const read = vocabulary ? ` “${visible(tokens[place.step])}”` : "";
  const value = way.rows[place.name][place.step * cell.units + place.unit];
  return `${NAMES[place.name]}, unit ${place.unit}, step ${place.step}${read}: ${precise(value)}`;
}

function precise(value) {
  return value.toFixed(4).replace("-", "−");
}

/** @param {import("./state.js").View} view */
export function mapsLabel(view) {
  return `Gates and states of ${view.cell.units} units over ${view.steps} steps. Unit ${view.unit} at ${placeInWords(view)}. Arrow keys move.`;
}

// --- equations ---------------------------------------------------------------------------------------------------------

/**
 * Every equation of a unit at a step, with its numbers.
 *
 * @param {import("./state.js").View} view
 * @returns {{symbols: string, numbers: string, held: boolean}[]}
 */
export function equations({ cell, way, step, unit }) {
  if (!way) return [];
  const at = step * cell.units + unit;
  const value = (name, back = 0) => (step < back ? 0 : way.rows[name][at - back * cell.units]);
  const shares = sharesAt(cell, way, step, unit).map((share) => ofShare(cell, share));
  if (cell.kind === "LSTM") {
    const [c, before] = [value("cell"), value("cell", 1)];
    shares.push({
      symbols: "c = f·c₋₁ + i·g",
      numbers: `${term(value("forget"))}·${term(before)} + ${term(value("input"))}·${term(value("candidate"))} = ${shown(c)}`,
      held: false,
    });
    const act = functionName(cell.activation);
    shares.push({
      symbols: `h = o·${act}(c)`,
      numbers: `${term(value("output"))}·${act}(${shown(c)}) = ${shown(value("state"))}`,
      held: false,
    });
  }
  if (cell.kind === "GRU") {
    const z = value("update");
    shares.push({
      symbols: "h = z·h₋₁ + (1 − z)·g",
      numbers: `${term(z)}·${term(value("state", 1))} + ${term(1 - z)}·${term(value("candidate"))} = ${shown(value("state"))}`,
      held: false,
    });
  }
  return shares;
}

/** A gate, a candidate or a state: its sum, and what its activation makes of it. */
function ofShare(cell, { name, fromInput, fromState, bias, sum, value, held }) {
  const act = functionName(cell.gates.includes(name) ? cell.recurrent_activation : cell.activation);
  const symbol = SYMBOLS[name];
  const inside =
    cell.kind === "GRU" && name === "candidate" ? (cell.reset_after ? "r·(U h₋₁ + b′)" : "U (r·h₋₁)") : "U h₋₁";
  const sums = `${shown(fromInput)} ${signed(fromState)} ${signed(bias)}`;
  return {
    symbols: `${symbol} = ${act}(W x + ${inside} + b)`,
    numbers: held
      ? `held at ${shown(value)}; it would be ${act}(${shown(sum)})`
      : `${act}(${sums}) = ${act}(${shown(sum)}) = ${shown(value)}`,
    held,
  };
}

function functionName(name) {
  return { sigmoid: "σ", linear: "" }[name] ?? name;
}

function signed(value) {
  return value < 0 ? `− ${shown(-value)}` : `+ ${shown(value)}`;
}

/** A factor: in brackets where it has a minus. */
function term(value) {
  const text = shown(value);
  return text.startsWith("−") ? `(${text})` : text;
}
