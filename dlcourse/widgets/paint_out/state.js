/**
 * What there is to see, and what a key or a choice makes of it. Nothing here knows the page.
 *
 * @typedef {import("../shared/js/pictures.js").Picture} Picture
 * @typedef {import("../shared/js/browser_network.js").Network} Network
 * @typedef {import("./asking.js").Answer} Answer
 * @typedef {import("./asking.js").Question} Question
 * @typedef {import("./layer.js").Layer} Layer
 * @typedef {import("./layer.js").Sent} Sent
 * @typedef {[number, number]} Place  a row and a column
 *
 * @typedef {object} Described  the network, as Python tells of it
 * @property {string} name
 * @property {boolean} example  whether it is the one at hand, not the learner's own
 * @property {any} network  all of it, to be run here; null where Python is asked
 * @property {string} why  it is asked
 * @property {string} finish  what the outputs are
 * @property {number} white  what the network gets for white
 * @property {[number, number, number]} size  of its pictures: rows, columns, channels
 * @property {string[]} classes
 * @property {number[]} targets  classes that always have a bar
 * @property {string} layer  of Grad-CAM; "" for the last one whose output has places
 * @property {string} given  the picture as the model takes it, as Python
 * @property {string} grey  the same of a grey one
 *
 * @typedef {object} Traits
 * @property {Picture} image
 * @property {number | null} label
 * @property {string} baseline
 * @property {number} brush
 * @property {Picture | null} other
 * @property {Place} source
 * @property {string} attribution
 * @property {"original" | "painted"} attributed
 * @property {number} fade
 * @property {Described} _model
 * @property {import("./easel.js").Painted} _painted
 * @property {Question} _asked
 * @property {Answer} _answer
 * @property {Record<string, Sent>} _layers
 *
 * @typedef {{number: number, bytes: Uint8Array | null, painting: boolean, steps: number, kept: boolean}} Easel
 *
 * @typedef {object} Own  what one view alone knows
 * @property {Picture | null} live  what the camera sees or somebody draws
 * @property {boolean} drawing
 * @property {Place | null} pointed  where the brush is
 * @property {boolean} alone  whether there is no kernel behind the page
 * @property {Easel} easel
 *
 * @typedef {Own & Traits & {described: Described, inBrowser: boolean, bytes: Uint8Array, share: number,
 *   before: number[] | null, now: number[] | null, current: boolean, asked: number | null, shown: number[],
 *   layer: Layer | null, layerKey: string | null, needsLayer: boolean, waiting: boolean}} View  what one frame shows:
 *   `bytes`: the picture as painted; `share`: how much of it; `current`: whether `now` is of just this picture;
 *   `asked`: the class that is asked about; `shown`: the classes with a bar; `waiting`: whether Python owes an answer
 */

import { strongest } from "../shared/js/bars.js";
import { clamp } from "../shared/js/bounds.js";
import { networkOf, probabilitiesOf } from "../shared/js/browser_network.js";
import { remember } from "../shared/js/memory.js";
import { isOpen } from "./asking.js";
import { layerOf } from "./layer.js";
import { paintedShare, pixelsOf } from "./painting.js";

export const TRAITS = [
  ...["image", "label", "baseline", "brush", "other", "source", "attribution", "attributed", "fade"],
  ...["_model", "_painted", "_asked", "_answer", "_layers"],
];
const [STEPS, WIDER] = [40, 1.25]; // of the keyboard along the longer side of the picture; of the brush

/**
 * Makes views of states, and computes anew only what has changed since the last one.
 *
 * @param {number} bars  how many classes have one
 * @param {(which: number, network: Network, input: Float32Array) => {outputs: Float32Array[], complete: boolean,
 *   input: ArrayLike<number>}} run  asks the network about the original (0) or the painted picture (1)
 * @returns {(traits: Traits, own: Own) => View}
 */
export function viewer(bars, run) {
  const networkFor = remember((network) => network && networkOf(network));
  const inputFor = [0, 1].map(() =>
    remember((bytes, _number, white) => Float32Array.from(bytes, (byte) => (byte / 255) * white)),
  );
  const probabilitiesFor = [0, 1].map(() => remember(probabilitiesOf));
  const pixelsFor = remember(pixelsOf);
  const shareFor = remember((pixels, bytes, _) => (bytes ? paintedShare(pixels, bytes) : 0));
  const shownFor = remember(shownClasses);
  const layerFor = remember(layerOf);

  /** What the network that runs here says. */
  function saidHere(which, { network: description, white, finish, classes }, bytes, number) {
    const input = inputFor[which](bytes, number, white);
    const network = networkFor(description);
    const pass = run(which, network, input);
    const outputs = pass.outputs[network.output];
    if (!outputs || outputs.length !== classes.length) return { said: null, current: false };
    return { said: probabilitiesFor[which](outputs, finish), current: pass.complete && pass.input === input };
  }

  function said(traits, { live, easel }, original, bytes) {
    const { _model: described, _answer: answer } = traits;
    if (!described.network) {
      const { before = null, now = null, picture } = answer;
      return { before, now, current: !live && picture === easel.number };
    }
    const before = saidHere(0, described, original.bytes, 0);
    const painted = live || easel.bytes;
    const now = painted ? saidHere(1, described, bytes, live ?? easel.number) : before;
    return { before: live ? now.said : before.said, now: now.said, current: now.current };
  }

  return (traits, own) => {
    const { _model: described, _asked: question, _answer: answer, attribution, attributed } = traits;
    const { live, easel, alone } = own;
    const original = pixelsFor(live ?? traits.image);
    const bytes = live ? original.bytes : (easel.bytes ?? original.bytes);
    const probabilities = said(traits, own, original, bytes);
    const { before, now } = probabilities;
    const asked = traits.label ?? (before && strongest(before, 1)[0]);
    const known = live ? null : traits._layers[`${attribution} ${attributed}`];
    const layerPicture = attributed === "original" ? 0 : easel.number;
    const layerIsCurrent = Boolean(known) && known.class === asked && known.picture === layerPicture;
    return {
      ...{ ...traits, ...own, described, bytes, ...probabilities, asked },
      inBrowser: Boolean(described.network),
      share: live ? 0 : shareFor(original, easel.bytes, easel.number),
      shown: before ? shownFor(before, now ?? before, described.targets, asked, bars) : [],
      layer: known && known.class === asked ? layerFor(known) : null,
      layerKey: attribution === "none" ? null : `${attribution} ${attributed} ${asked} ${layerPicture}`,
      needsLayer: attribution !== "none" && !live && asked !== null && !layerIsCurrent,
      waiting: !alone && isOpen(question, answer),
    };
  };
}

/**
 * The classes that have a bar: those asked for, the strongest before, and the strongest now that are not among them;
 * widgets/paint_out/look.py chooses the same.
 *
 * @param {ArrayLike<number>} before
 * @param {ArrayLike<number>} now
 * @param {number[]} targets
 * @param {number} label
 * @param {number} most
 */
export function shownClasses(before, now, targets, label, most) {
  const count = Math.min(most, before.length);
  const chosen = [...new Set([...targets, label])].slice(0, count);
  const newcomers = strongest(now, Math.max(1, Math.floor(count / 3)));
  let rest = count - new Set([...chosen, ...newcomers]).size;
  for (const number of strongest(before, before.length)) {
    if (rest <= 0) break;
    if (chosen.includes(number) || newcomers.includes(number)) continue;
    chosen.push(number);
    rest -= 1;
  }
  chosen.push(...newcomers.filter((number) => !chosen.includes(number)));
  return chosen.slice(0, count).sort((number, other) => before[other] - before[number]);
}

/**
 * Where an arrow key takes the brush.
 *
 * @param {Place | null} place
 * @param {number[]} way
 * @param {number[]} size
 * @param {boolean} far
 * @returns {Place}
 */
export function brushMoved(place, way, [rows, columns], far) {
  const step = (Math.max(rows, columns) / STEPS) * (far ? 4 : 1);
  const start = place ?? [(rows - 1) / 2, (columns - 1) / 2];
  return [clamp(start[0] + way[0] * step, 0, rows - 1), clamp(start[1] + way[1] * step, 0, columns - 1)];
}

/** A wider or (-1) a narrower brush. */
export function brushWidened({ brush, described: { size } }, way) {
  return { brush: Math.round(clamp(brush * WIDER ** way, 1, widest(size)) * 2) / 2 };
}

/** The widest brush. @param {number[]} size */
export function widest([rows, columns]) {
  return Math.max(rows, columns);
}

/** Where a share of the picture lies in its pixels. @param {number[]} size @returns {Place} */
export function placeAt([rows, columns], { down, across }) {
  return [down * rows - 0.5, across * columns - 0.5];
}

/** The place that is pasted from. @param {number[]} size @param {number[]} place */
export function sourceAt([rows, columns], [row, column]) {
  return { source: [clamp(Math.round(row), 0, rows - 1), clamp(Math.round(column), 0, columns - 1)] };
}
