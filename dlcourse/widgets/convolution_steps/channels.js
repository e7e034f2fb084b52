/** Input, kernel and products of a window that takes steps: an input channel below the other. */
import { begin, frame, numberGrid } from "../shared/js/canvas.js";
import { changes } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { element, tell } from "../shared/js/page.js";
import { WINDOW } from "../shared/js/palette.js";
import { brief } from "../shared/js/words.js";
import { reachOf, withNumber } from "./nested.js";
import { letterSize, numberTable } from "./number_table.js";
import { pools, TRANSPOSED, weightPlace, windowOf } from "./window_steps.js";

const MOST = 3; // channels
const LINE = "rgb(128 128 128 / 55%)";

/**
 * @param {{model: import("../shared/js/model.js").Model, chosen: () => number, complain: (text: string) => void,
 *   pointed: (place: [number, number, number] | null) => void}} view
 *   `chosen`: the output channel; `pointed`: told the row, the column and the channel of the input under the pointer
 */
export function stepsChannels({ model, chosen, complain, pointed }) {
  const rows = Array.from({ length: MOST }, (_, channel) => makeRow(channel));
  const root = element("div", { class: "dlc-steps-channels" });
  const changed = changes();

  /** The tables of one input channel. */
  function makeRow(channel) {
    const input = numberTable({
      name: `Input, channel ${channel}`,
      label: (r, c) => `Input in row ${r}, column ${c}, channel ${channel}`,
      current: (r, c) => model.get("input")[r][c][channel],
      change: (r, c, value) => write(model, { input: withNumber(model.get("input"), [r, c, channel], value) }),
      refuse: complain,
      pointed: (place) => pointed(place && [...place, channel]),
    });
    const kernel = numberTable({
      name: `Kernel of input channel ${channel}`,
      label: (i, j) => `Weight in row ${i}, column ${j} of input channel ${channel}`,
      current: (i, j) => model.get("kernel")[i][j][channel][chosen()],
      change: (i, j, value) =>
        write(model, { kernel: withNumber(model.get("kernel"), [i, j, channel, chosen()], value) }),
      refuse: complain,
    });
    const products = element("canvas", { role: "img" });
    const [inputPart, inputName] = titled(input.root);
    const [kernelPart, kernelName] = titled(kernel.root);
    const [productsPart, productsName] = titled(products);
    const [times, equals, leads] = ["×", "=", "→"].map((sign) => element("span", { class: "dlc-steps-sign" }, sign));
    return {
      ...{ input, kernel, products, inputPart, inputName, kernelName, productsName },
      convolved: [inputPart, times, kernelPart, equals, productsPart],
      pooled: [inputPart, leads, productsPart],
      kernelParts: [times, kernelPart],
      productParts: [equals, leads, productsPart],
    };
  }

  /**
   * @param {Object} view  what the widget looks at
   * @param {{cell: number, narrow: boolean, scaleFor: (name: string, reach: number) => Function, font: string}} look
   */
  function draw(view, look) {
    const { state, trouble } = view;
    const pooling = pools(state);
    const depth = state.input[0][0].length;
    if (changed("layout", depth, pooling)) {
      root.replaceChildren(...rows.slice(0, depth).flatMap((row) => (pooling ? row.pooled : row.convolved)));
      root.style.gridTemplateColumns = `repeat(${pooling ? 3 : 5}, max-content)`;
    }
    const products = trouble ? [] : view.step.taps.flat().map((tap) => tap.product);
    const scales = {
      input: look.scaleFor("input", reachOf(state.input.flat(2))),
      kernel: look.scaleFor("kernel", reachOf(state.kernel.flat(3))),
      product: look.scaleFor("product", reachOf(products)),
    };
    rows.slice(0, depth).forEach((row, channel) => {
      const isIdle = pooling && channel !== view.channel; // a pooling reads one channel only
      const taps = trouble || isIdle ? null : view.step.taps[channel];
      const weighs = channel < state.kernel[0][0].length;
      row.inputPart.classList.toggle("dlc-steps-quiet", isIdle);
      for (const part of row.kernelParts) part.style.visibility = weighs ? "" : "hidden";
      for (const part of row.productParts) part.style.visibility = taps ? "" : "hidden";
      drawInput(view, look, row, channel, taps, scales.input);
      if (!pooling && weighs) drawKernel(view, look, row, channel, scales.kernel);
      if (taps) drawTaps(view, look, row, channel, taps, pooling ? scales.input : scales.product);
    });
  }

  function drawInput({ state, axes, position }, { cell }, row, channel, taps, scale) {
    const stretched = state.operation === TRANSPOSED;
    const placeOf = (r, c) => {
      if (!axes) return [r, c];
      const place = [axes[0].inputAt(r), axes[1].inputAt(c)];
      return place[0] < 0 || place[1] < 0 ? null : place;
    };
    const columns = axes ? axes[1].framed : state.input[0].length;
    const readTaps = taps?.filter((tap) => (stretched ? tap.inside : state.dilation > 1)) ?? [];
    tell(row.inputName, `Input, channel ${channel}`);
    row.input.draw({
      rows: axes ? axes[0].framed : state.input.length,
      columns,
      placeOf,
      valueAt: (r, c) => state.input[r][c][channel],
      cell,
      scale,
      blank: pools(state) ? "" : "0", // a pooling does not count what lies beyond the rim
      read: new Set(readTaps.map((tap) => tap.framedRow * columns + tap.framedColumn)),
      frame: taps && [position[0] * axes[0].step, position[1] * axes[1].step, axes[0].span, axes[1].span],
    });
  }

  function drawKernel({ state, channel: output }, { cell, narrow }, row, channel, scale) {
    const [height, width] = windowOf(state);
    const turned = state.operation === TRANSPOSED ? ", turned" : "";
    tell(row.kernelName, `Kernel${narrow ? "" : `, output ${output}`}${turned}`);
    row.kernel.draw({
      rows: height,
      columns: width,
      placeOf: (a, b) => weightPlace(state, height, width, a, b),
      valueAt: (i, j) => state.kernel[i][j][channel][output],
      cell,
      scale,
    });
  }

  function drawTaps({ state, step }, { cell, narrow, font }, row, channel, taps, scale) {
    const pooling = pools(state);
    const [height, width] = windowOf(state);
    tell(row.productsName, pooling ? "Window" : `${narrow ? "Sum" : "Products, sum"} ${brief(step.sums[channel])}`);
    const values = taps.map((tap) => tap.product);
    const pen = begin(row.products, width * cell, height * cell);
    const faded = taps.map((tap) => !tap.inside);
    const size = letterSize(cell, values.map(brief));
    numberGrid(pen, { values, columns: width, cell, scale, faded, font, text: brief, size });
    if (!pooling) return;
    taps.forEach((tap, index) => {
      const [x, y] = [(index % width) * cell, Math.floor(index / width) * cell];
      if (!tap.inside) emptySquare(pen, x, y, cell);
      else if (tap === step.winner) frame(pen, x + 2, y + 2, cell - 5, cell - 5, WINDOW);
    });
  }

  /** For screen readers, what the canvases show. */
  function describe({ step }) {
    step.taps.forEach((taps, channel) => {
      const numbers = taps.map((tap) => brief(tap.product)).join(", ");
      rows[channel].products.setAttribute("aria-label", `Channel ${channel}: ${numbers}`);
    });
  }

  return { root, draw, describe };
}

/** A square without a number. */
export function emptySquare(pen, x, y, cell) {
  pen.clearRect(x, y, cell, cell);
  pen.strokeStyle = LINE;
  pen.lineWidth = 1;
  pen.strokeRect(x + 0.5, y + 0.5, cell - 2, cell - 2);
}

function titled(content) {
  const name = element("span");
  return [element("figure", {}, element("figcaption", { class: "dlc-faint" }, name), content), name];
}
