/** What the playground shows, in sentences. */
import { percent, shown } from "../shared/js/words.js";
import { FEATURES } from "./planes.js";

const BY_HEART = " It has learned the training points by heart: more points or fewer neurons would help.";
const TOO_STIFF = " It cannot bend its border enough, or learns too slowly: try more neurons or another learning rate.";

/**
 * How many points are on the wrong side, after how much training, and what might help.
 *
 * @param {{wrong: [number | null, number | null], epoch: number, playing: boolean, byModel: boolean}} state
 *   `wrong`: shares of the training and of the test points, null without any; `byModel`: by a learner's model
 */
export function answerWords({ wrong, epoch, playing, byModel }) {
  const parts = ["training", "test"].flatMap((name, index) =>
    wrong[index] === null ? [] : [`${percent(wrong[index])} of the ${name} points`],
  );
  if (!parts.length) return "There are no points yet: take the blue or the orange brush and click into the picture.";
  const told = `${parts.join(" and ")} are on the wrong side.`;
  if (byModel) return `Your model: about ${told}`;
  if (!epoch) return `Before any training: ${told} Press Train.`;
  return `After ${epoch} epoch${epoch === 1 ? "" : "s"}: ${told}${playing ? "" : advice(wrong, epoch)}`;
}

function advice([training, test], epoch) {
  if (test !== null && training < 0.1 && test - training > 0.08) return BY_HEART;
  return training > 0.2 && epoch >= 100 ? TOO_STIFF : "";
}

/** What is said to a place; `share`: how probable orange is there. */
export function placeWords([x1, x2], share, who) {
  const side = share > 0.5 ? `${percent(share)} orange` : `${percent(1 - share)} blue`;
  return `At x₁ = ${shown(x1)}, x₂ = ${shown(x2)} ${who} says: ${side}.`;
}

/** Which weight or bias a part of the network is. */
export function nameOf({ kind, layer, from, to }, { features, widths }) {
  const neuron = (column, unit) => {
    if (column < 0) return FEATURES[features[unit]].sign;
    return column === widths.length ? "the output" : `neuron ${unit + 1} of layer ${column + 1}`;
  };
  if (kind === "bias") return `Bias of ${neuron(layer, to)}`;
  return `Weight from ${neuron(layer - 1, from)} to ${neuron(layer, to)}`;
}

/** Why a learner's model is not drawn as a network. */
export function modelNoteWords({ name, parameters, why }) {
  return (
    `Your model ${name} has ${parameters.toLocaleString("en")} weights. It is not drawn as a network here, ` +
    `because ${why}; the picture shows what it says to each place. ` +
    "Choose “network” to train a small one on the same points."
  );
}
