/** What one chooses and types, the tables on the page, and the example that is looked at. */
import { begin } from "../shared/js/canvas.js";
import { choice } from "../shared/js/controls.js";
import { changes, remember } from "../shared/js/memory.js";
import { numberField, showNumber } from "../shared/js/number_field.js";
import { element, press, show, tell } from "../shared/js/page.js";
import { thumbnailer } from "../shared/js/thumbnails.js";
import { isWide } from "./layout.js";
import { chartNote, dotsLabel, exampleInWords, ratio, ratioRows, sourceNote, thresholdInWords } from "./words.js";

const THUMB = 56; // the longer side of the example's picture
/** @type {[string, string][]} */
const CHARTS = [
  ["cost", "Cost"],
  ["roc", "ROC"],
  ["precision_recall", "Precision and recall"],
  ["calibration", "Calibration"],
];

/**
 * @param {{look: () => import("./state.js").View, threshold: (value: number) => void, positive: (value: number) => void,
 *   costs: (costs: {missed: number, false_alarm: number}) => void, chart: (name: string) => void, best: () => void,
 *   walk: (way: {step: 1 | -1, mistakes: boolean}) => void, refuse: (text: string) => void}} act
 */
export function controls(act) {
  const wanted = choice(
    "Looked for",
    [],
    (value) => act.positive(Number(value)),
    "The class whose examples are to be found",
  );
  const dots = element("canvas", { role: "img", class: "dlc-threshold-dots" });
  const from = element("input", {
    type: "range",
    min: 0,
    max: 1,
    step: "any",
    class: "dlc-threshold-from",
    "aria-label": "Threshold",
    title: "From this probability on the answer is yes",
    oninput: () => act.threshold(Number(from.value)),
  });
  const note = element("div", { class: "dlc-faint" });
  const example = exampleRow(act.walk);
  const table = confusionTable();
  const ratios = ratioTable();
  const costs = costRow(act);
  const chart = chartFigure(act.chart);
  const left = element("div", { class: "dlc-threshold-column" }, table.part, ratios.part);
  const right = element("div", { class: "dlc-threshold-column" }, chart.part, costs.part);
  const grid = element("div", { class: "dlc-threshold-grid" }, left, right);
  const changed = changes();

  return {
    wanted: wanted.line,
    dots,
    threshold: from,
    example: example.part,
    grid,
    note,
    chart: chart.canvas,
    /** Shows a view, without what is drawn. */
    draw(view, width, picked, theme) {
      if (changed("classes", view.examples)) {
        wanted.select.replaceChildren(
          ...view.examples.classes.map((name, value) => element("option", { value }, name)),
        );
      }
      show(wanted.select, view.positive);
      grid.classList.toggle("dlc-threshold-wide", isWide(width));
      show(from, view.threshold);
      from.setAttribute("aria-valuetext", thresholdInWords(view.threshold));
      for (const part of [table, ratios, costs, chart]) part.draw(view);
      example.draw(view, picked, theme);
      tell(note, sourceNote(view));
    },
    /** Tells screen readers what the canvases show. */
    describe(view) {
      dots.setAttribute("aria-label", dotsLabel(view));
      chart.canvas.setAttribute("aria-label", `${CHARTS.find(([name]) => name === view.chart)[1]}: ${chartNote(view)}`);
    },
  };
}

/** The four groups as a table: what was said against what was so. */
function confusionTable() {
  const cells = Object.fromEntries(["hits", "falseAlarms", "misses", "rest"].map((name) => [name, element("td")]));
  const heads = [element("th", { scope: "col" }), element("th", { scope: "col" })];
  const row = (name, ...parts) => element("tr", {}, element("th", { scope: "row" }, name), ...parts);
  const part = element(
    "table",
    { class: "dlc-threshold-table" },
    element("caption", { class: "dlc-unseen" }, "Confusion table"),
    element("tr", {}, element("td"), ...heads),
    row("alarm", cells.hits, cells.falseAlarms),
    row("no alarm", cells.misses, cells.rest),
  );
  const words = { hits: "found", falseAlarms: "false alarms", misses: "missed", rest: "left alone" };
  return {
    part,
    draw({ counts, name }) {
      tell(heads[0], `“${name}”`);
      tell(heads[1], `not “${name}”`);
      for (const [kind, cell] of Object.entries(cells)) {
        if (!cell.firstChild) cell.append(element("b"), ` ${words[kind]}`);
        tell(cell.firstChild, String(counts[kind]));
        cell.classList.toggle("dlc-threshold-wrong", kind === "misses" || kind === "falseAlarms");
      }
    },
  };
}

function ratioTable() {
  const rows = Array.from({ length: 5 }, () => {
    const [name, value, counted] = [
      element("th", { scope: "row" }),
      element("td"),
      element("td", { class: "dlc-faint" }),
    ];
    return { name, value, counted, root: element("tr", {}, name, value, counted) };
  });
  return {
    part: element("table", { class: "dlc-threshold-ratios" }, ...rows.map(({ root }) => root)),
    draw(view) {
      ratioRows(view).forEach(([name, counted, value], index) => {
        tell(rows[index].name, name);
        tell(rows[index].value, ratio(value));
        tell(rows[index].counted, counted);
      });
    },
  };
}

/** What mistakes cost, and the way to the threshold where they cost least. */
function costRow({ look, costs, best, refuse }) {
  const field = (name, label) =>
    numberField({
      label,
      current: () => look().costs[name],
      change: (value) => {
        if (value < 0 || value > 1e6) return refuse("A cost is a number from 0 to 1,000,000.");
        refuse("");
        costs({ ...look().costs, [name]: value });
      },
      refuse,
      step: 1,
    });
  const [missed, alarm] = [field("missed", "What a miss costs"), field("false_alarm", "What a false alarm costs")];
  const button = element("button", { type: "button", onclick: best });
  const part = element(
    "div",
    { class: "dlc-row dlc-threshold-costs" },
    element("label", {}, "a miss costs", missed),
    element("label", {}, "a false alarm costs", alarm),
    button,
  );
  return {
    part,
    draw(view) {
      showNumber(missed, view.costs.missed);
      showNumber(alarm, view.costs.false_alarm);
      tell(button, `Go to the cheapest, ${thresholdInWords(view.best.threshold)}`);
    },
  };
}

function chartFigure(choose) {
  const buttons = CHARTS.map(([name, text]) =>
    element("button", { type: "button", "aria-pressed": "false", onclick: () => choose(name) }, text),
  );
  const canvas = element("canvas", { role: "img" });
  const note = element("div", { class: "dlc-faint" });
  return {
    part: element(
      "figure",
      {},
      element("div", { class: "dlc-joined dlc-threshold-tabs", role: "group", "aria-label": "Chart" }, ...buttons),
      canvas,
      note,
    ),
    canvas,
    draw(view) {
      buttons.forEach((button, index) => press(button, CHARTS[index][0] === view.chart));
      tell(note, chartNote(view));
    },
  };
}

/** The example that is looked at, with its picture, and the way to the next one. */
function exampleRow(walk) {
  const canvas = element("canvas", { role: "img", "aria-label": "The example's picture" });
  const words = element("span", { "aria-live": "polite" });
  const button = (text, name, way) =>
    element("button", { type: "button", "aria-label": name, onclick: () => walk(way) }, text);
  const part = element(
    "div",
    { class: "dlc-row dlc-threshold-example" },
    element(
      "span",
      { class: "dlc-joined" },
      button("‹", "Previous example", { step: -1, mistakes: false }),
      button("›", "Next example", { step: 1, mistakes: false }),
    ),
    button("Next mistake", "Next mistake", { step: 1, mistakes: true }),
    canvas,
    words,
  );
  const changed = changes();
  const thumbnails = remember(({ pictures }) => pictures && thumbnailer(pictures.bytes, pictures.shape));
  return {
    part,
    draw(view, picked, theme) {
      canvas.hidden = picked < 0 || !view.examples.pictures;
      tell(words, picked < 0 ? "Point at a dot to see which example it is." : exampleInWords(view, picked));
      if (!canvas.hidden && changed("picture", view.examples, picked, theme)) {
        drawPicture(canvas, thumbnails(view.examples)(picked));
      }
    },
  };
}

function drawPicture(canvas, picture) {
  const scaled = THUMB / Math.max(picture.height, picture.width);
  const [width, height] = [Math.round(picture.width * scaled), Math.round(picture.height * scaled)];
  const pen = begin(canvas, width, height);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(picture, 0, 0, width, height);
}
