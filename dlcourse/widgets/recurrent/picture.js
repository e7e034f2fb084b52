/** Draws the maps of gates and states: units below each other, steps side by side. */
import { begin, bitmap, density, frame } from "../shared/js/canvas.js";
import { changes } from "../shared/js/memory.js";
import { diverging, sequential, WINDOW } from "../shared/js/palette.js";
import { rowTitle, visible } from "./words.js";

const LETTER = 9; // the least width of a step whose token is written

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {(view: import("./state.js").View, layout: import("./layout.js").Maps,
 *   theme: import("../shared/js/palette.js").Theme) => void}
 */
export function mapsPainter(canvas) {
  const changed = changes();
  const bitmaps = new Map(); // by the names of rows: what was drawn last
  return (view, layout, theme) => {
    const { way, step, unit, tokens, held } = view;
    if (!changed("maps", way, step, unit, tokens.join(" "), held, layout.width, layout.height, theme, density()))
      return;
    const pen = begin(canvas, layout.width, layout.height);
    drawTokens(pen, view, layout, theme);
    for (const map of layout.maps) {
      pen.font = `13px ${theme.font}`;
      pen.fillStyle = theme.ink;
      pen.textAlign = "left";
      pen.textBaseline = "bottom";
      pen.fillText(rowTitle(view, map.name), map.left, map.title);
      if (way) drawMap(pen, mapBitmap(bitmaps, view, layout, map.name, theme), layout, map);
      drawHold(pen, view, layout, map, theme);
      drawPlace(pen, view, layout, map);
    }
  };
}

/** The numbers of a gate or a state as a picture, a pixel for each. */
function mapBitmap(bitmaps, { way, cell }, { units, steps }, name, theme) {
  const values = way.rows[name];
  const last = bitmaps.get(name);
  if (last && last.values === values && last.theme === theme) return last.picture;
  const plane = { width: steps, height: units, values: new Float64Array(values.length) };
  for (let step = 0; step < steps; step++)
    for (let unit = 0; unit < units; unit++) plane.values[unit * steps + step] = values[step * units + unit];
  const reach = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const colours = cell.gates.includes(name) ? sequential(0, 1, theme) : diverging(reach, theme);
  const picture = bitmap(plane, colours);
  bitmaps.set(name, { values, theme, picture });
  return picture;
}

function drawMap(pen, picture, { across, tall }, { left, top }) {
  pen.imageSmoothingEnabled = false;
  pen.drawImage(picture, left, top, across, tall);
}

/** What is read, above the first map of each column. The steps that have no room for theirs go without. */
function drawTokens(pen, { tokens, step, vocabulary }, { cell, across, columns, header, maps }, theme) {
  if (!vocabulary) return;
  const every = Math.max(1, Math.ceil(LETTER / cell));
  const firsts = maps.filter((_, index) => index % Math.ceil(maps.length / columns) === 0);
  const bottom = maps[0].top;
  pen.textBaseline = "middle";
  for (const { left } of firsts) {
    tokens.forEach((token, number) => {
      if (number !== step && (number % every || Math.abs(number - step) < every)) return;
      const x = left + (number + 0.5) * cell;
      pen.font = `${number === step ? "700 " : ""}13px ${theme.font}`;
      pen.fillStyle = theme.ink;
      if (vocabulary.words) {
        pen.save();
        pen.translate(x, bottom - 2);
        pen.rotate(-Math.PI / 2);
        pen.textAlign = "left";
        pen.fillText(token.length > 8 ? `${token.slice(0, 7)}…` : token, 0, 0);
        pen.restore();
      } else {
        pen.textAlign = "center";
        pen.fillText(visible(token), Math.min(Math.max(x, left + 5), left + across - 5), bottom - header / 2);
      }
    });
  }
}

/** A line around the part of a gate that is held. */
function drawHold(pen, { held }, { cell, row, across, tall, steps }, { name, left, top }, theme) {
  const hold = held[name];
  if (!hold || hold.step >= steps) return;
  const x = left + hold.step * cell;
  const [y, height] = hold.unit === null ? [top, tall] : [top + hold.unit * row, row];
  pen.fillStyle = theme.dark ? "#ffffff" : "#000000";
  pen.globalAlpha = 0.55;
  for (let at = x + 3; at < left + across - 1; at += 8) pen.fillRect(at, y + height / 2 - 0.75, 4, 1.5);
  pen.globalAlpha = 1;
  pen.strokeStyle = theme.ink;
  pen.lineWidth = 1.5;
  pen.setLineDash([4, 3]);
  pen.strokeRect(x + 0.75, y + 0.75, left + across - x - 1.5, Math.max(height - 1.5, 1));
  pen.setLineDash([]);
}

/** The step and the unit that are looked at. */
function drawPlace(pen, { step, unit }, { cell, row, across, tall }, { left, top }) {
  const [wide, high] = [Math.max(cell, 5), Math.max(row, 5)];
  const x = Math.min(left + step * cell + (cell - wide) / 2, left + across - wide);
  const y = Math.min(Math.max(top, top + unit * row + (row - high) / 2), top + tall - high);
  pen.fillStyle = WINDOW;
  pen.globalAlpha = 0.8;
  pen.fillRect(x + wide / 2 - 0.5, top, 1, tall);
  pen.fillRect(left, y + high / 2 - 0.5, across, 1);
  pen.globalAlpha = 1;
  frame(pen, Math.max(x, left + 1), y, wide - 1, high, WINDOW);
}
