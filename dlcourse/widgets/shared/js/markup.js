/** The little markup of questions' and answers' texts: `code` and *emphasis*; all else stays as it is written. */

const GLUED = / (?=[%×])|(?<=×) /g; // no line begins with a sign that belongs to the number before it
const MARKED = /`([^`]+)`|\*([^*\s](?:[^*]*[^*\s])?)\*/g;

/**
 * A text in its parts.
 *
 * @param {string} text
 * @returns {{kind: "text" | "code" | "em", text: string}[]}
 */
export function partsOf(text) {
  const parts = [];
  let end = 0;
  const plain = (to) => {
    if (to > end) parts.push({ kind: "text", text: text.slice(end, to).replace(GLUED, "\u00a0") });
  };
  for (const found of text.matchAll(MARKED)) {
    plain(found.index);
    parts.push(found[1] === undefined ? { kind: "em", text: found[2] } : { kind: "code", text: found[1] });
    end = found.index + found[0].length;
  }
  plain(text.length);
  return parts;
}
