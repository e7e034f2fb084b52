/**
 * How optimisers walk downhill, step by step as Keras takes them; dlcourse/lens/descent.py does the same in NumPy.
 *
 * @typedef {{value: (x: number, y: number) => number, slope: (x: number, y: number) => [number, number]}} Surface
 * @typedef {{momentum: number, weight_decay: number, schedule: string, noise: number, seed: number, steps: number}} Race
 */
import { normals } from "../shared/js/random.js";

const SMALL = 1e-7; // Keras' epsilon
const LOST = 1e6; // farther away than that, nobody comes back

/** @type {Record<string, () => (place: number[], slope: number[], rate: number, race: Race, step: number) => void>} */
const RULES = {
  sgd: () => (place, slope, rate) => {
    for (const axis of [0, 1]) place[axis] -= rate * slope[axis];
  },
  momentum: () => {
    const speed = [0, 0];
    return (place, slope, rate, { momentum }) => {
      for (const axis of [0, 1]) {
        speed[axis] = momentum * speed[axis] - rate * slope[axis];
        place[axis] += speed[axis];
      }
    };
  },
  nesterov: () => {
    const speed = [0, 0];
    return (place, slope, rate, { momentum }) => {
      for (const axis of [0, 1]) {
        speed[axis] = momentum * speed[axis] - rate * slope[axis];
        place[axis] += momentum * speed[axis] - rate * slope[axis];
      }
    };
  },
  adagrad: () => {
    const squares = [0.1, 0.1];
    return (place, slope, rate) => {
      for (const axis of [0, 1]) {
        squares[axis] += slope[axis] ** 2;
        place[axis] -= (rate * slope[axis]) / Math.sqrt(squares[axis] + SMALL);
      }
    };
  },
  rmsprop: () => {
    const squares = [0, 0];
    return (place, slope, rate) => {
      for (const axis of [0, 1]) {
        squares[axis] = 0.9 * squares[axis] + 0.1 * slope[axis] ** 2;
        place[axis] -= (rate * slope[axis]) / Math.sqrt(squares[axis] + SMALL);
      }
    };
  },
  adam: () => {
    const [means, squares] = [
      [0, 0],
      [0, 0],
    ];
    return (place, slope, rate, _, step) => {
      const share = (rate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
      for (const axis of [0, 1]) {
        means[axis] += 0.1 * (slope[axis] - means[axis]);
        squares[axis] += 0.001 * (slope[axis] ** 2 - squares[axis]);
        place[axis] -= (share * means[axis]) / (Math.sqrt(squares[axis]) + SMALL);
      }
    };
  },
};

/** What the learning rate is multiplied by before a step, counted from 0. */
export function scheduled(schedule, step, steps) {
  if (schedule === "exponential") return 0.01 ** (step / steps);
  if (schedule === "cosine") return 0.5 * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps));
  return 1;
}

/**
 * The places that an optimiser visits, the start first; after it is lost, nothing but NaN.
 *
 * @param {Surface} surface
 * @param {[number, number]} start
 * @param {string} name
 * @param {number} rate
 * @param {Race} race
 * @returns {{xs: Float64Array, ys: Float64Array, values: Float64Array}}
 */
export function descend(surface, start, name, rate, race) {
  const count = race.steps + 1;
  const path = {
    xs: new Float64Array(count).fill(NaN),
    ys: new Float64Array(count).fill(NaN),
    values: new Float64Array(count).fill(NaN),
  };
  const rule = RULES[name]();
  const place = [...start];
  const shake = race.noise ? normals(race.seed, 2 * race.steps) : null;
  for (let step = 0; step < count; step++) {
    path.xs[step] = place[0];
    path.ys[step] = place[1];
    path.values[step] = surface.value(place[0], place[1]);
    if (!(Math.hypot(...place) < LOST) || step === race.steps) break;
    const slope = surface.slope(place[0], place[1]);
    if (shake) for (const axis of [0, 1]) slope[axis] += race.noise * shake[2 * step + axis];
    const scheduledRate = rate * scheduled(race.schedule, step, race.steps);
    for (const axis of [0, 1]) place[axis] -= place[axis] * race.weight_decay * scheduledRate;
    rule(place, slope, scheduledRate, race, step + 1);
  }
  return path;
}
