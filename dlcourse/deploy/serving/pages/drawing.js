/**
 * The surface that one draws on, or puts a picture on; it has the proportions of what the model takes.
 *
 * A picture that nobody has drawn on or changed is sent as the file that it is, so that the page and a program get the
 * same answer.
 */

const LONGER_SIDE = 280; // pixels of the canvas at least, so that a pen leaves a smooth line on a small grid
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} rows
 * @param {number} columns
 * @param {() => void} changed what to do after each change of the picture
 */
export function drawingSurface(canvas, rows, columns, changed) {
  const cell = Math.max(1, Math.ceil(LONGER_SIDE / Math.max(rows, columns)));
  const picture = document.createElement("canvas"); // what is sent; the canvas shows it, and the pen
  for (const surface of [picture, canvas]) {
    surface.width = columns * cell;
    surface.height = rows * cell;
  }
  const ink = picture.getContext("2d");
  ink.lineCap = ink.lineJoin = "round";
  ink.lineWidth = Math.max(2, (Math.max(rows, columns) * cell) / 13); // about two of 28 cells, as digits are written
  ink.strokeStyle = "#fff";
  let file = null; // the file that is on the surface, as long as nobody has changed it
  let empty = true;
  let pen = null; // where the keyboard's pen is, and whether it is down
  let stroke = null; // the pointer's last place

  function show() {
    const screen = canvas.getContext("2d");
    screen.drawImage(picture, 0, 0);
    if (pen === null || document.activeElement !== canvas) return;
    screen.strokeStyle = "#e0007a";
    screen.lineWidth = pen.down ? 4 : 2;
    screen.beginPath();
    screen.arc(pen.x, pen.y, ink.lineWidth / 2, 0, 2 * Math.PI);
    screen.stroke();
  }

  function line(from, to) {
    ink.beginPath();
    ink.moveTo(from.x, from.y);
    ink.lineTo(to.x, to.y);
    ink.stroke();
    file = null;
    empty = false;
    show();
  }

  function blank() {
    ink.fillStyle = "#000";
    ink.fillRect(0, 0, picture.width, picture.height);
    ink.strokeStyle = "#fff";
    file = null;
    empty = true;
    show();
  }

  function clear() {
    blank();
    changed();
  }

  function swap() {
    ink.globalCompositeOperation = "difference";
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, picture.width, picture.height);
    ink.globalCompositeOperation = "source-over";
    ink.strokeStyle = ink.strokeStyle === "#ffffff" ? "#000" : "#fff";
    file = null;
    show();
    changed();
  }

  /** @param {File} chosen */
  async function put(chosen) {
    const bitmap = await createImageBitmap(chosen);
    const scale = Math.max(picture.width / bitmap.width, picture.height / bitmap.height);
    const [width, height] = [bitmap.width * scale, bitmap.height * scale];
    ink.fillStyle = "#fff"; // what is transparent is white, as the service takes it
    ink.fillRect(0, 0, picture.width, picture.height);
    ink.imageSmoothingQuality = "high";
    ink.drawImage(bitmap, (picture.width - width) / 2, (picture.height - height) / 2, width, height);
    file = chosen;
    empty = false;
    show();
    changed();
  }

  /** @param {PointerEvent} event */
  function place(event) {
    const box = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left - canvas.clientLeft) / canvas.clientWidth) * canvas.width,
      y: ((event.clientY - box.top - canvas.clientTop) / canvas.clientHeight) * canvas.height,
    };
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen = null;
    stroke = place(event);
    line(stroke, stroke);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (stroke === null) return;
    const next = place(event);
    line(stroke, next);
    stroke = next;
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (stroke !== null) changed();
      stroke = null;
    });
  }
  canvas.addEventListener("keydown", (event) => {
    pen ??= { x: picture.width / 2, y: picture.height / 2, down: false };
    if (event.key in KEYS) {
      const from = { ...pen };
      pen.x = Math.min(picture.width, Math.max(0, pen.x + KEYS[event.key][0] * cell));
      pen.y = Math.min(picture.height, Math.max(0, pen.y + KEYS[event.key][1] * cell));
      if (pen.down) line(from, pen);
    } else if (event.key === " ") {
      pen.down = !pen.down;
      if (pen.down) line(pen, pen);
      else changed();
    } else if (event.key === "Delete" || event.key === "Backspace") clear();
    else return;
    event.preventDefault();
    show();
  });
  canvas.addEventListener("focus", show);
  canvas.addEventListener("blur", show);
  blank();

  return {
    clear,
    swap,
    put,
    isEmpty: () => empty,
    /** @returns {Promise<Blob>} */
    toFile: () => (file ? Promise.resolve(file) : new Promise((done) => picture.toBlob(done, "image/png"))),
  };
}
