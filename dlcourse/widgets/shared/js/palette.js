/**
 * Colours by meaning, from the table that Python holds: blue below zero, orange above, magenta for what is pointed at.
 *
 * @typedef {[number, number, number]} Colour  red, green, blue, 0 to 255
 * @typedef {((value: number) => Colour) & {low: number, high: number, colours: Colour[], packed: Uint32Array}} Scale
 * @typedef {{dark: boolean, ink: string, line: string, font: string}} Theme  `ink`: the colour of letters
 */
import palette from "dlcourse:palette";

const STEPS = 512;

export const WINDOW = palette.window;
export const CATEGORIES = palette.categorical;

/** A scale around zero that saturates at plus and minus `reach`. */
export function diverging(reach, theme) {
  return scaleOf(palette.diverging[theme.dark ? "dark" : "light"], -reach, reach);
}

/** A scale from `low` to `high`. */
export function sequential(low, high, theme) {
  return scaleOf(palette.sequential[theme.dark ? "dark" : "light"], low, high);
}

/** Black at 0, white or the tint at 1, as pictures are. @returns {Scale} */
export function brightness(tint = "#ffffff") {
  return scaleOf(tint, 0, 1);
}

const SAME_CONTRAST = 0.179; // the luminance against which black and white stand out alike, 4.6 to 1

/** Black or white, whichever contrasts more with the colour: WCAG's relative luminance decides. */
export function inkOn(colour) {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > SAME_CONTRAST ? "#000000" : "#ffffff";
}

/** @param {Colour} colour */
export function css(colour) {
  return `rgb(${colour.map(Math.round).join(" ")})`;
}

/**
 * What the page around the widget looks like now.
 *
 * @param {HTMLElement} root  an element with the widgets' style sheet
 * @returns {Theme}
 */
export function themeOf(root) {
  const style = getComputedStyle(root);
  const dark = inkOn(channels(style.color)) === "#000000"; // the letters: the background takes a moment to change
  return { dark, ink: style.color, line: style.outlineColor, font: style.fontFamily };
}

/**
 * Calls back when the page's colours have changed, whoever changed them: the widgets' style sheet gives the background
 * a transition of a moment, and its end is told.
 */
export function onThemeChange(root, changed) {
  // cancelled where the page is laid out anew meanwhile
  for (const name of ["transitionend", "transitioncancel"]) {
    root.addEventListener(name, (event) => {
      if (event.target === root && event.propertyName === "background-color") changed();
    });
  }
}

const tables = new Map();

/** @returns {Scale} that runs through the stops, or from black to the one colour given */
function scaleOf(stops, low, high) {
  if (!tables.has(stops)) {
    const colours = between((typeof stops === "string" ? ["#000000", stops] : stops).map(hex));
    const bytes = Uint8ClampedArray.from(colours.flatMap((colour) => [...colour, 255]));
    tables.set(stops, { colours, packed: new Uint32Array(bytes.buffer) });
  }
  const { colours, packed } = tables.get(stops);
  const last = colours.length - 1;
  const scale = (value) => colours[Math.round(Math.min(Math.max((value - low) / (high - low), 0), 1) * last)];
  return Object.assign(scale, { low, high, colours, packed });
}

function between(stops) {
  return Array.from({ length: STEPS }, (_, step) => {
    const at = (step / (STEPS - 1)) * (stops.length - 1);
    const before = Math.min(Math.floor(at), stops.length - 2);
    const share = at - before;
    return stops[before].map((channel, index) => channel * (1 - share) + stops[before + 1][index] * share);
  });
}

function hex(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

function channels(colour) {
  return colour
    .match(/[\d.]+/g)
    .slice(0, 3)
    .map(Number);
}
