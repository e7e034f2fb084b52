/**
 * Random numbers that are the same here and in Python (shared/random_numbers.py): counted from the seed, the one at a
 * place does not depend on which others were asked for.
 */

const STEP = 0x6d2b79f5; // of the generator mulberry32, by Tommy Ettinger, in the public domain

/** The evenly spread number at a place, from 0 to 1. */
export function even(seed, place) {
  const state = (seed + Math.imul(STEP, place + 1)) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

let cached = { seed: -1, values: new Float64Array(0) }; // kept, so that more of them begin like fewer at once

/** Normally spread numbers, in pairs from two even ones each (Box and Muller). */
export function normals(seed, count) {
  const earlier = cached.seed === seed ? cached.values : new Float64Array(0);
  if (earlier.length >= count) return earlier;
  const values = new Float64Array(count + (count % 2));
  values.set(earlier);
  for (let at = earlier.length; at < count; at += 2) {
    const radius = Math.sqrt(-2 * Math.log1p(-even(seed, at)));
    const angle = 2 * Math.PI * even(seed, at + 1);
    values[at] = radius * Math.cos(angle);
    values[at + 1] = radius * Math.sin(angle);
  }
  cached = { seed, values };
  return values;
}
