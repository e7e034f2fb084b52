/** What stands around the plane: whose answers it shows, the brushes, and how the loss fell. */
import { element, press, tell } from "../shared/js/page.js";
import { css, diverging } from "../shared/js/palette.js";
import { shown } from "../shared/js/words.js";
import { KEY_COLOURS } from "./loss_picture.js";
import { titleOf } from "./words.js";

const BRUSHES = [
  ["look", "Look"],
  ["0", "Blue"],
  ["1", "Orange"],
  ["erase", "Erase"],
];
const SOURCES = [
  ["model", "your model"],
  ["network", "network"],
];

/** @param {import("./controls.js").Hands} on */
export function planePart(on) {
  const title = element("b");
  const source = sourceButtons(on);
  const canvas = element("canvas", { tabindex: 0, role: "application", ...on.plane });
  const brushes = brushRow(on);
  const losses = lossFigure();
  const head = element("figcaption", {}, title, source.group);
  const column = element("div", { class: "dlc-right" }, head, canvas, brushes.row, losses.figure);
  return {
    column,
    canvas,
    losses: losses.canvas,
    /** @param {import("./state.js").View} view @param {import("./layout.js").Layout} layout */
    draw(view, layout) {
      column.style.width = `${layout.side}px`;
      tell(title, titleOf(view));
      source.draw(view);
      brushes.draw(view, layout);
      losses.draw(view);
    },
  };
}

/** Whose answers are shown, where there is a choice. */
function sourceButtons(on) {
  const buttons = SOURCES.map(([show, text]) =>
    element("button", { type: "button", onclick: () => on.write({ show }) }, text),
  );
  const attributes = { class: "dlc-joined", role: "group", "aria-label": "Whose answers" };
  const group = element("span", attributes, ...buttons);
  return {
    group,
    draw({ traits }) {
      group.hidden = !traits._model.name;
      SOURCES.forEach(([show], index) => press(buttons[index], traits.show === show));
    },
  };
}

/** What the pointer does in the plane. */
function brushRow(on) {
  const buttons = BRUSHES.map(([brush, text]) => {
    const symbol = brush === "0" || brush === "1" ? [classSymbol(Number(brush))] : [];
    return element("button", { type: "button", onclick: () => on.takeBrush(brush) }, ...symbol, text);
  });
  const group = element("span", { class: "dlc-joined", role: "group", "aria-label": "Brush" }, ...buttons);
  const clear = element(
    "button",
    { type: "button", onclick: () => on.write({ points: [], data: "yours" }) },
    "Remove all",
  );
  const key = element("span", { class: "dlc-faint" }, "filled: training, hollow: test");
  return {
    row: element("div", { class: "dlc-row dlc-brushes" }, group, clear, key),
    draw({ traits, yours, local }, { crowded }) {
      BRUSHES.forEach(([brush], index) => press(buttons[index], brush === local.brush));
      clear.hidden = !(yours && traits.points.length);
      key.hidden = !clear.hidden && crowded;
    },
  };
}

/** A class as the plane shows it: a blue circle, an orange diamond. */
function classSymbol(label) {
  const symbol = element("i", { class: `dlc-symbol dlc-class-${label}`, "aria-hidden": "true" });
  symbol.style.background = css(diverging(1, { dark: false })(label ? 0.75 : -0.75));
  return symbol;
}

/** The curves with their key. */
function lossFigure() {
  const canvas = element("canvas", { role: "img" });
  const texts = KEY_COLOURS.map(() => element("span"));
  const keys = KEY_COLOURS.map((colour, index) =>
    element("span", {}, element("i", { class: "dlc-dash", style: `background: ${colour}` }), texts[index]),
  );
  const figure = element("figure", {}, element("figcaption", {}, element("b", {}, "Loss"), ...keys), canvas);
  return {
    figure,
    canvas,
    draw({ byModel, judgements }) {
      figure.hidden = byModel;
      if (byModel) return;
      ["training", "test"].forEach((side, index) => {
        const { loss } = judgements[index];
        tell(texts[index], `${side} ${loss === null ? "–" : shown(loss)}`);
      });
    },
  };
}
