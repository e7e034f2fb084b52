/**
 * Numbers in the bytes that Python sends: a view that may begin anywhere in a message, so that what has more than one
 * byte is copied to where an array of it may begin.
 */

/** @param {ArrayBufferView} view */
export function bytesIn(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** @param {ArrayBufferView} view */
export function halvesIn(view) {
  return new Uint16Array(copied(view));
}

/** @param {ArrayBufferView} view */
export function float32sIn(view) {
  return new Float32Array(copied(view));
}

/** @param {ArrayBufferView} view */
export function float64sIn(view) {
  return new Float64Array(copied(view));
}

function copied({ buffer, byteOffset, byteLength }) {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
