/**
 * The controls: made once, they show a view and call back.
 *
 * @typedef {import("./state.js").View} View
 * @typedef {import("./state.js").Traits} Traits
 * @typedef {Record<string, (event: any) => void>} Listeners  "onclick" and the like
 * @typedef {{write: (traits: Partial<Traits>) => void, play: () => void, step: () => void, startOver: () => void,
 *   newStart: () => void, chooseSet: (name: string) => void, deepen: (by: number) => void,
 *   widen: (layer: number, by: number) => void, toggleFeature: (name: string) => void,
 *   takeBrush: (name: string) => void, weight: {current: () => number, change: (value: number) => void},
 *   refuse: (text: string) => void, network: Listeners, plane: Listeners}} Hands
 *   what the controls call: `weight`: the chosen weight or bias; `refuse`: what cannot be read as a number; `network`
 *   and `plane`: what pointer and keys do on the canvases
 */
import { choice, slider } from "../shared/js/controls.js";
import { element, press, show, tell } from "../shared/js/page.js";
import { percent, shown } from "../shared/js/words.js";
import { networkPart } from "./network_controls.js";
import { planePart } from "./plane_controls.js";
import { labelsOf, modelNoteWords } from "./words.js";

/** @type {[number, string][]} */
const SPEEDS = [
  [2, "slow"],
  [10, "calm"],
  [30, "normal"],
  [120, "fast"],
];

/**
 * @param {Object} facts
 * @param {HTMLElement} buttons  of the stage
 * @param {Hands} on
 */
export function controls(facts, buttons, on) {
  const playing = playingRow(buttons, on);
  const data = dataRow(facts, on);
  const network = networkPart(facts, on);
  const note = element("p", { class: "dlc-left dlc-model" });
  const plane = planePart(on);
  const main = element("div", { class: "dlc-stage" }, network.column, note, plane.column);
  return {
    rows: [playing.row, data.row, main],
    canvases: { sets: data.canvases, network: network.canvas, plane: plane.canvas, losses: plane.losses },
    /** @param {View} view @param {import("./layout.js").Layout} layout */
    draw(view, layout) {
      main.classList.toggle("dlc-narrow", layout.narrow);
      playing.draw(view);
      data.draw(view);
      network.draw(view, layout.network);
      plane.draw(view, layout);
      note.hidden = !view.byModel;
      if (view.byModel) tell(note, modelNoteWords(view.traits._model));
    },
    /** Says to screen readers what the drawings show. @param {View} view */
    describe(view) {
      const labels = labelsOf(view);
      network.canvas.setAttribute("aria-label", labels.network);
      plane.canvas.setAttribute("aria-label", labels.plane);
      plane.losses.setAttribute("aria-label", labels.losses);
    },
    /** Leads to the number of the chosen weight or bias. */
    edit: network.edit,
  };
}

/** Training: its start, pace and end. */
function playingRow(buttons, /** @type {Hands} */ on) {
  const button = (text, onclick, attributes = {}) =>
    element("button", { type: "button", onclick, ...attributes }, text);
  const play = button("", () => on.play(), { class: "dlc-play" });
  const step = button("One epoch", () => on.step());
  const epoch = element("b", { class: "dlc-epoch" });
  const over = button("Start over", () => on.startOver(), { title: "Epoch 0 again, with the same initial weights" });
  const newWeights = button("New weights", () => on.newStart(), {
    title: "Epoch 0 again, with another random initialization",
  });
  const speed = choice("Speed", SPEEDS, (value) => on.write({ speed: Number(value) }));
  const gap = element("span", { class: "dlc-gap" });
  const row = element(
    "div",
    { class: "dlc-row dlc-playing" },
    play,
    step,
    epoch,
    over,
    newWeights,
    speed.line,
    gap,
    buttons,
  );
  const values = SPEEDS.map(([value]) => value);
  return {
    row,
    draw({ traits, byModel, epoch: trained }) {
      tell(play, traits.playing ? "❚❚ Pause" : "▶ Train");
      press(play, traits.playing);
      for (const control of [play, step, over, newWeights]) control.disabled = byModel;
      tell(epoch, `Epoch ${trained}`);
      show(speed.select, nearestOf(values, traits.speed));
    },
  };
}

/** The value that is nearest to a wanted one. */
function nearestOf(values, target) {
  return values.reduce((best, value) => (Math.abs(value - target) < Math.abs(best - target) ? value : best));
}

/** The points: which, how noisy, and how many of them for training. */
function dataRow(facts, /** @type {Hands} */ on) {
  const names = [...Object.keys(facts.planes), "yours"];
  const canvases = new Map(names.map((name) => [name, element("canvas", { "aria-hidden": "true" })]));
  const buttons = names.map((name) => {
    const attributes = { type: "button", class: "dlc-set", onclick: () => on.chooseSet(name) };
    return element("button", attributes, canvases.get(name), element("span", {}, name));
  });
  const sets = element("span", { class: "dlc-row dlc-sets", role: "group", "aria-label": "Data set" }, ...buttons);
  const noise = slider("Noise", [0, facts.noisiest], 0.05, (value) => on.write({ noise: value }), {
    meaning: "How far the points are scattered from where they belong",
  });
  const share = slider("Training share", facts.shares, 0.1, (value) => on.write({ share: value }), {
    meaning: "How much of the points the network learns from; the rest is the test set",
  });
  return {
    row: element("div", { class: "dlc-row dlc-data" }, sets, noise.line, share.line),
    canvases,
    draw({ traits, yours }) {
      names.forEach((name, index) => press(buttons[index], name === traits.data));
      noise.input.disabled = yours;
      noise.draw(traits.noise, yours ? "–" : shown(traits.noise));
      share.draw(traits.share, percent(traits.share));
    },
  };
}
