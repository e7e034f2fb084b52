/** The page: what is drawn or chosen goes to the network, and its answer is shown. */
import { drawingOn } from "./drawing.js";
import { openNetwork, probabilities } from "./network.js";
import { centred, inverted, numbersOf, planesOf, resampled } from "./picture.js";

const MOST_SHOWN = 10; // classes
const LARGEST = 2048; // pixels along a side: a larger picture is shrunk when it is read

/** An element of the page, whose kind index.html knows. @returns {any} */
const part = (name) => document.getElementById(name);
const [drawing, chosen, centre, invert, trouble] = ["drawing", "chosen", "centre", "invert", "trouble"].map(part);

let source = null; // the pixels to answer to
let isDrawn = false;
let asked = 0;

/** Takes errors to the reader. */
function complain(error) {
  trouble.hidden = false;
  trouble.textContent = error.message ?? String(error);
  document.body.dataset.state = "trouble";
}

function planesFor(input) {
  const [height, width] = input.shape;
  const planes = planesOf(source.data, source.height, source.width, input.colours);
  const turned = !isDrawn && invert.checked ? planes.map(inverted) : planes;
  return turned.map((plane) =>
    input.colours === "grey" && centre.checked ? centred(plane, height, width) : resampled(plane, height, width),
  );
}

/** The drawing, or in its place a picture that was chosen. */
function showSource() {
  chosen.hidden = isDrawn;
  part("draw").hidden = !isDrawn;
}

/** What the network sees, each of its pixels as a square. */
function showSeen(planes) {
  const canvas = part("seen");
  [canvas.width, canvas.height] = [planes[0].width, planes[0].height];
  const picture = new ImageData(canvas.width, canvas.height);
  for (let index = 0; index < planes[0].values.length; index++) {
    for (let channel = 0; channel < 3; channel++) {
      picture.data[4 * index + channel] = Math.round(planes[Math.min(channel, planes.length - 1)].values[index]);
    }
    picture.data[4 * index + 3] = 255;
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

function showAnswers(answers, manifest) {
  const { kind } = manifest.output;
  const isShare = kind !== "numbers";
  const numbers = isShare ? probabilities(answers, kind) : Array.from(answers);
  const nameOf = (index) => manifest.classes?.[index] ?? String(index);
  let order = numbers.map((_, index) => index);
  if (isShare && numbers.length > MOST_SHOWN) order.sort((a, b) => numbers[b] - numbers[a]);
  order = order.slice(0, MOST_SHOWN);
  const rows = order.map((index) => {
    const row = document.createElement("tr");
    const [name, bar, number] = ["th", "td", "td"].map((tag) => row.appendChild(document.createElement(tag)));
    name.textContent = nameOf(index);
    name.setAttribute("scope", "row");
    bar.className = "bar";
    if (isShare) bar.appendChild(document.createElement("div")).style.width = `${100 * numbers[index]}%`;
    number.textContent = isShare ? `${(100 * numbers[index]).toFixed(1)} %` : numbers[index].toPrecision(4);
    return row;
  });
  part("answers").replaceChildren(...rows);
  const best = numbers.indexOf(Math.max(...numbers));
  part("says").textContent = isShare ? `${nameOf(best)}, ${(100 * numbers[best]).toFixed(0)} %` : "";
}

async function start() {
  const { manifest, answer } = await openNetwork(document.body.dataset.model);
  const { input } = manifest;
  const isGrey = input.colours === "grey";

  async function show() {
    const number = ++asked;
    part("result").hidden = !source;
    if (!source) return;
    const planes = planesFor(input);
    showSeen(planes);
    const begun = performance.now();
    const answers = await answer(numbersOf(planes, input));
    const milliseconds = performance.now() - begun;
    if (number !== asked) return; // a later picture is on its way
    showAnswers(answers, manifest);
    part("took").textContent = `${milliseconds.toFixed(1)} ms, in this browser`;
    document.body.dataset.answered = String(number);
  }

  async function readPicture(file) {
    const bitmap = await createImageBitmap(file).catch(() => {
      throw new Error(`${file.name} is no picture that this browser can read: choose a PNG or a JPEG.`);
    });
    const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height));
    chosen.width = Math.max(1, Math.round(bitmap.width * scale));
    chosen.height = Math.max(1, Math.round(bitmap.height * scale));
    const pen = chosen.getContext("2d", { willReadFrequently: true });
    pen.drawImage(bitmap, 0, 0, chosen.width, chosen.height);
    [source, isDrawn] = [pen.getImageData(0, 0, chosen.width, chosen.height), false];
    trouble.hidden = true;
    showSource();
    await show();
  }

  part("about").textContent =
    `${manifest.file} takes ${isGrey ? "grey" : "coloured"} pictures of ${input.shape[0]} × ${input.shape[1]} pixels; ` +
    `${manifest.preprocessing}.`;
  part("columns").hidden = false;
  for (const place of document.querySelectorAll(".grey-only")) /** @type {HTMLElement} */ (place).hidden = !isGrey;
  if (isGrey) {
    [drawing.width, drawing.height] = [280, Math.round((280 * input.shape[0]) / input.shape[1])];
    centre.checked = input.shape[0] === 28 && input.shape[1] === 28;
    const { clear } = drawingOn(drawing, (pixels) => {
      [source, isDrawn] = [pixels, true];
      showSource();
      show().catch(complain);
    });
    part("clear").addEventListener("click", clear);
  }
  part("file").addEventListener("change", ({ target }) => {
    const file = /** @type {HTMLInputElement} */ (target).files[0];
    if (file) readPicture(file).catch(complain);
  });
  for (const box of [centre, invert]) box.addEventListener("change", () => show().catch(complain));
  document.body.dataset.state = "ready";
}

start().catch(complain);
