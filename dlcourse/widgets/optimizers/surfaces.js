/**
 * Surfaces to walk down on, with their slopes; Python has the same.
 *
 * @type {Record<string, import("./descent.js").Surface>}
 */
export const SURFACES = {
  bowl: { value: (x, y) => x * x + y * y, slope: (x, y) => [2 * x, 2 * y] },
  "long valley": { value: (x, y) => 0.1 * x * x + 4 * y * y, slope: (x, y) => [0.2 * x, 8 * y] },
  "narrow valley": { value: (x, y) => 0.01 * x * x + 4 * y * y, slope: (x, y) => [0.02 * x, 8 * y] },
  banana: {
    value: (x, y) => 0.3 * (1 - x) ** 2 + 2 * (y - 0.5 * x * x) ** 2,
    slope: (x, y) => [-0.6 * (1 - x) - 4 * x * (y - 0.5 * x * x), 4 * (y - 0.5 * x * x)],
  },
  saddle: {
    value: (x, y) => x * x - y * y + 0.15 * y ** 4 + 2,
    slope: (x, y) => [2 * x, -2 * y + 0.6 * y ** 3],
  },
  "two basins": {
    value: (x, y) => 0.25 * x ** 4 - x * x + 0.4 * x + 0.8 * y * y + 1.8,
    slope: (x, y) => [x ** 3 - 2 * x + 0.4, 1.6 * y],
  },
  bumps: {
    value: (x, y) => 0.4 * (x * x + y * y) + 1 - Math.cos(3 * x) * Math.cos(3 * y),
    slope: (x, y) => [0.8 * x + 3 * Math.sin(3 * x) * Math.cos(3 * y), 0.8 * y + 3 * Math.cos(3 * x) * Math.sin(3 * y)],
  },
  plateau: {
    value: (x, y) => 1 - Math.exp(-(x * x + y * y) / 1.2) + 0.005 * (x * x + y * y),
    slope(x, y) {
      const steepness = Math.exp(-(x * x + y * y) / 1.2) / 0.6 + 0.01;
      return [x * steepness, y * steepness];
    },
  },
};

/**
 * A surface between the points of a square grid, row by row from the bottom; beyond its rim as at the rim.
 *
 * @param {ArrayLike<number>} grid
 * @param {number} points  along each side
 * @param {number} reach  the grid goes from minus to plus this
 * @returns {import("./descent.js").Surface}
 */
export function gridded(grid, points, reach) {
  const width = (2 * reach) / (points - 1);
  const cell = (at) => {
    const place = (Math.min(Math.max(at, -reach), reach) + reach) / width;
    const before = Math.min(Math.floor(place), points - 2);
    return [before, place - before];
  };
  const corners = (x, y) => {
    const [[column, u], [row, v]] = [cell(x), cell(y)];
    const at = row * points + column;
    return [grid[at], grid[at + 1], grid[at + points], grid[at + points + 1], u, v];
  };
  return {
    value(x, y) {
      if (!Number.isFinite(x + y)) return NaN;
      const [a, b, c, d, u, v] = corners(x, y);
      return a * (1 - u) * (1 - v) + b * u * (1 - v) + c * (1 - u) * v + d * u * v;
    },
    slope(x, y) {
      const [a, b, c, d, u, v] = corners(x, y);
      return [((b - a) * (1 - v) + (d - c) * v) / width, ((c - a) * (1 - u) + (d - b) * u) / width];
    },
  };
}
