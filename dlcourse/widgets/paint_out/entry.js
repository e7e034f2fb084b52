/** PaintOut: parts of a picture painted away, and what a network then takes it for. */

import facts from "dlcourse:paint_out";
import { changes, remember } from "../shared/js/memory.js";
import { read, write } from "../shared/js/model.js";
import { runner } from "../shared/js/network_runner.js";
import { ownPicture } from "../shared/js/own_picture.js";
import { element, pointOn } from "../shared/js/page.js";
import { blankSize } from "../shared/js/picture_form.js";
import { stage } from "../shared/js/stage.js";
import { nextQuestion } from "./asking.js";
import { brush } from "./brush.js";
import { paintedCode } from "./code.js";
import { controls } from "./controls.js";
import { cutPicture } from "./cut_picture.js";
import { easel } from "./easel.js";
import { layoutOf, rowAt } from "./layout.js";
import { pasteSource } from "./paste_source.js";
import { painter } from "./picture.js";
import { TRAITS, viewer } from "./state.js";
import { sentence } from "./words.js";

function render({ model, el }) {
  const scene = stage({
    model,
    el,
    name: "paint_out",
    label: "PaintOut: parts of a picture painted away, and what a network then takes it for",
    traits: TRAITS,
    draw,
    toKeras: () => paintedCode(look()),
    onReset,
    onEnd,
  });
  const size = () => model.get("_model").size;
  const cut = cutPicture(size, () => model.get("image"));
  const own = ownPicture({
    longest: facts.longest,
    drawing: blankSize(size()),
    current: cut.current,
    keep: (picture) => change({ image: cut.keep(picture), label: null }),
    ask: scene.ask,
    complain: scene.complain,
  });
  const work = easel(facts.grey);
  const runners = [runner(scene.ask), runner(scene.ask)];
  const viewOf = viewer(facts.bars, (which, network, input) => runners[which].run(network, input));
  const hand = brush({ look, easel: work, own, change, ask: scene.ask });
  const source = () => model.get("source");
  const paste = pasteSource({ size, longest: facts.longest, source, change, complain: scene.complain });
  const page = controls(facts, {
    change,
    undo: () => act(work.undo),
    clear: () => act(work.clear),
    otherFile: paste.file,
    picture: hand.listeners,
    source: paste.listeners,
    bars: { onclick: chooseBar },
  });
  const paint = painter(page.canvases);
  const themeFor = remember((theme) => ({ ...theme, faint: page.faint() }));
  const liveFor = remember((image, _kept) => cut.live(image));
  const changed = changes();

  function look() {
    const traits = /** @type {import("./state.js").Traits} */ (read(model, TRAITS));
    work.follow(traits.image, traits._painted);
    const live = liveFor(own.image(), traits.image);
    const alone = Boolean(model.kernelless);
    return viewOf(traits, { live, drawing: own.isDrawing(), pointed: hand.pointed(), alone, easel: work.now() });
  }

  function draw() {
    let view = look();
    if (askPython(view)) view = look();
    const layout = layoutOf(view, scene.width);
    page.draw(view, layout);
    own.draw();
    paint(view, layout, themeFor(scene.theme));
    const text = sentence(view);
    if (changed("words", text, view.pointed)) scene.say(text, () => page.describe(view));
    const { before, now, current, share, asked, waiting, layer, bytes, easel: state, _asked: question } = view;
    // how far things have gone, which no way back leads to
    Object.assign(scene.root.dataset, { number: state.number, questions: question.number });
    return { before, now, current, share, asked, waiting, layer: layer?.values ?? null, bytes };
  }

  /** Asks Python for what is missing, if it owes no answer. */
  function askPython(view) {
    const { _asked: asked, _answer: answer, inBrowser, easel: state, alone, layerKey } = view;
    const wanted = view.needsLayer ? layerKey : null;
    const question = nextQuestion({ asked, answer, inBrowser, easel: state, wanted, alone });
    if (!question) return false;
    write(model, { ...(state.kept ? {} : { _painted: work.kept() }), _asked: question });
    return true;
  }

  function change(traits) {
    write(model, traits);
    scene.ask();
  }

  function act(step) {
    step();
    scene.ask();
  }

  function chooseBar(event) {
    const { shown } = look();
    const row = rowAt(shown.length, pointOn(event).y);
    if (row >= 0) change({ label: shown[row] });
  }

  function onReset() {
    own.stop();
    work.restart();
  }

  function onEnd() {
    own.end();
    for (const each of runners) each.end();
  }

  own.dropOn(page.parts);
  const buttons = [...own.buttons, element("span", { class: "dlc-gap" }), scene.buttons];
  return scene.finish(element("div", { class: "dlc-row" }, ...buttons), page.parts, page.note);
}

export default { render };
