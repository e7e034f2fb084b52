/**
 * What there is to see, and what a key, a choice or a hand makes of it. Nothing here knows the page.
 *
 * @typedef {import("../shared/js/pictures.js").Picture} Picture
 * @typedef {import("./transform.js").Image} Image
 * @typedef {import("./transform.js").Change} Change
 * @typedef {import("./ways.js").Way} Way
 * @typedef {import("./sweep.js").Asked} Asked
 * @typedef {import("./sweep.js").Sweep} Sweep
 * @typedef {import("./sweep.js").Examples} Examples
 * @typedef {{share: number, other: number, rival: number}} Reading  of a network's answer: the probability of the
 *   picture's class, that of the strongest other one, and which that is
 *
 * @typedef {Change & {picture: Picture, label: number | null, way: string, fill: string, _models: any, _set: any,
 *   _curves: any}} Traits
 *
 * @typedef {object} View  what one frame shows
 * @property {string} name  of the way
 * @property {Way} way
 * @property {number} value  how much the picture is changed along it
 * @property {Change} change
 * @property {string} fill
 * @property {Image} original
 * @property {Image} image  the picture as it is changed now
 * @property {string} pictureName
 * @property {number} index  of the picture in the set; -1 for one of the learner's own
 * @property {number} pictures  how many the set has
 * @property {string[]} names  of the networks
 * @property {string[]} classes
 * @property {number} label  the picture's class
 * @property {boolean} guessed  whether nobody has said so but the first network
 * @property {(number[] | null)[]} shares  each network's probabilities now; null where the browser does not know them
 * @property {(Reading | null)[]} readings  what each says now; null while it is on its way
 * @property {boolean} live  whether the browser runs them
 * @property {string} why  not
 * @property {boolean} half  whether weights are rounded to 16 bits here
 * @property {Sweep} sweep
 */
import { forward, networkOf, probabilitiesOf } from "../shared/js/browser_network.js";
import { bytesIn } from "../shared/js/bytes.js";
import { remember } from "../shared/js/memory.js";
import { emptySweep, inputOf, largest, readingOf, sweepInSlices } from "./sweep.js";
import { transformed } from "./transform.js";
import { nearestPlace, shareOf, stepped, within } from "./ways.js";

export const CHANGES = ["turn", "shift_x", "shift_y", "size", "light"];
export const TRAITS = ["picture", "label", ...CHANGES, "way", "fill", "_models", "_set", "_curves"];
const FAR = 10; // steps of an arrow key with Shift
const CRUMBS = 1000; // to which part of one a slider is read
const CENTRE = 0.05; // of a picture's longer side: how near its middle a hand is taken for no nearer
const FROM_SET = /^picture (\d+)$/; // what a picture of the set is called

/**
 * Makes views, and computes anew only what has changed since the last one.
 *
 * @param {Record<string, Way>} ways
 * @param {{run: (number: number, network: any, input: ArrayLike<number>) => {outputs: ArrayLike<number>[], complete:
 *   boolean, input: ArrayLike<number>}, sweep: (sources: any[], key: string, begin: () => {sweep: Sweep, steps:
 *   Iterator<any>}, busy: boolean) => Sweep}} engines
 *   `run`: gives the outputs of a network, by its number, as far as they are known; `sweep`: an orbit
 * @returns {(traits: Traits) => View}
 */
export function viewer(ways, { run, sweep }) {
  const askedFor = remember(askedOf);
  const originalFor = remember(imageOf);
  const examplesFor = remember(examplesOf);
  const guessFor = remember(({ network, finish, white }, { values }) =>
    largest(probabilitiesOf(forward(network, inputOf(values, white))[network.output], finish)),
  );
  const imageFor = remember((original, fill, ...amounts) => transformed(original, named(amounts), fill));
  const fromPython = remember(unpacked);

  const inputs = [remember(inputOf), remember(inputOf)];
  const sharesOf = [0, 1].map(() => remember((output, finish) => probabilitiesOf(output, finish)));

  /** Each network's probabilities for an image; null while they are on their way. */
  function answersTo(asked, { values }) {
    return asked.map(({ network, finish, white }, number) => {
      const wanted = inputs[number](values, white);
      const { outputs, complete, input } = run(number, network, wanted);
      return complete && input === wanted ? sharesOf[number](outputs[network.output], finish) : null;
    });
  }

  return (traits) => {
    const { way: name, fill, picture, _models: described } = traits;
    const way = ways[name];
    const change = named(CHANGES.map((each) => traits[each]));
    const { asked, why, half } = askedFor(described);
    const original = originalFor(picture);
    const image = imageFor(original, fill, ...Object.values(change));
    const examples = examplesFor(traits._set, described.size);
    const basis = { name, way, change, fill, original, image, half, why, classes: described.classes };
    const seen = asked
      ? liveView({ asked, original, image, examples, basis, label: traits.label })
      : pythonView({ curves: fromPython(traits._curves, way, traits._set.count ?? 0), traits, way });
    return {
      ...basis,
      ...seen,
      value: change[name],
      live: Boolean(asked),
      guessed: traits.label === null,
      names: described.list.map((each) => each.name),
      pictureName: picture.name,
      index: indexOf(picture),
      pictures: examples ? examples.images.length : 0,
    };
  };

  function liveView({ asked, original, image, examples, basis: { name, way, change, fill }, label: givenLabel }) {
    const label = givenLabel ?? guessFor(asked[0], original);
    const shares = answersTo(asked, image);
    const key = orbitKey({ ...change, way: name, fill, label });
    const orbit = { asked, image: original, label, change, name, way, fill, examples };
    function begin() {
      const empty = emptySweep(way, asked.length, examples ? examples.images.length : 0);
      return { sweep: empty, steps: sweepInSlices(orbit, empty) };
    }
    const known = sweep([asked, original, examples], key, begin, shares.includes(null));
    const readings = shares.map((each, number) =>
      each ? readingOf(each, label) : between(known, number, way, change[name]),
    );
    return { label, shares, readings, sweep: known };
  }
}

/** What an orbit depends on but the picture: its own way runs through all values. */
function orbitKey({ way, fill, label, ...change }) {
  return JSON.stringify([way, ...amountsBeside(change, way), fill, label]);
}

function amountsBeside(change, way) {
  return CHANGES.map((name) => (name === way ? null : change[name]));
}

/** The view of networks that only Python can run: what it has sent last, if it is of this orbit. */
function pythonView({ curves, traits, way }) {
  const { orbit, label, sweep } = curves;
  const wanted = [traits.way, ...amountsBeside(traits, traits.way), traits.fill, traits.label, traits.picture.name];
  const count = traits._models.list.length;
  if (JSON.stringify(orbit) !== JSON.stringify(wanted)) {
    const none = Array.from({ length: count }, () => null);
    const empty = emptySweep(way, count, traits._set.count ?? 0);
    return { label: traits.label ?? label, shares: none, readings: none, sweep: empty };
  }
  const shares = sweep.shares.map(() => null);
  const readings = shares.map((_, number) => between(sweep, number, way, traits[traits.way]));
  return { label, shares, readings, sweep };
}

/** What a network says between two places, read off its curves; null where they are not known there. */
function between({ shares, others, rivals }, number, way, value) {
  const at = shareOf(way, value) * (way.count - 1);
  const first = Math.min(Math.floor(at), way.count - 2);
  const read = (curve) => curve[first] * (1 - at + first) + curve[first + 1] * (at - first);
  const [share, other] = [read(shares[number]), read(others[number])];
  return Number.isNaN(share) ? null : { share, other, rival: rivals[number][nearestPlace(way, value)] };
}

/** Curves as Python has sent them. */
function unpacked(curves, way, pictures) {
  if (!curves.orbit) return { orbit: null, label: 0, sweep: null };
  const sweep = { ...emptySweep(way, curves.shares.length, pictures), ...curves };
  return { orbit: curves.orbit, label: curves.label, sweep };
}

/** The networks, ready to run; null where the browser cannot run each of them, and why. */
function askedOf({ list }) {
  const why = list.map((each) => each.why).find((reason) => reason) ?? "";
  if (why) return { asked: null, why, half: false };
  const asked = list.map((each) => ({ ...each, network: networkOf(each.network) }));
  return { asked, why, half: list.some((each) => each.network.half) };
}

/** @param {Picture} picture @returns {Image} */
function imageOf({ shape: [height, width, channels], bytes }) {
  return { height, width, channels, values: Float32Array.from(bytesIn(bytes), (byte) => byte / 255) };
}

/** @returns {Examples | null} */
function examplesOf({ count, bytes, labels }, [height, width, channels]) {
  if (!count) return null;
  const values = Float32Array.from(bytesIn(bytes), (byte) => byte / 255);
  const length = height * width * channels;
  const one = (index) => values.subarray(index * length, (index + 1) * length);
  const images = Array.from({ length: count }, (_, index) => ({ height, width, channels, values: one(index) }));
  return { images, labels };
}

/** @param {number[]} amounts @returns {Change} */
function named(amounts) {
  const [turn, shift_x, shift_y, size, light] = amounts;
  return { turn, shift_x, shift_y, size, light };
}

function indexOf({ name }) {
  return Number(name.match(FROM_SET)?.[1] ?? -1);
}

// --- what to write ---------------------------------------------------------------------------------------------------

/** A slider is moved: the orbit goes its way from now on. */
export function amountSet(name, value) {
  return { way: name, [name]: Math.round(value * CRUMBS) / CRUMBS };
}

/**
 * An arrow key: along the orbit, or to another way.
 *
 * @param {Pick<View, "name" | "way" | "value">} view
 * @param {[number, number]} arrow  down, right
 * @param {boolean} withShift
 * @returns {Record<string, any>}
 */
export function keyMoved({ name, way, value }, [down, right], withShift) {
  if (down) return { way: CHANGES[(CHANGES.indexOf(name) + down + CHANGES.length) % CHANGES.length] };
  return { [name]: stepped(way, name, value, right * (withShift ? FAR : 1)) };
}

/**
 * A place of the orbit is chosen.
 *
 * @param {Pick<View, "name" | "way">} view
 * @param {number} value  as exact as it may be
 */
export function placeChosen({ name, way }, value) {
  return { [name]: within(way, name, value) };
}

/**
 * A hand moves the picture: it turns around its middle, goes along, grows or shrinks from its middle, or becomes lighter
 * upwards.
 *
 * @param {Pick<View, "name" | "way" | "value" | "original">} view
 * @param {[number, number]} from  the last place of the hand, in shares of the picture's sides
 * @param {[number, number]} to
 * @returns {number} how much the picture is changed after it, not rounded
 */
export function dragged({ name, way, value, original: { height, width } }, from, to) {
  const [before, after] = [from, to].map(([across, down]) => [(across - 0.5) * width, (0.5 - down) * height]);
  if (name === "turn") {
    const by = Math.atan2(after[1], after[0]) - Math.atan2(before[1], before[0]);
    return value + (Math.atan2(Math.sin(by), Math.cos(by)) * 180) / Math.PI;
  }
  if (name === "shift_x") return value + to[0] - from[0];
  if (name === "shift_y") return value + to[1] - from[1];
  if (name === "light") return value + (from[1] - to[1]) * (way.high - way.low);
  const [least, ...radii] = [CENTRE * Math.max(height, width), Math.hypot(...before), Math.hypot(...after)];
  return (value * Math.max(radii[1], least)) / Math.max(radii[0], least);
}

/**
 * Another picture of the set, the one after or before.
 *
 * @param {Pick<View, "index" | "pictures">} view
 * @param {{bytes: DataView, labels: number[]}} set
 * @param {[number, number, number]} size
 * @param {number} way  1 or -1
 */
export function pictureTurned({ index, pictures }, { bytes, labels }, size, way) {
  const next = index < 0 ? (way > 0 ? 0 : pictures - 1) : (index + way + pictures) % pictures;
  const length = size[0] * size[1] * size[2];
  const part = bytesIn(bytes).slice(next * length, (next + 1) * length);
  return {
    picture: { name: `picture ${next}`, shape: size, bytes: new DataView(part.buffer) },
    label: labels[next],
  };
}

/** All changes undone. @param {Record<string, Way>} ways */
export function undone(ways) {
  return Object.fromEntries(CHANGES.map((name) => [name, ways[name].neutral]));
}
