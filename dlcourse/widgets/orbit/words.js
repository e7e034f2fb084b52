/** What is said of an orbit: the line below, captions, and labels for screen readers. Nothing here knows the page. */
import { percent } from "../shared/js/words.js";
import { nearestPlace } from "./ways.js";

/** What the ways are called beside their sliders, and what they mean. */
export const WAY_NAMES = {
  turn: ["turn", "rotation around the middle"],
  shift_x: ["shift →", "translation to the right, a share of the width"],
  shift_y: ["shift ↓", "translation down, a share of the height"],
  size: ["size", "scale: 200 % is twice as large"],
  light: ["light", "what every value is multiplied by"],
};
const DRAG = {
  turn: "Turn the picture by hand",
  shift_x: "Drag the picture to the side",
  shift_y: "Drag the picture up or down",
  size: "Drag from the middle outwards",
  light: "Drag upwards for more light",
};

/** A place of the orbit in a few characters, as beside an axis. */
export function shortAmount(name, value) {
  const text = name === "turn" ? `${Math.round(value)}°` : `${Math.round(100 * value)} %`;
  return text.replace("-", "−");
}

/** One change: "turned 40° to the left". */
export function amountInWords(name, value) {
  const share = `${Math.round(100 * Math.abs(value))} %`;
  if (name === "turn") {
    const side = [0, 180, -180].includes(value) ? "" : value > 0 ? " to the left" : " to the right";
    return `turned ${Math.round(Math.abs(value))}°${side}`;
  }
  if (name === "size") return `at ${share} of its size`;
  if (name === "light") return `at ${share} of its light`;
  const directions = { shift_x: ["right", "left"], shift_y: ["down", "up"] }[name];
  return `moved ${directions[value < 0 ? 1 : 0]} by ${share}`;
}

/** Everything that is done to the picture. */
export function changedInWords(change, ways) {
  const parts = Object.entries(change).filter(([name, value]) => value !== ways[name].neutral);
  return parts.map(([name, value]) => amountInWords(name, value)).join(", ");
}

/** What is seen, in a few sentences. @param {import("./state.js").View} view */
export function sentence(view, ways) {
  const { names, readings, label, classes } = view;
  const changed = changedInWords(view.change, ways);
  const start = changed ? `${changed[0].toUpperCase()}${changed.slice(1)}: ` : "As it is: ";
  const said = names.map((name, number) => `${name} ${saidBy(readings[number], label, classes)}`);
  const sentences = [`${start}${said.join(", ")}.`, rangesInWords(view), setInWords(view)];
  return sentences.filter(Boolean).join(" ");
}

function saidBy(reading, label, classes) {
  if (!reading) return "is being asked";
  const [winner, share] = winnerOf(reading, label);
  return `says ${classes[winner]} (${percent(share)})`;
}

/** The class that a network takes the picture for, and its probability. */
export function winnerOf({ share, other, rival }, label) {
  return share >= other ? [label, share] : [rival, other];
}

/** How far each network still names the picture's class, from the unchanged place on. */
function rangesInWords({ name, way, names, label, classes, sweep }) {
  const ranges = names.map((_, number) => rangeOf(sweep, number, nearestPlace(way, way.neutral)));
  if (ranges.includes(undefined)) return "";
  const parts = ranges.map((range, number) => {
    const ends = range?.map((place) => shortAmount(name, sweep.values[place]));
    const isWhole = range && range[1] - range[0] === way.count - 1;
    const reach = !range
      ? `not even at ${shortAmount(name, way.neutral)}`
      : isWhole
        ? "all the way"
        : `from ${ends[0]} to ${ends[1]}`;
    return `by ${names[number]} ${reach}`;
  });
  return `${classes[label]} is read ${parts.join(", ")}.`;
}

/**
 * The places around the middle at which a network is right; null where it is wrong there already, undefined while not
 * all are known.
 *
 * @returns {[number, number] | null | undefined}
 */
export function rangeOf({ shares, others }, number, middle) {
  if (shares[number].length === 0 || Array.from(shares[number]).some(Number.isNaN)) return undefined;
  const isRight = (place) => shares[number][place] >= others[number][place];
  if (!isRight(middle)) return null;
  let [first, last] = [middle, middle];
  while (first > 0 && isRight(first - 1)) first--;
  while (last < shares[number].length - 1 && isRight(last + 1)) last++;
  return [first, last];
}

/** What is right of the set, once all of it was looked at: nobody wants to hear of each step. */
function setInWords({ name, way, value, names, sweep }) {
  if (!sweep.accuracy || sweep.pictures < sweep.of) return "";
  const place = Math.round(nearestPlace(way, value) / way.of_set);
  const right = names.map((network, number) => `${network} ${percent(sweep.accuracy[number][place])}`);
  const where = shortAmount(name, sweep.setValues[place]);
  return `Of ${sweep.pictures} pictures changed alike (${where}), right: ${right.join(", ")}.`;
}

/** Above the picture. @param {import("./state.js").View} view */
export function pictureTitle({ index, pictures, pictureName, classes, label, guessed, names }) {
  const which = index < 0 ? pictureName : `picture ${index + 1} of ${pictures}`;
  return `${which}: ${classes[label]}${guessed ? `, says ${names[0]}` : ""}`;
}

/** Below the picture. */
export function hint({ name }) {
  return `${DRAG[name]}, or with arrow keys.`;
}

/** Above the picture's curves. */
export function chartTitle({ classes, label }) {
  return `probability of ${classes[label]}; dashed: of the strongest other class`;
}

/** Above the set's curves. */
export function setTitle({ sweep: { pictures, of } }) {
  const asked = pictures && pictures < of ? `${pictures} of ${of}` : of;
  return `accuracy on ${asked} pictures, all changed alike`;
}

/** What is to be known of the networks: why only Python runs them, or that they are not quite the learner's. */
export function networkNote({ live, why, half }) {
  if (!live) return `${why} So Python is asked when an orbit begins; between its places the curves are read off.`;
  return half ? "Weights are rounded to 16 bits here." : "";
}

/** For screen readers, what the picture's canvas is. */
export function pictureLabel({ name }) {
  return (
    `The picture. Left and right arrow keys change it (${WAY_NAMES[name][0]}), with Shift by ten steps; up and down ` +
    "choose another change; the line below says what the networks make of it"
  );
}

/** For screen readers, what the curves show. */
export function curvesLabel({ name, classes, label, names }) {
  return `Along the orbit (${WAY_NAMES[name][0]}): how probable ${classes[label]} is for ${names.join(" and ")}`;
}
