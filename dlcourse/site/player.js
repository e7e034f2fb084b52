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

  class Model {
    #state;
    #changed = new Set();
    #listeners = new Map();
    kernelless = true; // for a widget that has questions to Python

    constructor(state) {
      this.#state = Object.assign(state, kept(state._kept));
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

    /** There is no kernel to save to: this browser keeps a learner's answers; what listens for any change hears of it. */
    save_changes() {
      if (this.#changed.size) {
        keep(this.#state);
        this.#tell("change");
      }
      this.#changed.clear();
    }

    on(name, listener) {
      this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
    }

    off(name, listener) {
      const remaining = (this.#listeners.get(name) ?? []).filter((known) => listener && known !== listener);
      this.#listeners.set(name, remaining);
    }

    send() {}

    #tell(name, value) {
      for (const listener of this.#listeners.get(name) ?? []) listener(this, value);
    }
  }

  /** What a learner has answered before: the traits that `_kept` names, under the key of their question. */
  function kept(answer) {
    try {
      return answer && JSON.parse(localStorage.getItem(`dlcourse:${answer.key}`));
    } catch {
      return null; // no storage for this page, or not ours
    }
  }

  function keep(state) {
    if (!state._kept) return;
    const { key, traits } = state._kept;
    const answer = Object.fromEntries(traits.map((name) => [name, state[name]]));
    try {
      localStorage.setItem(`dlcourse:${key}`, JSON.stringify(answer));
    } catch {
      // a browser without room or without storage forgets
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
