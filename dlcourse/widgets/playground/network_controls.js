/**
 * What stands around the network: its layers, neurons and inputs, the chosen weight, and how it learns.
 *
 * @typedef {import("./controls.js").Hands} Hands
 * @typedef {import("./state.js").View} View
 */
import { choice } from "../shared/js/controls.js";
import { changes } from "../shared/js/memory.js";
import { numberField, showNumber } from "../shared/js/number_field.js";
import { element, press, show, tell } from "../shared/js/page.js";
import { numberOf } from "./parts.js";
import { FEATURES } from "./planes.js";
import { chosenWords } from "./words.js";

const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
const COSTS = [0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1];
const BATCHES = [1, 5, 10, 20, 50, 200];
const PENALTIES = { none: "none", l1: "L1 (sum of sizes)", l2: "L2 (sum of squares)" };
const OPTIMIZERS = { sgd: "SGD", momentum: "SGD with momentum", adam: "Adam" };

/** @param {Object} facts @param {Hands} on */
export function networkPart(facts, on) {
  const depth = counter("hidden layers", (by) => on.deepen(by));
  const activation = choice(
    "Activation",
    facts.activations,
    (name) => on.write({ activation: name }),
    "What each hidden neuron makes of its sum",
  );
  const canvas = element("canvas", { tabindex: 0, role: "application", ...on.network });
  const inputs = inputButtons(on);
  const neurons = neuronCounters(facts, on);
  const chosen = chosenRow(on);
  const learning = learningRow(facts, on);
  const network = element("div", { class: "dlc-net" }, canvas, ...inputs.buttons, ...neurons.lines);
  const column = element(
    "div",
    { class: "dlc-left" },
    element("div", { class: "dlc-row" }, element("span", {}, "Hidden layers"), depth.line, activation.line),
    element("div", { class: "dlc-scrolls" }, network),
    chosen.row,
    learning.row,
  );
  const changed = changes();
  return {
    column,
    canvas,
    /** @param {View} view @param {import("./layout.js").NetworkLayout} layout */
    draw(view, layout) {
      column.hidden = view.byModel;
      depth.draw(view.widths.length, 0, facts.deepest);
      show(activation.select, view.traits.activation);
      learning.draw(view);
      if (view.byModel) return;
      chosen.draw(view);
      canvas.style.cursor = view.local.pointed ? "pointer" : "";
      if (!changed("layout", layout)) return;
      inputs.draw(view, layout);
      neurons.draw(view, layout);
    },
    edit: chosen.edit,
  };
}

/** Which features the network is told. */
function inputButtons(/** @type {Hands} */ on) {
  const features = Object.entries(FEATURES);
  const buttons = features.map(([name, { sign }]) => {
    const attributes = { class: "dlc-feature", title: `What the network is told: ${name}` };
    return element("button", { type: "button", onclick: () => on.toggleFeature(name), ...attributes }, sign);
  });
  return {
    buttons,
    draw(view, { names }) {
      features.forEach(([name], row) => {
        press(buttons[row], view.features.includes(name));
        buttons[row].style.top = `${names.tops[row]}px`;
        buttons[row].style.width = `${names.width}px`;
      });
    },
  };
}

/** How many neurons each hidden layer has. */
function neuronCounters({ deepest, widest }, /** @type {Hands} */ on) {
  const counters = Array.from({ length: deepest }, (_, layer) =>
    counter(`neurons of layer ${layer + 1}`, (by) => on.widen(layer, by)),
  );
  return {
    lines: counters.map(({ line }) => line),
    draw({ widths }, layout) {
      counters.forEach(({ line, draw }, layer) => {
        line.hidden = layer >= widths.length;
        if (line.hidden) return;
        line.style.left = `${layout.counters[layer]}px`;
        draw(widths[layer], 1, widest);
      });
    },
  };
}

/** A number between − and +. */
function counter(name, change) {
  const value = element("span", { class: "dlc-amount" });
  const button = (sign, label, by) =>
    element("button", { type: "button", "aria-label": `${label} ${name}`, onclick: () => change(by) }, sign);
  const [fewer, more] = [button("−", "Fewer", -1), button("+", "More", 1)];
  return {
    line: element("span", { class: "dlc-counter" }, fewer, value, more),
    draw(number, lowest, highest) {
      tell(value, String(number));
      fewer.disabled = number === lowest;
      more.disabled = number === highest;
    },
  };
}

/** The chosen weight or bias, to be read and typed. */
function chosenRow(/** @type {Hands} */ on) {
  const name = element("span");
  const field = numberField({ label: "The chosen weight or bias", ...on.weight, refuse: on.refuse });
  const draw = (/** @type {View} */ view) => {
    const { chosen } = view.local;
    field.hidden = !chosen;
    tell(name, chosenWords(view));
    name.classList.toggle("dlc-faint", !chosen);
    if (chosen) showNumber(field, numberOf(view.layers, chosen));
  };
  return {
    row: element("div", { class: "dlc-row dlc-chosen" }, name, field),
    draw,
    edit(/** @type {View} */ view) {
      draw(view); // a hidden field takes no focus
      if (view.local.chosen) field.focus();
    },
  };
}

/** How the network learns. */
function learningRow(facts, /** @type {Hands} */ on) {
  const labelled = (names, texts) => names.map((name) => [name, texts[name]]);
  const optimizer = choice(
    "Optimizer",
    labelled(facts.optimizers, OPTIMIZERS),
    (name) => on.write({ optimizer: /** @type {import("./network.js").Optimizer} */ (name) }),
    "How it learns: how a gradient becomes a step",
  );
  const learningRate = choice(
    "Learning rate",
    RATES,
    (value) => on.write({ learning_rate: Number(value) }),
    "How large the steps are",
  );
  const batch = choice(
    "Batch size",
    BATCHES,
    (value) => on.write({ batch: Number(value) }),
    "How many points are looked at before each step",
  );
  const regularization = choice(
    "Regularization",
    labelled(facts.penalties, PENALTIES),
    (name) => on.write({ regularization: name }),
    "What large weights cost, besides the mistakes",
  );
  const rate = choice(
    "Regularization rate",
    COSTS,
    (value) => on.write({ rate: Number(value) }),
    "How much large weights cost: the penalty is taken times this",
  );
  const lines = [optimizer, learningRate, batch, regularization, rate].map(({ line }) => line);
  return {
    row: element("div", { class: "dlc-row" }, ...lines),
    draw({ traits }) {
      show(optimizer.select, traits.optimizer);
      showNumberChoice(learningRate.select, traits.learning_rate);
      showNumberChoice(batch.select, traits.batch);
      show(regularization.select, traits.regularization);
      showNumberChoice(rate.select, traits.rate);
      rate.line.hidden = traits.regularization === "none";
    },
  };
}

/** Shows a number in a list of some, with an entry of its own where it is none of them. */
function showNumberChoice(select, value) {
  if (!Array.from(select.options).some((option) => Number(option.value) === value)) {
    select.append(element("option", { value }, String(value)));
  }
  show(select, value);
}
