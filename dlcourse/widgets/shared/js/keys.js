/** What keys mean. */

/** The way of an arrow key on the screen, in rows and columns: [down, right]. */
export const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
