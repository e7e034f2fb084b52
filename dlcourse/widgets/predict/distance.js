/** How far a guess is from the truth. */

/** @typedef {import("./state.js").Form} Form */

/** The height of a curve at a place, between its points in a straight line, beyond its ends as at the ends. */
export function heightAt({ x, y }, place) {
  const after = x.findIndex((known) => known >= place);
  if (after < 0) return y.at(-1);
  if (after === 0 || x[after] === x[after - 1]) return y[after];
  const share = (place - x[after - 1]) / (x[after] - x[after - 1]);
  return y[after - 1] + share * (y[after] - y[after - 1]);
}

/**
 * How far a sketch is from the truth: on average over its knots or bars, and where it is farthest.
 *
 * @param {Form} form
 * @param {number[]} guess
 * @param {number[] | {x: number[], y: number[]}} truth
 */
export function sketchDistance(form, guess, truth) {
  const truths = Array.isArray(truth) ? truth : form.places.map((place) => heightAt(truth, place));
  const gaps = guess.map((value, index) => Math.abs(value - truths[index]));
  const farthest = gaps.indexOf(Math.max(...gaps));
  const average = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  return { average, farthest, guess: guess[farthest], truth: truths[farthest] };
}

/** How many of the options are judged as they are. */
export function agreeing({ options }, guess, truth) {
  return options.filter((option) => guess.includes(option) === truth.includes(option)).length;
}

/** How many items stand where they belong. */
export function inPlace(guess, truth) {
  return guess.filter((item, place) => item === truth[place]).length;
}
