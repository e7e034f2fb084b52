/** A canvas to draw on with a pointer or with keys, white on black as in MNIST. */

const STROKE = 1 / 13; // how thick, as a part of the canvas
const STEP = 1 / 28; // how far an arrow key moves the brush
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/**
 * @param {HTMLCanvasElement} canvas
 * @param {(pixels: ImageData | null) => void} onInk  gets what is drawn now, null where there is nothing
 */
export function drawingOn(canvas, onInk) {
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const ink = document.createElement("canvas"); // without the mark of the brush
  [ink.width, ink.height] = [canvas.width, canvas.height];
  const inkPen = ink.getContext("2d", { willReadFrequently: true });
  let last = null; // where the stroke is
  let brush = null; // where keys have moved it
  let isDown = false; // whether keys draw

  function show() {
    pen.drawImage(ink, 0, 0);
    if (!brush) return;
    pen.beginPath();
    pen.arc(brush[0], brush[1], (STROKE * canvas.width) / 2 + 2, 0, 2 * Math.PI);
    pen.strokeStyle = isDown ? "#e69f00" : "#56b4e9";
    pen.lineWidth = 2;
    pen.stroke();
  }

  function clear() {
    inkPen.fillStyle = "black";
    inkPen.fillRect(0, 0, ink.width, ink.height);
    [last, isDown] = [null, false];
    show();
    onInk(null);
  }

  function lineTo(point) {
    inkPen.beginPath();
    const [column, row] = last ?? point;
    inkPen.moveTo(column, row);
    inkPen.lineTo(point[0], point[1]);
    Object.assign(inkPen, { strokeStyle: "white", lineWidth: STROKE * ink.width, lineCap: "round" });
    inkPen.stroke();
    last = point;
    show();
    onInk(inkPen.getImageData(0, 0, ink.width, ink.height));
  }

  function pointOf(event) {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * canvas.width,
      ((event.clientY - box.top) / box.height) * canvas.height,
    ];
  }

  function keyPressed(event) {
    const way = ARROWS[event.key];
    if (way) {
      brush ??= [canvas.width / 2, canvas.height / 4];
      const size = [canvas.width, canvas.height];
      brush = brush.map((at, axis) => Math.min(Math.max(at + way[axis] * STEP * size[axis], 0), size[axis]));
      if (isDown) lineTo(brush);
    } else if (event.key === " ") {
      brush ??= [canvas.width / 2, canvas.height / 4];
      [isDown, last] = [!isDown, null];
      if (isDown) lineTo(brush);
    } else if (event.key === "Delete" || event.key === "Backspace") clear();
    else return;
    event.preventDefault();
    show();
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    [brush, isDown, last] = [null, false, null];
    lineTo(pointOf(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons & 1 && last) lineTo(pointOf(event));
  });
  canvas.addEventListener("keydown", keyPressed);
  canvas.addEventListener("blur", () => {
    [brush, isDown] = [null, false];
    show();
  });
  clear();
  return { clear };
}
