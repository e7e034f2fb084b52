/** What the widget says: the line below, titles, and labels for screen readers. */
import { shown } from "../shared/js/words.js";

const FLOAT = 32;
const MARKS = { spoiled: "✗", mended: "✓", other: "" };
const LONGEST = 5; // letters of a class below its picture
const LISTED = 12; // examples that a screen reader is told

/** How many bits a weight has. */
export function bitsInWords(bits) {
  if (bits === FLOAT) return "float";
  return bits === 1 ? "1 bit" : `${bits} bits`;
}

/** A size as people say it; without its unit where that is said beside it. */
export function sizeInWords(bytes, bare = false) {
  const large = bytes >= 999950;
  const number = large ? bytes / 1e6 : bytes / 1000;
  const text = number.toFixed(bare && number >= 10 ? 0 : 1);
  return bare ? text : `${text} ${large ? "MB" : "kB"}`;
}

/** A share to the tenth of a percent: 400 examples tell quarters apart. */
export function share(part, all) {
  return `${((100 * part) / all).toFixed(1)} %`;
}

/** A share of the weights, in a few characters: whole percents, and what is small to the tenth. */
export function shareOnBar(part) {
  if (part < 0.0005) return "< 0.1 %";
  return `${(100 * part).toFixed(part < 0.00995 ? 1 : 0)} %`;
}

/** What stands below an example that changes its class. */
export function tileText(classes, before, now, effect) {
  const [first, second] = [before, now].map((number) => shortened(classes[number]));
  return `${MARKS[effect]} ${first}→${second}`.trim();
}

function shortened(name) {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}

/** The line below. @param {import("./state.js").View} view */
export function sentence(view) {
  const { bytes, floatBytes, everywhere } = view;
  if (everywhere === FLOAT) {
    const right = view.right ? `, ${share(view.right.before, view.done)} right` : "";
    return `All weights are floats of 32 bits: ${sizeInWords(floatBytes)}${right}. Pull a slider to the left.`;
  }
  const size = `${sizeInWords(bytes)} instead of ${sizeInWords(floatBytes)}, ${percentOf(bytes, floatBytes)}`;
  if (!view.complete) return `${size}. ${asking(view)}`;
  return `${size}: ${changesInWords(view)}.${accuracyInWords(view)}`;
}

function percentOf(bytes, floatBytes) {
  return `${Math.round((100 * bytes) / floatBytes)} %`;
}

function changesInWords({ changed, done }) {
  if (!changed.length) return `all ${done} examples keep their class`;
  const [spoiled, mended] = ["spoiled", "mended"].map((kind) => changed.filter(({ effect }) => effect === kind).length);
  const parts = [spoiled && `${spoiled} to a wrong one`, mended && `${mended} to the right one`].filter(Boolean);
  const change = changed.length === 1 ? "example changes its" : "examples change their";
  return `${changed.length} of ${done} ${change} class${parts.length ? `, ${parts.join(", ")}` : ""}`;
}

function accuracyInWords({ right, done }) {
  return right ? ` Accuracy ${share(right.now, done)}, ${share(right.before, done)} with floats.` : "";
}

function asking({ described, done, examples }) {
  if (!described.network) return "The network is asked in Python.";
  return `The network has been asked about ${done} of ${examples.count} examples.`;
}

/** The three large numbers, and what stands below each. @param {import("./state.js").View} view */
export function figuresOf(view) {
  const { bytes, floatBytes, right, done, changed, complete, examples } = view;
  const sofar = complete ? "" : ` of ${done} so far`;
  return {
    size: { number: sizeInWords(bytes), note: `${percentOf(bytes, floatBytes)} of ${sizeInWords(floatBytes)}` },
    right: right && {
      number: done ? share(right.now, done) : "…",
      note: done ? `right${sofar}; ${share(right.before, done)} with floats` : "",
    },
    changed: {
      number: done || complete ? String(changed.length) : "…",
      note: `of ${complete ? examples.count : `${done} so far`} change their class`,
    },
  };
}

/** @param {import("./state.js").View} view */
export function spreadTitle({ rows, index }) {
  const { name, floatBytes } = rows[index];
  return `${name}: ${grouped(floatBytes / 4)} weights`;
}

/** What the weights snap to. @param {import("./state.js").View} view */
export function spreadNote({ spread: { levels, step }, perChannel, quantised }) {
  if (!quantised) return "as they were trained";
  const of = perChannel ? `${grouped(levels)} levels for each channel` : `${grouped(levels)} levels`;
  return step === null ? of : `${of}, ${small(step)} apart`;
}

/** A small number in two digits. */
function small(value) {
  return value >= 0.01 ? shown(value) : value.toPrecision(2).replace("e-", "e−");
}

/** 25088 as people write it: 25,088. */
export function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** @param {import("./state.js").View} view */
export function tilesTitle({ changed, done }, shownTiles) {
  if (!done) return "Now another class";
  if (!changed.length) return "No example changes its class";
  const more = changed.length > shownTiles ? `, the first ${shownTiles}` : "";
  return `Now another class: ${changed.length}${more}`;
}

/** What the colours around the examples mean. @param {import("./state.js").View} view */
export function tilesNote({ examples: { labels }, changed }) {
  return labels && changed.length ? "✗ was right, ✓ is right now" : "";
}

/** Which network this is, and where it runs. @param {import("./state.js").View} view */
export function sourceNote({ described: { name, network, why }, examples: { count, total } }) {
  if (!name) {
    return (
      "A small network, trained just now on 4,000 digits, reads 400 others. " + "Yours: Bits(model, x_test, y_test)."
    );
  }
  const asked =
    total > count
      ? `${name} is asked about the first ${count} of ${grouped(total)} examples`
      : `${name} is asked about ${count} examples`;
  return network ? `${asked}.` : `${why} So ${asked} in Python.`;
}

// --- for screen readers ----------------------------------------------------------------------------------------------

/** @param {import("./state.js").View} view */
export function histogramLabel(view) {
  const { low, high, bars } = view.spread;
  const where = `The weights of ${spreadTitle(view)}, from ${shown(low)} to ${shown(high)}`;
  return bars ? `${where}, on ${spreadNote(view)}; ${bars.length} bars` : `${where}, as they were trained`;
}

export function triesLabel(tries, { right }) {
  const what = right ? "right" : "as with floats";
  const best = [...tries].sort((small, large) => small.bytes - large.bytes).slice(0, LISTED);
  return `Tried so far: ${best.map(({ bytes, score }) => `${sizeInWords(bytes)}, ${share(score, 1)} ${what}`).join("; ")}`;
}

/** @param {import("./state.js").View} view */
export function tilesLabel({ changed, described: { classes } }) {
  const listed = changed.slice(0, LISTED);
  const told = listed.map(({ number, before, now }) => `number ${number} from ${classes[before]} to ${classes[now]}`);
  return changed.length ? `Examples that change their class: ${told.join(", ")}` : "No example changes its class";
}
