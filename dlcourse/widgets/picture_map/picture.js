/** Draws the map: the pictures, and lines from the one that is looked at to its neighbours. */
import { begin, density } from "../shared/js/canvas.js";
import { changes } from "../shared/js/memory.js";
import { CATEGORIES, WINDOW } from "../shared/js/palette.js";

const EDGE = 2; // around a picture, in its class' colour
const PLAIN = "#9a9a9a"; // where there are more classes than colours, or none
const DASH = [5, 4];
const LARGER = 1.25; // what is looked at, and its neighbours

/** The colour of a class. @param {import("./state.js").Mapped} mapped */
export function colourOf({ labels, classes }, index) {
  return labels && isColoured(classes) ? CATEGORIES[labels[index]] : PLAIN;
}

/** Whether there are as many colours as classes; black is none on a dark page. */
export function isColoured(classes) {
  return classes.length > 0 && classes.length < CATEGORIES.length;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {(view: import("./state.js").View, thumbnail: (index: number) => HTMLCanvasElement,
 *   layout: import("./layout.js").Layout, theme: import("../shared/js/palette.js").Theme) => void}
 */
export function mapPainter(canvas) {
  const changed = changes();
  const paper = document.createElement("canvas"); // all pictures, without what is looked at

  return (view, thumbnail, layout, theme) => {
    const { width, height } = layout;
    if (changed("all", view.mapped, layout, theme, density())) {
      const pen = begin(paper, width, height);
      pen.imageSmoothingEnabled = true;
      for (let index = 0; index < layout.xs.length; index++) drawOne(pen, view, thumbnail, layout, index);
    } else if (!changed("picked", view.picked, view.neighbours)) return;
    changed("picked", view.picked, view.neighbours);
    const pen = begin(canvas, width, height);
    pen.drawImage(paper, 0, 0, width, height);
    drawLines(pen, view, layout, theme);
    const above = [...view.neighbours.map(({ index }) => index).reverse(), view.picked];
    for (const index of above) {
      drawOne(pen, view, thumbnail, layout, index, LARGER);
      frame(pen, layout, index, index === view.picked ? 3 : 1.5, theme);
    }
  };
}

function drawOne(pen, { mapped }, thumbnail, { xs, ys, side, width, height }, index, larger = 1) {
  const [x, y] = [xs[index], ys[index]];
  const most = (side * larger) / 2 + EDGE;
  if (x < -most || y < -most || x > width + most || y > height + most) return;
  const picture = thumbnail(index);
  const scale = (side * larger) / Math.max(picture.width, picture.height);
  const [across, tall] = [picture.width * scale, picture.height * scale];
  pen.fillStyle = colourOf(mapped, index);
  pen.fillRect(x - across / 2 - EDGE, y - tall / 2 - EDGE, across + 2 * EDGE, tall + 2 * EDGE);
  pen.drawImage(picture, x - across / 2, y - tall / 2, across, tall);
}

/** Dashed to those of another class. */
function drawLines(pen, { picked, neighbours }, { xs, ys }, theme) {
  for (const [colour, width] of [
    [theme.dark ? "#111111" : "#ffffff", 4.5],
    [WINDOW, 2],
  ]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    for (const { index, same } of neighbours) {
      pen.setLineDash(same === false ? DASH : []);
      pen.beginPath();
      pen.moveTo(xs[picked], ys[picked]);
      pen.lineTo(xs[index], ys[index]);
      pen.stroke();
    }
  }
  pen.setLineDash([]);
}

/** Around what is looked at, and around its neighbours. */
function frame(pen, { xs, ys, side }, index, thick, theme) {
  const half = (side * LARGER) / 2 + EDGE + thick / 2;
  for (const [colour, width] of [
    [theme.dark ? "#111111" : "#ffffff", thick + 2],
    [WINDOW, thick],
  ]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.strokeRect(xs[index] - half, ys[index] - half, 2 * half, 2 * half);
  }
}
