/** A table of numbers in coloured squares, each of them a field; what lies around and between them is not edited. */
import { numberField, showNumber } from "../shared/js/number_field.js";
import { element, tell } from "../shared/js/page.js";
import { css, inkOn, WINDOW } from "../shared/js/palette.js";
import { brief } from "../shared/js/words.js";

/** The letters' size in a square, so that all these texts fit. */
export function letterSize(cell, texts) {
  const longest = Math.max(...texts.map((text) => text.length), 1);
  return Math.max(7, Math.min(14, cell * 0.46, (cell * 1.5) / longest));
}

/**
 * @typedef {{rows: number, columns: number, placeOf: (row: number, column: number) => [number, number] | null,
 *   valueAt: (row: number, column: number) => number, cell: number, scale: Function, blank?: string,
 *   read?: Set<number>, frame?: number[] | null}} Look
 *   `placeOf`: which number lies in a square, null for none; `blank`: what stands in such a square; `read`: the squares
 *   (row * columns + column) that are read now; `frame`: row, column, rows and columns of the window
 *
 * @param {{name: string, label: (row: number, column: number) => string, current: (row: number, column: number) =>
 *   number, change: (row: number, column: number, value: number) => void, refuse: (text: string) => void,
 *   pointed?: (place: [number, number] | null) => void}} table  `pointed`: told which number the pointer is over
 */
export function numberTable({ name, label, current, change, refuse, pointed }) {
  const window = element("div", { class: "dlc-table-window", "aria-hidden": "true", style: `border-color: ${WINDOW}` });
  const root = element("div", { class: "dlc-table", role: "group", "aria-label": name, onkeydown: moved });
  let cells = [];
  let builtShape = "";

  root.addEventListener("focusin", (event) => stopAt(cells.find((cell) => cell.element === event.target)));
  if (pointed) {
    root.addEventListener("pointerover", (event) => {
      pointed(cells.find((cell) => cell.element === event.target)?.place ?? null);
    });
    root.addEventListener("pointerleave", () => pointed(null));
  }

  /** @param {Look} look */
  function draw({ rows, columns, placeOf, valueAt, cell, scale, blank = "", read, frame }) {
    const lies = (_, index) => placeOf(Math.floor(index / columns), index % columns);
    const places = Array.from({ length: rows * columns }, lies);
    const shape = `${columns}:${places.map((place) => place ?? "").join(";")}`;
    if (shape !== builtShape) build(places);
    builtShape = shape;
    style(root, "gridTemplate", `repeat(${rows}, ${cell - 1}px) / repeat(${columns}, ${cell - 1}px)`);
    const values = places.map((place) => place && valueAt(...place));
    style(
      root,
      "fontSize",
      `${letterSize(
        cell,
        values.map((value) => (value === null ? blank : brief(value))),
      )}px`,
    );
    cells.forEach((square, index) => {
      if (square.place) paint(square, values[index], scale);
      else tell(square.element, blank);
      const isRead = read?.has(index) ?? false;
      if (square.read !== isRead) square.element.classList.toggle("dlc-read", isRead);
      square.read = isRead;
    });
    window.hidden = !frame;
    if (frame) lay(frame.map((length) => length * cell));
  }

  /** @param {number[]} frame  in CSS pixels */
  function lay([top, left, height, width]) {
    style(window, "transform", `translate(${left - 2}px, ${top - 2}px)`);
    style(window, "height", `${height + 3}px`);
    style(window, "width", `${width + 3}px`);
  }

  function build(places) {
    cells = places.map((place) => ({
      place,
      element: place ? field(...place) : element("span", { class: "dlc-blank" }),
    }));
    root.replaceChildren(...cells.map((cell) => cell.element), window);
    stopAt(cells.find((cell) => cell.place));
  }

  function field(row, column) {
    return numberField({
      label: label(row, column),
      current: () => current(row, column),
      change: (value) => change(row, column, value),
      refuse,
      step: 1,
    });
  }

  function paint(cell, value, scale) {
    showNumber(cell.element, value);
    const colour = scale(value);
    if (cell.colour === colour) return;
    cell.colour = colour;
    cell.element.style.background = css(colour);
    cell.element.style.color = inkOn(colour);
  }

  /** One stop for the Tab key; inside the table, arrows and Enter go on. */
  function stopAt(chosen) {
    for (const cell of cells) if (cell.place) cell.element.tabIndex = cell === chosen ? 0 : -1;
  }

  function moved(event) {
    const fields = cells.filter((cell) => cell.place).map((cell) => cell.element);
    const at = fields.indexOf(event.target);
    const { selectionStart: from, selectionEnd: to, value } = event.target;
    const allSelected = from === 0 && to === value.length;
    const back = event.key === "ArrowLeft" && (allSelected || (from === 0 && to === 0));
    const on =
      event.key === "Enter" || (event.key === "ArrowRight" && (allSelected || (from === to && to === value.length)));
    const next = fields[at + (back || (on && event.shiftKey) ? -1 : 1)];
    if (at < 0 || !(back || on) || !next) return;
    event.preventDefault();
    next.focus();
  }

  return { root, draw };
}

function style(node, name, value) {
  if (node.style[name] !== value) node.style[name] = value;
}
