/**
 * FeatureMaps: every layer's maps of a picture, and how each of them is made.
 *
 * Layer, map and place are the state; what the pointer is over, what the camera sees and what is drawn stay in the
 * view.
 */

import facts from "dlcourse:feature_maps";
import { clamp } from "../shared/js/bounds.js";
import { networkOf, sizesOf } from "../shared/js/browser_network.js";
import { float32sIn } from "../shared/js/bytes.js";
import { begin, bitmap, colourBar, density, frame } from "../shared/js/canvas.js";
import { ARROWS } from "../shared/js/keys.js";
import { changes, remember } from "../shared/js/memory.js";
import { write } from "../shared/js/model.js";
import { runner } from "../shared/js/network_runner.js";
import { ownPicture } from "../shared/js/own_picture.js";
import { element, press, tell } from "../shared/js/page.js";
import { brightness, inkOn, WINDOW } from "../shared/js/palette.js";
import { planeOf } from "../shared/js/pictures.js";
import { central, resampled } from "../shared/js/resample.js";
import { stage } from "../shared/js/stage.js";
import { shown } from "../shared/js/words.js";
import { mapCode } from "./code.js";
import { drawMaking, makingHeight, NARROWEST, partsOf } from "./making_picture.js";
import { receptivePatch } from "./map_making.js";
import { greyPicture, placeOf, scaleOf, tileAt, tilePicture, tiling } from "./tiles.js";

const TRAITS = ["image", "layer", "map", "position", "_model", "_maps"];
const NARROW = 620; // CSS pixels: below, picture and maps stand one above the other
const PICTURE = 210; // the picture's width
const TALLEST = 290; // of all maps together
const PAGE = 64; // maps at a time
const UNITS = 400; // units at a time
const DRAWING = 140; // the longer side of an empty picture to draw on

/** A picture as the network gets it: cut to its proportions, scaled, channel beside channel. */
function inputOf(image, { size: [rows, columns, channels], white }) {
  const colours = channels === 1 || image.shape[2] === 1 ? ["grey"] : ["red", "green", "blue"];
  const planes = colours.map((colour) => {
    const plane = planeOf(image, colour);
    return resampled(plane, rows, columns, central(plane.height, plane.width, [rows, columns])).values;
  });
  const values = new Float32Array(rows * columns * channels);
  for (let index = 0; index < values.length; index++) {
    const plane = planes[(index % channels) % planes.length];
    values[index] = plane[Math.floor(index / channels)] * white;
  }
  return values;
}

/** The same as a picture again. */
function pictureOf(input, { size: [height, width, channels], white }) {
  if (channels === 1) return greyPicture({ height, width, values: input }, white);
  const made = bitmap({ height, width, values: new Float32Array(height * width) }, brightness());
  const pen = made.getContext("2d");
  const picture = pen.getImageData(0, 0, width, height);
  for (let index = 0; index < input.length; index++) {
    picture.data[Math.floor(index / 3) * 4 + (index % 3)] = Math.round((input[index] / white) * 255);
  }
  pen.putImageData(picture, 0, 0);
  return made;
}

function render({ model, el }) {
  // setup ---------------------------------------------------------------------------------------------------------

  const scene = stage({
    model,
    el,
    name: "feature_maps",
    label: "FeatureMaps: every layer's maps of a picture, and how each is made",
    traits: TRAITS,
    draw,
    toKeras,
    onReset: () => own.stop(),
    onEnd: () => {
      own.end();
      network.end();
    },
  });
  const { root } = scene;
  const network = runner(scene.ask);
  const own = ownPicture({
    longest: facts.longest,
    drawing: drawingSize(),
    current: () => model.get("image"),
    keep: (image) => write(model, { image }),
    ask: scene.ask,
    complain: scene.complain,
  });

  const strip = { class: "dlc-feature_maps-layers dlc-scrolls", role: "group", "aria-label": "Layers" };
  const layers = element("div", strip);
  const pictureName = element("figcaption");
  const picture = element("canvas", {
    tabindex: -1,
    role: "img",
    onpointerdown: pressedPicture,
    onpointermove: movedOnPicture,
    onpointerup: () => releasedPicture(),
    onpointercancel: () => releasedPicture(),
    onkeydown: keyOnPicture,
  });
  const pictureHint = element("div", { class: "dlc-faint dlc-feature_maps-hint" });
  const title = element("span");
  const before = element("button", { type: "button", onclick: () => turn(-1) }, "‹");
  const after = element("button", { type: "button", onclick: () => turn(1) }, "›");
  const page = element("span", { class: "dlc-faint" });
  const pager = element("span", { class: "dlc-row" }, before, page, after);
  const tiles = element("canvas", {
    tabindex: 0,
    role: "application",
    "aria-label":
      "The maps of the layer. Arrow keys choose a map, with Shift they move the place in it; " +
      "the line below says what is there",
    onkeydown: keyOnTiles,
    onpointermove: pointing,
    onpointerleave: leave,
    onpointerdown: pressedTile,
  });
  const [low, high] = [element("span"), element("span")];
  const bar = element("canvas", { "aria-hidden": "true" });
  const legend = element("span", { class: "dlc-faint" });
  const makingTitle = element("b");
  const making = element("canvas", { role: "img" });
  const makingPart = element(
    "div",
    { class: "dlc-feature_maps-making" },
    makingTitle,
    element("div", { class: "dlc-scrolls" }, making),
  );
  const why = element("div", { class: "dlc-faint" });
  const parts = element(
    "div",
    { class: "dlc-feature_maps-parts" },
    element("figure", {}, pictureName, picture, pictureHint),
    element(
      "figure",
      { class: "dlc-feature_maps-maps" },
      element("figcaption", {}, title, pager),
      tiles,
      element("div", { class: "dlc-feature_maps-legend" }, low, bar, high, legend),
    ),
  );

  // state ---------------------------------------------------------------------------------------------------------

  let pointed = null; // {number, position}: what the pointer is over
  let painting = false;
  let brush = null; // the keyboard's, in the picture's pixels
  let layout = null;
  let perPage = PAGE;
  let pictureScale = 1;

  const changed = changes();
  const networkFor = remember((described) => described && networkOf(described));
  const inputFor = remember(inputOf);
  const inputPicture = remember(pictureOf);
  const fromPython = remember(({ values }) => float32sIn(values));
  const planesFor = remember((values, count, height, width, first, last) =>
    Array.from({ length: last - first }, (_, number) => {
      const plane = { height, width, values: new Float32Array(height * width) };
      for (let at = 0; at < plane.values.length; at++) plane.values[at] = values[at * count + first + number];
      return plane;
    }),
  );
  const picturesFor = remember((planes, isInput, white, unitScale, dark) =>
    planes.map((plane) =>
      isInput ? greyPicture(plane, white) : tilePicture(plane, { dark }, unitScale ?? scaleOf(plane.values, { dark })),
    ),
  );
  const unitScaleFor = remember((values, dark) => scaleOf(values, { dark }));
  const silentIn = remember((values, count) => {
    const alive = new Uint8Array(count);
    for (let index = 0; index < values.length; index++) if (values[index] !== 0) alive[index % count] = 1;
    return count - alive.reduce((sum, one) => sum + one, 0);
  });
  const partsFor = remember((net, outputs, index, channel, dark, width, scale) =>
    partsOf({ network: net, outputs, index, channel, theme: { dark }, width, scale }),
  );
  const inkFor = remember((_) => {
    const style = getComputedStyle(root);
    return { ink: style.color, faint: getComputedStyle(pictureHint).color };
  });

  function drawingSize() {
    const [rows, columns] = model.get("_model").size;
    const share = DRAWING / Math.max(rows, columns);
    return [Math.max(1, Math.round(rows * share)), Math.max(1, Math.round(columns * share))];
  }

  /** Everything that a drawing needs. */
  function look() {
    const told = model.get("_model");
    const image = own.image();
    const name = model.get("layer");
    const index = Math.max(
      0,
      told.layers.findIndex((layer) => layer.name === name),
    );
    const layer = told.layers[index];
    const input = inputFor(image, told);
    const net = networkFor(told.network);
    const maps = model.get("_maps");
    let [outputs, values, shape] = [null, null, layer.shape];
    if (net) {
      ({ outputs } = network.run(net, input));
      values = outputs[index] ?? null;
    } else if (index === 0) values = input;
    else if (maps.layer === name) [values, shape] = [fromPython(maps), maps.shape];
    const [height, width, count] = index === 0 ? told.size : sizesOf({ shape });
    const map = clamp(model.get("map"), 0, count - 1);
    const kept = pointed?.position ?? model.get("position");
    const position = [clamp(kept[0], 0, height - 1), clamp(kept[1], 0, width - 1)];
    const units = height * width === 1;
    perPage = units ? UNITS : PAGE;
    const first = Math.floor(map / perPage) * perPage;
    const last = Math.min(count, first + perPage);
    const shownNow = { map, position, first, last };
    return { told, image, index, layer, input, net, outputs, values, height, width, count, units, ...shownNow };
  }

  function at({ values, width, count }, map, [row, column]) {
    return values[(row * width + column) * count + map];
  }

  function nameOf(told, index, channel, short = true) {
    const layer = told.layers[index];
    const own = told.names[layer.name]?.[channel];
    if (own) return own;
    if (index === 0) return told.size[2] === 3 ? ["red", "green", "blue"][channel] : "the picture";
    const unit = layer.shape.length < 2;
    return `${short ? "" : `${layer.name}, `}${unit ? "unit" : "map"} ${channel}`;
  }

  // drawing -------------------------------------------------------------------------------------------------------

  function draw() {
    const seen = look();
    const beside = scene.width >= NARROW;
    const room = beside ? scene.width - PICTURE - 24 : scene.width;
    drawLayers(seen);
    own.draw();
    drawPicture(seen, beside);
    drawTiles(seen, room);
    const sum = drawMakingOf(seen);
    tell(why, seen.net ? weights(seen) : `${seen.told.why} So its maps are computed in Python.`);
    why.hidden = !why.textContent;
    scene.say(words(seen, sum), () => describe(seen));
    const value = seen.values ? at(seen, pointed?.number ?? seen.map, seen.position) : null;
    root.dataset.value = value ?? "";
    return { layer: seen.layer.name, map: seen.map, position: seen.position, value, values: seen.values };
  }

  function weights({ told, net }) {
    return net.nodes.length && told.network.half ? "The network's weights are rounded to 16 bits here." : "";
  }

  function drawLayers({ told, index }) {
    if (changed("layers", told)) {
      layers.replaceChildren(
        ...told.layers.map(({ name, layer, shape }, number) =>
          element(
            "button",
            { type: "button", onclick: () => chooseLayer(number), onkeydown: keyOnLayers, title: layer },
            element("span", {}, number === 0 ? "picture" : name),
            element("span", { class: "dlc-feature_maps-shape" }, `${layer} ${shape.join("×")}`),
          ),
        ),
      );
    }
    Array.from(layers.children).forEach((button, number) => press(button, number === index));
    if (!changed("layer", told, index)) return;
    const chosen = layers.children[index]; // not scrollIntoView: it would move the whole notebook
    layers.scrollLeft = chosen.offsetLeft - layers.offsetLeft - (layers.clientWidth - chosen.offsetWidth) / 2;
  }

  function drawPicture({ told, image, index, input, net, position, values }, beside) {
    const [rows, columns, channels] = told.size;
    const wide = Math.min(beside ? PICTURE : 300, (PICTURE * columns) / rows, scene.width);
    pictureScale = wide / columns;
    tell(pictureName, `${image.name}, ${rows} × ${columns}${channels === 3 ? ", in colour" : ""}`);
    const hint = own.isDrawing()
      ? "Draw here with the pointer, or with arrow keys and the space bar."
      : "Framed: what the chosen place can see of the picture.";
    tell(pictureHint, net || own.isDrawing() ? hint : "");
    picture.tabIndex = own.isDrawing() ? 0 : -1;
    picture.classList.toggle("dlc-feature_maps-drawn", own.isDrawing());
    const state = [input, wide, index, ...position, own.isDrawing(), brush?.[0], brush?.[1], density(), net, values];
    if (!changed("picture", ...state)) return;
    const pen = begin(picture, wide, rows * pictureScale);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(inputPicture(input, told), 0, 0, wide, rows * pictureScale);
    if (net && !own.isDrawing()) {
      const { top, left, bottom, right } = receptivePatch(net, index, position);
      const [x, y] = [left, top].map((at) => Math.max(at * pictureScale - 1, 2)); // the whole frame stays in sight
      const [endX, endY] = [
        Math.min((right + 1) * pictureScale + 1, wide - 2),
        Math.min((bottom + 1) * pictureScale + 1, rows * pictureScale - 2),
      ];
      frame(pen, x, y, Math.max(endX - x, 4), Math.max(endY - y, 4), WINDOW);
    }
    if (!own.isDrawing() || !brush) return;
    const [x, y] = [(brush[1] / image.shape[1]) * wide, (brush[0] / image.shape[0]) * rows * pictureScale];
    frame(pen, x - 5, y - 5, 10, 10, WINDOW);
  }

  function drawTiles(seen, room) {
    const { layer, count, height, width, first, last, units, values, told, map, index } = seen;
    const kind = units ? (count > 1 ? "units" : "unit") : count > 1 ? "maps" : "map";
    const size = units ? "" : ` of ${height} × ${width}`;
    tell(title, `${index === 0 ? "The picture" : `${layer.name}, ${layer.layer}`}: ${count} ${kind}${size}`);
    pager.hidden = count <= perPage;
    tell(page, `${first}–${last - 1} of ${count}`);
    before.disabled = first === 0;
    after.disabled = last === count;
    layout = tiling({ count: last - first, height, width, room, tallest: TALLEST });
    bar.hidden = low.hidden = high.hidden = legend.hidden = !values;
    const dark = scene.theme.dark;
    const spot = pointed ?? { number: map };
    const state = [values, first, last, room, dark, density(), map, spot.number, ...seen.position];
    if (!changed("tiles", ...state, index)) return;
    const across = (layout.columns - 1) * layout.stepX + layout.wide;
    const pen = begin(tiles, across, Math.max(layout.height, 40));
    if (!values) {
      pen.fillStyle = inkFor(scene.theme).faint;
      pen.font = `13px ${scene.theme.font}`;
      pen.fillText("Python is asked for these maps …", 4, 20);
      return;
    }
    const unitScale = units ? unitScaleFor(values, dark) : null;
    const planes = planesFor(values, count, height, width, first, last);
    const pictures = picturesFor(planes, index === 0, told.white, unitScale, dark);
    pictures.forEach((one, number) => drawTile(pen, one, number, seen));
    drawFrames(pen, seen);
    drawLegend(seen, unitScale);
  }

  function drawTile(pen, one, number, seen) {
    const [x, y] = placeOf(layout, number);
    pen.imageSmoothingEnabled = one.width > layout.wide * 1.5;
    pen.drawImage(one, x, y, layout.wide, layout.tall);
    const { ink, faint } = inkFor(scene.theme);
    pen.textBaseline = "middle";
    if (seen.units) {
      if (layout.wide < 40) return;
      const value = at(seen, seen.first + number, [0, 0]);
      const colour = unitScaleFor(seen.values, scene.theme.dark)(value);
      pen.fillStyle = inkOn(colour);
      pen.font = `11px ${scene.theme.font}`;
      pen.textAlign = "center";
      pen.fillText(shown(value), x + layout.wide / 2, y + layout.tall / 2);
      return;
    }
    const chosen = seen.first + number === seen.map;
    pen.fillStyle = chosen ? ink : faint;
    pen.font = `${chosen ? "600 " : ""}11px ${scene.theme.font}`;
    pen.textAlign = "left";
    const name = seen.told.names[seen.layer.name]?.[seen.first + number] ?? String(seen.first + number);
    const fits = pen.measureText(name).width <= layout.wide;
    pen.fillText(fits ? name : String(seen.first + number), x + 1, y + layout.tall + 10);
  }

  function drawFrames(pen, { map, first, last, height, width, position, units }) {
    if (map >= first && map < last) {
      const [x, y] = placeOf(layout, map - first);
      frame(pen, x + 1.5, y + 1.5, layout.wide - 3, layout.tall - 3, WINDOW);
    }
    if (units) return;
    const number = pointed?.number ?? map;
    const [x, y] = placeOf(layout, number - first);
    const [scaleX, scaleY] = [layout.wide / width, layout.tall / height];
    const side = [Math.max(scaleX, 3), Math.max(scaleY, 3)];
    frame(pen, x + position[1] * scaleX - 1, y + position[0] * scaleY - 1, side[0] + 2, side[1] + 2, WINDOW);
  }

  function drawLegend({ values, count, height, width, first, map, units, index, told, last }, unitScale) {
    const plane = planesFor(values, count, height, width, first, last)[map - first];
    const scale = index === 0 ? brightness() : (unitScale ?? scaleOf(plane.values, scene.theme));
    colourBar(begin(bar, 110, 12), 110, 12, scale, scale.low, scale.high);
    const times = index === 0 ? told.white : 1;
    tell(low, shown(scale.low * times));
    tell(high, shown(scale.high * times));
    const whose = units ? "one scale for all units" : `the scale of map ${map}; each map has its own`;
    tell(legend, scale.low < 0 ? `${whose}; blue is negative` : whose);
  }

  function drawMakingOf(seen) {
    const { net, outputs, index, map, values, position, told, units } = seen;
    const ready = net && values && index > 0 && net.nodes[index].inputs.every((input) => outputs[input]);
    makingPart.hidden = !ready;
    if (!ready) return "";
    const node = net.nodes[index];
    const width = Math.max(scene.width, NARROWEST);
    const place = units ? "" : `, at row ${position[0]}, column ${position[1]}`;
    tell(makingTitle, `How “${nameOf(told, index, map, false)}” is made${place}`);
    const dark = scene.theme.dark;
    const prepared = partsFor(net, outputs, index, map, dark, width, units ? unitScaleFor(values, dark) : undefined);
    const height = makingHeight(node);
    const colours = inkFor(scene.theme);
    const pen = begin(making, width, height);
    const names = (before, channel, short) => nameOf(told, before, channel, short);
    const { line, font } = scene.theme;
    const look = { network: net, outputs, position, ...colours, line, font, theme: scene.theme, nameOf: names };
    return drawMaking(pen, prepared, look);
  }

  function words(seen, sum) {
    const { told, layer, index, count, values, map, position, units, net } = seen;
    if (!values) return `Layer ${layer.name}: its ${count} maps are on their way.`;
    const number = pointed?.number ?? map;
    const value = shown(at(seen, number, position));
    const name = nameOf(told, index, number);
    if (units) return `${layer.name}, ${name}: ${value}.${sum ? ` ${sum}.` : ""}`;
    const where = `${name} at row ${position[0]}, column ${position[1]}`;
    const place = `${index === 0 ? "" : `${layer.name}, `}${where}: ${value}`;
    const said = [number === map && sum ? `${place}; ${sum}.` : `${place}.`];
    if (net && index > 0) said.push(patchInWords(receptivePatch(net, index, position), told.size));
    const silent = silentIn(values, count);
    if (silent) said.push(`${silent} of the ${count} maps ${silent > 1 ? "are" : "is"} 0 everywhere.`);
    return said.join(" ");
  }

  function patchInWords({ top, left, bottom, right }, [rows, columns]) {
    if (bottom - top + 1 === rows && right - left + 1 === columns) return "It sees the whole picture.";
    const of = (first, last, what) => (first === last ? `${what} ${first}` : `${what}s ${first}–${last}`);
    return `It sees ${of(top, bottom, "row")}, ${of(left, right, "column")} of the picture.`;
  }

  /** For screen readers, what the canvases show. */
  function describe({ told, image, index, map }) {
    picture.setAttribute("aria-label", `The picture: ${image.name}, as the network gets it`);
    const name = nameOf(told, index, map, false);
    making.setAttribute("aria-label", `How ${name} is made, in pictures; the line below sums up`);
  }

  function toKeras() {
    const { told, layer, index, map } = look();
    return mapCode({ model: told, layer: layer.name, map, first: index === 0, shape: layer.shape });
  }

  // events --------------------------------------------------------------------------------------------------------

  /** Another layer; the place stays where it is in the picture, as nearly as may be. */
  function chooseLayer(number) {
    const { told, height, width } = look();
    const layer = told.layers[clamp(number, 0, told.layers.length - 1)];
    const [rows, columns, count] = layer === told.layers[0] ? told.size : sizesOf(layer);
    const [row, column] = model.get("position");
    pointed = null;
    write(model, {
      layer: layer.name,
      map: Math.min(model.get("map"), count - 1),
      position: [
        clamp(Math.floor(((row + 0.5) / height) * rows), 0, rows - 1),
        clamp(Math.floor(((column + 0.5) / width) * columns), 0, columns - 1),
      ],
    });
    scene.ask();
  }

  function keyOnLayers(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const buttons = Array.from(layers.children);
    const number = clamp(buttons.indexOf(event.currentTarget) + way, 0, buttons.length - 1);
    layers.children[number].focus();
    chooseLayer(number);
  }

  function turn(way) {
    const { first, count } = look();
    write(model, { map: clamp(first + way * perPage, 0, count - 1) });
    pointed = null;
    scene.ask();
  }

  function keyOnTiles(event) {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    pointed = null;
    const { map, count, height, width, position } = look();
    if (event.shiftKey) {
      const last = [height - 1, width - 1];
      write(model, { position: position.map((value, axis) => clamp(value + way[axis], 0, last[axis])) });
    } else {
      const next = map + way[1] + way[0] * layout.columns;
      if (next >= 0 && next < count) write(model, { map: next });
    }
    scene.ask();
  }

  function under(event) {
    const { first, last, height, width } = look();
    const box = tiles.getBoundingClientRect();
    const found = tileAt(layout, last - first, { height, width }, [event.clientX - box.left, event.clientY - box.top]);
    return found && { ...found, number: found.number + first };
  }

  function pointing(event) {
    pointed = under(event);
    scene.ask();
  }

  function pressedTile(event) {
    const found = under(event);
    if (!found) return;
    write(model, { map: found.number, position: found.position });
    pointed = event.pointerType === "mouse" ? found : null;
    scene.ask();
  }

  function leave() {
    pointed = null;
    scene.ask();
  }

  /** A point of the picture's canvas in the pixels of the picture it was cut from. */
  function inPicture(event) {
    const { told, image } = look();
    const [rows, columns] = told.size;
    const [top, left, tall, wide] = central(image.shape[0], image.shape[1], [rows, columns]);
    const box = picture.getBoundingClientRect();
    const [down, right] = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
    return [top + down * tall, left + right * wide];
  }

  function paint(point) {
    own.paint(point, Math.max(...own.image().shape.slice(0, 2)) / 20);
  }

  function pressedPicture(event) {
    if (!own.isDrawing()) return;
    picture.setPointerCapture(event.pointerId);
    painting = true;
    brush = null;
    paint(inPicture(event));
  }

  function movedOnPicture(event) {
    if (painting) paint(inPicture(event));
  }

  function releasedPicture() {
    if (painting) own.keepDrawing();
    painting = false;
  }

  function keyOnPicture(event) {
    const way = ARROWS[event.key];
    if (!own.isDrawing() || !(way || event.key === " ")) return;
    event.preventDefault();
    const [rows, columns] = own.image().shape;
    brush ??= [rows / 2, columns / 2];
    const step = Math.max(rows, columns) / 40;
    if (way) brush = [0, 1].map((axis) => clamp(brush[axis] + way[axis] * step, 0, [rows, columns][axis] - 1));
    else {
      paint(brush);
      own.keepDrawing();
    }
    scene.ask();
  }

  // wiring --------------------------------------------------------------------------------------------------------

  own.dropOn(parts);
  return scene.finish(
    element("div", { class: "dlc-row" }, ...own.buttons, element("span", { class: "dlc-gap" }), scene.buttons),
    layers,
    parts,
    makingPart,
    why,
  );
}

export default { render };
