import { partsOf } from "./markup.js";
import { element } from "./page.js";

/** A text with its little markup, as nodes of the page; nothing in it is ever read as HTML. */
export function rich(text) {
  const nodes = document.createDocumentFragment();
  for (const { kind, text: inside } of partsOf(text))
    nodes.append(kind === "text" ? inside : element(kind, {}, inside));
  return nodes;
}
