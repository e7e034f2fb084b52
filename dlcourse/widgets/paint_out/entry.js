/** PaintOut: parts of a picture painted away, and what a network then takes it for. */

import facts from "dlcourse:paint_out";
import { ARROWS } from "../shared/js/keys.js";
import { changes, remember } from "../shared/js/memory.js";
import { read, write } from "../shared/js/model.js";
import { runner } from "../shared/js/network_runner.js";
import { ownPicture } from "../shared/js/own_picture.js";
import { element, pointOn } from "../shared/js/page.js";
import { blankSize, fittedPicture } from "../shared/js/picture_form.js";
import { fromFile } from "../shared/js/picture_sources.js";
import { stage } from "../shared/js/stage.js";
import { nextQuestion } from "./asking.js";
import { brush } from "./brush.js";
import { paintedCode } from "./code.js";
import { controls } from "./controls.js";
import { easel } from "./easel.js";
import { layoutOf, rowAt } from "./layout.js";
import { painter } from "./picture.js";
import { placeAt, sourceAt, TRAITS, viewer } from "./state.js";
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
  const fittedFor = remember((raw, ...lengths) => fittedPicture(raw, lengths));
  let raw = null; // a picture of the learner's own, before it was cut for the network
  const own = ownPicture({
    longest: facts.longest,
    drawing: blankSize(size()),
    current: () => (raw && fittedFor(raw, ...size()) === model.get("image") ? raw : model.get("image")),
    keep,
    ask: scene.ask,
    complain: scene.complain,
  });
  const work = easel(facts.grey);
  const runners = [runner(scene.ask), runner(scene.ask)];
  const viewOf = viewer(facts.bars, (which, network, input) => runners[which].run(network, input));
  const hand = brush({ look, easel: work, own, change, ask: scene.ask });
  const page = controls(facts, {
    ...Object.fromEntries(
      ["baseline", "brush", "attribution", "attributed", "label", "fade"].map((name) => [
        name,
        (value) => change({ [name]: value }),
      ]),
    ),
    undo: () => act(work.undo),
    clear: () => act(work.clear),
    otherFile,
    sameOther: () => change({ other: null }),
    picture: hand.listeners,
    source: {
      onpointerdown: pointAtSource,
      onpointermove: (event) => event.buttons && pointAtSource(event),
      onkeydown: moveSource,
    },
    bars: { onclick: chooseBar },
  });
  const paint = painter(page.canvases);
  const themeFor = remember((theme) => ({ ...theme, faint: page.faint() }));
  const changed = changes();

  function look() {
    const traits = /** @type {import("./state.js").Traits} */ (read(model, TRAITS));
    work.follow(traits.image, traits._painted);
    const image = own.image();
    const live = image === traits.image || image === raw ? null : fittedFor(image, ...size());
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
    const numbers = { number: state.number, questions: question.number };
    return { before, now, current, share, asked, waiting, layer: layer?.values ?? null, bytes, ...numbers };
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

  /** Takes a picture of the learner's own, with nothing painted on it. */
  function keep(picture) {
    raw = picture;
    change({ image: fittedFor(picture, ...size()), label: null });
  }

  async function otherFile(file) {
    try {
      change({ other: fittedPicture(await fromFile(file, facts.longest), size()) });
      scene.complain("");
    } catch (error) {
      scene.complain(error.message);
    }
  }

  function pointAtSource(event) {
    change(sourceAt(size(), placeAt(size(), pointOn(event))));
  }

  function moveSource(event) {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    const step = event.shiftKey ? 8 : 1;
    change(
      sourceAt(
        size(),
        model.get("source").map((value, axis) => value + way[axis] * step),
      ),
    );
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
