/** Elements, frames and shared state: what every widget needs of the page. */

/**
 * An element with attributes, listeners ("onclick") and children.
 *
 * What can take the focus keeps JupyterLab's shortcuts away from the keys pressed in it.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  if (made.tabIndex >= 0) made.setAttribute("data-lm-suppress-shortcuts", "true");
  made.append(...children);
  return made;
}

/** A choice from a list. */
export function choice(label, options, chosen) {
  const select = element("select", { onchange: () => chosen(select.value) });
  select.append(...options.map(([value, text]) => element("option", { value }, text)));
  return { line: element("label", {}, label, select), select };
}

/** Puts words into an element unless they are there already: the page is laid out anew for every writing. */
export function tell(made, text) {
  if (made.textContent !== text) made.textContent = text;
}

/** Shows a button as pressed or not. */
export function press(button, pressed) {
  if (button.getAttribute("aria-pressed") !== String(pressed)) button.setAttribute("aria-pressed", String(pressed));
}

/** Puts a value into a control unless it is there already, so that nobody's typing or choosing is disturbed. */
export function show(control, value) {
  if (control.value !== String(value)) control.value = value;
}

/**
 * Draws at most once a frame: at once when asked for the first time, so that no frame passes between a key and its
 * picture, and once more in the next frame when asked again.
 */
export function oncePerFrame(draw) {
  let asked = false;
  let drawn = false;
  let ended = false;
  function run() {
    asked = false;
    if (ended) return;
    drawn = true;
    requestAnimationFrame(() => {
      drawn = false;
    });
    draw();
  }
  return {
    ask() {
      if (asked) return;
      asked = true;
      if (drawn) requestAnimationFrame(run);
      else queueMicrotask(run); // after all that the event at hand still changes
    },
    end: () => {
      ended = true;
    },
  };
}

/**
 * A text of code to read and to copy, folded away at first.
 *
 * @param {string} title  what the button says while it is folded
 * @param {() => string} write  the text
 * @param {() => void} ask  draws the widget anew
 */
export function code(title, write, ask) {
  const button = element("button", { type: "button", "aria-expanded": "false", onclick: toggle }, title);
  const text = element("code");
  const copyButton = element("button", { type: "button", onclick: copy }, "Copy");
  const box = element("div", { class: "dlc-code", hidden: true }, element("pre", {}, text), copyButton);

  function toggle() {
    box.hidden = !box.hidden;
    button.setAttribute("aria-expanded", String(!box.hidden));
    button.textContent = box.hidden ? title : "Hide the code";
    ask();
  }

  function draw() {
    if (box.hidden) return;
    if (text.textContent !== write()) copyButton.textContent = "Copy";
    tell(text, write());
  }

  async function copy() {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text.textContent);
      copyButton.textContent = "Copied";
    } else {
      getSelection().selectAllChildren(text);
      copyButton.textContent = "Selected";
    }
  }

  return { button, box, draw };
}

/** Remembers the last answer, and gives it again while the arguments are the same. */
export function remember(compute) {
  let known = null;
  return (...given) => {
    if (!known || known.given.some((one, index) => !Object.is(one, given[index]))) {
      known = { given, answer: compute(...given) };
    }
    return known.answer;
  };
}

/** Tells whether something is not as it was when last asked under that name, so that it must be drawn anew. */
export function changes() {
  const known = new Map();
  return (name, ...state) => {
    const before = known.get(name);
    if (before && state.every((one, index) => Object.is(one, before[index]))) return false;
    known.set(name, state);
    return true;
  };
}

/** Hands to Python what has changed, and nothing else. */
export function write(model, values) {
  const changed = Object.entries(values).filter(([name, value]) => !same(model.get(name), value));
  for (const [name, value] of changed) model.set(name, value);
  if (changed.length) model.save_changes();
}

function same(one, other) {
  if (ArrayBuffer.isView(one) || ArrayBuffer.isView(other)) return one === other;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return Object.is(one, other);
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return names.length === others.length && names.every((name) => same(one[name], other[name]));
}
