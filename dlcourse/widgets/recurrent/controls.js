/** What one types, chooses and reads: the text, the step and the unit, held gates, equations, the answer. */
import { barsHeight, drawBars } from "../shared/js/bars.js";
import { begin, density } from "../shared/js/canvas.js";
import { choice, slider } from "../shared/js/controls.js";
import { changes } from "../shared/js/memory.js";
import { element, press, show, tell } from "../shared/js/page.js";
import { isWide } from "./layout.js";
import { GRADIENTS, LINES } from "./lines.js";
import { answerInWords, equations, mapsLabel, pointedInWords, rowName, size, visible, waitingWords } from "./words.js";

/** @type {[number | null, string][]} */
const WAYS = [
  [null, "free"],
  [1, "open"],
  [0, "shut"],
];

/**
 * @param {{text: (text: string) => void, step: (step: number) => void, unit: (unit: number) => void,
 *   hold: (gate: string, value: number | null, how: {alone: boolean, here: boolean}) => void,
 *   maps: Record<string, (event: any) => void>}} act
 */
export function controls(act) {
  const reading = textField(act.text);
  const place = placeRow(act);
  const maps = element("canvas", {
    role: "application",
    tabindex: 0,
    class: "dlc-recurrent-maps",
    "aria-roledescription": "rows of units over steps",
    ...act.maps,
  });
  const pointed = element("div", { class: "dlc-faint" });
  const holds = holdRow(act.hold);
  const [unit, gradient] = [chartFigure("Unit over time"), chartFigure("Gradient over time")];
  const sums = equationList();
  const answer = answerFigure();
  const left = element("div", { class: "dlc-recurrent-column" }, unit.part, sums.part);
  const right = element("div", { class: "dlc-recurrent-column" }, gradient.part, answer.part);
  const grid = element("div", { class: "dlc-recurrent-grid" }, left, right);
  const note = element("div", { class: "dlc-faint" });

  return {
    text: reading.part,
    place: place.part,
    maps,
    pointed,
    holds: holds.part,
    grid,
    note,
    charts: [unit.canvas, gradient.canvas],
    /** Shows a view, without what is drawn on maps and charts. */
    draw(view, width, under, theme) {
      grid.classList.toggle("dlc-recurrent-wide", isWide(width));
      for (const part of [reading, place, holds, sums]) part.draw(view);
      tell(pointed, pointedInWords(view, under));
      unit.draw(`Unit ${view.unit} over time`, keysOf(view.cell.rows, LINES), "");
      const lines = Object.keys(GRADIENTS).filter((name) => view.gradient?.[name]);
      unit.canvas.hidden = gradient.canvas.hidden = !view.way;
      gradient.draw(
        `Gradient of unit ${view.unit}’s last state, by`,
        lines.map((name) => ({
          name: name === "state" ? "state h" : name === "cell" ? "cell c" : "input",
          ...GRADIENTS[name],
        })),
        gradientNote(view),
      );
      answer.draw(view, width, theme);
      tell(note, sourceNote(view));
    },
    /** Tells screen readers what the canvases show. */
    describe(view) {
      maps.setAttribute("aria-label", mapsLabel(view));
      unit.canvas.setAttribute("aria-label", `Gates and states of unit ${view.unit} over ${view.steps} steps`);
      gradient.canvas.setAttribute("aria-label", gradientNote(view));
    },
  };
}

function keysOf(names, lines) {
  return names.map((name) => ({ name: rowName(name), ...lines[name] }));
}

function gradientNote({ gradient, step }) {
  if (!gradient) return "";
  const by = gradient.cell ? `, by its cell ${size(gradient.cell[step])}` : "";
  return `At step ${step}: by the state ${size(gradient.state[step])}${by}, by the input ${size(gradient.input[step])}.`;
}

function sourceNote({ name, cell, vocabulary, steps }) {
  if (!name) {
    return (
      "An LSTM of 8 units has learned to foretell the next character. Each letter says how many brackets are open, so " +
      "it must count. Yours: Recurrent(model, text)."
    );
  }
  const reads = vocabulary
    ? `${vocabulary.tokens.length} ${vocabulary.words ? "words" : "characters"}`
    : `a series of ${steps} steps`;
  return `${name}: ${cell.kind}, ${cell.units} units, ${cell.features} inputs; it reads ${reads}.`;
}

/** The text that is read, to be typed. */
function textField(change) {
  const input = element("textarea", {
    rows: 1,
    spellcheck: "false",
    autocapitalize: "off",
    oninput: () => {
      delete input.dataset.shown;
      change(input.value);
    },
    onblur: () => {
      input.dataset.shown = "no"; // what could not be read goes
      change(null);
    },
  });
  const label = element("label", { class: "dlc-recurrent-text" }, "Text", input);
  return {
    part: label,
    draw({ vocabulary, text }) {
      label.hidden = !vocabulary;
      if (document.activeElement !== input || input.dataset.shown) show(input, text);
    },
  };
}

/** The step and the unit that are looked at. */
function placeRow(act) {
  const step = slider("Step", [0, 1], 1, act.step);
  const unit = slider("Unit", [0, 1], 1, act.unit);
  let at = 0;
  const button = (text, name, by) =>
    element("button", { type: "button", "aria-label": name, onclick: () => act.step(at + by) }, text);
  const buttons = element(
    "span",
    { class: "dlc-joined" },
    button("‹", "Previous step", -1),
    button("›", "Next step", 1),
  );
  return {
    part: element("div", { class: "dlc-row" }, step.line, buttons, unit.line),
    draw(view) {
      at = view.step;
      step.input.max = String(view.steps - 1);
      unit.input.max = String(view.cell.units - 1);
      const read = view.vocabulary ? ` “${visible(view.tokens[view.step])}”` : "";
      step.draw(view.step, `${view.step}${read}`);
      step.input.setAttribute("aria-valuetext", `${view.step}${read}`);
      unit.draw(view.unit);
    },
  };
}

/** Gates held open or shut, in which units and from when on. */
function holdRow(hold) {
  const whose = choice("in", ["all", "one"], () => {}, "Whose gate is held, when you hold one next");
  const since = choice("from", ["first", "here"], () => {}, "From when on a gate is held, when you hold one next");
  const gates = element("span", { class: "dlc-row" });
  const part = element("div", { class: "dlc-row dlc-recurrent-holds" }, "Hold gates", gates, whose.line, since.line);
  const changed = changes();
  let groups = [];

  function groupOf(gate) {
    const buttons = WAYS.map(([value, text]) =>
      element(
        "button",
        {
          type: "button",
          "aria-pressed": "false",
          onclick: () =>
            hold(gate, value, { alone: whose.select.value === "one", here: since.select.value === "here" }),
        },
        text,
      ),
    );
    const joined = element("span", { class: "dlc-joined" }, ...buttons);
    return {
      gate,
      buttons,
      root: element("span", { class: "dlc-recurrent-gate", role: "group", "aria-label": rowName(gate) }, gate, joined),
    };
  }

  return {
    part,
    draw({ cell, held, unit, step }) {
      part.hidden = !cell.gates.length;
      if (changed("gates", cell.gates.join())) {
        groups = cell.gates.map(groupOf);
        gates.replaceChildren(...groups.map(({ root }) => root));
      }
      for (const { gate, buttons } of groups) {
        buttons.forEach((button, index) => press(button, (held[gate]?.value ?? null) === WAYS[index][0]));
      }
      tell(whose.select.options[0], "all units");
      tell(whose.select.options[1], `unit ${unit}`);
      tell(since.select.options[0], "the first step on");
      tell(since.select.options[1], `step ${step} on`);
    },
  };
}

function chartFigure(name) {
  const title = element("span");
  const keys = element("span", { class: "dlc-recurrent-keys" });
  const canvas = element("canvas", { role: "img", "aria-label": name });
  const note = element("div", { class: "dlc-faint" });
  const changed = changes();
  return {
    part: element("figure", {}, element("div", { class: "dlc-recurrent-title" }, title, keys), canvas, note),
    canvas,
    draw(text, lines, noted) {
      tell(title, text);
      tell(note, noted);
      if (!changed("keys", lines.map((line) => line.name).join())) return;
      keys.replaceChildren(
        ...lines.map(({ name: called, colour, dash }) => {
          const style = `border-top-color: ${colour}; border-top-style: ${dash.length ? (dash[0] > 4 ? "dashed" : "dotted") : "solid"}`;
          return element("span", { class: "dlc-recurrent-key" }, element("i", { style }), called);
        }),
      );
    },
  };
}

/** The equations of the unit at the step. */
function equationList() {
  const table = element("table", { class: "dlc-recurrent-sums" });
  const title = element("div");
  const part = element("div", {}, title, element("div", { class: "dlc-scrolls" }, table));
  return {
    part,
    draw(view) {
      part.hidden = !view.way;
      tell(title, `Unit ${view.unit} at step ${view.step}`);
      const lines = equations(view);
      if (table.rows.length !== lines.length) {
        table.replaceChildren(...lines.map(() => element("tr", {}, element("th", { scope: "row" }), element("td"))));
      }
      lines.forEach(({ symbols, numbers, held }, index) => {
        const row = table.rows[index];
        tell(row.cells[0], symbols);
        tell(row.cells[1], numbers);
        row.classList.toggle("dlc-recurrent-held", held);
      });
    },
  };
}

/** What the model answers after the step. */
function answerFigure() {
  const title = element("div");
  const canvas = element("canvas", { role: "img" });
  const part = element("figure", {}, title, canvas);
  const changed = changes();
  return {
    part,
    draw(view, width, theme) {
      const { answer, vocabulary, tokens, step, steps } = view;
      part.hidden = !answer && !view.waiting;
      const read = vocabulary ? ` “${visible(tokens[answer?.atEnd ? steps - 1 : step])}”` : ` step ${step}`;
      const bars = answer !== null && answer.finish !== "values";
      tell(title, !answer ? waitingWords(view) : bars ? `The model’s answer after${read}` : answerInWords(answer));
      canvas.hidden = !bars;
      if (!bars) return;
      const wide = Math.min(isWide(width) ? Math.floor((width - 26) / 2) : width, 420);
      canvas.setAttribute("aria-label", answerInWords(answer));
      if (!changed("bars", answer.values.join(), wide, theme, density())) return;
      const pen = begin(canvas, wide, barsHeight(answer.values.length));
      drawBars(pen, { shares: answer.values, names: answer.names.map(visible), width: wide, theme, ink: theme.ink });
    },
  };
}
