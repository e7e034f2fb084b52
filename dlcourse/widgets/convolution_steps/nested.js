/** Nested lists of numbers, as NumPy arrays travel. */

/**
 * Nested lists of a shape, each number made from its place.
 *
 * @param {number[]} shape
 * @param {(...place: number[]) => number} number
 * @param {number[]} place  of the list that is made, in those around it
 * @returns {any[]}
 */
export function filledWith([length, ...inner], number, ...place) {
  return Array.from({ length }, (_, index) =>
    inner.length ? filledWith(inner, number, ...place, index) : number(...place, index),
  );
}

/**
 * The same lists with another number at one place.
 *
 * @param {any[]} values
 * @param {number[]} place
 * @param {number} number
 * @returns {any[]}
 */
export function withNumber(values, [first, ...inner], number) {
  return values.map((value, index) => {
    if (index !== first) return value;
    return inner.length ? withNumber(value, inner, number) : number;
  });
}

/** The largest size of a number in a list, 1 where all are 0: the reach of its colours. */
export function reachOf(values) {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest || 1;
}
