/**
 * Playground: a small network learns to tell two kinds of points apart.
 *
 * The model's traits and the training, which all views of a widget share, are the state; what one view alone knows
 * (what is pointed at, the brush, which weight is chosen) stays in it and is never written.
 */
import facts from "dlcourse:playground";
import { engineOf } from "../shared/js/engines.js";
import { remember } from "../shared/js/memory.js";
import { read, write } from "../shared/js/model.js";
import { stage } from "../shared/js/stage.js";
import { pace } from "../shared/js/words.js";
import { playgroundCode } from "./code.js";
import { controls } from "./controls.js";
import { networkGestures, planeGestures } from "./gestures.js";
import { layoutOf } from "./layout.js";
import { numberOf } from "./parts.js";
import { painter } from "./picture.js";
import {
  deepened,
  featureToggled,
  newlyStarted,
  played,
  setChosen,
  shownOf,
  startedOver,
  TRAITS,
  UNTOUCHED,
  viewer,
  widened,
} from "./state.js";
import { trainer } from "./trainer.js";
import { brokenWords, sentenceOf } from "./words.js";

const PACE = 900; // milliseconds between two sentences while it trains

function render({ model, el }) {
  const { engine: session, leave } = engineOf(
    model,
    () => trainer(model, facts),
    (engine) => engine.stop(),
  );
  const scene = stage({
    model,
    el,
    name: "playground",
    label: "Playground: a small network learns to tell two kinds of points apart",
    traits: TRAITS,
    draw,
    toKeras: () => playgroundCode({ ...view.traits, frame: view.frame }),
    onReset: () => carryOut({ local: { chosen: null, brush: "look" } }),
    onEnd() {
      session.forget(onTraining);
      leave();
    },
  });
  const viewOf = viewer();
  const layoutFor = remember(layoutOf);
  const paint = painter(facts);
  const mayTell = pace(PACE);

  /** What is on the screen, with what this view alone knows by now. */
  let view = /** @type {import("./state.js").View} */ ({ local: UNTOUCHED });
  let layout = null;

  const room = { viewNow, layout: () => layout, carryOut };
  const parts = controls(facts, scene.buttons, {
    write: (traits) => write(model, traits),
    step: session.step,
    play: act(played),
    startOver: act(startedOver),
    newStart: act(newlyStarted),
    chooseSet: act(setChosen),
    deepen: act(deepened),
    widen: act(widened),
    toggleFeature: act(featureToggled),
    takeBrush: (brush) => carryOut({ local: { brush } }),
    weight: {
      current: () => (view.local.chosen ? numberOf(view.layers, view.local.chosen) : 0),
      change: (value) => view.local.chosen && session.edit(view.local.chosen, value),
    },
    refuse: scene.complain,
    network: networkGestures({ ...room, edit: () => parts.edit(view) }),
    plane: planeGestures({ ...room, most: facts.most, standard: facts.standard }),
  });

  function draw() {
    view = viewOf(read(model, TRAITS), session.snapshot(), view.local);
    layout = layoutFor(scene.width, view.features, view.widths);
    parts.draw(view, layout);
    paint(parts.canvases, view, layout, scene.theme);
    if (mayTell(!view.traits.playing)) scene.say(sentenceOf(view), () => parts.describe(view));
    return shownOf(view);
  }

  /** The view with the traits of this moment: what was written after the last drawing counts, too. */
  function viewNow() {
    return { ...view, traits: read(model, TRAITS) };
  }

  /** Does what a button, a choice or a key means, from a function of the view. */
  function act(meaning) {
    return (...details) => carryOut(meaning(viewNow(), ...details));
  }

  /** @param {import("./state.js").Change} change */
  function carryOut({ local, traits, restart, complaint }) {
    if (complaint !== undefined) scene.complain(complaint);
    if (local) view = { ...view, local: { ...view.local, ...local } };
    if (restart) session.restart(restart);
    if (traits) write(model, traits);
    if (local) scene.ask(); // of all else the model and the training tell
  }

  function onTraining(broken) {
    if (broken) scene.complain(brokenWords(model.get("learning_rate")));
    scene.ask();
  }

  session.listen(onTraining);
  model.on("change:playing", session.wake);
  session.wake();
  return scene.finish(...parts.rows);
}

export default { render };
