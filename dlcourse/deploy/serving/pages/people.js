/** The page for people: a surface to draw on or numbers to write, sent after each change, and what the model says. */

import { answerPanel } from "./answers.js";
import { drawingSurface } from "./drawing.js";

/** @type {(name: string) => any} */
const byId = (name) => document.getElementById(name);
const model = JSON.parse(byId("model").textContent);
const panel = answerPanel(byId("answer"), byId("bars"));
let asked = 0; // counts what was asked, so that a late answer does not take the place of a newer one

/** @param {() => Promise<RequestInit>} request makes what is sent */
async function ask(request) {
  asked += 1;
  const mine = asked;
  try {
    const response = await fetch("predict", { method: "POST", ...(await request()) });
    const reply = await response.json();
    if (mine !== asked) return;
    if (response.ok) panel.show(reply);
    else panel.say(reply.error, true);
  } catch {
    if (mine === asked) panel.say("The service does not answer: see whether it still runs.", true);
  }
}

function pictures() {
  const colourless = model.shape.length === 2;
  const atFront = !colourless && model.shape[2] !== (model.colours === "RGB" ? 3 : 1); // channels first
  const [rows, columns] = atFront ? model.shape.slice(1) : model.shape;
  const kind = model.colours === "grey" ? "grey pictures" : "pictures in colour";
  byId("takes").textContent = `It takes ${kind} of ${rows} × ${columns} pixels; yours are cut and resized to that.`;
  byId("surface").setAttribute("aria-label", "The picture that the model gets");
  const surface = drawingSurface(byId("surface"), rows, columns, () => {
    if (surface.isEmpty()) {
      asked += 1;
      panel.say("Nothing yet: draw something.");
      return;
    }
    ask(async () => {
      const form = new FormData();
      form.append(model.field, await surface.toFile(), "picture");
      return { body: form };
    });
  });
  wirePictures(surface);
  byId("pictures").hidden = false;
}

function wirePictures(surface) {
  const canvas = byId("surface");
  const put = (file) =>
    surface.put(file).catch(() => panel.say("Your browser cannot read that file: choose a PNG or a JPEG.", true));
  byId("clear").addEventListener("click", surface.clear);
  byId("swap").addEventListener("click", surface.swap);
  byId("file").addEventListener("change", (event) => {
    if (event.target.files[0]) put(event.target.files[0]);
    event.target.value = ""; // the same file can be chosen again
  });
  canvas.addEventListener("dragover", (event) => {
    event.preventDefault();
    canvas.classList.add("over");
  });
  canvas.addEventListener("dragleave", () => canvas.classList.remove("over"));
  canvas.addEventListener("drop", (event) => {
    event.preventDefault();
    canvas.classList.remove("over");
    if (event.dataTransfer.files[0]) put(event.dataTransfer.files[0]);
  });
}

function numbers() {
  const filled = (shape) =>
    shape.length === 0 ? 0 : Array.from({ length: shape[0] ?? 1 }, () => filled(shape.slice(1)));
  byId("takes").textContent =
    `It takes examples of the shape (${model.shape.map((side) => side ?? "any").join(", ")}).`;
  byId("json").value = JSON.stringify({ instances: [filled(model.shape)] });
  byId("numbers").addEventListener("submit", (event) => {
    event.preventDefault();
    const headers = { "Content-Type": "application/json" };
    ask(async () => ({ headers, body: byId("json").value }));
  });
  byId("numbers").hidden = false;
}

byId("title").textContent = `Ask ${model.file}`;
document.title = `Ask ${model.file}`;
if (model.field) pictures();
else numbers();
