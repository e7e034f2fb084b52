/**
 * All that is drawn: the plan's links and marks, and the answer to one example.
 *
 * @typedef {import("./state.js").View} View
 * @typedef {import("../shared/js/palette.js").Theme} Theme
 */
import { strongest } from "../shared/js/bars.js";
import { clamp } from "../shared/js/bounds.js";
import { bytesIn } from "../shared/js/bytes.js";
import { begin, density } from "../shared/js/canvas.js";
import { changes, remember } from "../shared/js/memory.js";
import { CATEGORIES, WINDOW } from "../shared/js/palette.js";
import { thumbnailer } from "../shared/js/thumbnails.js";
import { rowMiddle } from "./layout.js";
import { cutLinks } from "./state.js";
import { changeInWords } from "./words.js";

const [LIGHT, DARK] = [
  { link: "#7d858c", cut: "#c2410c", before: "#8a9096", now: CATEGORIES[0], track: "#ececec" },
  { link: "#8d959c", cut: "#ff9a5c", before: "#8a9096", now: CATEGORIES[4], track: "#2c2c2c" },
];
const [BAR, NUMBERS, MOST] = [22, 104, 10]; // a bar's row, the width of its numbers, how many there are
const NAMES = [26, 120]; // the least and the largest width of the names
const [SIDE, BETWEEN, TITLE] = [112, 12, 18]; // of the pictures; above them stands what they are
const MASKS = ["right", "whole", "with the cut"];

/** What of it is drawn in which colour. @param {Theme} theme */
export function coloursOf(theme) {
  return theme.dark ? DARK : LIGHT;
}

/**
 * Draws what has changed since it was last drawn.
 *
 * @param {{plan: HTMLCanvasElement, picture: HTMLCanvasElement, answer: HTMLCanvasElement}} canvases
 * @returns {(view: View, plan: import("./layout.js").Plan, width: number, theme: Theme) => void} `width`: of the answer
 */
export function painter({ plan: planCanvas, picture, answer }) {
  const changed = changes();
  const thumbnails = remember(({ pictures }) => pictures && thumbnailer(pictures.bytes, pictures.shape));
  return (view, plan, width, theme) => {
    const { network, cuts, chosen, example, before, now } = view;
    if (changed("plan", plan, cuts, chosen, theme, density())) drawPlan(planCanvas, view, plan, theme);
    if (!changed("answer", network, cuts, example, before, now, width, theme, density())) return;
    if (network.pictures) drawPicture(picture, thumbnails(network)(example));
    if (network.answer === "bars") drawBars(answer, view, width, theme);
    else if (network.answer === "mask") drawMasks(answer, view, width, theme);
  };
}

/** @param {HTMLCanvasElement} canvas @param {View} view @param {import("./layout.js").Plan} plan @param {Theme} theme */
function drawPlan(canvas, { network: { parts }, cuts, chosen }, { links, spine, height }, theme) {
  const pen = begin(canvas, spine + 10, height);
  const colours = coloursOf(theme);
  const broken = cutLinks(parts, cuts);
  pen.lineWidth = 1.6;
  for (const { from, to, lane } of links) {
    const isCut = broken.has(`${from} ${to}`);
    pen.strokeStyle = isCut ? colours.cut : colours.link;
    pen.setLineDash(isCut ? [2, 4] : []);
    const [top, bottom, x] = [rowMiddle(from), rowMiddle(to), spine - lane];
    pen.beginPath();
    pen.moveTo(spine, top);
    if (lane) {
      pen.bezierCurveTo(spine, top + 9, x, top + 3, x, top + 14);
      pen.lineTo(x, bottom - 14);
      pen.bezierCurveTo(x, bottom - 3, spine, bottom - 9, spine, bottom);
    } else pen.lineTo(spine, bottom);
    pen.stroke();
  }
  pen.setLineDash([]);
  drawMark(pen, spine, -1, colours.link, false);
  parts.forEach(({ name }, row) => {
    const own = cuts.filter(({ layer, kind }) => layer === name && kind !== "input");
    drawMark(pen, spine, row, own.length ? colours.cut : colours.link, own.length > 0);
    if (row !== chosen) return;
    pen.strokeStyle = WINDOW;
    pen.lineWidth = 2;
    pen.strokeRect(spine - 7, rowMiddle(row) - 7, 14, 14);
  });
}

/** A square for a part, with a cross in it where the part is cut. */
function drawMark(pen, spine, row, colour, isCut) {
  const y = rowMiddle(row);
  pen.fillStyle = colour;
  pen.fillRect(spine - 5, y - 5, 10, 10);
  if (!isCut) return;
  pen.strokeStyle = "#ffffff";
  pen.lineWidth = 1.8;
  pen.beginPath();
  for (const way of [-1, 1]) {
    pen.moveTo(spine - 3, y - 3 * way);
    pen.lineTo(spine + 3, y + 3 * way);
  }
  pen.stroke();
}

function drawPicture(canvas, picture) {
  const [width, height] = sized(picture);
  const pen = begin(canvas, width, height);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(picture, 0, 0, width, height);
}

function sized({ width, height }) {
  const scale = SIDE / Math.max(width, height);
  return [Math.round(width * scale), Math.round(height * scale)];
}

/** A row for each class: what the whole network says, thin and grey, and what it says with the cut. */
function drawBars(canvas, { network, before, now, cuts, example }, width, theme) {
  const shares = before.answers[example];
  const after = now && cuts.length ? now.answers[example] : null;
  const shown = classesShown(shares, after);
  const pen = begin(canvas, width, shown.length * BAR);
  const colours = coloursOf(theme);
  pen.font = `600 13px ${theme.font}`;
  const longest = Math.max(...shown.map((number) => pen.measureText(network.classes[number]).width));
  const names = clamp(longest + 12, NAMES[0], Math.min(NAMES[1], width / 3));
  const room = width - names - NUMBERS;
  pen.textBaseline = "middle";
  shown.forEach((number, row) => {
    const y = row * BAR;
    const right = network.truths[example] === number;
    pen.font = `${right ? "600 " : ""}13px ${theme.font}`;
    write(pen, fitting(pen, network.classes[number], names - 10), names - 8, y + BAR / 2, "right", theme.ink);
    pen.fillStyle = colours.track;
    pen.fillRect(names, y + 3, room, BAR - 6);
    pen.fillStyle = colours.before;
    pen.fillRect(names, y + 3, Math.max(1, room * shares[number]), after ? 5 : BAR - 6);
    if (after) {
      pen.fillStyle = colours.now;
      pen.fillRect(names, y + 9, Math.max(1, room * after[number]), BAR - 12);
    }
    write(
      pen,
      changeInWords(shares[number], after ? after[number] : shares[number]),
      width,
      y + BAR / 2,
      "right",
      theme.ink,
    );
  });
}

/** The classes that have a bar, in their order: the strongest before and with the cut. */
export function classesShown(before, after) {
  const chosen = new Set(strongest(before, after ? MOST / 2 : MOST));
  if (after) for (const number of strongest(after, MOST)) if (chosen.size < MOST) chosen.add(number);
  return [...chosen].sort((number, other) => number - other);
}

function drawMasks(canvas, { network, before, now, cuts, example }, width, theme) {
  const maps = [network.truths, before.answers, ...(now && cuts.length ? [now.answers] : [])];
  const side = Math.min(SIDE, (width - 2 * BETWEEN) / 3);
  const pen = begin(canvas, width, TITLE + side);
  pen.imageSmoothingEnabled = false;
  maps.forEach((map, place) => {
    const x = place * (side + BETWEEN);
    pen.font = `13px ${theme.font}`;
    pen.textBaseline = "top";
    write(pen, MASKS[place], x, 0, "left", theme.ink);
    const picture = maskPicture(map, example, network.classes.length);
    const scale = side / Math.max(picture.width, picture.height);
    pen.drawImage(picture, x, TITLE, picture.width * scale, picture.height * scale);
  });
}

/** A map of classes in shades of grey, the first black. */
function maskPicture({ shape: [height, width], bytes }, example, classes) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(width, height);
  const map = bytesIn(bytes).subarray(example * width * height, (example + 1) * width * height);
  map.forEach((number, pixel) => {
    picture.data.fill((255 * number) / (classes - 1), 4 * pixel, 4 * pixel + 3);
    picture.data[4 * pixel + 3] = 255;
  });
  pen.putImageData(picture, 0, 0);
  return canvas;
}

function write(pen, text, x, y, align, colour) {
  pen.fillStyle = colour;
  pen.textAlign = align;
  pen.fillText(text, x, y);
}

/** A text, shortened to the room it has. */
function fitting(pen, text, room) {
  let short = text;
  while (short.length > 1 && pen.measureText(short).width > room) short = short.slice(0, -1);
  return short.length < text.length ? `${short.slice(0, -1)}…` : text;
}
