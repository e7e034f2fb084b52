/** How gates, states and gradients are called and drawn as lines, everywhere alike. */
import { CATEGORIES } from "../shared/js/palette.js";

const [BLUE, ORANGE, GREEN, PINK, SKY, RED] = CATEGORIES;

/** @type {Record<string, {colour: string, dash: number[]}>} */
export const LINES = {
  input: { colour: SKY, dash: [] },
  forget: { colour: ORANGE, dash: [] },
  output: { colour: GREEN, dash: [] },
  update: { colour: ORANGE, dash: [] },
  reset: { colour: GREEN, dash: [] },
  candidate: { colour: PINK, dash: [2, 3] },
  cell: { colour: RED, dash: [7, 4] },
  state: { colour: BLUE, dash: [] },
};

/** @type {Record<string, {colour: string, dash: number[]}>} */
export const GRADIENTS = {
  state: { colour: BLUE, dash: [] },
  cell: { colour: RED, dash: [7, 4] },
  input: { colour: GREEN, dash: [2, 3] },
};
