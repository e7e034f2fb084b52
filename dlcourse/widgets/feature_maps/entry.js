/** FeatureMaps: every layer's maps of a picture, and how each of them is made. */

import facts from "dlcourse:feature_maps";
import { ARROWS } from "../shared/js/keys.js";
import { remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { runner } from "../shared/js/network_runner.js";
import { ownPicture } from "../shared/js/own_picture.js";
import { element, pointOn } from "../shared/js/page.js";
import { blankSize } from "../shared/js/picture_form.js";
import { stage } from "../shared/js/stage.js";
import { pictureBrush } from "./brush.js";
import { mapCode } from "./code.js";
import { controls } from "./controls.js";
import { layoutOf, spotAt } from "./layout.js";
import { painter } from "./picture.js";
import { layerChosen, mapMoved, pageTurned, placeMoved, read, TRAITS, viewer } from "./state.js";
import { sentence } from "./words.js";

function render({ model, el }) {
  const scene = stage({
    model,
    el,
    name: "feature_maps",
    label: "FeatureMaps: every layer's maps of a picture, and how each is made",
    traits: TRAITS,
    draw,
    toKeras: () => mapCode(look()),
    onReset: () => own.stop(),
    onEnd,
  });
  const inputSize = () => model.get("_model").size;
  const own = ownPicture({
    longest: facts.longest,
    drawing: blankSize(inputSize()),
    current: () => model.get("image"),
    keep: (image) => write(model, { image }),
    ask: scene.ask,
    complain: scene.complain,
  });
  const brush = pictureBrush(own, inputSize, scene.ask);
  const network = runner(scene.ask);
  const viewOf = viewer(network.run);
  const page = controls({
    chooseLayer: (number) => change(layerChosen(look(), number)),
    turnPage: (way) => change(pageTurned(look(), way)),
    tiles: { onkeydown: keyOnTiles, onpointermove: pointAt, onpointerleave: () => point(null), onpointerdown: press },
    picture: brush.listeners,
  });
  const paint = painter(page.canvases);
  const inked = remember((theme) => ({ ...theme, ...page.inks() }));
  let pointed = null; // the map and the place that the pointer is over

  function look() {
    const image = own.image();
    return viewOf(read(model), { image, drawing: own.isDrawing(), brush: brush.place(), pointed });
  }

  function draw() {
    const view = look();
    page.draw(view);
    own.draw();
    paint(view, layoutOf(view, scene.width), inked(scene.theme));
    scene.say(sentence(view), () => page.describe(view));
    scene.root.dataset.value = String(view.value ?? "");
    const { layer, map, spot, value, numbers } = view;
    return { layer: layer.name, map, position: spot.position, value, values: numbers };
  }

  function point(spot) {
    pointed = spot;
    scene.ask();
  }

  /** Hands to Python what a learner has chosen; it is looked at wherever the pointer is. */
  function change(traits) {
    write(model, traits);
    point(null);
  }

  function under(event) {
    const view = look();
    const { x, y } = pointOn(event);
    return spotAt(layoutOf(view, scene.width).tiles, view, [x, y]);
  }

  function pointAt(event) {
    point(under(event));
  }

  function press(event) {
    const spot = under(event);
    if (!spot) return;
    change({ map: spot.number, position: spot.position });
    if (event.pointerType === "mouse") point(spot); // a finger leaves no pointer behind
  }

  function keyOnTiles(event) {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    pointed = null; // keys go on from what is chosen
    const view = look();
    change(event.shiftKey ? placeMoved(view, way) : mapMoved(view, way, layoutOf(view, scene.width).tiles.columns));
  }

  function onEnd() {
    own.end();
    network.end();
  }

  own.dropOn(page.parts);
  const buttons = [...own.buttons, element("span", { class: "dlc-gap" }), scene.buttons];
  return scene.finish(
    element("div", { class: "dlc-row" }, ...buttons),
    page.layers,
    page.parts,
    page.making,
    page.note,
  );
}

export default { render };
