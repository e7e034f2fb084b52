/** Elements of the page, made and written to. */

/**
 * An element with attributes, listeners ("onclick") and children.
 *
 * What can take the focus keeps JupyterLab's shortcuts away from the keys pressed in it.
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  if (node.tabIndex >= 0) node.setAttribute("data-lm-suppress-shortcuts", "true");
  node.append(...children);
  return node;
}

/** Puts words into an element unless they are there already: the page is laid out anew for every writing. */
export function tell(node, text) {
  if (node.textContent !== text) node.textContent = text;
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
 * Where a pointer is on the element that listens to it: in CSS pixels from its left and top edges, and in shares of its
 * sides.
 *
 * @param {Pick<MouseEvent, "currentTarget" | "clientX" | "clientY">} event
 */
export function pointOn({ currentTarget, clientX, clientY }) {
  const box = /** @type {Element} */ (currentTarget).getBoundingClientRect();
  const [x, y] = [clientX - box.left, clientY - box.top];
  return { x, y, across: x / box.width, down: y / box.height };
}
