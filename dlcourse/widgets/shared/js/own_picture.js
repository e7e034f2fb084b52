/** The buttons for a learner's own picture: upload or drop a file, look through the camera, draw. */
import { element, press, tell } from "./page.js";
import { fromCamera, fromFile } from "./picture_sources.js";
import { blank, dotted } from "./pictures.js";

/**
 * @param {{longest: number, drawing: [number, number], current: () => import("./pictures.js").Picture,
 *   keep: (image: import("./pictures.js").Picture) => void, ask: () => void, complain: (text: string) => void}} source
 *   `longest`: what a picture is made smaller to; `drawing`: height and width of an empty one; `current`: the picture
 *   that is kept; `keep`: takes a new one; `ask`: draws anew
 */
export function ownPicture({ longest, drawing: canvasSize, current, keep, ask, complain }) {
  const fileInput = element("input", { type: "file", accept: "image/*", hidden: true, onchange: uploaded });
  const uploadButton = element("button", { type: "button", onclick: () => fileInput.click() }, "Upload…");
  const cameraButton = element("button", { type: "button", "aria-pressed": "false", onclick: toggleCamera }, "Camera");
  const drawButton = element("button", { type: "button", "aria-pressed": "false", onclick: toggleDrawing }, "Draw");
  const clearButton = element("button", { type: "button", onclick: clear }, "Clear");
  const joined = element("span", { class: "dlc-joined" }, uploadButton, cameraButton, drawButton);

  let live = null; // the camera's picture, or a drawing in the making
  let stopCamera = null;
  let drawing = false;
  let ended = false;

  function draw() {
    press(cameraButton, Boolean(stopCamera));
    tell(cameraButton, stopCamera ? "Keep this picture" : "Camera");
    press(drawButton, drawing);
    tell(drawButton, drawing ? "Done" : "Draw");
    clearButton.hidden = !drawing;
  }

  /** Lets a file be dropped on an element. */
  function dropOn(target) {
    target.addEventListener("dragover", (event) => {
      event.preventDefault();
      target.classList.add("dlc-dropping");
    });
    target.addEventListener("dragleave", () => target.classList.remove("dlc-dropping"));
    target.addEventListener("drop", (event) => {
      event.preventDefault();
      target.classList.remove("dlc-dropping");
      if (event.dataTransfer.files.length) take(event.dataTransfer.files[0]);
    });
  }

  function uploaded() {
    if (fileInput.files.length) take(fileInput.files[0]);
    fileInput.value = "";
  }

  async function take(file) {
    try {
      const image = await fromFile(file, longest);
      if (ended) return;
      endCamera();
      drawing = false;
      complain("");
      keep(image);
    } catch (error) {
      complain(error.message);
    }
    ask();
  }

  async function toggleCamera() {
    if (stopCamera) {
      const image = live;
      endCamera();
      if (image) keep(image);
      ask();
      return;
    }
    cameraButton.disabled = true;
    try {
      const stop = await fromCamera(longest, (image) => {
        live = image;
        ask();
      });
      drawing = false;
      stopCamera = stop;
      if (ended) endCamera();
      complain("");
    } catch (error) {
      complain(error.message);
    }
    cameraButton.disabled = false;
    ask();
  }

  function endCamera() {
    stopCamera?.();
    stopCamera = null;
    live = null;
  }

  function toggleDrawing() {
    endCamera();
    drawing = !drawing;
    if (drawing && current().name !== "a drawing") clear();
    ask();
  }

  function clear() {
    live = null;
    keep(blank(...canvasSize));
  }

  /** Puts a dot of the brush; `keepDrawing` ends the stroke. @param {number[]} place  row and column */
  function paint([row, column], radius = 3.2) {
    live = dotted(live ?? current(), row, column, radius);
    ask();
  }

  function keepDrawing() {
    if (live) keep(live);
    live = null;
    ask();
  }

  /** Back to no drawing and no camera. */
  function stop() {
    endCamera();
    drawing = false;
  }

  return {
    buttons: [joined, clearButton, fileInput],
    draw,
    dropOn,
    paint,
    keepDrawing,
    stop,
    isDrawing: () => drawing,
    image: () => live ?? current(),
    end() {
      ended = true;
      endCamera();
    },
  };
}
