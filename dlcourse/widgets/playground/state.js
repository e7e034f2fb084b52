/**
 * What the playground shows, and what a learner's hand makes of it. Nothing here knows the page.
 *
 * @typedef {import("./network.js").Pass} Pass
 * @typedef {import("./parts.js").Part} Part
 * @typedef {import("./planes.js").Points} Points
 * @typedef {import("./planes.js").Row} Row
 * @typedef {{data: string, noise: number, share: number, points: Row[], features: string[], layers: number[],
 *   activation: string, optimizer: import("./network.js").Optimizer, learning_rate: number, batch: number,
 *   regularization: string, rate: number, seed: number, speed: number, show: string, playing: boolean, epoch: number,
 *   weights: any[], history: any[], _plane: import("./planes.js").Frame, _model: Object}} Traits  as in Python
 * @typedef {{chosen: Part | null, pointed: Part | null, walking: boolean, place: number[] | null, brush: string,
 *   painted: Row[] | null}} Local
 *   what one view alone knows. `chosen`: the weight or bias in the number field; `pointed`: the one under the pointer;
 *   `walking`: whether the arrow keys walk through the network; `place`: of the mark in the plane; `brush`: "look", "0"
 *   or "1" for a class, "erase"; `painted`: the points while the brush is down
 * @typedef {{shares: Float64Array, size: number, margins: Float64Array, wrong: (number | null)[], pass: Pass | null}}
 *   Answers
 *   over a grid of `size` × `size`. `shares`: how probable orange is; `margins`: above zero where orange wins; `wrong`:
 *   shares of the training and of the test points on the wrong side; `pass`: of the network, if it is that who answers
 * @typedef {import("./trainer.js").Snapshot & {traits: Traits, local: Local, byModel: boolean, yours: boolean,
 *   answers: Answers, neuron: Part | null, shareAtPlace: number | null}} View
 *   `byModel`: a model of the learner's answers; `yours`: the points are the learner's; `neuron`: the one whose own
 *   answer is looked at; `shareAtPlace`: how probable orange is at the mark
 * @typedef {{local?: Partial<Local>, traits?: Partial<Traits>, restart?: Partial<Traits>, complaint?: string}} Change
 *   what is to become of the view, of the traits, of the traits with which the training begins anew; `complaint`: what
 *   is told instead, "" when all is well again
 */
import { logistic } from "../shared/js/activation_functions.js";
import { clamp } from "../shared/js/bounds.js";
import { float32sIn } from "../shared/js/bytes.js";
import { ARROWS } from "../shared/js/keys.js";
import { remember } from "../shared/js/memory.js";
import { forward } from "./network.js";
import { hasPart, partsOf, samePart } from "./parts.js";
import {
  FEATURES,
  GRID,
  gridOf,
  inputsOf,
  placeAt,
  pointsOf,
  rowsOf,
  sampled,
  sharesOfFrame,
  split,
} from "./planes.js";
import { NO_INPUT, tooManyWords } from "./words.js";

const SETTINGS = ["data", "noise", "features", "layers", "activation", "optimizer", "learning_rate", "regularization"];
SETTINGS.push("rate", "batch", "weights"); // what the code for Keras is made of
const OTHERS = ["share", "points", "seed", "speed", "show", "playing", "epoch", "history", "_plane", "_model"];
export const TRAITS = [...SETTINGS, ...OTHERS];

export const RUBBER = 12; // pixels around the mark that are erased
const SPACING = 14; // pixels between the points of a trail
const [STEP, LONG_STEP] = [0.02, 0.1]; // of an arrow key, in shares of the plane's sides
const NEW_LAYER = 4; // neurons, at most

/** @type {Local} */
export const UNTOUCHED = { chosen: null, pointed: null, walking: false, place: null, brush: "look", painted: null };

// --- what is shown ---------------------------------------------------------------------------------------------------

/**
 * @returns {(traits: Traits, snapshot: import("./trainer.js").Snapshot, local: Local) => View}
 *   remembers what need not be computed again
 */
export function viewer() {
  const answersOf = answerer();
  const splitFor = remember((rows, share) => split(pointsOf(rows), share));
  return (traits, snapshot, local) => {
    const { frame, layers } = snapshot;
    const existing = (part) => (part && hasPart(layers, part) ? part : null);
    const current = { ...local, chosen: existing(local.chosen), pointed: existing(local.pointed) };
    const sides = current.painted ? splitFor(current.painted, traits.share) : snapshot.sides;
    const answers = answersOf(traits, snapshot, sides);
    const { shares, size, pass } = answers;
    return {
      ...snapshot,
      traits,
      local: current,
      sides,
      byModel: traits.show === "model",
      yours: traits.data === "yours",
      answers,
      neuron: pass ? neuronLookedAt(current, layers) : null,
      shareAtPlace: current.place ? sampled(shares, size, sharesOfFrame(current.place, frame)) : null,
    };
  };
}

/** @returns {(traits: Traits, snapshot: import("./trainer.js").Snapshot, sides: Points[]) => Answers} */
function answerer() {
  const gridFor = remember((frame, features) => inputsOf(gridOf(frame, GRID), features, frame));
  const passFor = remember((layers, _version, grid) => forward(layers, grid, GRID * GRID));
  const sharesFor = remember((/** @type {Float64Array} */ logits) => logits.map(logistic));
  const surfaceFor = remember((bytes) => Float64Array.from(float32sIn(bytes)));
  const marginsFor = remember((/** @type {Float64Array} */ shares) => shares.map((share) => share - 0.5));
  const wrongFor = remember((sides, shares, size, frame) => sides.map((side) => wrongOf(side, shares, size, frame)));
  return (traits, { layers, version, features, frame, judgements }, sides) => {
    if (traits.show === "model") {
      const { standard, plane, size } = traits._model;
      const shares = surfaceFor(traits.data === "yours" ? plane : standard);
      return { shares, size, margins: marginsFor(shares), wrong: wrongFor(sides, shares, size, frame), pass: null };
    }
    const pass = passFor(layers, version, gridFor(frame, features));
    const margins = pass.outputs.at(-1);
    return { shares: sharesFor(margins), size: GRID, margins, wrong: judgements.map(({ wrong }) => wrong), pass };
  };
}

/** The share of points on the wrong side, as the answers over a grid are; null without points. */
function wrongOf({ x, y }, shares, size, frame) {
  const mistakes = y.filter((label, index) => {
    const place = sharesOfFrame([x[2 * index], x[2 * index + 1]], frame);
    return sampled(shares, size, place) > 0.5 !== label > 0.5;
  });
  return y.length ? mistakes.length / y.length : null;
}

function neuronLookedAt({ pointed, walking, chosen }, layers) {
  const part = pointed ?? (walking ? chosen : null);
  return part?.kind === "bias" && part.layer < layers.length - 1 ? part : null;
}

/**
 * What the curves run through: the history, and where training is now.
 *
 * @param {Pick<View, "history" | "epoch" | "judgements">} view
 * @returns {import("./training.js").Losses[]}
 */
export function lossRows({ history, epoch, judgements: [training, test] }) {
  const isEntered = history.length && history.at(-1)[0] >= epoch;
  return training.loss === null || isEntered ? history : [...history, [epoch, training.loss, test.loss]];
}

/** The numbers on the screen. @param {View} view */
export function shownOf({ epoch, judgements: [training, test], answers, sides, local, frame }) {
  return {
    epoch,
    loss: training.loss,
    testLoss: test.loss,
    wrong: answers.wrong,
    answers: answers.shares,
    points: sides.map(({ y }) => y.length),
    chosen: local.chosen,
    scale: [...frame.x, ...frame.y],
  };
}

// --- what a button or a choice makes of it ---------------------------------------------------------------------------

/** @param {View} view @returns {Change} */
export function played({ traits }) {
  return { traits: { playing: !traits.playing } };
}

/** @param {View} _view @param {Partial<Traits>} [restart] @returns {Change} */
export function startedOver(_view, restart = {}) {
  return { complaint: "", restart };
}

/** The next seed. @param {View} view */
export function newlyStarted(view) {
  return startedOver(view, { seed: (view.traits.seed + 1) % 2 ** 32 });
}

/** Another data set; to the learner's own points belongs a brush. @param {View} view @param {string} data */
export function setChosen(view, data) {
  if (data !== "yours") return { ...startedOver(view, { data }), local: { chosen: null } };
  const { brush } = view.local;
  return { traits: { data }, local: { chosen: null, brush: brush === "look" ? "1" : brush } };
}

/** So many hidden layers more, or fewer. @param {View} view @param {number} by */
export function deepened(view, by) {
  const layers = view.widths.slice(0, view.widths.length + by);
  while (layers.length < view.widths.length + by) layers.push(Math.min(layers.at(-1) ?? NEW_LAYER, NEW_LAYER));
  return startedOver(view, { layers });
}

/** So many neurons more in a hidden layer. @param {View} view @param {number} layer @param {number} by */
export function widened(view, layer, by) {
  return startedOver(view, { layers: view.widths.with(layer, view.widths[layer] + by) });
}

/** A feature more or less; one must stay. @param {View} view @param {string} feature @returns {Change} */
export function featureToggled(view, feature) {
  const features = Object.keys(FEATURES).filter((name) => view.features.includes(name) !== (name === feature));
  return features.length ? startedOver(view, { features }) : { complaint: NO_INPUT };
}

// --- what the hand does in the network -------------------------------------------------------------------------------

/** An arrow key's way through the network, or Escape; null: the key means nothing. @returns {Change | null} */
export function walked({ layers, local: { chosen } }, key) {
  if (key === "Escape") return { local: { chosen: null, walking: false } };
  if (!ARROWS[key]) return null;
  const [down, right] = ARROWS[key];
  const layer = clamp((chosen?.layer ?? 0) + right, 0, layers.length - 1);
  const parts = partsOf(layers[layer], layer);
  const place = chosen && !right ? parts.findIndex((part) => samePart(part, chosen)) + down : 0;
  return { local: { chosen: parts[clamp(place, 0, parts.length - 1)], walking: true } };
}

// --- what the hand does in the plane ---------------------------------------------------------------------------------

/** An arrow key's move of the mark, `far` with Shift; null: the key means nothing. @returns {Change | null} */
export function moved({ frame, local: { place } }, key, far) {
  if (!ARROWS[key]) return null;
  const [down, right] = ARROWS[key].map((way) => way * (far ? LONG_STEP : STEP));
  const [fromLeft, fromTop] = place ? sharesOfFrame(place, frame) : [0.5, 0.5];
  return { local: { place: placeAt([fromLeft + right, fromTop + down], frame) } };
}

/**
 * The brush at the mark: it puts a point there, or takes away those near it.
 *
 * @param {View} view
 * @param {{side: number, most: number, trail?: boolean}} plane
 *   `side`: its pixels; `most`: points that there may be; `trail`: the brush has been down before
 * @returns {Change}
 */
export function brushed({ traits, points, frame, local }, { side, most, trail = false }) {
  const { brush, place, painted } = local;
  const rows = painted ?? (traits.data === "yours" ? traits.points : rowsOf(points));
  const [left, top] = sharesOfFrame(place, frame);
  const isNear = (row, reach) => {
    const [across, down] = sharesOfFrame(row, frame);
    return Math.hypot(across - left, down - top) * side < reach;
  };
  if (brush === "erase") return { local: { painted: rows.filter((row) => !isNear(row, RUBBER)) } };
  if (trail && rows.length && isNear(rows.at(-1), SPACING)) return {}; // a drag leaves a trail, not a lump
  if (rows.length >= most) return { complaint: tooManyWords(most) };
  const [x1, x2] = place.map((coordinate) => Math.round(coordinate * 1e4) / 1e4);
  return { local: { painted: [...rows, [x1, x2, Number(brush)]] } };
}

/**
 * The brush is lifted: the points are the learner's from now on, and stay where they are seen.
 *
 * @param {View} view
 * @param {import("./planes.js").Frame} standard  the frame of the data sets
 * @returns {Change}
 */
export function lifted({ traits, local: { painted } }, standard) {
  if (!painted) return {};
  const frame = traits.data === "yours" ? {} : { _plane: standard };
  return { traits: { points: painted, data: "yours", ...frame }, local: { painted: null } };
}
