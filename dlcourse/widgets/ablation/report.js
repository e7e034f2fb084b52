/** What was measured: the numbers now, the answer to one example, the confusions, and all that was tried. */
import { slider } from "../shared/js/controls.js";
import { changes } from "../shared/js/memory.js";
import { element, tell } from "../shared/js/page.js";
import { css, inkOn, sequential } from "../shared/js/palette.js";
import { inUnits } from "./state.js";
import { changeInFigures, exampleInWords, inFigures, lossInFigures, measureName } from "./words.js";

/** Accuracy and loss, whole and with the cut. */
export function numbersTable() {
  const heads = ["", "whole", "with the cut"].map((text) => element("th", text ? { scope: "col" } : {}, text));
  const rows = [0, 1].map(() => {
    const cells = [element("th", { scope: "row" }), element("td"), element("td", { class: "dlc-ablation-now" })];
    return { cells, root: element("tr", {}, ...cells) };
  });
  const part = element(
    "table",
    { class: "dlc-ablation-numbers" },
    element("caption", { class: "dlc-unseen" }, "What is measured"),
    element("tr", {}, ...heads),
    ...rows.map(({ root }) => root),
  );
  return {
    part,
    /** @param {import("./state.js").View} view */
    draw(view) {
      const { before, now, cuts, covered, network } = view;
      const hidden = covered ? "guess first" : "–";
      const shows = now && cuts.length;
      const measure = (result) => inFigures(inUnits(result.value, network.measure), view);
      const values = [
        [measureName(view), measure(before), shows ? measure(now) : hidden],
        ["loss", lossInFigures(before.loss), shows ? lossInFigures(now.loss) : hidden],
      ];
      rows.forEach(({ cells, root }, row) => {
        cells.forEach((cell, place) => {
          tell(cell, values[row][place]);
        });
        root.hidden = row === 1 && network.measure === "loss";
      });
    },
  };
}

/** The answer to one example. @param {(number: number) => void} choose */
export function exampleFigure(choose) {
  const [picture, answer] = [element("canvas", { role: "img" }), element("canvas", { role: "img" })];
  const which = slider("Example", [0, 1], 1, choose);
  const words = element("div", { class: "dlc-ablation-example" });
  const legend = element("span", { class: "dlc-faint" }, "thin and grey: whole");
  const part = element(
    "div",
    {},
    element("div", { class: "dlc-row" }, which.line, legend),
    element("div", { class: "dlc-ablation-answer" }, picture, answer),
    words,
  );
  return {
    part,
    picture,
    answer,
    /** @param {import("./state.js").View} view */
    draw(view) {
      const { network, example } = view;
      part.hidden = network.answer === "none";
      if (part.hidden) return;
      which.input.max = String(network.shown - 1);
      which.draw(example);
      legend.hidden = network.answer !== "bars" || !view.now || !view.cuts.length;
      picture.hidden = !network.pictures;
      answer.hidden = network.answer === "number";
      tell(words, exampleInWords(view));
    },
    /** Tells screen readers what the canvases show. @param {import("./state.js").View} view */
    describe(view) {
      picture.setAttribute("aria-label", `The picture of example ${view.example}`);
      answer.setAttribute("aria-label", view.network.answer === "none" ? "" : exampleInWords(view));
    },
  };
}

/** How often each class was taken for each. */
export function confusionTable() {
  const table = element("table", { class: "dlc-ablation-confusion" });
  const title = element("div");
  const part = element("div", {}, title, element("div", { class: "dlc-scrolls", tabindex: 0, role: "region" }, table));
  part.lastElementChild.setAttribute("aria-label", "Confusions");
  const changed = changes();
  let cells = [];

  function rebuild(classes) {
    cells = classes.map(() => classes.map(() => element("td")));
    const heads = classes.map((name) => element("th", { scope: "col" }, name));
    const caption = element("caption", { class: "dlc-unseen" }, "Rows: what it is. Columns: what is answered.");
    const rows = classes.map((name, row) => element("tr", {}, element("th", { scope: "row" }, name), ...cells[row]));
    table.replaceChildren(caption, element("tr", {}, element("td"), ...heads), ...rows);
  }

  return {
    part,
    /** @param {import("./state.js").View} view @param {import("../shared/js/palette.js").Theme} theme */
    draw({ network: { classes, table: fits }, before, now, cuts, covered }, theme) {
      part.hidden = !fits;
      if (!fits) return;
      if (changed("classes", classes)) rebuild(classes);
      const cut = cuts.length && now;
      tell(
        title,
        `Rows: what it is; columns: what ${cut ? "is answered with the cut" : "the whole network answers"}${covered ? " (guess first)" : ""}`,
      );
      const { counts } = cut || before;
      if (!changed("counts", counts, before.counts, theme)) return;
      cells.forEach((row, truth) => {
        const total = counts.slice(truth * classes.length, (truth + 1) * classes.length).reduce((sum, n) => sum + n, 0);
        row.forEach((cell, said) => {
          const [count, whole] = [counts, before.counts].map((all) => all[truth * classes.length + said]);
          const colour = sequential(0, 1, theme)(total ? count / total : 0);
          tell(cell, String(count));
          cell.title = `${classes[truth]} answered as ${classes[said]}: ${count}, whole ${whole}`;
          Object.assign(cell.style, { background: css(colour), color: inkOn(colour) });
          cell.classList.toggle("dlc-ablation-diagonal", truth === said);
        });
      });
    },
  };
}

/** All that was tried. @param {(cuts: import("./state.js").Cut[]) => void} again */
export function triedTable(again) {
  const heads = ["cut", "guess", "", "change", "loss"].map((text) => element("th", { scope: "col" }, text));
  const body = element("tbody");
  const table = element(
    "table",
    { class: "dlc-ablation-tried" },
    element("caption", {}, "What was tried"),
    element("thead", {}, element("tr", {}, ...heads)),
    body,
  );
  const part = element("div", { class: "dlc-scrolls" }, table);
  const changed = changes();
  return {
    part,
    /** @param {import("./state.js").View} view */
    draw(view) {
      const { rows, network } = view;
      part.hidden = !rows.length;
      tell(heads[2], measureName(view));
      heads[4].hidden = network.measure === "loss";
      if (!changed("rows", rows)) return;
      const made = rows.map(({ words, cuts, guess, value, change, loss, isNow }) => {
        const button = element("button", { type: "button", onclick: () => again(cuts) }, words);
        const texts = [guess === null ? "none" : inFigures(guess, view), inFigures(value, view)];
        texts.push(changeInFigures(change, view), ...(network.measure === "loss" ? [] : [lossInFigures(loss)]));
        const row = element(
          "tr",
          {},
          element("th", { scope: "row" }, button),
          ...texts.map((text) => element("td", {}, text)),
        );
        row.classList.toggle("dlc-ablation-is-now", isNow);
        return row;
      });
      body.replaceChildren(...made);
    },
  };
}
