/**
 * Where a learner's own picture comes from: a file or the camera.
 *
 * @typedef {import("./pictures.js").Picture} Picture
 */
import { element } from "./page.js";

/** What is in a file, made small. @returns {Promise<Picture>} */
export async function fromFile(file, longest) {
  let source;
  try {
    source = await createImageBitmap(file);
  } catch (error) {
    throw new Error(`${file.name} is no picture that this browser can read: take a PNG, JPEG, WebP or GIF.`, {
      cause: error,
    });
  }
  const picture = reduced(source, source.width, source.height, longest, file.name);
  source.close();
  return picture;
}

/**
 * Shows the camera's pictures until it is stopped.
 *
 * @param {(picture: Picture) => void} onPicture  called with every picture
 * @returns {Promise<() => void>} what stops the camera and lets it go
 */
export async function fromCamera(longest, onPicture) {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Error("This page may not use a camera: open it from https or localhost, or upload a picture.");
  }
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640 } });
  } catch (error) {
    throw new Error(`The camera gives no picture (${error.name}): allow it for this page, or upload a picture.`, {
      cause: error,
    });
  }
  const video = element("video", { muted: true, playsinline: true });
  video.srcObject = stream;
  await video.play();
  let running = requestAnimationFrame(function look() {
    running = requestAnimationFrame(look);
    if (video.videoWidth) onPicture(reduced(video, video.videoWidth, video.videoHeight, longest, "the camera"));
  });
  return () => {
    cancelAnimationFrame(running);
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
}

/** A source drawn so that its longer side has at most so many pixels. @returns {Picture} */
function reduced(source, width, height, longest, name) {
  const share = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * share));
  canvas.height = Math.max(1, Math.round(height * share));
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.fillStyle = "white"; // what a transparent picture lies on
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const bytes = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    bytes[to] = data[from];
    bytes[to + 1] = data[from + 1];
    bytes[to + 2] = data[from + 2];
  }
  return { name, shape: [canvas.height, canvas.width, 3], bytes: new DataView(bytes.buffer) };
}
