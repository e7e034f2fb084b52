/** What one chooses from: the channel, the kernel and how it slides, a layer's filters. */
import { upTo } from "../shared/js/bounds.js";
import { choice } from "../shared/js/controls.js";
import { element, press, show, tell } from "../shared/js/page.js";
import { filterUnder } from "./layout.js";
import { layerNote, stripLabel } from "./words.js";

/**
 * @param {string[]} channels
 * @param {(channel: string) => void} choose
 */
export function channelButtons(channels, choose) {
  const buttons = channels.map((channel) =>
    element("button", { type: "button", onclick: () => choose(channel) }, channel),
  );
  const part = element("span", { class: "dlc-joined", role: "group", "aria-label": "Channel" }, ...buttons);

  function draw({ image, channel }) {
    part.hidden = image.shape[2] === 1;
    for (const button of buttons) press(button, button.textContent === channel);
  }

  return { part, draw };
}

/**
 * @param {{presets: object, sizes: number[], strides: [number, number], dilations: [number, number]}} facts
 * @param {{preset: (name: string) => void, size: (size: number) => void,
 *   spacing: (name: "stride" | "dilation", value: number) => void, padding: (padding: string) => void,
 *   relu: (on: boolean) => void}} choose  what is done with a choice
 */
export function settingsRow({ presets, sizes, strides, dilations }, choose) {
  /** @type {(name: string) => [string, string]} */
  const labelled = (name) => [name, name || "your own"];
  const names = ["", ...Object.keys(presets), "random"].map(labelled);
  const preset = choice("Kernel", names, choose.preset);
  const size = choice(
    "Size",
    sizes.map((side) => [side, `${side} × ${side}`]),
    (side) => choose.size(Number(side)),
  );
  const stride = choice("Stride", upTo(...strides), (value) => choose.spacing("stride", Number(value)));
  const dilation = choice("Dilation", upTo(...dilations), (value) => choose.spacing("dilation", Number(value)));
  /** @type {[string, string][]} */
  const paddings = [
    ["valid", "valid"],
    ["same", "same (zeros)"],
  ];
  const padding = choice("Padding", paddings, choose.padding);
  const relu = element("input", { type: "checkbox", onchange: () => choose.relu(relu.checked) });
  const lines = [preset, size, stride, dilation, padding].map(({ line }) => line);
  const part = element("div", { class: "dlc-row" }, ...lines, element("label", {}, relu, "ReLU"));

  /** @param {import("./state.js").View} view */
  function draw(view) {
    tell(preset.select.options[0], view.layer ? "learned, or your own" : "your own");
    show(preset.select, view.preset);
    show(size.select, view.kernel.length);
    show(stride.select, view.settings.stride);
    show(dilation.select, view.settings.dilation);
    show(padding.select, view.settings.padding);
    relu.checked = view.relu;
  }

  return { part, draw };
}

/** @param {(choice: {filter?: number, input_channel?: number}) => void} choose */
export function layerChoice(choose) {
  const name = element("b");
  const filter = choice("filter", [], (value) => choose({ filter: Number(value) }));
  const channel = choice("input channel", [], (value) => choose({ input_channel: Number(value) }));
  const note = element("span", { class: "dlc-faint" });
  const strip = element("canvas", { role: "img", onclick: clicked });
  const part = element(
    "div",
    { class: "dlc-kernels-layer", hidden: true },
    element("div", { class: "dlc-row" }, name, filter.line, channel.line, note),
    strip,
  );
  let stripLayout = null; // as it was last drawn

  function clicked({ offsetX, offsetY }) {
    const index = filterUnder(stripLayout, [offsetX, offsetY]);
    if (index !== null) choose({ filter: index });
  }

  /**
   * @param {import("./state.js").View} view
   * @param {import("./layout.js").Layout} layout
   */
  function draw(view, layout) {
    const { layer } = view;
    part.hidden = !layer;
    if (!layer) return;
    stripLayout = layout.strip;
    const [, , channels, filters] = layer.shape;
    tell(name, `Layer ${layer.name}`);
    showNumbered(filter.select, filters, view.filter);
    showNumbered(channel.select, channels, view.inputChannel);
    tell(note, layerNote(layer));
    strip.setAttribute("aria-label", stripLabel(filters));
  }

  return { part, strip, draw };
}

/** Shows a number from 0 to below `count` in a list of them. */
function showNumbered(select, count, value) {
  if (select.childElementCount !== count) {
    const numbers = Array.from({ length: count }, (_, index) => index);
    select.replaceChildren(...numbers.map((index) => element("option", { value: index }, index)));
  }
  show(select, value);
}
