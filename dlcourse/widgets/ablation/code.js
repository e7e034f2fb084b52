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
  const lines = cuts.every((cut) => isPlain(cut, cuts, parts)) ? kerasLines(cuts, parts) : lensLines(cuts);
  const metrics = measure === "accuracy" ? ', metrics=["accuracy"]' : "";
  return [...lines, `cut.compile(loss=model.loss${metrics})`, "cut.evaluate(x, y)"].join("\n");
}

function isPlain({ layer, kind }, cuts, parts) {
  if (/[/#]/.test(layer) || parts.some(({ name }) => name.startsWith(`${layer}#`))) return false;
  const { kind: type } = parts.find(({ name }) => name === layer);
  return kind !== "input" || type === "Concatenate" || type === "Add";
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
    return [`    if layer.name == ${text(layer)}:  # ${words}`, ...body(own, part).map((line) => `        ${line}`)];
  });
  return [
    "import keras",
    ...(cuts.some(({ kind }) => kind === "unit") ? ["import numpy as np"] : []),
    "",
    "def call(layer, *args, **kwargs):",
    ...blocks,
    "    return layer(*args, **kwargs)",
    "",
    "network = keras.Model(model.inputs, model.outputs)  # a Sequential, too, as a Functional model",
    "cut = keras.models.clone_model(network, clone_function=lambda layer: layer, call_function=call)",
  ];
}

/** What stands in the place of `layer(*args, **kwargs)`. */
function body(cuts, { inputs, units, shape }) {
  const kinds = new Set(cuts.map(({ kind }) => kind));
  const numbers = (kind) => cuts.filter((cut) => cut.kind === kind).map(({ number }) => number);
  if (kinds.has("identity")) return ["return args[0]"];
  if (kinds.has("input")) {
    const left = numbers("input");
    const factors = inputs.map((_, number) => (left.includes(number) ? 0 : 1)).join(", ");
    return [
      "inputs, is_list = keras.tree.flatten(args), len(args) == 1",
      `inputs = [keras.layers.Rescaling(factor)(x) for x, factor in zip(inputs, [${factors}])]`,
      "return layer(inputs, **kwargs) if is_list else layer(*inputs, **kwargs)",
    ];
  }
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
    `scale = np.ones(${units})`,
    `scale[[${numbers("unit").join(", ")}]] = 0`,
    "return keras.layers.Rescaling(scale.tolist())(layer(*args, **kwargs))",
  ];
}

function text(name) {
  return JSON.stringify(name);
}
