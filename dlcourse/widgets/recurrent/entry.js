/** Recurrent: every gate and state of a recurrent layer as it reads. */
import { ARROWS } from "../shared/js/keys.js";
import { remember } from "../shared/js/memory.js";
import { read, write } from "../shared/js/model.js";
import { element, pointOn } from "../shared/js/page.js";
import { stage } from "../shared/js/stage.js";
import { gradientPainter, unitPainter } from "./charts.js";
import { controls } from "./controls.js";
import { chartOf, mapsOf, placeAt } from "./layout.js";
import { mapsPainter } from "./picture.js";
import { cannotRead, moved, stepAt, TRAITS, viewer, withHold } from "./state.js";
import { sentence } from "./words.js";

function render({ model, el }) {
  const scene = stage({
    model,
    el,
    name: "recurrent",
    label: "Recurrent: every gate and state of a recurrent layer as it reads",
    traits: TRAITS,
    draw,
    onReset: () => {
      pointed = null;
    },
  });
  const viewOf = viewer();
  const layoutFor = remember((cell, steps, vocabulary, width) => mapsOf({ cell, steps, vocabulary }, width));
  const chartFor = remember(chartOf);
  const page = controls({
    text: type,
    step: (step) => look({ step: stepAt(Math.max(step, 0), view().steps) }),
    unit: (unit) => look({ unit }),
    hold: (gate, value, how) => look({ held: withHold(view(), gate, value, how) }),
    maps: { onpointerdown, onpointermove, onpointerup, onpointercancel: onpointerup, onpointerleave, onkeydown },
  });
  const paintMaps = mapsPainter(page.maps);
  const painters = [unitPainter(page.charts[0]), gradientPainter(page.charts[1])];
  let pointed = null; // the number under the pointer
  let dragging = false;

  function view() {
    return viewOf(read(model, TRAITS), Boolean(model.kernelless));
  }

  function layout() {
    const { cell, steps, vocabulary } = view();
    return layoutFor(cell, steps, vocabulary, scene.width);
  }

  function look(traits) {
    write(model, traits);
    scene.ask();
  }

  /** Takes what is typed, if it can be read; null when the field is left. */
  function type(text) {
    const { vocabulary } = view();
    const trouble = text === null ? "" : cannotRead(vocabulary, text, model.get("_network").most);
    scene.complain(trouble);
    if (text !== null && !trouble) look({ text, step: null });
    else scene.ask();
  }

  function onpointerdown(event) {
    page.maps.setPointerCapture(event.pointerId);
    dragging = true;
    onpointermove(event);
  }

  function onpointermove(event) {
    const { x, y } = pointOn(event);
    const place = placeAt(layout(), x, y);
    pointed = place;
    if (place && dragging) look({ step: stepAt(place.step, view().steps), unit: place.unit });
    else scene.ask();
  }

  function onpointerup() {
    dragging = false;
  }

  function onpointerleave() {
    pointed = null;
    scene.ask();
  }

  function onkeydown(event) {
    const arrow = ARROWS[event.key];
    const { steps } = view();
    if (arrow) look(moved(view(), arrow[1], arrow[0]));
    else if (event.key === "Home") look(moved(view(), -steps, 0));
    else if (event.key === "End") look(moved(view(), steps, 0));
    else return;
    event.preventDefault();
  }

  function draw() {
    const shown = view();
    page.draw(shown, scene.width, pointed, scene.theme);
    paintMaps(shown, layout(), scene.theme);
    for (const paint of painters) paint(shown, chartFor(scene.width), scene.theme);
    scene.say(sentence(shown), () => page.describe(shown));
    const { text, held, step, unit, steps, way, gradient, answer, waiting } = shown;
    return { text, held, step, unit, steps, rows: way?.rows ?? null, gradient, answer, waiting, pointed };
  }

  return scene.finish(
    element("div", { class: "dlc-row" }, page.text, element("span", { class: "dlc-gap" }), scene.buttons),
    page.place,
    page.holds,
    page.maps,
    page.pointed,
    page.grid,
    page.note,
  );
}

export default { render };
