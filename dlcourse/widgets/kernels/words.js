/** What the widget says: the line below, captions, and labels for screen readers. */
import { shown } from "../shared/js/words.js";

export const PICTURE_LABEL =
  "The picture with a movable window: arrow keys move it by one, with Shift by ten; the line below tells the sum";

/** What the window gives, in a sentence or two; or why there is no output. @param {import("./state.js").View} view */
export function sentence({ answer, kernel, plane, reach, settings, bias, relu }) {
  const size = kernel.length;
  if (!answer) {
    const wide = settings.dilation > 1 ? `, spread over ${reach},` : "";
    return (
      `A kernel of ${size} × ${size}${wide} does not fit into a picture of ${plane.height} × ${plane.width}: ` +
      'take a smaller one, or padding "same".'
    );
  }
  const [row, column] = answer.position;
  const parts = [`Row ${row}, column ${column}: the products sum to ${shown(answer.products)}`];
  if (bias) parts.push(`with the bias it is ${shown(answer.biased)}`);
  if (relu && answer.biased < 0) parts.push("ReLU makes it 0");
  return `${parts.join(", ")}. ${meaning(answer)}`;
}

/** What the answer says about the picture under the window. */
function meaning({ isPicture, biased, limit, taps }) {
  if (isPicture) return `In the middle the picture has ${shown(taps[(taps.length - 1) / 2].value)}.`;
  const strength = biased / limit;
  if (Math.abs(strength) < 0.1) return "Nearly nothing: under the window is not what this kernel looks for.";
  const answerWords = Math.abs(strength) > 0.6 ? "A strong answer" : "Some answer";
  return strength > 0
    ? `${answerWords}: bright where the kernel is orange, dark where it is blue.`
    : `${answerWords}, below zero: dark where the kernel is orange, bright where it is blue.`;
}

/** @param {import("./state.js").View} view */
export function pictureTitle({ image, channel }) {
  return `Picture: ${image.name}${channel === "grey" ? "" : `, ${channel}`}`;
}

/** @param {import("./state.js").View} view */
export function pictureSize({ plane, settings }) {
  return `${plane.height} × ${plane.width}${settings.padding === "same" ? ", zeros around" : ""}`;
}

/** What the pointer does on the picture. */
export function hint(drawing) {
  return drawing
    ? "Draw with the pointer, or with the space bar at the window."
    : "Point to look, click to stay; arrow keys move the window.";
}

/** What the colours of the output mean. */
export function legendNote(isPicture, relu) {
  if (isPicture) return "brightness";
  return relu ? "negative became 0" : "blue is negative";
}

/** Why the other of stride and dilation is 1 now. */
export function notBoth(lost) {
  return lost ? `Keras takes a stride or a dilation, not both: the ${lost} is 1 now.` : "";
}

/** What of a large layer is shown. @param {import("./weights.js").Layer} layer */
export function layerNote({ shape: [, , channels, filters], of: [allChannels, allFilters] }) {
  const cut = allChannels > channels || allFilters > filters;
  return cut ? `the first of ${allFilters} filters and ${allChannels} channels` : "";
}

// --- for screen readers ----------------------------------------------------------------------------------------------

/** @param {import("./state.js").View} view */
export function outputLabel({ answer, size }) {
  return answer ? `The output, ${size.height} × ${size.width}` : "No output";
}

export function windowLabel(taps) {
  return `Values under the window: ${taps.map((tap) => shown(tap.value)).join(", ")}`;
}

export function productsLabel(taps) {
  return `Products: ${taps.map((tap) => shown(tap.product)).join(", ")}`;
}

export function weightLabel([row, column]) {
  return `Weight in row ${row + 1}, column ${column + 1}`;
}

export function stripLabel(filters) {
  return `The ${filters} filters of the layer; choose one from the list above`;
}
