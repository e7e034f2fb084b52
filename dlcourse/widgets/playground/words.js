/**
 * What the playground says, in sentences.
 *
 * @typedef {import("./state.js").View} View
 */
import { percent, shown } from "../shared/js/words.js";
import { FEATURES } from "./planes.js";

const BY_HEART = " It has learned the training points by heart: more points or fewer neurons would help.";
const TOO_STIFF = " It cannot bend its border enough, or learns too slowly: try more neurons or another learning rate.";
const CHOOSE = "Orange lines are positive weights, blue ones negative; click a line or a neuron to change it.";

export const NO_INPUT = "The network must be told something of a point: leave at least one input on.";

/** What is told of a view: of the place under the mark, else of all points. @param {View} view */
export function sentenceOf({ answers, byModel, epoch, local, shareAtPlace, traits }) {
  const { playing } = traits;
  if (local.place && !playing) {
    return placeWords(local.place, shareAtPlace, byModel ? "your model" : "the network");
  }
  return answerWords({ wrong: answers.wrong, epoch, playing, byModel });
}

/**
 * How many points are on the wrong side, after how much training, and what might help.
 *
 * @param {{wrong: (number | null)[], epoch: number, playing: boolean, byModel: boolean}} answer
 *   `wrong`: shares of the training and of the test points, null without any; `byModel`: by a learner's model
 */
export function answerWords({ wrong, epoch, playing, byModel }) {
  const parts = ["training", "test"].flatMap((name, index) =>
    wrong[index] === null ? [] : [`${percent(wrong[index])} of the ${name} points`],
  );
  if (!parts.length) return "There are no points yet: take the blue or the orange brush and click into the picture.";
  const result = `${parts.join(" and ")} are on the wrong side.`;
  if (byModel) return `Your model: about ${result}`;
  if (!epoch) return `Before any training: ${result} Press Train.`;
  return `After ${epoch} epoch${epoch === 1 ? "" : "s"}: ${result}${playing ? "" : advice(wrong, epoch)}`;
}

/** @param {(number | null)[]} wrong @param {number} epoch */
function advice(wrong, epoch) {
  const [training, test] = wrong;
  if (test !== null && training < 0.1 && test - training > 0.08) return BY_HEART;
  return training > 0.2 && epoch >= 100 ? TOO_STIFF : "";
}

/**
 * What is said to a place.
 *
 * @param {number[]} place
 * @param {number} share  how probable orange is there
 * @param {string} who
 */
export function placeWords([x1, x2], share, who) {
  const side = share > 0.5 ? `${percent(share)} orange` : `${percent(1 - share)} blue`;
  return `At x₁ = ${shown(x1)}, x₂ = ${shown(x2)} ${who} says: ${side}.`;
}

/**
 * Which weight or bias a part of the network is.
 *
 * @param {import("./parts.js").Part} part
 * @param {{features: string[], widths: number[]}} network
 */
export function nameOf({ kind, layer, from, to }, network) {
  if (kind === "bias") return `Bias of ${neuronName(layer, to, network)}`;
  return `Weight from ${neuronName(layer - 1, from, network)} to ${neuronName(layer, to, network)}`;
}

function neuronName(layer, unit, { features, widths }) {
  if (layer < 0) return FEATURES[features[unit]].sign;
  return layer === widths.length ? "the output" : `neuron ${unit + 1} of layer ${layer + 1}`;
}

/** What stands before the number field. @param {View} view */
export function chosenWords(view) {
  return view.local.chosen ? `${nameOf(view.local.chosen, view)}:` : CHOOSE;
}

/** Whose answers the plane shows. @param {View} view */
export function titleOf(view) {
  if (view.byModel) return `What ${view.traits._model.name} says`;
  return `What ${view.neuron ? neuronName(view.neuron.layer, view.neuron.to, view) : "the network"} says`;
}

/** Why a learner's model is not drawn as a network. */
export function modelNoteWords({ name, parameters, why }) {
  return (
    `Your model ${name} has ${parameters.toLocaleString("en")} weights. It is not drawn as a network here, ` +
    `because ${why}; the picture shows what it says to each place. ` +
    "Choose “network” to train a small one on the same points."
  );
}

/** What screen readers say to the drawings. @param {View} view */
export function labelsOf({ answers, judgements, widths }) {
  const [wrong] = answers.wrong;
  const points = wrong === null ? "no points" : `${percent(wrong)} of the training points are on the wrong side`;
  const hidden = widths.join(", ") || "none";
  const [training, test] = judgements.map(({ loss }) => (loss === null ? "unknown" : shown(loss)));
  return {
    plane: `The plane with its points, ${points}. Arrow keys move a mark, Space uses the brush; below stands the answer`,
    network: `The network, hidden layers: ${hidden}. Arrow keys walk through neurons and weights, Enter edits the chosen one`,
    losses: `Loss over the epochs, now ${training} for training, ${test} for the test`,
  };
}

export function tooManyWords(limit) {
  return `There are ${limit} points already: erase some first.`;
}

/** The weights became infinite. */
export function brokenWords(rate) {
  return `The weights grew beyond all bounds: the learning rate ${shown(rate)} is too large, take a smaller one.`;
}
