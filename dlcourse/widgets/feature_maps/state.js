/**
 * What there is to see, and what a key, a click or a choice makes of it. Nothing here knows the page.
 *
 * Layer, map and place are the model's traits; what only one view knows (what its pointer is over, what its camera
 * sees) is given beside them and is never written. A transition returns the traits to write.
 *
 * @typedef {import("../shared/js/browser_network.js").Network} Network
 * @typedef {import("../shared/js/pictures.js").Picture} Picture
 * @typedef {import("./making.js").Making} Making
 * @typedef {import("./maps.js").Range} Range
 * @typedef {import("./maps.js").Sizes} Sizes
 * @typedef {import("./receptive_patch.js").Patch} Patch
 * @typedef {[number, number]} Place  a row and a column
 * @typedef {{name: string, layer: string, shape: number[]}} Layer  its name, its class, and the shape of its output
 * @typedef {{number: number, position: Place}} Spot  a map, and a place in it
 *
 * @typedef {object} Described  the network, as Python tells of it
 * @property {string} name
 * @property {string} code  that makes it, where it is not the learner's own
 * @property {Layer[]} layers  the input first
 * @property {Object<string, string[]>} names  of a layer's maps, where they have some
 * @property {Sizes} size  of the picture that goes in
 * @property {number[]} form  the shape in which it goes in
 * @property {number} white  what goes in for white
 * @property {any} network  all of it, to be run here; null where only Python can run it
 * @property {string} why  only Python can
 *
 * @typedef {object} Traits
 * @property {string} layer
 * @property {number} map
 * @property {Place} position
 * @property {Described} described
 * @property {{layer?: string, shape?: number[], values?: DataView}} maps  a layer's output, where Python computes it
 *
 * @typedef {object} Own  what one view alone knows
 * @property {Picture} image  the one that goes in: the model's, the camera's, or one that is being drawn
 * @property {boolean} drawing  whether somebody draws on it
 * @property {Place | null} brush  where in it, with the keyboard
 * @property {Spot | null} pointed  what the pointer is over
 *
 * @typedef {object} View  what one frame shows
 * @property {Described} described
 * @property {Picture} image
 * @property {boolean} drawing
 * @property {Place | null} brush
 * @property {Float32Array} input  the picture as the network gets it
 * @property {Network | null} network
 * @property {Float32Array[]} outputs  of its nodes, as far as they are known
 * @property {number} index  of the layer
 * @property {Layer} layer
 * @property {Float32Array | null} numbers  its output; null while it is on its way
 * @property {Sizes} sizes  of its output: rows, columns and how many maps
 * @property {boolean} units  whether each map is but one number
 * @property {number} pageSize  how many maps are shown at a time
 * @property {number} first  of the maps that are shown
 * @property {number} last  one past the last of them
 * @property {number} map  the chosen one
 * @property {Spot} spot  what is looked at: what the pointer is over, else the chosen map and its place
 * @property {number | null} value  the number there
 * @property {Range | null} range  what the colours of the chosen map reach over; one range for all units
 * @property {number} silent  how many maps are 0 everywhere
 * @property {Patch | null} patch  what of the picture the place sees
 * @property {Making | null} making  how the number of the chosen map is made, where that can be told
 * @property {{map: number, position: Place}} kept  map and place as the model has them, wherever one points
 */
import { clamp } from "../shared/js/bounds.js";
import { networkOf, sizesOf } from "../shared/js/browser_network.js";
import { float32sIn } from "../shared/js/bytes.js";
import { remember } from "../shared/js/memory.js";
import { inputOf } from "../shared/js/picture_form.js";
import { makingOf } from "./making.js";
import { numberAt, rangeOf, silentMaps } from "./maps.js";
import { receptivePatch } from "./receptive_patch.js";

export const TRAITS = ["image", "layer", "map", "position", "_model", "_maps"];
const [MAPS, UNITS] = [64, 400]; // at a time
const BRUSH_STEPS = 40; // of the keyboard's brush along the longer side of a picture
const BRUSH_WIDTHS = 20; // the longer side of a picture over the radius of the brush

/** @returns {Traits} as they are now */
export function read(model) {
  const [layer, map, position] = ["layer", "map", "position"].map((name) => model.get(name));
  return { layer, map, position, described: model.get("_model"), maps: model.get("_maps") };
}

/**
 * Makes views of states, and computes anew only what has changed since the last one.
 *
 * @param {(network: Network, input: Float32Array) => {outputs: Float32Array[]}} run  gives the outputs that are known
 * @returns {(traits: Traits, own: Own) => View}
 */
export function viewer(run) {
  const networkFor = remember((network) => network && networkOf(network));
  const inputFor = remember(inputOf);
  const outputFor = outputReader();
  const detailsFor = detailReader();

  return (traits, { image, drawing, brush, pointed }) => {
    const { described } = traits;
    const position = described.layers.findIndex(({ name }) => name === traits.layer);
    const index = Math.max(position, 0); // the picture, where there is no such layer
    const input = inputFor(image, described);
    const network = networkFor(described.network);
    const outputs = network ? run(network, input).outputs : [];
    const source = { described, input, network, outputs, index, layer: described.layers[index] };
    const output = outputFor(traits, source);
    const page = pageOf(traits, output);
    const spot = spotOf(traits, pointed, page, output);
    return {
      ...{ image, drawing, brush, kept: { map: traits.map, position: traits.position } },
      ...{ ...source, ...output, ...page, spot },
      ...detailsFor(source, output, page, spot),
    };
  };
}

/** Reads the output of a layer: of the network that runs here, or as Python has sent it. */
function outputReader() {
  const unpacked = remember(({ values }) => float32sIn(values));
  const sizesFor = remember(sizesOf);
  return ({ maps }, { described, index, layer, input, network, outputs }) => {
    const fromPython = !network && index > 0 && maps.layer === layer.name;
    const sizes = index === 0 ? described.size : sizesFor(fromPython ? maps : layer);
    const units = sizes[0] * sizes[1] === 1;
    if (fromPython) return { numbers: unpacked(maps), sizes, units };
    if (network) return { numbers: outputs[index] ?? null, sizes, units };
    return { numbers: index === 0 ? input : null, sizes, units };
  };
}

/** The chosen map, and the maps that are shown together with it. */
function pageOf(traits, { sizes: [, , count], units }) {
  const pageSize = units ? UNITS : MAPS;
  const map = clamp(traits.map, 0, count - 1);
  const first = Math.floor(map / pageSize) * pageSize;
  return { map, pageSize, first, last: Math.min(count, first + pageSize) };
}

/**
 * What is looked at. What the pointer was over may be gone, where Python has chosen another layer since.
 *
 * @returns {Spot}
 */
function spotOf(traits, pointed, { map, first, last }, { sizes: [height, width] }) {
  const { number, position } =
    pointed && pointed.number >= first && pointed.number < last ? pointed : { number: map, position: traits.position };
  return { number, position: [clamp(position[0], 0, height - 1), clamp(position[1], 0, width - 1)] };
}

/** Reads what can be said of the place that is looked at, and of the chosen map. */
function detailReader() {
  const rangeFor = remember((numbers, from, step) => rangeOf(numbers, { from, step }));
  const silentFor = remember(silentMaps);
  const patchFor = remember((network, index, row, column) => receptivePatch(network, index, [row, column]));
  const makingFor = remember((network, outputs, index, map, row, column) =>
    makingOf(network, outputs, index, map, [row, column]),
  );

  return ({ described, network, outputs, index }, { numbers, sizes, units }, { map }, { number, position }) => {
    const patch = network && patchFor(network, index, ...position);
    if (!numbers) return { value: null, range: null, silent: 0, patch, making: null };
    const ofMap = units ? [0, 1] : [map, sizes[2]];
    return {
      value: numberAt(numbers, sizes, number, position),
      range: index === 0 ? { low: 0, high: described.white } : rangeFor(numbers, ...ofMap),
      silent: units ? 0 : silentFor(numbers, sizes[2]),
      patch,
      making: network && index > 0 ? makingFor(network, outputs, index, map, ...position) : null,
    };
  };
}

/**
 * Another layer; the place stays where it is in the picture, as nearly as may be.
 *
 * @param {Pick<View, "described" | "sizes" | "kept">} view
 * @param {number} number  of the layer; the nearest, where there is none
 */
export function layerChosen({ described, sizes: [height, width], kept }, number) {
  const { layers, size } = described;
  const index = clamp(number, 0, layers.length - 1);
  const [rows, columns, count] = index === 0 ? size : sizesOf(layers[index]);
  const [row, column] = kept.position;
  return {
    layer: layers[index].name,
    map: Math.min(kept.map, count - 1),
    position: [
      clamp(Math.floor(((row + 0.5) / height) * rows), 0, rows - 1),
      clamp(Math.floor(((column + 0.5) / width) * columns), 0, columns - 1),
    ],
  };
}

/** The next page of maps, or the one before (-1). */
export function pageTurned({ first, pageSize, sizes: [, , count] }, way) {
  return { map: clamp(first + way * pageSize, 0, count - 1) };
}

/** The map beside the chosen one, or in the row of tiles above or below; at the edge it stays. */
export function mapMoved({ map, sizes: [, , count] }, [down, right], tilesPerRow) {
  const next = map + right + down * tilesPerRow;
  return next >= 0 && next < count ? { map: next } : {};
}

/** The place beside the one that is looked at. */
export function placeMoved({ sizes, spot: { position } }, way) {
  return { position: position.map((value, axis) => clamp(value + way[axis], 0, sizes[axis] - 1)) };
}

/** Where the keyboard's brush begins: in the middle of the picture. @returns {Place} */
export function brushStart({ shape: [height, width] }) {
  return [height / 2, width / 2];
}

/** Where an arrow key takes it. @returns {Place} */
export function brushMoved(brush, way, { shape: [height, width] }) {
  const step = Math.max(height, width) / BRUSH_STEPS;
  return [clamp(brush[0] + way[0] * step, 0, height - 1), clamp(brush[1] + way[1] * step, 0, width - 1)];
}

/** How far a dot of the brush reaches around its middle. */
export function brushRadius({ shape: [height, width] }) {
  return Math.max(height, width) / BRUSH_WIDTHS;
}
