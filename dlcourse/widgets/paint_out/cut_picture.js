/** A picture of the learner's own, cut for the network: as it is kept, and as it came, to be drawn on. */
import { bytesIn } from "../shared/js/bytes.js";
import { remember } from "../shared/js/memory.js";
import { fittedPicture } from "../shared/js/picture_form.js";

const DRAWING = "a drawing"; // as shared/js/pictures.js calls one

/**
 * @typedef {import("../shared/js/pictures.js").Picture} Picture
 *
 * @param {() => number[]} size  of the network's pictures
 * @param {() => Picture} image  the one that is kept
 */
export function cutPicture(size, image) {
  const fitted = remember((picture, ...lengths) => fittedPicture(picture, lengths));
  const drawnOn = remember(asDrawn);
  let raw = null; // the last one that was kept, as it came

  function current() {
    return raw && fitted(raw, ...size()) === image() ? raw : drawnOn(image());
  }

  return {
    current,
    /** Keeps a picture. @param {Picture} picture @returns {Picture} it, cut */
    keep(picture) {
      raw = picture;
      return fitted(picture, ...size());
    },
    /** What is on its way, cut: what the camera sees, or a drawing in the making; null for none. */
    live: (picture) => (picture === current() ? null : fittedPicture(picture, size())),
  };
}

/** A picture to be drawn on: a drawing has one channel, also where a network takes three. @param {Picture} image */
function asDrawn(image) {
  const { name, shape, bytes } = image;
  if (name !== DRAWING || shape[2] === 1) return image;
  const greys = bytesIn(bytes).filter((_, index) => index % shape[2] === 0);
  return { name, shape: [shape[0], shape[1], 1], bytes: new DataView(greys.buffer) };
}
