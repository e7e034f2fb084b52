/** What computes for all views of one widget. */

const engines = new Map(); // from a widget's key to its engine and the number of its views

/**
 * The engine of a widget, made for its first view and forgotten with its last.
 *
 * @template Engine
 * @param {Pick<import("./model.js").Model, "get">} model  `_key` tells which widget it is
 * @param {() => Engine} make
 * @param {(engine: Engine) => void} stop
 * @returns {{engine: Engine, leave: () => void}} `leave` is called when a view is over
 */
export function engineOf(model, make, stop) {
  const key = model.get("_key");
  if (!engines.has(key)) engines.set(key, { engine: make(), views: 0 });
  const entry = engines.get(key);
  entry.views++;
  return {
    engine: entry.engine,
    leave() {
      entry.views--;
      if (entry.views) return;
      stop(entry.engine);
      engines.delete(key);
    },
  };
}
