/** The plan's rows: a list in which one part is chosen, by the pointer or by keys. */
import { changes } from "../shared/js/memory.js";
import { element, tell } from "../shared/js/page.js";
import { ROW, rowMiddle } from "./layout.js";
import { isGone, partAfter } from "./state.js";
import { mark, partLabel, shapeInWords } from "./words.js";

/** @param {{look: () => import("./state.js").View, choose: (part: number) => void, toggle: () => void}} on */
export function planList({ look, choose, toggle }) {
  const prefix = `dlc-part-${Math.random().toString(36).slice(2)}-`;
  const canvas = element("canvas", { "aria-hidden": "true" });
  const list = element("div", {
    role: "listbox",
    tabindex: 0,
    "aria-label": "Parts of the network",
    onkeydown: pressed,
  });
  const input = element("div", { class: "dlc-ablation-part dlc-faint" }, "the input");
  const rows = element("div", { class: "dlc-ablation-rows" }, input, list);
  const part = element("div", { class: "dlc-ablation-plan dlc-scrolls" }, canvas, rows);
  const changed = changes();
  /** @type {{root: HTMLElement, cut: HTMLElement}[]} */
  let options = [];

  function pressed(event) {
    const to = partAfter(look(), event.key);
    if (to >= 0) choose(to);
    else if (event.key === "Enter" || event.key === " ") toggle();
    else return;
    event.preventDefault();
  }

  function optionOf({ name, kind, shape, kinds }, number) {
    const cut = element("span", { class: "dlc-ablation-mark" });
    const root = element(
      "div",
      { class: "dlc-ablation-part", role: "option", id: prefix + number, onclick: () => choose(number) },
      element("span", { class: "dlc-ablation-name" }, name),
      cut,
      element("span", { class: "dlc-ablation-kind dlc-faint" }, kind),
      element("span", { class: "dlc-ablation-shape dlc-faint" }, shapeInWords(shape)),
    );
    root.classList.toggle("dlc-ablation-fixed", !kinds.length);
    return { root, cut };
  }

  /** @param {import("./state.js").View} view @param {import("./layout.js").Plan} plan @param {number} width */
  function draw({ network: { parts }, cuts, chosen }, { spine }, width) {
    if (changed("parts", parts)) {
      options = parts.map(optionOf);
      list.replaceChildren(...options.map(({ root }) => root));
    }
    part.style.width = `${width}px`;
    rows.style.marginLeft = `${spine + 12}px`;
    if (changed("cuts", parts, cuts)) {
      options.forEach(({ root, cut }, number) => {
        const words = mark(parts[number], cuts, parts);
        tell(cut, words);
        root.classList.toggle("dlc-ablation-cut", words !== "");
        root.classList.toggle("dlc-ablation-gone", isGone(parts[number], cuts));
        root.setAttribute("aria-label", partLabel(parts[number], words));
      });
    }
    if (!changed("chosen", parts, chosen)) return;
    options.forEach(({ root }, number) => {
      root.setAttribute("aria-selected", String(number === chosen));
    });
    list.setAttribute("aria-activedescendant", prefix + chosen);
    const [top, bottom] = [rowMiddle(chosen) - ROW, rowMiddle(chosen) + ROW];
    if (bottom > part.scrollTop + part.clientHeight) part.scrollTop = bottom - part.clientHeight;
    if (top < part.scrollTop) part.scrollTop = Math.max(0, top - ROW / 2);
  }

  return { part, canvas, list, draw };
}
