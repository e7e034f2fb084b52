import { element, tell } from "./page.js";

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
