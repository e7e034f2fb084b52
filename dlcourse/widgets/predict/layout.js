/**
 * Where things are on the page, in CSS pixels, and what lies under a point.
 *
 * @typedef {{width: number, height: number, left: number, right: number, top: number, bottom: number}} Plot
 *   a canvas, and the edges of what is drawn on it
 */
import { clamp } from "../shared/js/bounds.js";
import { countOf } from "./state.js";

const WIDEST = 680; // of an axis
const WIDEST_CHART = 560;
const THUMB = 8; // half a slider's thumb: its track ends that far from its sides
const HEIGHT = 240; // of a chart

/** The axis under a slider. @returns {Plot} */
export function axisLayout(width) {
  const wide = Math.min(width, WIDEST);
  return { width: wide, height: 24, left: THUMB, right: wide - THUMB, top: 4, bottom: 4 };
}

/** The axis with guess and truth on it, each with its words in a row above. @returns {Plot} */
export function comparisonLayout(width) {
  const wide = Math.min(width, WIDEST);
  return { width: wide, height: 80, left: THUMB, right: wide - THUMB, top: 8, bottom: 56 };
}

/** A curve, or bars, whose axes have no names. @returns {Plot} */
export function chartLayout({ kind }, width) {
  const wide = Math.min(width, WIDEST_CHART);
  const [top, below] = kind === "bars" ? [10, 24] : [22, 40];
  return { width: wide, height: HEIGHT, left: 52, right: wide - 14, top, bottom: HEIGHT - below };
}

/** The middle of a knot or a bar. @param {import("./state.js").Form} form @param {Plot} plot */
export function across(form, { left, right }, index) {
  const count = countOf(form);
  if (form.kind === "bars") return left + ((index + 0.5) / count) * (right - left);
  return left + ((form.places[index] - form.x.low) / (form.x.high - form.x.low)) * (right - left);
}

/** The knot or the bar that is nearest to a point. */
export function indexUnder(form, { left, right }, x) {
  const count = countOf(form);
  const share = (x - left) / (right - left);
  const index = form.kind === "bars" ? Math.floor(share * count) : Math.round(share * (count - 1));
  return clamp(index, 0, count - 1);
}

/** The height at a point. */
export function heightUnder({ y: { low, high } }, { top, bottom }, y) {
  return low + ((bottom - y) / (bottom - top)) * (high - low);
}
