/** Orbit: one picture turned, shifted, scaled or darkened through its range, and what networks make of it. */

import facts from "dlcourse:orbit";
import { ARROWS } from "../shared/js/keys.js";
import { changes } from "../shared/js/memory.js";
import { read, write } from "../shared/js/model.js";
import { runner } from "../shared/js/network_runner.js";
import { element } from "../shared/js/page.js";
import { stage } from "../shared/js/stage.js";
import { orbitCode } from "./code.js";
import { controls } from "./controls.js";
import { curveGestures, pictureGestures } from "./gestures.js";
import { layoutOf, valueUnder } from "./layout.js";
import { painter } from "./picture.js";
import { amountSet, keyMoved, pictureTurned, TRAITS, undone, viewer } from "./state.js";
import { sweeper } from "./sweeper.js";
import { sentence } from "./words.js";

function render({ model, el }) {
  const scene = stage({
    model,
    el,
    name: "orbit",
    label: "Orbit: one picture changed through its range, and what networks make of it",
    traits: TRAITS,
    draw,
    toKeras: () => orbitCode({ ...look(), asked: model.get("_models").list }),
    onEnd,
  });
  const runners = [runner(scene.ask), runner(scene.ask)];
  const orbits = sweeper(scene.ask);
  const run = (number, network, input) => runners[number].run(network, input);
  const viewOf = viewer(facts.ways, { run, sweep: orbits.sweep });
  const valueAt = (x) => valueUnder(look().way, layoutOf(look(), scene.width), x);
  const page = controls(facts, {
    amount: (name, value) => change(amountSet(name, value)),
    way: (name) => change({ way: name }),
    fill: (fill) => change({ fill }),
    undo: () => change(undone(facts.ways)),
    turnPage: (way) => change(pictureTurned(look(), model.get("_set"), model.get("_models").size, way)),
    picture: { ...pictureGestures(look, change), onkeydown: keyPressed },
    curves: curveGestures(look, valueAt, change),
  });
  const paint = painter(page.canvases);
  const changed = changes();

  function look() {
    return viewOf(/** @type {import("./state.js").Traits} */ (read(model, TRAITS)));
  }

  function change(traits) {
    write(model, traits);
  }

  function draw() {
    const view = look();
    const theme = { ...scene.theme, faint: page.faint() };
    const layout = layoutOf(view, scene.width);
    page.draw(view, layout, theme);
    paint(view, layout, theme);
    const text = sentence(view, facts.ways);
    if (changed("words", text)) scene.say(text, () => page.describe(view)); // not while curves grow: it would wait for them
    Object.assign(scene.root, { sweep: view.sweep }); // which grows while nobody does anything
    const { name, change: amounts, label, shares, readings, image } = view;
    return { way: name, change: amounts, label, shares, readings, values: image.values };
  }

  function keyPressed(event) {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    change(keyMoved(look(), way, event.shiftKey));
  }

  function onEnd() {
    for (const each of runners) each.end();
    orbits.end();
  }

  return scene.finish(
    element("div", { class: "dlc-row" }, page.pager, element("span", { class: "dlc-gap" }), scene.buttons),
    page.parts,
    page.note,
  );
}

export default { render };
