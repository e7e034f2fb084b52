/** What is shown with an answer: a figure, a table, or a text. */
import { element } from "../shared/js/page.js";

/**
 * @param {{html: string, picture: string, width: number, alt: string, caption: string, text: string}} exhibit
 *   `picture`: a PNG in base64; `text` stands for what is neither a picture nor HTML
 */
export function exhibitPart({ html, picture, width, alt, caption, text }) {
  const part = element("div", { class: "dlc-answer-exhibit dlc-scrolls" });
  if (picture) {
    const image = element("img", { src: `data:image/png;base64,${picture}`, width, alt });
    part.append(element("figure", {}, image, ...(caption ? [element("figcaption", {}, caption)] : [])));
  } else if (html) part.innerHTML = html;
  else if (text) part.append(element("pre", {}, text));
  part.hidden = !part.hasChildNodes();
  return part;
}
