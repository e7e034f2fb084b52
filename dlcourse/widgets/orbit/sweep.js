/**
 * What networks say of a picture, and of a whole set, along the orbit; sweeping.py does the same in Python. Slice by
 * slice, first the picture, some far places before those between them, then the set, some pictures after the other.
 *
 * @typedef {import("../shared/js/warp.js").Image} Image
 * @typedef {import("./transform.js").Change} Change
 * @typedef {import("./ways.js").Way} Way
 * @typedef {{name: string, network: import("../shared/js/browser_network.js").Network, finish: string, white: number}}
 *   Asked  a network, and how it is asked
 * @typedef {{images: Image[], labels: number[]}} Examples
 *
 * @typedef {object} Sweep  as far as it is known
 * @property {number[]} values  how much the picture is changed at each place
 * @property {ArrayLike<number>[]} shares  for each network, at each place, the probability of the picture's class; NaN
 *   where it is not known yet
 * @property {ArrayLike<number>[]} others  that of the strongest other one
 * @property {ArrayLike<number>[]} rivals  which that is
 * @property {number[]} setValues  how much the set is changed at each place of its curves
 * @property {number[][] | null} accuracy  for each network, at each of them, the share that is named rightly
 * @property {number} pictures  of the set that were looked at
 * @property {number} of  all of them
 */
import { forwardInSlices, probabilitiesOf } from "../shared/js/browser_network.js";
import { transformed } from "./transform.js";
import { coarseFirst, placesOf } from "./ways.js";

const TOGETHER = 10; // pictures of the set that are looked at before the curves are drawn anew

/** Nothing known yet. @param {Way} way @param {number} networks @param {number} pictures @returns {Sweep} */
export function emptySweep(way, networks, pictures) {
  const values = placesOf(way);
  const unknown = () => Array.from({ length: networks }, () => new Float64Array(way.count).fill(NaN));
  return {
    values,
    shares: unknown(),
    others: unknown(),
    rivals: unknown(),
    setValues: values.filter((_, place) => place % way.of_set === 0),
    accuracy: null,
    pictures: 0,
    of: pictures,
  };
}

/**
 * @param {{asked: Asked[], image: Image, label: number, change: Change, name: string, way: Way, fill: string,
 *   examples: Examples | null}} orbit  `name`: of the way that runs through its range
 * @param {Sweep} sweep  filled by and by
 */
export function* sweepInSlices(orbit, sweep) {
  yield* sweepPicture(orbit, sweep);
  if (orbit.examples) yield* sweepSet(orbit, sweep);
}

function* sweepPicture({ asked, image, label, change, name, way, fill }, sweep) {
  for (const place of coarseFirst(way.count)) {
    const changed = transformed(image, { ...change, [name]: sweep.values[place] }, fill);
    for (let number = 0; number < asked.length; number++) {
      const shares = yield* answer(asked[number], changed);
      const { share, other, rival } = readingOf(shares, label);
      sweep.shares[number][place] = share;
      sweep.others[number][place] = other;
      sweep.rivals[number][place] = rival;
      yield;
    }
  }
}

function* sweepSet({ asked, change, name, fill, examples }, sweep) {
  const right = asked.map(() => new Array(sweep.setValues.length).fill(0));
  for (let first = 0; first < examples.images.length; first += TOGETHER) {
    const last = Math.min(first + TOGETHER, examples.images.length);
    for (const [place, value] of sweep.setValues.entries()) {
      for (let index = first; index < last; index++) {
        const changed = transformed(examples.images[index], { ...change, [name]: value }, fill);
        for (let number = 0; number < asked.length; number++) {
          const shares = yield* answer(asked[number], changed);
          if (largest(shares) === examples.labels[index]) right[number][place]++;
        }
        yield;
      }
    }
    sweep.pictures = last;
    sweep.accuracy = right.map((counts) => counts.map((count) => count / last));
  }
}

/** A network's probabilities for a picture. */
function* answer({ network, finish, white }, { values }) {
  const outputs = [];
  for (const _ of forwardInSlices(network, inputOf(values, white), outputs)) yield;
  return probabilitiesOf(outputs[network.output], finish);
}

/** The pixels as the network gets them. @param {Float32Array} values */
export function inputOf(values, white) {
  return white === 1 ? values : values.map((value) => value * white);
}

/**
 * What is read off probabilities: that of a class, and the strongest other one.
 *
 * @param {ArrayLike<number>} shares
 * @param {number} label
 */
export function readingOf(shares, label) {
  let rival = label === 0 ? 1 : 0;
  for (let index = 0; index < shares.length; index++) {
    if (index !== label && shares[index] > shares[rival]) rival = index;
  }
  return { share: shares[label], other: shares[rival], rival };
}

/** The number of the largest value. */
export function largest(values) {
  let place = 0;
  for (let index = 1; index < values.length; index++) if (values[index] > values[place]) place = index;
  return place;
}
