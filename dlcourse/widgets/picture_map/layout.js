/**
 * Where things are on the page, in CSS pixels.
 *
 * @typedef {object} Layout
 * @property {boolean} wide  whether the list stands beside the map
 * @property {number} width  of the map
 * @property {number} height
 * @property {number} side  of a picture on it
 * @property {number} unit  the length of 1 on the whole map
 * @property {Float32Array} xs  the middles of the pictures
 * @property {Float32Array} ys
 */
import { clamp } from "../shared/js/bounds.js";

const WIDE = 640;
export const LIST = 232; // the width of the list
const [GAP, HEIGHT, NARROW_HEIGHT] = [18, 470, 380];
const [SMALLEST, LARGEST, LARGEST_ZOOMED] = [13, 44, 84]; // pictures

/**
 * @param {Float32Array} points  in shares, around 0
 * @param {import("./state.js").Camera} camera
 * @param {number} width  of the widget
 * @returns {Layout}
 */
export function layoutOf(points, { x, y, zoom }, width) {
  const wide = width >= WIDE;
  const across = wide ? width - LIST - GAP : width;
  const height = wide ? HEIGHT : NARROW_HEIGHT;
  const count = points.length / 2;
  const whole = clamp(0.56 * Math.sqrt((across * height) / count), SMALLEST, LARGEST);
  const side = Math.min(whole * zoom ** 0.5, Math.max(whole, LARGEST_ZOOMED));
  const [widest, highest] = [0, 1].map((axis) => reachOf(points, axis) || 1e-9);
  const unit = Math.min((across - whole - 10) / 2 / widest, (height - whole - 10) / 2 / highest);
  const [xs, ys] = [new Float32Array(count), new Float32Array(count)];
  for (let index = 0; index < count; index++) {
    xs[index] = across / 2 + (points[2 * index] - x) * unit * zoom;
    ys[index] = height / 2 + (points[2 * index + 1] - y) * unit * zoom;
  }
  return { wide, width: across, height, side, unit, xs, ys };
}

function reachOf(points, axis) {
  let reach = 0;
  for (let place = axis; place < points.length; place += 2) reach = Math.max(reach, Math.abs(points[place]));
  return reach;
}

/** The picture under a point, the one that is drawn last; -1 for none. @param {Layout} layout @param {number[]} above */
export function pictureAt({ xs, ys, side }, x, y, above) {
  const reach = Math.max(side / 2, 8);
  const hit = (index) => Math.abs(xs[index] - x) <= reach && Math.abs(ys[index] - y) <= reach;
  const first = above.find(hit);
  if (first !== undefined) return first;
  for (let index = xs.length - 1; index >= 0; index--) if (hit(index)) return index;
  return -1;
}
