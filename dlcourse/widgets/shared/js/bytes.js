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
  return new Uint16Array(copyOf(view));
}

/** @param {ArrayBufferView} view */
export function float32sIn(view) {
  return new Float32Array(copyOf(view));
}

/** @param {ArrayBufferView} view */
export function float64sIn(view) {
  return new Float64Array(copyOf(view));
}

function copyOf({ buffer, byteOffset, byteLength }) {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
