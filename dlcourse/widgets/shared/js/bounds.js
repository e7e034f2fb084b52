/** Numbers between two bounds. */

/** The nearest number that is not below `low` nor above `high`. */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** The whole numbers from the first to the last, both among them. */
export function upTo(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
