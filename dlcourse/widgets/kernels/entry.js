/** Kernels: a window slides over a picture, and what it does there is written out. */

import facts from "dlcourse:kernels";
import { read, write } from "../shared/js/model.js";
import { ownPicture } from "../shared/js/own_picture.js";
import { element } from "../shared/js/page.js";
import { stage } from "../shared/js/stage.js";
import { kerasCode } from "./code.js";
import { channelButtons, layerChoice, settingsRow } from "./controls.js";
import { figures } from "./figures.js";
import { gestures } from "./gestures.js";
import { layoutOf } from "./layout.js";
import { painter } from "./picture.js";
import { kept, leafed, named, spaced, TRAITS, viewer } from "./state.js";
import { writtenSum } from "./sum.js";
import { replaced, resized } from "./weights.js";
import { notBoth, sentence } from "./words.js";

const DRAWING = /** @type {[number, number]} */ ([80, 120]); // rows and columns of an empty picture to draw on

function render({ model, el }) {
  const scene = stage({
    model,
    el,
    name: "kernels",
    label: "Kernels: a convolution by eye and by hand",
    traits: TRAITS,
    draw,
    toKeras,
    onReset: () => own.stop(),
    onEnd: () => own.end(),
  });
  const own = ownPicture({
    longest: facts.longest,
    drawing: DRAWING,
    current: () => model.get("image"),
    keep: (image) => write(model, { image }),
    ask: scene.ask,
    complain: scene.complain,
  });
  const choices = choicesOf(model, look, scene);
  const channels = channelButtons(facts.channels, choices.channel);
  const pictures = figures();
  const settings = settingsRow(facts, choices);
  const layer = layerChoice(choices.ofLayer);
  const sum = writtenSum({ ...numbersOf(model), refuse: scene.complain });
  const paint = painter({ ...pictures.canvases, ...sum.canvases, strip: layer.strip });
  const hands = gestures(pictures.canvases, {
    look,
    layout: () => layout,
    choose: choices.position,
    ask: scene.ask,
    brush: own,
  });
  const viewOf = viewer(facts.presets);
  let layout = null; // of what is on the screen

  function look() {
    return viewOf(read(model, TRAITS), { image: own.image(), drawing: own.isDrawing(), pointed: hands.pointed() });
  }

  function draw() {
    const view = look();
    layout = layoutOf(view, scene.width);
    own.draw();
    channels.draw(view);
    settings.draw(view);
    layer.draw(view, layout);
    pictures.draw(view);
    sum.draw(view, layout, scene.theme);
    paint(view, layout, scene.theme);
    scene.say(sentence(view), () => {
      pictures.describe(view);
      sum.describe(view);
    });
    scene.root.dataset.value = view.answer ? String(view.answer.value) : "";
    return view.answer && { ...view.answer.sums, rectified: view.relu };
  }

  function toKeras() {
    const view = look();
    return kerasCode({ ...view, ...view.settings, known: facts.photographs.includes(view.image.name) });
  }

  own.dropOn(pictures.part);
  const gap = element("span", { class: "dlc-gap" });
  return scene.finish(
    element("div", { class: "dlc-row" }, ...own.buttons, channels.part, gap, scene.buttons),
    pictures.part,
    settings.part,
    layer.part,
    sum.part,
  );
}

/** What a choice writes. */
function choicesOf(model, look, { ask, complain }) {
  /** Writes what changes the output's size, and keeps the window where it is in the picture. */
  function writeInPlace(changes) {
    const before = look();
    write(model, changes);
    write(model, kept(before, look()));
  }

  return {
    channel: (channel) => write(model, { channel }),
    position: (position) => write(model, { position }),
    preset(name) {
      if (name) writeInPlace(named(name, model.get("kernel"), facts.presets));
      ask();
    },
    size: (size) => writeInPlace({ kernel: resized(model.get("kernel"), size, facts.presets) }),
    spacing(name, value) {
      const { lost, changes } = spaced(read(model, TRAITS), name, value);
      complain(notBoth(lost));
      writeInPlace(changes);
    },
    padding: (padding) => writeInPlace({ padding }),
    relu: (relu) => write(model, { relu }),
    ofLayer: (choice) => write(model, leafed(read(model, TRAITS), choice, facts.channels)),
  };
}

/** The numbers that have a field. */
function numbersOf(model) {
  return {
    weight: {
      // a field that is taken away with its weight loses the focus first, and asks once more
      current: ([row, column]) => model.get("kernel")[row]?.[column] ?? 0,
      change: (place, value) => write(model, { kernel: replaced(model.get("kernel"), place, value) }),
    },
    bias: { current: () => model.get("bias"), change: (bias) => write(model, { bias }) },
  };
}

export default { render };
