/** The network with its parts removed, as code. */
import { cutInWords } from "./words.js";

/**
 * Keras alone where the cuts lie in the model itself; a nested model's layer, or one of several uses of a layer, is
 * found by `dlcourse.lens.without`.
 *
 * @param {import("./state.js").View} view
 */
export function ablatedCode({ network: { parts, measure }, cuts }) {
  if (!cuts.length) return "# Nothing is cut yet: this is your model as it is.\nmodel.evaluate(x, y)";
  const lines = cuts.every((cut) => isPlain(cut, parts)) ? kerasLines(cuts, parts) : lensLines(cuts);
  const metrics = measure === "accuracy" ? ', metrics=["accuracy"]' : "";
  return [...lines, `cut.compile(loss=model.loss${metrics})`, "cut.evaluate(x, y)"].join("\n");
}

/** Whether a layer of that name stands once, and in the model itself. */
function isPlain({ layer }, parts) {
  return !/[/#]/.test(layer) && !parts.some(({ name }) => name.startsWith(`${layer}#`));
}

function lensLines(cuts) {
  const written = cuts.map(({ layer, kind, number }) => {
    const which = ["identity", "zero"].includes(kind) ? "" : `, ${number}`;
    return `    Cut(${text(layer)}, ${text(kind)}${which}),`;
  });
  return ["from dlcourse.lens import Cut, without", "", "cut = without(model, [", ...written, "])"];
}

function kerasLines(cuts, parts) {
  const layers = [...new Set(cuts.map(({ layer }) => layer))];
  const blocks = layers.flatMap((layer) => {
    const own = cuts.filter((cut) => cut.layer === layer);
    const words = own.map((cut) => cutInWords(cut, parts)).join(" and ");
    const part = parts.find(({ name }) => name === layer);
    return [
      `    if layer.name == ${text(layer)}:  # ${words}`,
      ...body(own, part, parts).map((line) => `        ${line}`),
    ];
  });
  return [
    "import keras",
    ...(cuts.some(({ kind }) => kind === "unit") ? ["import numpy as np"] : []),
    "",
    "def call(layer, *args, **kwargs):",
    ...blocks,
    "    return layer(*args, **kwargs)",
    "",
    "network = keras.Model(model.input, model.output)  # a Sequential, too, as a Functional model",
    "cut = keras.models.clone_model(network, clone_function=lambda layer: layer, call_function=call)",
  ];
}

/** What stands in the place of `layer(*args, **kwargs)`. */
function body(cuts, part, parts) {
  const kinds = new Set(cuts.map(({ kind }) => kind));
  const numbers = (kind) => cuts.filter((cut) => cut.kind === kind).map(({ number }) => number);
  if (kinds.has("identity")) return ["return args[0]"];
  if (kinds.has("input")) return inputLines(part, numbers("input"), parts);
  if (kinds.has("zero")) return ["return keras.layers.Rescaling(0.0)(layer(*args, **kwargs))"];
  const before = kinds.has("head")
    ? [
        "whole, layer = layer, type(layer).from_config(layer.get_config())",
        "layer.build_from_config(whole.get_build_config())",
        "weights = whole.get_weights()",
        `weights[-2 if whole.get_config().get("use_bias", True) else -1][[${numbers("head").join(", ")}]] = 0`,
        "layer.set_weights(weights)",
      ]
    : [];
  if (!kinds.has("unit")) return [...before, "return layer(*args, **kwargs)"];
  return [
    ...before,
    `scale = np.ones(${part.units})`,
    `scale[[${numbers("unit").join(", ")}]] = 0`,
    "return keras.layers.Rescaling(scale.tolist())(layer(*args, **kwargs))",
  ];
}

/** Without some of the inputs: left out of a sum, zeros in the place of others. */
function inputLines({ kind, inputs, shape }, left, parts) {
  const stay = inputs.map((_, number) => number).filter((number) => !left.includes(number));
  const fits = (from) => from >= 0 && String(parts[from].shape) === String(shape);
  if (kind === "Add" && inputs.every(fits)) {
    if (stay.length === 1) return [`return keras.tree.flatten(args)[${stay[0]}]`];
    return ["inputs = keras.tree.flatten(args)", `return layer([inputs[n] for n in [${stay.join(", ")}]])`];
  }
  const factors = inputs.map((_, number) => Number(stay.includes(number)).toFixed(1)).join(", ");
  return [
    "inputs, is_list = keras.tree.flatten(args), len(args) == 1",
    `inputs = [keras.layers.Rescaling(factor)(x) for x, factor in zip(inputs, [${factors}])]`,
    "return layer(inputs, **kwargs) if is_list else layer(*inputs, **kwargs)",
  ];
}

function text(name) {
  return JSON.stringify(name);
}
