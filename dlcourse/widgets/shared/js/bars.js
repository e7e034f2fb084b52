/** Probabilities as bars, and as words. */

import { CATEGORIES } from "./palette.js";
import { percent } from "./words.js";

const [ROW, NAME, NUMBER] = [18, 30, 46]; // the height of a row, the widths of its name and of its number
const MOST = 12; // rows: of more classes the strongest are shown
const [BAR, WINNER] = CATEGORIES;

/** The height that bars take. */
export function barsHeight(count) {
  return Math.min(count, MOST) * ROW;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{shares: ArrayLike<number>, names: string[], width: number, theme, ink: string}} bars
 *   `ink`: the colour of the letters
 */
export function drawBars(pen, { shares, names, width, theme, ink }) {
  const order = strongest(shares, MOST).sort((index, other) => index - other);
  const winner = strongest(shares, 1)[0];
  const letters = Math.max(NAME, Math.min(90, 8 * Math.max(...order.map((index) => names[index].length)) + 8));
  const room = width - letters - NUMBER;
  pen.textBaseline = "middle";
  order.forEach((index, row) => {
    const y = row * ROW;
    pen.fillStyle = ink;
    pen.font = `${index === winner ? "600 " : ""}13px ${theme.font}`;
    pen.textAlign = "right";
    pen.fillText(shortened(names[index]), letters - 8, y + ROW / 2 + 0.5);
    pen.fillText(percent(shares[index]), width, y + ROW / 2 + 0.5);
    pen.fillStyle = theme.dark ? "#2c2c2c" : "#ececec";
    pen.fillRect(letters, y + 2, room, ROW - 4);
    pen.fillStyle = index === winner ? WINNER : BAR;
    pen.fillRect(letters, y + 2, Math.max(1, room * shares[index]), ROW - 4);
  });
}

/**
 * Which class wins, which comes second, and whether that is clear.
 *
 * @param {ArrayLike<number>} shares
 * @param {{sure: number, lead: number}} rule  what the winner must have, and how far ahead it must be
 */
export function verdict(shares, { sure, lead }) {
  const [first, second] = strongest(shares, 2);
  return { first, second, sure: shares[first] >= sure && shares[first] - shares[second] >= lead };
}

/** The numbers of the largest values, the largest first. */
export function strongest(values, count) {
  const order = Array.from(values, (_, index) => index).sort((index, other) => values[other] - values[index]);
  return order.slice(0, count);
}

function shortened(name) {
  return name.length > 11 ? `${name.slice(0, 10)}…` : name;
}
