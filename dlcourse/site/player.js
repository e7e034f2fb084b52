/**
 * Lets the widgets of a page live without a kernel.
 *
 * nbconvert leaves in the page the state of every widget, and a place for every view of one. A widget of this course is
 * an ES module with `render({ model, el })` in its state (`_esm`), the module format of anywidget
 * (https://anywidget.dev/en/afm/), and computes in the browser, so it needs no more than a model that remembers.
 */
(() => {
  const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
  const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

  const KEPT = "dlcourse: ";

  /** Remembers a widget's state. What it names in `_keeps`, `{as, traits}`, is there again when the page is reopened. */
  class Model {
    #state;
    #changed = new Set();
    #listeners = new Map();

    constructor(state) {
      this.#state = { ...state, ...this.#kept(state) };
    }

    get(name) {
      return this.#state[name];
    }

    set(name, value) {
      if (Object.is(this.#state[name], value)) return;
      this.#state[name] = value;
      this.#changed.add(name);
      this.#tell(`change:${name}`, value);
    }

    /** There is no kernel to save to; the browser keeps what is to be kept, and what listens hears of it. */
    save_changes() {
      if (this.#changed.size) {
        this.#keep();
        this.#tell("change");
      }
      this.#changed.clear();
    }

    on(name, listener) {
      this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
    }

    off(name, listener) {
      const kept = (this.#listeners.get(name) ?? []).filter((one) => listener && one !== listener);
      this.#listeners.set(name, kept);
    }

    send() {}

    #kept({ _keeps: keeps }) {
      try {
        return keeps?.as ? JSON.parse(localStorage.getItem(KEPT + keeps.as)) : null;
      } catch {
        return null; // a browser that keeps nothing, or what is no JSON
      }
    }

    #keep() {
      const keeps = this.#state._keeps;
      if (!keeps?.as || !keeps.traits.some((name) => this.#changed.has(name))) return;
      try {
        const values = Object.fromEntries(keeps.traits.map((name) => [name, this.#state[name]]));
        localStorage.setItem(KEPT + keeps.as, JSON.stringify(values));
      } catch {
        // a browser that keeps nothing: then it is forgotten when the page is closed
      }
    }

    #tell(name, value) {
      for (const listener of this.#listeners.get(name) ?? []) listener(this, value);
    }
  }

  /** A saved state with its bytes put back in their places. */
  function restored({ state, buffers = [] }) {
    for (const { path, data } of buffers) {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const last = path.at(-1);
      path.slice(0, -1).reduce((inside, key) => inside[key], state)[last] = new DataView(bytes.buffer);
    }
    return state;
  }

  const [models, modules] = [new Map(), new Map()];
  let states = {};

  function modelOf(id) {
    if (!models.has(id)) models.set(id, new Model(restored(states[id])));
    return models.get(id);
  }

  function moduleOf(text) {
    if (!modules.has(text)) {
      const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      modules.set(text, import(address));
    }
    return modules.get(text);
  }

  async function show(place) {
    const id = JSON.parse(place.textContent).model_id;
    if (!states[id]) return;
    const model = modelOf(id);
    const style = document.createElement("style");
    style.textContent = model.get("_css") ?? "";
    const el = document.createElement("div");
    place.after(style, el);
    if (!model.get("_esm")) {
      el.textContent = "This part needs a running notebook.";
      return;
    }
    const { default: widget } = await moduleOf(model.get("_esm"));
    const experimental = { invoke: () => Promise.reject(new Error("There is no kernel behind this page.")) };
    await widget.initialize?.({ model, experimental });
    await widget.render?.({ model, el, experimental });
  }

  // the states stand at the very end of the page
  document.addEventListener("DOMContentLoaded", () => {
    states = JSON.parse(document.querySelector(STATE)?.textContent ?? '{"state": {}}').state;
    for (const place of document.querySelectorAll(VIEW)) show(place);
  });
})();
