/**
 * The places of an orbit: values from one end of a way to the other, and where they lie along it.
 *
 * @typedef {{low: number, high: number, neutral: number, step: number, count: number, of_set: number, of_film: number,
 *   log: boolean}} Way  as ways.py describes it
 */
import { clamp } from "../shared/js/bounds.js";

/** The value at a share of the way, 0 to 1. @param {Way} way */
export function valueAt({ low, high, log }, share) {
  return log ? low * (high / low) ** share : low + (high - low) * share;
}

/** The share of the way at which a value lies. @param {Way} way */
export function shareOf({ low, high, log }, value) {
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** The values at the curve's places. @param {Way} way @returns {number[]} */
export function placesOf(way) {
  return Array.from({ length: way.count }, (_, place) => valueAt(way, place / (way.count - 1)));
}

/** The number of the place that is nearest to a value. @param {Way} way */
export function nearestPlace(way, value) {
  return Math.round(clamp(shareOf(way, value), 0, 1) * (way.count - 1));
}

/** A value after some steps of the slider; a turn goes round. @param {Way} way */
export function stepped(way, name, value, steps) {
  return within(way, name, value + steps * way.step);
}

/** A value kept on the way and free of crumbs; a turn beyond half a one comes in from the other side. */
export function within({ low, high, step }, name, value) {
  const places = 1 / step;
  const rounded = Math.round(value * places) / places;
  if (name !== "turn") return clamp(rounded, low, high);
  const around = ((((rounded - low) % 360) + 360) % 360) + low;
  return around === low && value > 0 ? high : around;
}

/** The numbers from 0 to below `count`, first a few far apart, then those between them, and so on. */
export function coarseFirst(count) {
  const order = [];
  const taken = new Set();
  for (let stride = 2 ** Math.ceil(Math.log2(count)); stride >= 1; stride /= 2) {
    for (let place = 0; place < count; place += stride) {
      if (taken.has(place)) continue;
      taken.add(place);
      order.push(place);
    }
  }
  return order;
}
