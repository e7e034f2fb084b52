/** PictureMap: pictures laid out by their features, and the nearest neighbours of each. */

import facts from "dlcourse:picture_map";
import { ARROWS } from "../shared/js/keys.js";
import { remember } from "../shared/js/memory.js";
import { read, write } from "../shared/js/model.js";
import { element } from "../shared/js/page.js";
import { stage } from "../shared/js/stage.js";
import { thumbnailer } from "../shared/js/thumbnails.js";
import { choices, legend, lenses, neighbourList, notes } from "./controls.js";
import { mapGestures } from "./gestures.js";
import { layoutOf, pictureAt } from "./layout.js";
import { mapPainter } from "./picture.js";
import { cameraByKey, nextInDirection, showing, TRAITS, viewer, WHOLE } from "./state.js";
import { mapLabel, nameOf, sentence } from "./words.js";

function render({ model, el }) {
  const scene = stage({
    model,
    el,
    name: "picture_map",
    label: "PictureMap: pictures laid out by their features",
    traits: TRAITS,
    draw,
    onReset: () => {
      camera = WHOLE;
    },
  });
  const viewOf = viewer();
  const placed = remember(layoutOf);
  const thumbnails = remember(({ bytes, shape }) => thumbnailer(bytes, shape));
  const look = () => viewOf(read(model, TRAITS));
  const layout = () => placed(look().points, camera, scene.width);
  let camera = WHOLE;
  let drawnPick = -1; // which picture was looked at when the map was drawn

  const canvas = element("canvas", {
    class: "dlc-picture_map-map",
    role: "application",
    tabindex: "0",
    onkeydown: pressed,
    ...mapGestures({
      camera: () => camera,
      layout,
      look: lookThrough,
      pick: (x, y) => pick(under(x, y)),
      over: (x, y) => {
        const index = under(x, y);
        canvas.title = index < 0 ? "" : nameOf(look().mapped, index);
      },
    }),
  });
  const paint = mapPainter(canvas);
  const options = choices(facts.most, {
    method: (method) => {
      camera = WHOLE;
      write(model, { method });
    },
    k: (k) => write(model, { k }),
  });
  const colours = legend();
  const list = neighbourList(pick);
  const small = notes();
  const body = element("div", { class: "dlc-picture_map-body" }, canvas, list.part);

  function lookThrough(next) {
    camera = next;
    scene.ask();
  }

  function under(x, y) {
    const { picked, neighbours } = look();
    return pictureAt(layout(), x, y, [picked, ...neighbours.map(({ index }) => index)]);
  }

  function pick(index) {
    if (index >= 0) write(model, { picked: index });
  }

  function byKey(event) {
    const next = cameraByKey(camera, event);
    if (next) lookThrough(next);
    return Boolean(next);
  }

  function pressed(event) {
    const way = ARROWS[event.key];
    if (byKey(event)) event.preventDefault();
    else if (way) {
      event.preventDefault();
      const { points, picked } = look();
      pick(nextInDirection(points, picked, way));
    }
  }

  function draw() {
    const view = look();
    const thumbnail = thumbnails(view.mapped.pictures);
    if (drawnPick >= 0 && drawnPick !== view.picked) camera = showing(camera, view.points, view.picked);
    drawnPick = view.picked;
    const where = placed(view.points, camera, scene.width);
    body.classList.toggle("dlc-picture_map-wide", where.wide);
    options.draw(view);
    colours.draw(view);
    list.draw(view, thumbnail);
    small.draw(view);
    paint(view, thumbnail, where, scene.theme);
    scene.say(sentence(view), () => canvas.setAttribute("aria-label", mapLabel(view)));
    const { method, picked, k, neighbours, alike, agreement } = view;
    const { xs, ys, side } = where;
    return { method, picked, k, neighbours, alike, agreement, camera, side, xs: Array.from(xs), ys: Array.from(ys) };
  }

  return scene.finish(
    element(
      "div",
      { class: "dlc-row" },
      ...options.lines,
      lenses((key) => byKey({ key })),
      element("span", { class: "dlc-gap" }),
      scene.buttons,
    ),
    colours.part,
    body,
    scene.line,
    ...small.lines,
  );
}

export default { render };
