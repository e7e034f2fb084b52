/**
 * The state that a widget's views share with Python.
 *
 * @typedef {object} Model  of anywidget, and on an exported page of site/player.js
 * @property {(name: string) => any} get  a trait's value
 * @property {(name: string, value: any) => void} set
 * @property {() => void} save_changes  sends Python what was set
 * @property {(event: string, listener: (...given: any[]) => void) => void} on  "change:NAME", or "msg:custom"
 * @property {(event: string, listener?: (...given: any[]) => void) => void} off
 * @property {(message: any) => void} send  a message that is no trait
 * @property {boolean} [kernelless]  whether nobody answers, as on an exported page
 *
 * @typedef {{model: Model, el: HTMLElement}} View  what a widget's `render` is given: `el` is its place on the page
 */

/**
 * Hands to Python what has changed, and nothing else.
 *
 * @param {Pick<Model, "get" | "set" | "save_changes">} model
 * @param {Record<string, any>} values  by the names of traits
 */
export function write(model, values) {
  const changed = Object.entries(values).filter(([name, value]) => !same(model.get(name), value));
  for (const [name, value] of changed) model.set(name, value);
  if (changed.length) model.save_changes();
}

/**
 * The values that traits have now.
 *
 * @param {{get: (name: string) => any}} model
 * @param {string[]} names
 * @returns {any} by the traits' names
 */
export function read(model, names) {
  return Object.fromEntries(names.map((name) => [name, model.get(name)]));
}

function same(one, other) {
  if (ArrayBuffer.isView(one) || ArrayBuffer.isView(other)) return one === other;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return Object.is(one, other);
  const [names, otherNames] = [Object.keys(one), Object.keys(other)];
  return names.length === otherNames.length && names.every((name) => same(one[name], other[name]));
}
