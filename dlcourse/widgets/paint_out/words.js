/** What is painted and what the network says of it. Nothing here knows the page. */
import { strongest } from "../shared/js/bars.js";
import { percent } from "../shared/js/words.js";
import { peakOf } from "./layer.js";

export const BASELINES = {
  blur: ["blur", "the brush takes the details away"],
  grey: ["grey", "the brush leaves grey"],
  paste: ["paste", "the brush brings another part of a picture"],
};
export const ATTRIBUTED = [
  ["original", "the original"],
  ["painted", "what is painted"],
];

/** Above the picture. */
export function pictureTitle({ live, image, described: { size } }) {
  const { name } = live ?? image;
  return `${name}, ${size[0]} × ${size[1]}${size[2] === 3 ? ", in colour" : ""}`;
}

/** Below the picture. */
export function pictureHint({ drawing, live, alone, inBrowser }) {
  if (drawing) return "Draw here with the pointer, or with arrow keys and the space bar.";
  if (live) return "“Keep this picture” takes it, to be painted on.";
  if (alone && !inBrowser) return "";
  return "Paint with the pointer, or with arrow keys and the space bar; [ and ] change the brush.";
}

/** Beside the picture to paste from. */
export function sourceHint({ other }) {
  return `Each stroke pastes what lies around the mark${other ? "" : " in the picture as it was"}. Move the mark by pointer or arrow keys.`;
}

/** Where the network runs, and how fast it is asked. */
export function networkNote({ inBrowser, alone, described: { name, why, network }, _answer: { milliseconds } }) {
  if (inBrowser)
    return `Computed in this browser, by ${name}${network.half ? ", its weights rounded to 16 bits" : ""}.`;
  if (alone) {
    return `${why} Painting needs the notebook, where Python asks ${name}; the numbers are those that were recorded there.`;
  }
  const time = milliseconds >= 1 ? `; the last answer took it ${Math.round(milliseconds)} ms` : "";
  return `${why} So Python is asked, one picture at a time and always the newest${time}.`;
}

/** What becomes of the layer: nothing to say where it lies there. */
export function layerNote({ attribution, needsLayer, layer, alone, waiting, _answer: { failed }, attributed }) {
  if (failed) return failed;
  if (attribution === "none") return "";
  if (needsLayer && alone) return "This layer was not recorded: it needs the notebook.";
  if (needsLayer && layer && attributed === "painted") return "The layer is of the picture before the last stroke.";
  if (needsLayer) return waiting ? "Python computes the layer …" : "The layer is on its way …";
  return layer.reach === 0 ? "The layer is 0 everywhere." : "";
}

/** What the colours of the layer mean. */
export function layerLegend({ layer, attribution, asked, described: { classes } }) {
  if (!layer) return "";
  if (attribution === "saliency")
    return `Orange: a small change here changes the score of ${classes[asked]}, up or down.`;
  const against = layer.signed ? "; blue speaks against it" : "";
  return `Orange speaks for ${classes[asked]}${against}.`;
}

/** Above the bars. */
export function barsTitle({ current, now, waiting, live, inBrowser }) {
  if (live && !inBrowser) return "Probabilities of the picture before";
  if (!now) return waiting ? "Python is asked …" : "The network has not answered yet.";
  return current ? "Probabilities" : "Probabilities, the newest on their way …";
}

/** How probable a class was and is. */
export function changeInWords(before, now) {
  const [first, second] = [percent(before), percent(now)];
  return first === second ? first : `${first} → ${second}`;
}

/** What is seen, in a few sentences. */
export function sentence(view) {
  const { described, before, now, asked, share, layer, live, inBrowser } = view;
  const { classes, name } = described;
  if (live && !inBrowser) return "The network is asked about this picture once it is kept.";
  if (!before || !now) return "The network has not answered yet.";
  const winner = strongest(now, 1)[0];
  const says = `${name} ${share ? "now " : ""}says ${classes[winner]} (${percent(now[winner])})`;
  const parts = share
    ? [
        `With ${percent(share)} of the picture painted over, ${classes[asked]} is ${percent(now[asked])} probable, before ${percent(before[asked])}; ${says}.`,
      ]
    : [`The picture as it is: ${says}.`];
  if (layer?.reach) {
    const [row, column] = peakOf(layer);
    parts.push(`The layer for ${classes[asked]} is strongest at row ${Math.round(row)}, column ${Math.round(column)}.`);
  }
  return parts.join(" ");
}

/** For screen readers, what the canvases show. */
export function canvasLabels(view) {
  const { described, shown, before, now, pointed } = view;
  const place = pointed ? ` The brush is at row ${Math.round(pointed[0])}, column ${Math.round(pointed[1])}.` : "";
  const listed = shown.map((number) => `${described.classes[number]} ${changeInWords(before[number], now[number])}`);
  return {
    picture: `${pictureTitle(view)}. Arrow keys move the brush, the space bar paints, Control and Z undoes.${place}`,
    bars: `Before and now: ${listed.join(", ")}`,
    source: `Paste from here: arrow keys move the mark, now at row ${view.source[0]}, column ${view.source[1]}`,
  };
}
