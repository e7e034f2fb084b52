/** What a network's outputs say, and how two networks differ in it. */

/**
 * The class with the largest output; of a single output, whether it is above a threshold.
 *
 * @param {ArrayLike<number>} output
 * @param {number | null} threshold
 */
export function classOf(output, threshold) {
  if (threshold !== null) return output[0] > threshold ? 1 : 0;
  let largest = 0;
  for (let index = 1; index < output.length; index++) if (output[index] > output[largest]) largest = index;
  return largest;
}

/**
 * The examples whose class is another.
 *
 * @typedef {{number: number, before: number, now: number, effect: "spoiled" | "mended" | "other"}} Change
 *
 * @param {ArrayLike<number>} before
 * @param {ArrayLike<number>} now
 * @param {number} done  so many of them are known
 * @param {number[] | null} labels
 * @returns {Change[]}
 */
export function changesOf(before, now, done, labels) {
  const changed = [];
  for (let number = 0; number < done; number++) {
    if (before[number] === now[number]) continue;
    const label = labels?.[number];
    const effect = label === before[number] ? "spoiled" : label === now[number] ? "mended" : "other";
    changed.push({ number, before: before[number], now: now[number], effect });
  }
  return changed;
}

/** How many of the first `done` classes are right. */
export function rightOf(classes, done, labels) {
  let right = 0;
  for (let number = 0; number < done; number++) if (classes[number] === labels[number]) right += 1;
  return right;
}
