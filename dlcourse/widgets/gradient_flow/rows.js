/**
 * What passes through each layer, as rows: from a stack in the browser, or from a recording that Python sends.
 *
 * @typedef {{name: string, outputs: import("./decades.js").Sizes, gradient: import("./decades.js").Sizes | null,
 *   dead: number, saturated: number, units: number}} LayerRow  shares of units, NaN for what cannot be; `units`: 0
 *   where their number is not known
 */
import { float32sIn } from "../shared/js/bytes.js";
import { ROW, sizesFrom, sizesOf } from "./decades.js";
import { deadUnits, saturatedUnits } from "./deep_stack.js";

/**
 * From the batch in a stack's room.
 *
 * @param {{room: Object, settings: {activation: string}}} stack
 * @param {string} by  whose gradient: "weights" or "outputs"
 * @returns {LayerRow[]}
 */
export function rowsOfStack({ room, settings }, by) {
  return room.layers.map(({ outputs, back, slopes, last }, index) => ({
    name: last ? "out" : String(index + 1),
    outputs: sizesOf([outputs]),
    gradient: sizesOf(by === "weights" ? [slopes.kernel, slopes.bias] : [back]),
    dead: deadUnits(outputs, slopes.units) / slopes.units,
    saturated: last ? NaN : saturatedUnits(outputs, slopes.units, settings.activation) / slopes.units,
    units: slopes.units,
  }));
}

/** A recording, unpacked: rows of layers for each frame. */
export function unpacked(recording) {
  const numbers = float32sIn(recording.numbers);
  const perLayer = 3 * ROW + 2;
  const rowsAt = (frame, by) =>
    recording.layers.map(({ name }, index) => {
      const at = (frame * recording.layers.length + index) * perLayer;
      return {
        name,
        outputs: sizesFrom(numbers, at),
        gradient: sizesFrom(numbers, at + (by === "weights" ? 2 : 1) * ROW),
        dead: numbers[at + 3 * ROW],
        saturated: numbers[at + 3 * ROW + 1],
        units: 0,
      };
    });
  return { ...recording, losses: recording.losses.map((loss) => loss ?? NaN), count: recording.steps.length, rowsAt };
}

/** Which units are worth counting. */
export function troubleOf(rows) {
  if (rows.some(({ saturated }) => !Number.isNaN(saturated))) {
    const dead = rows.some((row) => row.dead > 0 && Number.isNaN(row.saturated));
    if (!dead) return "saturated";
  }
  return rows.some(({ dead }) => dead > 0) ? "dead" : "";
}
