/**
 * The browser's end of Jupyter's widget protocol, on a page that has nothing but widgets: a model remembers a widget's
 * state, tells Python what the page changes, takes what Python changes, and is seen in as many views as one likes.
 *
 * Python offers `toPython(text)`, which takes one message and brings the messages that Python has for the page. All
 * travel as JSON, bytes in them as base64.
 */
globalThis.barePage = (() => {
  const models = new Map();
  const modules = new Map();
  const styles = new Set();
  const endings = new Map(); // of the views in a place
  let answered = Promise.resolve(); // when Python has answered all that the page has sent

  class Model {
    #id;
    #state;
    #changed = new Set();
    #listeners = new Map();

    constructor(id, state) {
      this.#id = id;
      this.#state = state;
    }

    get(name) {
      return this.#state[name];
    }

    set(name, value) {
      if (Object.is(this.#state[name], value)) return;
      this.#state[name] = value;
      this.#changed.add(name);
      this.tell(`change:${name}`, value);
    }

    save_changes() {
      if (!this.#changed.size) return;
      const state = Object.fromEntries([...this.#changed].map((name) => [name, this.#state[name]]));
      this.#changed.clear();
      post(this.#id, { method: "update", state });
      this.tell("change");
    }

    send(content) {
      post(this.#id, { method: "custom", content });
    }

    /** What Python has changed: all of it is there before anybody hears of it. */
    take(state) {
      Object.assign(this.#state, state);
      for (const [name, value] of Object.entries(state)) this.tell(`change:${name}`, value);
      this.tell("change");
    }

    on(name, listener) {
      this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
    }

    off(name, listener) {
      const remaining = (this.#listeners.get(name) ?? []).filter((known) => listener && known !== listener);
      this.#listeners.set(name, remaining);
    }

    tell(name, value) {
      for (const listener of this.#listeners.get(name) ?? []) listener(this, value);
    }
  }

  /** One message at a time, so that they come in the order in which they were written. */
  function post(id, content) {
    const [paths, buffers] = [[], []];
    const data = withoutBytes(content, [], paths, buffers);
    if (data.state) data.buffer_paths = paths.map((path) => path.slice(1)); // counted from the state
    const text = JSON.stringify({ id, data, buffers });
    answered = answered.then(() => toPython(text)).then(receive);
  }

  /** Takes messages from Python. */
  function receive(text) {
    for (const { id, type, data, buffers } of JSON.parse(text)) {
      const { method, state } = data;
      (data.buffer_paths ?? []).forEach((path, index) => {
        path.slice(0, -1).reduce((inside, key) => inside[key], state)[path.at(-1)] = bytesOf(buffers[index]);
      });
      if (type === "comm_open") models.set(id, new Model(id, state));
      else if (method === "update") models.get(id).take(state);
      else if (method === "custom") models.get(id).tell("msg:custom", data.content);
    }
  }

  /** A value as JSON can hold it; its bytes go into `buffers`, and where they were into `paths`. */
  function withoutBytes(value, path, paths, buffers) {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      const { buffer = value, byteOffset = 0, byteLength } = value;
      paths.push(path);
      buffers.push(btoa(Array.from(new Uint8Array(buffer, byteOffset, byteLength), letter).join("")));
      return null;
    }
    if (value === null || typeof value !== "object") return value;
    const inside = ([key, part]) => [key, withoutBytes(part, [...path, key], paths, buffers)];
    if (Array.isArray(value)) return value.map((part, index) => inside([index, part])[1]);
    return Object.fromEntries(Object.entries(value).map(inside));
  }

  function letter(byte) {
    return String.fromCharCode(byte);
  }

  function bytesOf(text) {
    return new DataView(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)).buffer);
  }

  /** Shows a model in a place, below what is there. */
  async function show(id, place) {
    const model = models.get(id);
    wear(model.get("_css"));
    const el = document.createElement("div");
    document.getElementById(place).append(el);
    const { default: widget } = await moduleOf(model.get("_esm"));
    const end = await widget.render({ model, el });
    endings.set(place, [...(endings.get(place) ?? []), end]);
  }

  function wear(css) {
    if (styles.has(css)) return;
    styles.add(css);
    document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  }

  function moduleOf(text) {
    if (!modules.has(text)) {
      const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      modules.set(text, import(address));
    }
    return modules.get(text);
  }

  /** Takes all views away from a place. */
  function clear(place) {
    for (const end of endings.get(place) ?? []) end?.();
    endings.delete(place);
    document.getElementById(place).replaceChildren();
  }

  /** Takes messages, and waits until Python has heard all that the page has to say, and all is drawn. */
  async function settle(text) {
    receive(text);
    for (let round = 0; round < 3; round++) {
      const awaited = answered;
      await awaited;
      await frame();
      await frame(); // a widget draws at most once a frame: what was asked for in the first is drawn in the second
      if (awaited === answered) return; // a widget that plays may never be silent
    }
  }

  function frame() {
    return new Promise((resolve) => requestAnimationFrame(resolve));
  }

  /** Gives the page other colours, and waits until each view is drawn in them. */
  async function dress(css) {
    const drawings = Array.from(document.querySelectorAll(".dlc"), (root) => nextDrawing(root));
    document.getElementById("theme").textContent = css;
    await Promise.all(drawings);
  }

  function nextDrawing(root) {
    return new Promise((resolve) => root.addEventListener("dlcourse:drawn", resolve, { once: true }));
  }

  return { clear, dress, settle, show };
})();
