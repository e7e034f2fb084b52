/**
 * What a stroke of the pen makes of a sketch: the heights follow the pen wherever it passes a knot or a bar, however
 * far apart two of its points lie.
 *
 * @typedef {{x: number, y: number}} Point  in CSS pixels of the canvas
 * @typedef {{from: Point, passed: number[]}} Stroke  where the pen was last, and the knots that it has passed
 */
import { clamp } from "../shared/js/bounds.js";
import { across, heightUnder, indexUnder } from "./layout.js";
import { raised } from "./state.js";

const NEAR = 4; // pixels: so near to a knot, the pen moves it even if it has passed it before

/**
 * @param {import("./state.js").View} view
 * @param {import("./layout.js").Plot} plot
 * @param {Stroke | null} stroke  null where the pen is set down
 * @param {Point} point  where it is now
 * @returns {{stroke: Stroke, nearest: number, changes: object}}
 */
export function stroked(view, plot, stroke, point) {
  const { form } = view;
  const to = { x: clamp(point.x, plot.left, plot.right), y: point.y };
  const from = stroke?.from ?? to;
  const nearest = indexUnder(form, plot, to.x);
  const [heights, passed] = [new Map(), [...(stroke?.passed ?? [])]];
  view.form[form.kind === "bars" ? "labels" : "places"].forEach((_, index) => {
    const x = across(form, plot, index);
    if (from.x === to.x || (from.x - x) * (to.x - x) > 0) return;
    const y = from.y + ((x - from.x) / (to.x - from.x)) * (to.y - from.y);
    heights.set(index, heightUnder(form, plot, y));
    if (!passed.includes(index)) passed.push(index);
  });
  const pulls = form.kind === "bars" || Math.abs(across(form, plot, nearest) - to.x) < NEAR;
  if (pulls || !passed.includes(nearest)) heights.set(nearest, heightUnder(form, plot, to.y));
  return { stroke: { from: to, passed }, nearest, changes: raised(view, heights) };
}
