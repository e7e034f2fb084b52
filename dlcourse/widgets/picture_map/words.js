/** What the widget says: the line below, the list, and labels for screen readers. */
import { percent } from "../shared/js/words.js";

export const METHOD_NAMES = { tsne: "t-SNE", pca: "PCA" };

/** What a picture is called. @param {import("./state.js").View["mapped"]} mapped */
export function nameOf({ labels, classes }, index) {
  return labels ? `no. ${index}, ${classes[labels[index]]}` : `no. ${index}`;
}

/** A distance in three digits. */
export function distanceText(distance) {
  return distance >= 100 ? String(Math.round(distance)) : distance.toPrecision(3);
}

/** The line below. @param {import("./state.js").View} view */
export function sentence({ mapped, picked, k, neighbours, alike, agreement }) {
  if (!mapped.labels) {
    const [{ index, distance }] = neighbours;
    return `Nearest to no. ${picked} is no. ${index}, ${distanceText(distance)} away.`;
  }
  const name = mapped.classes[mapped.labels[picked]];
  return (
    `No. ${picked} is “${name}”, and so ${alike === 1 ? "is" : "are"} ${alike} of its ${k} nearest. ` +
    `Over all ${mapped.count} pictures ${percent(agreement)} of the ${k} nearest share the class; ` +
    `by chance it would be ${percent(mapped.chance)}.`
  );
}

/** What the map can show, and what it cannot. @param {import("./state.js").View} view */
export function methodNote({ method, mapped: { dimensions } }) {
  if (method === "pca") {
    return `PCA: a shadow of ${dimensions} dimensions, cast so that it is as wide as can be. Much lies on top of other things.`;
  }
  return "t-SNE: what is near stays near. How far groups are apart, and how large they are, says nothing.";
}

/** @param {import("./state.js").View} view */
export function sourceNote({ mapped: { at_hand: atHand, dimensions, count } }) {
  if (!atHand) return `${count} pictures, ${dimensions} features each.`;
  return (
    `${count} digits by what the second layer of a small network, trained just now, makes of them: ${dimensions} numbers ` +
    "each. Yours: PictureMap(features, images, labels)."
  );
}

/** @param {import("./state.js").View} view */
export function mapLabel({ mapped, method, picked, neighbours }) {
  const near = neighbours.map(({ index, distance }) => `${nameOf(mapped, index)}, ${distanceText(distance)} away`);
  return (
    `A map of ${mapped.count} pictures by ${METHOD_NAMES[method]}. Looked at: ${nameOf(mapped, picked)}. ` +
    `Nearest: ${near.join("; ")}. Arrow keys go to the next picture, plus and minus scale, Shift and arrow keys move the map.`
  );
}
