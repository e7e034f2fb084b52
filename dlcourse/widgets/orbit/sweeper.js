/**
 * Computes orbits a few milliseconds of each frame, and keeps those that are known: who moves along one sees it at
 * rest, and who comes back to one finds it done.
 */
const BUDGET = 7; // milliseconds of a frame
const KEPT = 12; // orbits

/**
 * @param {() => void} ask  draws anew: called when there is more to see
 * @returns {{sweep: (sources: any[], key: string, begin: () => {sweep: any, steps: Iterator<any>}, busy: boolean) =>
 *   any, end: () => void}} `sweep` gives an orbit as far as it is known. `sources`: what all orbits depend on; `key`:
 *   which one it is; `busy`: whether something else has the frame's time now
 */
export function sweeper(ask) {
  const known = new Map(); // from a key to an orbit and its steps, null when it is done
  let knownFor = [];
  let current = null;
  let frame = 0;

  function work() {
    const end = performance.now() + BUDGET;
    while (current.steps && performance.now() < end) if (current.steps.next().done) current.steps = null;
  }

  function goOn() {
    frame = 0;
    ask();
  }

  function sweep(sources, key, begin, busy) {
    if (sources.some((source, index) => source !== knownFor[index])) {
      known.clear();
      knownFor = sources;
    }
    const isNew = !known.has(key);
    if (isNew) known.set(key, begin());
    current = known.get(key);
    known.delete(key); // the one looked at last goes to the end
    known.set(key, current);
    if (known.size > KEPT) known.delete(known.keys().next().value);
    if (current.steps && !busy && (isNew || !frame)) work(); // once a frame, however often one looks
    if (current.steps && !frame) frame = requestAnimationFrame(goOn);
    return current.sweep;
  }

  return { sweep, end: () => cancelAnimationFrame(frame) };
}
