/**
 * Where things are on the page, in CSS pixels.
 *
 * @typedef {{from: number, to: number, lane: number}} Link  between rows of the plan; -1 is the network's input
 *
 * @typedef {object} Plan
 * @property {Link[]} links
 * @property {number} spine  where the parts' marks stand
 * @property {number} height  of all rows
 *
 * @typedef {{wide: boolean, plan: number, answer: number}} Layout  `plan`, `answer`: how wide they are
 */

const WIDE = 720; // from here on there are two columns
const [PLAN, BETWEEN, ANSWER] = [400, 26, 460]; // the plan's width and the gap beside it; the most that bars take
export const ROW = 26; // the height of a row of the plan
const [LANE, WIDEST_LANES] = [11, 110]; // between links that run side by side; the most that all of them take
const MARGIN = 12;

/** @param {number} width  of the widget @returns {Layout} */
export function layoutOf(width) {
  const wide = width >= WIDE;
  const plan = wide ? PLAN : width;
  return { wide, plan, answer: Math.min(ANSWER, wide ? width - PLAN - BETWEEN : width) };
}

/** @param {{inputs: number[]}[]} parts @returns {Plan} */
export function planOf(parts) {
  const links = lanesOf(parts.map(({ inputs }) => inputs));
  const lanes = Math.max(0, ...links.map(({ lane }) => lane));
  const [spine, apart] = [MARGIN + Math.min(lanes * LANE, WIDEST_LANES), Math.min(LANE, WIDEST_LANES / (lanes || 1))];
  return {
    links: links.map((link) => ({ ...link, lane: link.lane * apart })),
    spine,
    height: (parts.length + 1) * ROW,
  };
}

/**
 * In which lane each link runs: 0 to the next row, others beside it so that none lies on another; look.py finds the
 * same.
 *
 * @param {number[][]} inputs  for each part the parts that it takes
 * @returns {Link[]}
 */
export function lanesOf(inputs) {
  const links = inputs.flatMap((sources, to) => [...new Set(sources)].map((from) => ({ from, to, lane: 0 })));
  links.sort((link, other) => link.to - link.from - (other.to - other.from) || link.from - other.from);
  links.forEach((link, number) => {
    if (link.to === link.from + 1) return;
    link.lane = 1;
    const before = links.slice(0, number);
    const isTaken = ({ lane, from, to }) => lane === link.lane && link.from < to && from < link.to;
    while (before.some(isTaken)) link.lane++;
  });
  return links;
}

/** The middle of a row. */
export function rowMiddle(row) {
  return (row + 1.5) * ROW;
}

/** The part under a point of the plan; -1 for none. */
export function partAt(count, y) {
  const row = Math.floor(y / ROW) - 1;
  return row >= 0 && row < count ? row : -1;
}
