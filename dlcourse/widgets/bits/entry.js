/** Bits: a network's weights in fewer bits, and what that costs. */

import facts from "dlcourse:bits";
import { read, write } from "../shared/js/model.js";
import { element } from "../shared/js/page.js";
import { stage } from "../shared/js/stage.js";
import { roundedCode } from "./code.js";
import { controls } from "./controls.js";
import { examiner } from "./examiner.js";
import { layoutOf } from "./layout.js";
import { painter } from "./picture.js";
import { allSet, oneSet, TRAITS, viewer, withThis } from "./state.js";
import { sentence } from "./words.js";

function render({ model, el }) {
  const scene = stage({
    model,
    el,
    name: "bits",
    label: "Bits: a network's weights in fewer bits, and what that costs",
    traits: TRAITS,
    draw,
    toKeras: () => roundedCode(look()),
    onReset: () => {
      tries = [];
    },
    onEnd: () => network.end(),
  });
  const network = examiner(scene.ask);
  const viewOf = viewer(network.run);
  const page = controls(facts, {
    all: (bits) => write(model, allSet(look(), bits)),
    layer: (index, bits) => write(model, oneSet(look(), index, bits)),
    look: (index) => write(model, { layer: look().rows[index].name }),
    symmetric: (symmetric) => write(model, { symmetric }),
    perChannel: (per_channel) => write(model, { per_channel }),
  });
  const paint = painter(page.canvases);
  let tries = []; // the settings that this view has shown
  let triedWith = null; // the network and the examples of these

  function look() {
    return viewOf(read(model, TRAITS));
  }

  function draw() {
    const view = look();
    if (triedWith !== view.described) tries = [];
    triedWith = view.described;
    tries = withThis(tries, view);
    const layout = layoutOf(view, scene.width);
    page.draw(view, layout);
    paint(view, tries, layout, scene.theme);
    scene.say(sentence(view), () => page.describe(view, tries));
    scene.root.dataset.complete = String(view.complete);
    const { bytes, floatBytes, classes, outputs, changed, right, done, complete, quantised, everywhere } = view;
    return { bytes, floatBytes, classes, outputs, changed, right, done, complete, quantised, everywhere };
  }

  return scene.finish(
    element("div", { class: "dlc-row" }, ...page.choices, element("span", { class: "dlc-gap" }), scene.buttons),
    page.numbers,
    page.grid,
    page.note,
  );
}

export default { render };
