/**
 * A recurrent layer step by step: gates and states, gates that are held, gradients over time. lens/recurrence.py does
 * the same. Nothing here knows the page.
 *
 * Numbers lie step by step, the units of a step side by side.
 *
 * @typedef {object} Cell
 * @property {string} kind  "SimpleRNN", "LSTM" or "GRU"
 * @property {number} units
 * @property {number} features
 * @property {string[]} gates
 * @property {string[]} rows  the names of gates and states, in the order in which they are shown
 * @property {string} activation
 * @property {string} recurrent_activation
 * @property {boolean} reset_after
 * @property {Float32Array} kernel
 * @property {Float32Array} recurrent
 * @property {Float32Array} bias
 * @property {Float32Array} recurrentBias
 *
 * @typedef {Record<string, {value: number, unit: number | null, step: number}>} Holds  by the names of gates
 *
 * @typedef {object} Way  a layer's way through a sequence
 * @property {number} steps
 * @property {ArrayLike<number>} inputs  steps × features
 * @property {Record<string, Float64Array>} rows  gates as they are held
 * @property {Record<string, Float64Array>} sums  before their activations
 * @property {Holds} holds
 */
import { ACTIVATIONS } from "../shared/js/activation_functions.js";
import { float32sIn } from "../shared/js/bytes.js";

/** What the columns of a layer's kernel belong to, in Keras' order. @type {Record<string, string[]>} */
export const PARTS = {
  SimpleRNN: ["state"],
  LSTM: ["input", "forget", "candidate", "output"],
  GRU: ["update", "reset", "candidate"],
};

/** A cell ready to run, from what Python has written down. @returns {Cell} */
export function cellOf({ kind, units, features, gates, rows, activation, recurrent_activation, reset_after, weights }) {
  const [kernel, recurrent, bias, recurrentBias] = weights.map(float32sIn);
  return {
    ...{ kind, units, features, gates, rows, activation, recurrent_activation, reset_after },
    ...{ kernel, recurrent, bias, recurrentBias },
  };
}

/** Whether a unit's gate is held at a step, and at what; null where it is free. @param {Holds} holds */
export function heldAt(holds, gate, step, unit) {
  const hold = holds[gate];
  return hold && step >= hold.step && (hold.unit === null || hold.unit === unit) ? hold.value : null;
}

/**
 * All gates and states for a sequence, from a state of zeros on.
 *
 * @param {Cell} cell
 * @param {ArrayLike<number>} inputs  steps × features
 * @param {Holds} holds
 * @returns {Way}
 */
export function unroll(cell, inputs, holds) {
  const { units, features, kind } = cell;
  const steps = inputs.length / features;
  const parts = PARTS[kind];
  const tables = (names) => Object.fromEntries(names.map((name) => [name, new Float64Array(steps * units)]));
  /** @type {Way} */
  const way = { steps, inputs, rows: tables(cell.rows), sums: tables(parts), holds };
  const columns = parts.length * units;
  const [given, carried] = [new Float64Array(columns), new Float64Array(columns)];
  for (let step = 0; step < steps; step++) {
    given.set(cell.bias);
    multiplyInto(given, inputs, step * features, features, cell.kernel);
    carried.set(cell.recurrentBias);
    if (step) multiplyInto(carried, way.rows.state, (step - 1) * units, units, cell.recurrent);
    STEPS[kind](cell, way, step, given, carried);
  }
  return way;
}

/** Adds a row of numbers times a matrix with as many columns as there are sums. */
function multiplyInto(sums, values, from, count, matrix) {
  const columns = sums.length;
  for (let index = 0; index < count; index++) {
    const value = values[from + index];
    if (value === 0) continue; // most of a one-hot token
    for (let column = 0, at = index * columns; column < columns; column++) sums[column] += value * matrix[at + column];
  }
}

/** Turns the sums of a part into its values at a step, unless they are held. */
function settle(cell, way, step, name, sumOf) {
  const { units } = cell;
  const { value } = activationOf(cell, name);
  for (let unit = 0, at = step * units; unit < units; unit++, at++) {
    const sum = sumOf(unit);
    way.sums[name][at] = sum;
    way.rows[name][at] = heldAt(way.holds, name, step, unit) ?? value(sum);
  }
}

function activationOf(cell, name) {
  return ACTIVATIONS[cell.gates.includes(name) ? cell.recurrent_activation : cell.activation];
}

const STEPS = {
  SimpleRNN(cell, way, step, given, carried) {
    settle(cell, way, step, "state", (unit) => given[unit] + carried[unit]);
  },

  LSTM(cell, way, step, given, carried) {
    const { units, activation } = cell;
    PARTS.LSTM.forEach((name, part) => {
      settle(cell, way, step, name, (unit) => given[part * units + unit] + carried[part * units + unit]);
    });
    const { input, forget, candidate, output, cell: memory, state } = way.rows;
    for (let at = step * units; at < (step + 1) * units; at++) {
      memory[at] = forget[at] * (step ? memory[at - units] : 0) + input[at] * candidate[at];
      state[at] = output[at] * ACTIVATIONS[activation].value(memory[at]);
    }
  },

  GRU(cell, way, step, given, carried) {
    const { units } = cell;
    ["update", "reset"].forEach((name, part) => {
      settle(cell, way, step, name, (unit) => given[part * units + unit] + carried[part * units + unit]);
    });
    const fromState = candidateFromState(cell, way, step, carried);
    settle(cell, way, step, "candidate", (unit) => given[2 * units + unit] + fromState[unit]);
    const { update, candidate, state } = way.rows;
    for (let at = step * units; at < (step + 1) * units; at++) {
      state[at] = update[at] * (step ? state[at - units] : 0) + (1 - update[at]) * candidate[at];
    }
  },
};

/** What a GRU's candidate takes from the state: the reset gate acts behind the multiplication, or before it. */
function candidateFromState({ units, recurrent, reset_after: after }, { rows }, step, carried) {
  const here = step * units;
  if (after)
    return Float64Array.from({ length: units }, (_, unit) => rows.reset[here + unit] * carried[2 * units + unit]);
  const sums = new Float64Array(units);
  for (let from = 0; step && from < units; from++) {
    const value = rows.reset[here + from] * rows.state[here - units + from];
    for (let unit = 0; unit < units; unit++) sums[unit] += value * recurrent[from * 3 * units + 2 * units + unit];
  }
  return sums;
}

// --- back through time -------------------------------------------------------------------------------------------------

/**
 * How large the gradient of a unit's last state is at each step: by the state, by an LSTM's cell, by the input. Nothing
 * flows through a gate that is held.
 *
 * @param {Cell} cell
 * @param {Way} way
 * @param {number} unit
 * @returns {{state: Float64Array, cell: Float64Array | null, input: Float64Array}}
 */
export function gradientOverTime(cell, way, unit) {
  const { units, features, kind } = cell;
  const { steps } = way;
  const sizes = { state: new Float64Array(steps), cell: new Float64Array(steps), input: new Float64Array(steps) };
  let byState = new Float64Array(units);
  let byCell = new Float64Array(units);
  byState[unit] = 1;
  for (let step = steps - 1; step >= 0; step--) {
    sizes.state[step] = Math.hypot(...byState);
    const back = BACK[kind](cell, way, step, byState, byCell);
    sizes.cell[step] = Math.hypot(...back.hereCell);
    sizes.input[step] = Math.hypot(...turned(back.slopes, cell.kernel, features));
    byState = back.byState;
    byCell = back.byCell;
  }
  return { ...sizes, cell: kind === "LSTM" ? sizes.cell : null };
}

/** Numbers for columns times a matrix turned round: a sum for each of its rows. */
function turned(slopes, matrix, rows) {
  const columns = slopes.length;
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let column = 0, at = row * columns; column < columns; column++) sum += slopes[column] * matrix[at + column];
    return sum;
  });
}

/** How much of a change of its sum a part lets through. */
function slopeOf(cell, way, name, step, unit) {
  if (heldAt(way.holds, name, step, unit) !== null) return 0;
  const at = step * cell.units + unit;
  return activationOf(cell, name).slope(way.sums[name][at], way.rows[name][at]);
}

/** One step back: the gradient by the sums, by the state and the cell before, and by the cell of this step. */
const BACK = {
  SimpleRNN(cell, way, step, byState, byCell) {
    const slopes = byState.map((value, unit) => value * slopeOf(cell, way, "state", step, unit));
    return { slopes, byState: turned(slopes, cell.recurrent, cell.units), byCell, hereCell: byCell };
  },

  LSTM(cell, way, step, byState, byCell) {
    const { units, activation } = cell;
    const { input, forget, candidate, output, cell: memory } = way.rows;
    const { value, slope } = ACTIVATIONS[activation];
    const hereCell = new Float64Array(units);
    const slopes = new Float64Array(4 * units);
    for (let unit = 0, at = step * units; unit < units; unit++, at++) {
      const squashed = value(memory[at]);
      const here = byCell[unit] + byState[unit] * output[at] * slope(memory[at], squashed);
      hereCell[unit] = here;
      const before = step ? memory[at - units] : 0;
      [here * candidate[at], here * before, here * input[at], byState[unit] * squashed].forEach((gradient, part) => {
        slopes[part * units + unit] = gradient * slopeOf(cell, way, PARTS.LSTM[part], step, unit);
      });
    }
    return {
      slopes,
      byState: turned(slopes, cell.recurrent, units),
      byCell: hereCell.map((here, unit) => here * forget[step * units + unit]),
      hereCell,
    };
  },

  GRU(cell, way, step, byState, byCell) {
    const { units, recurrent, recurrentBias, reset_after: after } = cell;
    const { update, reset, candidate, state } = way.rows;
    const from = step * units;
    const before = step ? state.subarray(from - units, from) : new Float64Array(units);
    const slopes = new Float64Array(3 * units);
    const direct = new Float64Array(units);
    for (let unit = 0; unit < units; unit++) {
      const at = from + unit;
      const gradient = byState[unit] * (before[unit] - candidate[at]);
      slopes[unit] = gradient * slopeOf(cell, way, "update", step, unit);
      slopes[2 * units + unit] = byState[unit] * (1 - update[at]) * slopeOf(cell, way, "candidate", step, unit);
      direct[unit] = byState[unit] * update[at];
    }
    const carriedSlopes = slopes.slice(); // the candidate's, by what it takes from the state
    for (let unit = 0; unit < units; unit++) {
      const slope = slopeOf(cell, way, "reset", step, unit);
      let byReset = 0;
      if (after) {
        let inner = recurrentBias[2 * units + unit];
        for (let row = 0; row < units; row++) inner += before[row] * recurrent[(row * 3 + 2) * units + unit];
        byReset = slopes[2 * units + unit] * inner;
        carriedSlopes[2 * units + unit] *= reset[from + unit];
      } else {
        let back = 0;
        for (let to = 0; to < units; to++) back += slopes[2 * units + to] * recurrent[(unit * 3 + 2) * units + to];
        byReset = back * before[unit];
        direct[unit] += back * reset[from + unit];
      }
      slopes[units + unit] = carriedSlopes[units + unit] = byReset * slope;
    }
    if (!after) carriedSlopes.fill(0, 2 * units);
    const through = turned(carriedSlopes, recurrent, units);
    return { slopes, byState: through.map((value, unit) => value + direct[unit]), byCell, hereCell: byCell };
  },
};

// --- one unit at one step ----------------------------------------------------------------------------------------------

/**
 * What a unit's sums are made of at a step: the input's share, the state's share, the bias.
 *
 * @param {Cell} cell
 * @param {Way} way
 * @param {number} step
 * @param {number} unit
 * @returns {{name: string, fromInput: number, fromState: number, bias: number, sum: number, value: number,
 *   held: boolean}[]} for each part; the two biases of a GRU's gates are one
 */
export function sharesAt(cell, way, step, unit) {
  const { units, features, kernel, bias, recurrentBias, kind } = cell;
  const columns = PARTS[kind].length * units;
  const at = step * units + unit;
  return PARTS[kind].map((name, part) => {
    const column = part * units + unit;
    let fromInput = 0;
    for (let feature = 0; feature < features; feature++) {
      fromInput += way.inputs[step * features + feature] * kernel[feature * columns + column];
    }
    const inside = kind === "GRU" && name === "candidate"; // its second bias is multiplied with the reset gate
    const own = bias[column] + (inside ? 0 : recurrentBias[column]);
    const sum = way.sums[name][at];
    const held = heldAt(way.holds, name, step, unit) !== null;
    return { name, fromInput, fromState: sum - fromInput - own, bias: own, sum, value: way.rows[name][at], held };
  });
}
