/**
 * What there is to see, and what a hand or a key makes of it. Nothing here knows the page.
 *
 * @typedef {{count: number, dimensions: number, pictures: {shape: number[], bytes: DataView}, labels: number[] | null,
 *   classes: string[], chance: number | null, sought: number, neighbours: DataView, distances: DataView,
 *   at_hand: boolean}} Mapped
 *   as Python sends it; of neighbours and distances there are `sought` for each picture
 *
 * @typedef {object} Traits
 * @property {string} method
 * @property {number} picked
 * @property {number} k
 * @property {Mapped} _mapped
 * @property {Record<string, DataView>} _points
 *
 * @typedef {{index: number, distance: number, same: boolean | null}} Neighbour
 *   `same`: whether it is of the picked one's class; null where nobody knows
 *
 * @typedef {object} View  what one frame shows
 * @property {Mapped} mapped
 * @property {string} method
 * @property {string[]} methods  that there are points of
 * @property {Float32Array} points  two coordinates a picture
 * @property {number} picked
 * @property {number} k
 * @property {Neighbour[]} neighbours  of the picked picture
 * @property {number | null} alike  how many of these are of its class
 * @property {number | null} agreement  the same as a share, over all pictures
 *
 * @typedef {{x: number, y: number, zoom: number}} Camera  `x`, `y`: the point in the middle of what is seen
 */
import { clamp } from "../shared/js/bounds.js";
import { float32sIn, halvesIn } from "../shared/js/bytes.js";
import { remember } from "../shared/js/memory.js";

export const TRAITS = ["method", "picked", "k", "_mapped", "_points"];
export const METHODS = ["tsne", "pca"];
export const WHOLE = { x: 0, y: 0, zoom: 1 };
const [FAR, NEAR] = [1, 16]; // of the zoom
const STEP = 0.12; // of the map, by a key
const ASKEW = 10; // as far as a picture that lies rather beside the way seems to be: behind all that lie ahead

/** Makes views of traits, and computes anew only what has changed. @returns {(traits: Traits) => View} */
export function viewer() {
  const tables = remember((mapped) => ({
    indices: halvesIn(mapped.neighbours),
    distances: float32sIn(mapped.distances),
  }));
  const pointsIn = remember((bytes) => scaled(float32sIn(bytes)));
  const agreementOf = remember((mapped, k) => shareAlike(mapped, tables(mapped).indices, k));
  const neighboursOf = remember((mapped, picked, k) => {
    const { indices, distances } = tables(mapped);
    return Array.from({ length: k }, (_, place) => {
      const index = indices[picked * mapped.sought + place];
      const { labels } = mapped;
      const same = labels && labels[index] === labels[picked];
      return { index, distance: distances[picked * mapped.sought + place], same };
    });
  });

  return ({ method, picked, k, _mapped: mapped, _points: points }) => {
    const methods = METHODS.filter((name) => points[name]);
    const drawn = points[method] ? method : methods[0];
    const neighbours = neighboursOf(mapped, picked, k);
    return {
      ...{ mapped, methods, picked, k, neighbours, method: drawn, points: pointsIn(points[drawn]) },
      alike: mapped.labels && neighbours.filter(({ same }) => same).length,
      agreement: agreementOf(mapped, k),
    };
  };
}

/** Points around 0, in shares of the wider of their two spans; up is up. @param {Float32Array} points */
function scaled(points) {
  const bounds = [0, 1].map((axis) => {
    const values = points.filter((_, place) => place % 2 === axis);
    return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  });
  const span = Math.max(...bounds.map(([low, high]) => high - low)) || 1;
  return points.map((value, place) => {
    const [low, high] = bounds[place % 2];
    const share = (value - (low + high) / 2) / span;
    return place % 2 ? -share : share;
  });
}

/** Of all neighbours of all pictures the share that is of their picture's class; null where nobody knows. */
function shareAlike({ labels, count, sought }, indices, k) {
  if (!labels) return null;
  let alike = 0;
  for (let index = 0; index < count; index++) {
    for (let place = 0; place < k; place++) {
      if (labels[indices[index * sought + place]] === labels[index]) alike += 1;
    }
  }
  return alike / (count * k);
}

// --- what a hand or a key makes of the map ---------------------------------------------------------------------------

/**
 * Nearer or further away, so that a point of the map stays where it is.
 *
 * @param {Camera} camera
 * @param {number} factor
 * @param {{x: number, y: number}} [fixed]  how far from the middle it is seen, measured on the whole map
 * @returns {Camera}
 */
export function zoomed(camera, factor, fixed = { x: 0, y: 0 }) {
  const zoom = clamp(camera.zoom * factor, FAR, NEAR);
  const by = 1 / camera.zoom - 1 / zoom;
  return within({ x: camera.x + fixed.x * by, y: camera.y + fixed.y * by, zoom });
}

/** Moved by so much of what is seen, measured on the whole map. @param {Camera} camera @returns {Camera} */
export function moved({ x, y, zoom }, across, down) {
  return within({ x: x + across / zoom, y: y + down / zoom, zoom });
}

/** The middle of what is seen never leaves the map. @returns {Camera} */
function within({ x, y, zoom }) {
  const most = 0.5 - 0.5 / zoom;
  return { x: clamp(x, -most, most), y: clamp(y, -most, most), zoom };
}

/** What a key makes of the camera; null for a key without a meaning. @param {Camera} camera */
export function cameraByKey(camera, { key, shiftKey }) {
  const ways = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  if (shiftKey && ways[key]) {
    const [across, down] = ways[key];
    return moved(camera, across, down);
  }
  if (key === "+" || key === "=") return zoomed(camera, 1.25);
  if (key === "-") return zoomed(camera, 0.8);
  if (key === "0") return WHOLE;
  return null;
}

/** So that a picture is seen, as little as that takes. @param {Camera} camera @returns {Camera} */
export function showing(camera, points, index) {
  const reach = 0.45 / camera.zoom;
  const [x, y] = [points[2 * index], points[2 * index + 1]];
  return within({
    x: clamp(camera.x, x - reach, x + reach),
    y: clamp(camera.y, y - reach, y + reach),
    zoom: camera.zoom,
  });
}

/**
 * The picture next to another one in a direction: near, and rather straight ahead.
 *
 * @param {Float32Array} points
 * @param {number} index
 * @param {[number, number]} way  down and right, as keys have it
 */
export function nextInDirection(points, index, [down, right]) {
  let [best, least] = [index, Infinity];
  for (let other = 0; other < points.length / 2; other++) {
    const [x, y] = [points[2 * other] - points[2 * index], points[2 * other + 1] - points[2 * index + 1]];
    const ahead = x * right + y * down;
    if (ahead <= 0) continue;
    const aside = Math.abs(x * down) + Math.abs(y * right);
    const cost = ahead + 2.5 * aside + (aside > 2 * ahead ? ASKEW : 0);
    if (cost < least) [best, least] = [other, cost];
  }
  return best;
}
