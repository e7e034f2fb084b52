/** All that is drawn: the network, the plane, the curves, the data sets' buttons. */
import { begin, density } from "../shared/js/canvas.js";
import { changes, remember } from "../shared/js/memory.js";
import { answerMaps } from "./answer_maps.js";
import { drawLosses } from "./loss_picture.js";
import { drawNetwork } from "./network_picture.js";
import { drawPlane, drawThumbnail, pointsDrawn } from "./plane_picture.js";
import { FEATURES, noisy, pointsOf, unpackedPlane, zeroLines } from "./planes.js";
import { lossRows } from "./state.js";

const THUMBNAIL = 38; // the side of a data set's picture
const CALM = 0.1; // more noise would hide there what a data set is
const FEW = { set: 150, own: 200 }; // points of a data set and of the learner's that are drawn there

/**
 * @typedef {import("./state.js").View} View
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("../shared/js/palette.js").Theme} Theme
 * @typedef {{sets: Map<string, HTMLCanvasElement>, network: HTMLCanvasElement, plane: HTMLCanvasElement,
 *   losses: HTMLCanvasElement}} Canvases
 *
 * @param {Object} facts  with the data sets
 * @returns {(canvases: Canvases, view: View, layout: Layout, theme: Theme) => void} draws what there is to see, and
 *   remembers what need not be drawn again
 */
export function painter(facts) {
  const maps = answerMaps();
  const paintSets = setsPainter(facts);
  const paintPlane = planePainter(maps);
  return (canvases, view, layout, theme) => {
    paintSets(canvases.sets, view, theme);
    if (!view.byModel) paintNetwork(canvases.network, maps, view, layout.network, theme);
    paintPlane(canvases.plane, view, layout.side, theme);
    if (view.byModel) return;
    const { width, height } = layout.losses;
    drawLosses(begin(canvases.losses, width, height), lossRows(view), layout.losses, theme);
  };
}

function paintNetwork(canvas, maps, { answers, features, frame, layers, local }, layout, theme) {
  const small = maps.features(frame, theme);
  const names = Object.keys(FEATURES);
  const neurons = [
    features.map((name) => small[names.indexOf(name)]),
    ...maps.hidden(answers.pass, theme),
    [maps.whole(answers.shares, answers.size, theme)],
  ];
  const pen = begin(canvas, layout.width, layout.height);
  const { chosen, pointed } = local;
  drawNetwork(pen, { layers, features: small, maps: neurons, chosen, pointed }, layout, theme);
}

function planePainter(maps) {
  const borderFor = remember(zeroLines);
  const pointsFor = remember((sides, frame, side, dark, _density) => pointsDrawn(sides, frame, side, dark));
  return (canvas, { answers, neuron, sides, frame, local }, side, theme) => {
    const { shares, size, margins, pass } = answers;
    const pen = begin(canvas, side, side);
    const plane = {
      map: neuron ? maps.neuron(pass, neuron.layer, neuron.to, theme) : maps.whole(shares, size, theme),
      border: neuron ? null : borderFor(margins, size),
      size,
      points: pointsFor(sides, frame, side, theme.dark, density()),
      frame,
      place: local.place,
      brush: local.brush,
    };
    drawPlane(pen, plane, side, theme);
  };
}

/** The data sets' buttons, each drawn when its points or the theme are not as they were. */
function setsPainter({ planes, standard }) {
  const changed = changes();
  return (canvases, { traits }, theme) => {
    for (const [name, canvas] of canvases) {
      const own = name === "yours";
      if (!changed(name, theme, density(), own ? traits.points : traits.noise)) continue;
      const points = own ? pointsOf(traits.points.slice(0, FEW.own)) : firstPoints(planes[name], traits.noise);
      const frame = own ? traits._plane : standard;
      drawThumbnail(begin(canvas, THUMBNAIL, THUMBNAIL), { points, frame }, THUMBNAIL, theme);
    }
  };
}

function firstPoints(plane, noise) {
  const { x, y } = noisy(unpackedPlane(plane), Math.min(noise, CALM));
  return { x: x.subarray(0, 2 * FEW.set), y: y.subarray(0, FEW.set) };
}
