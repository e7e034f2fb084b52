/**
 * All that is drawn: the picture as it is changed now, and along its orbit the curves, the film, and those of the set.
 *
 * @typedef {import("./state.js").View} View
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./layout.js").Box} Box
 * @typedef {import("../shared/js/palette.js").Theme & {faint: string}} Theme
 */
import { begin, density, frame } from "../shared/js/canvas.js";
import { pieces } from "../shared/js/curves.js";
import { changes, remember } from "../shared/js/memory.js";
import { CATEGORIES, WINDOW } from "../shared/js/palette.js";
import { percent } from "../shared/js/words.js";
import { acrossOf } from "./layout.js";
import { transformed } from "./transform.js";
import { nearestPlace } from "./ways.js";
import { chartTitle, setTitle, shortAmount, winnerOf } from "./words.js";

const [LINE, THIN, DASHES] = [2.6, 1.6, [5, 4]];
const DOT = 5;
const [LETTERS, SMALL] = [12, 10];
const TICKS = { turn: [-180, -90, 0, 90, 180], size: [0.5, 0.7, 1, 1.4, 2], light: [0.1, 0.5, 1, 1.5] };
const SHIFT_TICKS = [-0.5, -0.25, 0, 0.25, 0.5];
const NAMED = 0.3; // the probability from which on the strongest other class has its name at its curve

/** A network's colour, by its number. On a dark page the blue is a lighter one. */
export function colourOf(number, { dark }) {
  return number === 0 ? CATEGORIES[dark ? 4 : 0] : CATEGORIES[5];
}

/**
 * Draws on the canvases what has changed since it was last drawn.
 *
 * @param {{picture: HTMLCanvasElement, curves: HTMLCanvasElement}} canvases
 * @returns {(view: View, layout: Layout, theme: Theme) => void}
 */
export function painter({ picture, curves }) {
  const changed = changes();
  const filmFor = remember((original, fill, name, places, ...amounts) => {
    const [turn, shift_x, shift_y, size, light] = amounts;
    const change = { turn, shift_x, shift_y, size, light };
    return places.map((value) => bitmapOf(transformed(original, { ...change, [name]: value }, fill)));
  });
  const placesFor = remember((sweepValues, every, count) =>
    Array.from({ length: count }, (_, index) => sweepValues[index * every]),
  );

  function filmOf(view, { film: { places } }) {
    const { original, fill, name, sweep, change } = view;
    const values = placesFor(sweep.values, places[1], places.length);
    const beside = Object.entries(change).map(([each, amount]) => (each === name ? 0 : amount));
    return filmFor(original, fill, name, values, ...beside);
  }

  return (view, layout, theme) => {
    if (changed("picture", view.image, view.name, layout.picture.width, density())) {
      drawPicture(picture, view, layout);
    }
    drawCurves(curves, view, layout, theme, filmOf(view, layout));
  };
}

/** An image as a canvas of its own size. */
function bitmapOf({ height, width, channels, values }) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  const pixels = pen.createImageData(width, height);
  const last = channels - 1; // a grey picture has one channel for all three
  for (let place = 0; place < height * width; place++) {
    for (let colour = 0; colour < 3; colour++) {
      pixels.data[4 * place + colour] = 255 * values[place * channels + Math.min(colour, last)] + 0.5;
    }
    pixels.data[4 * place + 3] = 255;
  }
  pen.putImageData(pixels, 0, 0);
  return canvas;
}

function drawPicture(canvas, { image }, { picture: { width, height } }) {
  const pen = begin(canvas, width, height);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(bitmapOf(image), 0, 0, width, height);
}

function drawCurves(canvas, view, layout, theme, film) {
  const pen = begin(canvas, layout.curves.width, layout.curves.height);
  pen.textBaseline = "middle";
  drawChartTitle(pen, view, layout, theme);
  drawAxes(pen, layout.chart, theme);
  drawMarker(pen, layout.chart, view);
  drawOfPicture(pen, layout.chart, view, theme);
  drawTicks(pen, layout.chart, view, theme);
  drawFilm(pen, film, view, layout, theme);
  if (!layout.set) return;
  write(pen, setTitle(view), [layout.set.x, layout.set.y - 14], { colour: theme.ink, align: "left", theme });
  drawAxes(pen, layout.set, theme);
  drawMarker(pen, layout.set, view);
  drawOfSet(pen, layout.set, view, theme);
}

/** In two lines where the canvas is narrow. */
function drawChartTitle(pen, view, { chart, curves }, theme) {
  pen.font = `${LETTERS}px ${theme.font}`;
  titleLines(pen, chartTitle(view), curves.width - chart.x).forEach((part, row) => {
    write(pen, part, [chart.x, chart.y - 31 + 12 * row], { colour: theme.ink, align: "left", theme });
  });
}

/** A title, parted at its semicolon where it has no room in one line. */
export function titleLines(pen, title, room) {
  return pen.measureText(title).width > room ? title.split(/(?<=;) /) : [title];
}

/** Lines at nothing, half and all. */
function drawAxes(pen, { x, y, width, height }, theme) {
  for (const share of [0, 0.5, 1]) {
    const at = Math.round(y + (1 - share) * height) + 0.5;
    pen.strokeStyle = theme.line;
    pen.globalAlpha = share === 0 ? 0.9 : 0.45;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x, at);
    pen.lineTo(x + width, at);
    pen.stroke();
    pen.globalAlpha = 1;
    write(pen, percent(share), [x - 7, at], { colour: theme.faint, align: "right", theme });
  }
}

/** Where the picture is on its orbit. */
function drawMarker(pen, box, { way, value }) {
  const x = acrossOf(way, box, value);
  pen.strokeStyle = WINDOW;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(x, box.y - 6);
  pen.lineTo(x, box.y + box.height + 6);
  pen.stroke();
}

function drawOfPicture(pen, box, view, theme) {
  const { sweep, way, readings, value } = view;
  const xs = sweep.values.map((each) => acrossOf(way, box, each));
  const y = (share) => box.y + (1 - share) * box.height;
  sweep.shares.forEach((shares, number) => {
    const colour = colourOf(number, theme);
    line(pen, known(xs, sweep.others[number], y), { colour, thick: THIN, dashes: DASHES });
    line(pen, known(xs, shares, y), { colour, thick: LINE, dashes: [] });
    nameRivals(pen, xs, y, view, number, colour, theme);
  });
  readings.forEach((reading, number) => {
    if (reading) dot(pen, [acrossOf(way, box, value), y(reading.share)], colourOf(number, theme), theme);
  });
}

function drawOfSet(pen, box, { sweep, way, value }, theme) {
  if (!sweep.accuracy) return;
  const xs = sweep.setValues.map((each) => acrossOf(way, box, each));
  const y = (share) => box.y + (1 - share) * box.height;
  sweep.accuracy.forEach((shares, number) => {
    const colour = colourOf(number, theme);
    line(pen, known(xs, shares, y), { colour, thick: LINE, dashes: [] });
    const place = Math.round(nearestPlace(way, value) / way.of_set);
    dot(pen, [xs[place], y(shares[place])], colour, theme);
  });
}

/** The points of a curve whose numbers are known, as one line. */
function known(xs, shares, y) {
  return pieces(xs, shares)
    .flat()
    .map(([x, share]) => [x, y(share)]);
}

function line(pen, points, { colour, thick, dashes }) {
  pen.strokeStyle = colour;
  pen.lineWidth = thick;
  pen.lineJoin = "round";
  pen.setLineDash(dashes);
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.stroke();
  pen.setLineDash([]);
}

function dot(pen, [x, y], colour, { dark }) {
  pen.beginPath();
  pen.arc(x, y, DOT, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
  pen.strokeStyle = dark ? "#000000" : "#ffffff";
  pen.lineWidth = 1.5;
  pen.stroke();
}

/** Each stretch of the strongest other class has its name where it is strongest. */
function nameRivals(pen, xs, y, { sweep, classes }, number, colour, theme) {
  for (const { place, rival } of peaks(sweep.others[number], sweep.rivals[number])) {
    const [x, top] = [xs[place], y(sweep.others[number][place])];
    write(pen, fitting(pen, classes[rival], 90), [x, top + (number === 0 ? -9 : 11)], {
      colour,
      align: x < xs[0] + 20 ? "left" : x > xs.at(-1) - 20 ? "right" : "center",
      theme,
      bold: true,
    });
  }
}

function peaks(others, rivals) {
  const found = [];
  let best = null;
  for (let place = 0; place < others.length; place++) {
    if (Number.isNaN(others[place])) continue;
    if (best && rivals[place] === best.rival) {
      if (others[place] > others[best.place]) best.place = place;
      continue;
    }
    best = { place, rival: rivals[place] };
    found.push(best);
  }
  return found.filter(({ place }) => others[place] >= NAMED);
}

function drawTicks(pen, box, { name, way }, theme) {
  const y = box.y + box.height;
  for (const value of TICKS[name] ?? SHIFT_TICKS) {
    const x = acrossOf(way, box, value);
    pen.fillStyle = theme.line;
    pen.fillRect(x - 0.5, y, 1, 5);
    write(pen, shortAmount(name, value), [x, y + 14], { colour: theme.faint, align: "center", theme });
  }
}

/** The picture at some places of the orbit, and below each what every network takes it for: full where it is right. */
function drawFilm(pen, film, view, { chart, film: { places, cell, tall, y, answer } }, theme) {
  const { sweep, way, value, label, names } = view;
  const chosen = places.reduce((best, place) =>
    Math.abs(place - nearestPlace(way, value)) < Math.abs(best - nearestPlace(way, value)) ? place : best,
  );
  pen.imageSmoothingEnabled = false;
  places.forEach((place, index) => {
    const x = acrossOf(way, chart, sweep.values[place]);
    pen.drawImage(film[index], x - cell / 2, y, cell, tall);
    names.forEach((_, number) => {
      const reading = { share: sweep.shares[number][place], other: sweep.others[number][place] };
      if (Number.isNaN(reading.share)) return;
      const [winner] = winnerOf({ ...reading, rival: sweep.rivals[number][place] }, label);
      const box = { x: x - cell / 2, y: y + tall + number * answer + 3, width: cell, height: answer - 3 };
      drawAnswer(pen, box, view.classes[winner], winner === label, colourOf(number, theme), theme);
    });
  });
  const x = acrossOf(way, chart, sweep.values[chosen]);
  frame(pen, x - cell / 2, y, cell, tall, WINDOW);
}

function drawAnswer(pen, { x, y, width, height }, text, isRight, colour, theme) {
  if (isRight) {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.roundRect(x, y, width, height, 3);
    pen.fill();
  }
  const onColour = theme.dark && colour === CATEGORIES[4] ? "#000000" : "#ffffff";
  const style = { colour: isRight ? onColour : theme.ink, align: "center", theme, bold: isRight };
  const lines = inLines(text, height);
  lines.forEach((part, index) => {
    const middle = y + (height * (index + 0.5)) / lines.length + (lines.length > 1 ? 0.5 - index : 0.5);
    const size = lines.length > 1 || text.length > 5 ? SMALL : LETTERS;
    pen.font = `${isRight ? "600 " : ""}${size}px ${theme.font}`;
    write(pen, fitting(pen, part, width - 2), [x + width / 2, middle], { ...style, size });
  });
}

/** A name in two lines where there is room for them, parted at the blank that is nearest to its middle. */
function inLines(text, height) {
  const blanks = [...text.matchAll(/ /g)].map(({ index }) => index);
  if (height < 2 * SMALL || text.length <= 5 || !blanks.length) return [text];
  const off = (blank) => Math.abs(blank - text.length / 2);
  const blank = blanks.reduce((best, each) => (off(each) < off(best) ? each : best));
  return [text.slice(0, blank), text.slice(blank + 1)];
}

/** A text, shortened to the room it has. */
function fitting(pen, text, room) {
  let short = text;
  while (short.length > 1 && pen.measureText(short).width > room) short = short.slice(0, -1);
  return short.length < text.length ? `${short.slice(0, -1)}…` : text;
}

function write(pen, text, [x, y], { colour, align, theme, bold = false, size = LETTERS }) {
  pen.font = `${bold ? "600 " : ""}${size}px ${theme.font}`;
  pen.fillStyle = colour;
  pen.textAlign = align;
  pen.fillText(text, x, y);
}
