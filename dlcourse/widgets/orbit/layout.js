/**
 * Where things are, in CSS pixels, and which value lies under a point. Nothing here knows the page.
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {object} Layout
 * @property {boolean} beside  whether the picture stands beside the curves, or above
 * @property {{width: number, height: number}} picture
 * @property {{width: number, height: number}} curves  of the canvas with all that runs along the orbit
 * @property {Box} chart  the picture's curves
 * @property {Film} film
 * @property {Box | null} set  the set's curves
 *
 * @typedef {{places: number[], cell: number, tall: number, y: number, answer: number}} Film
 *   `places`: of the curve, whose pictures it shows; `cell`, `tall`: width and height of one; `answer`: the height of a
 *   network's answer below it
 */
import { shareOf, valueAt } from "./ways.js";

const NARROW = 640; // below, picture and curves stand one above the other
const [PICTURE, PICTURE_ABOVE, BETWEEN] = [250, 200, 22]; // its longer side; the gap
const [LEFT, RIGHT] = [46, 26]; // beside the curves
const [CHART, SET] = [168, 84]; // their heights
const [ABOVE, BELOW, AXIS, BETWEEN_FILM, TITLE] = [40, 10, 20, 8, 28]; // around them
const [LARGEST_CELL, SMALLEST_CELL, CELL_GAP] = [44, 30, 4];
const [ANSWER, TWO_LINES, SHORT] = [19, 30, 5]; // the heights of an answer; how long a name stands in one line

/**
 * @param {Pick<import("./state.js").View, "way" | "original" | "names" | "classes" | "pictures">} view
 * @param {number} width  of the widget
 * @returns {Layout}
 */
export function layoutOf({ way, original, names, classes, pictures }, width) {
  const beside = width >= NARROW;
  const picture = sized(original, beside ? PICTURE : Math.min(PICTURE_ABOVE, width));
  const across = beside ? width - PICTURE - BETWEEN : width;
  const chart = { x: LEFT, y: ABOVE, width: across - LEFT - RIGHT, height: CHART };
  const film = filmOf(way, original, classes, chart);
  const end = film.y + film.tall + names.length * film.answer + 4;
  const set = pictures ? { ...chart, y: end + TITLE, height: SET } : null;
  return {
    beside,
    picture,
    curves: { width: across, height: set ? set.y + set.height + BELOW : end },
    chart,
    film,
    set,
  };
}

function sized({ height, width }, longest) {
  const scale = longest / Math.max(height, width);
  return { width: width * scale, height: height * scale };
}

/** @returns {Film} as many pictures as have room */
function filmOf(way, { height, width }, classes, chart) {
  let every = way.of_film;
  const cellFor = (apart) => (chart.width * apart) / (way.count - 1) - CELL_GAP;
  while (cellFor(every) < SMALLEST_CELL && (way.count - 1) % (2 * every) === 0) every *= 2;
  const cell = Math.min(LARGEST_CELL, cellFor(every));
  const places = Array.from({ length: (way.count - 1) / every + 1 }, (_, index) => index * every);
  const y = chart.y + chart.height + AXIS + BETWEEN_FILM;
  const answer = classes.some((name) => name.length > SHORT) ? TWO_LINES : ANSWER;
  return { places, cell, tall: (cell * height) / width, y, answer };
}

/** Where a value of the way lies across a chart. @param {import("./ways.js").Way} way @param {Box} box */
export function acrossOf(way, { x, width }, value) {
  return x + shareOf(way, value) * width;
}

/** The value under a point. @param {import("./ways.js").Way} way @param {Layout} layout @param {number} x */
export function valueUnder(way, { chart }, x) {
  return valueAt(way, Math.min(Math.max((x - chart.x) / chart.width, 0), 1));
}
