/** Ablation: a trained network with parts of it switched off, and what that costs. */
import { changes, remember } from "../shared/js/memory.js";
import { read, write } from "../shared/js/model.js";
import { element } from "../shared/js/page.js";
import { stage } from "../shared/js/stage.js";
import { ablatedCode } from "./code.js";
import { chosenPart, cutChips, guessBox } from "./controls.js";
import { layoutOf, planOf } from "./layout.js";
import { painter } from "./picture.js";
import { planList } from "./plan_list.js";
import { confusionTable, exampleFigure, numbersTable, triedTable } from "./report.js";
import { committed, fresh, inUnits, keyOf, putBack, TRAITS, toggled, viewer } from "./state.js";
import { sentence } from "./words.js";

function render({ model, el }) {
  const scene = stage({
    model,
    el,
    name: "ablation",
    label: "Ablation: a trained network with parts of it switched off, and what that costs",
    traits: TRAITS,
    draw,
    toKeras: () => ablatedCode(look()),
    onReset: () => {
      own = fresh();
    },
  });
  const [viewOf, planFor, changed] = [viewer(), remember(planOf), changes()];
  let own = fresh();

  const plan = planList({ look, choose: (chosen) => know({ chosen, kind: null, number: 0 }), toggle });
  const chosen = chosenPart({
    kind: (kind) => know({ kind, number: 0 }),
    number: (number) => know({ number }),
    toggle,
  });
  const chips = cutChips((cut) => cutAnew(putBack(look(), cut)));
  const guess = guessBox({ look, guess: (value) => know({ guess: value }), commit, refuse: scene.complain });
  const numbers = numbersTable();
  const example = exampleFigure((number) => write(model, { example: number }));
  const confusion = confusionTable();
  const tried = triedTable((cuts) => cutAnew({ cuts }));
  const paint = painter({ plan: plan.canvas, picture: example.picture, answer: example.answer });
  const right = [chosen.part, chips.part, guess.part, numbers.part, scene.line, example.part];
  const columns = element(
    "div",
    { class: "dlc-ablation-columns" },
    plan.part,
    element("div", { class: "dlc-ablation-right" }, ...right),
  );
  const tables = element("div", { class: "dlc-ablation-columns" }, confusion.part, tried.part);

  function look() {
    const traits = /** @type {import("./state.js").Traits} */ (read(model, TRAITS));
    return viewOf(traits, { ...own, alone: Boolean(model.kernelless) });
  }

  function draw() {
    const view = look();
    const layout = layoutOf(scene.width);
    const drawing = planFor(view.network.parts);
    columns.classList.toggle("dlc-ablation-wide", layout.wide);
    tables.classList.toggle("dlc-ablation-wide", layout.wide);
    for (const part of [chosen, chips, guess, numbers, example, tried]) part.draw(view);
    plan.draw(view, drawing, layout.plan);
    confusion.draw(view, scene.theme);
    paint(view, drawing, layout.answer - (view.network.pictures ? 126 : 0), scene.theme);
    const text = sentence(view, (value) => inUnits(value, view.network.measure));
    if (changed("words", text, view.example)) scene.say(text, () => example.describe(view));
    const { cuts, part, kind, number, isCut, before, now, covered, unknown, guess: mine, rows } = view;
    const shown = now ?? before;
    return {
      ...{ cuts: keyOf(cuts), part: part.name, kind, number, isCut, covered, unknown, guess: mine, rows },
      ...{ example: view.example, value: now?.value ?? null, loss: now?.loss ?? null, counts: shown.counts },
      answer: view.network.answer === "bars" ? shown.answers[view.example] : null,
    };
  }

  /** What this view alone knows is otherwise now. */
  function know(changes) {
    own = { ...own, ...changes };
    scene.ask();
  }

  function toggle() {
    const view = look();
    if (view.kind !== null) cutAnew(toggled(view));
  }

  function cutAnew(traits) {
    scene.complain("");
    const { chosen, kind, number } = look();
    own = { chosen, kind, number, guess: null };
    write(model, traits);
    scene.ask();
  }

  function commit(value) {
    scene.complain("");
    write(model, committed(model.get("tried"), look(), value));
    scene.ask();
  }

  return scene.finish(
    element("div", { class: "dlc-row" }, element("span", { class: "dlc-gap" }), scene.buttons),
    columns,
    tables,
  );
}

export default { render };
