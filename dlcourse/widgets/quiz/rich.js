import { element } from "../shared/js/page.js";
import { partsOf } from "./markup.js";

/** A text of the questions with its markup, as nodes of the page; nothing in it is ever read as HTML. */
export function rich(text) {
  const nodes = document.createDocumentFragment();
  for (const { kind, text: inside } of partsOf(text))
    nodes.append(kind === "text" ? inside : element(kind, {}, inside));
  return nodes;
}
