/**
 * Runs a network on what is on the screen, for some milliseconds of each frame, so that nothing waits for a large one.
 */
import { forwardInSlices } from "./browser_network.js";

const BUDGET = 8; // milliseconds of a frame

/**
 * @param {() => void} ask  draws anew: called when there is more to see
 * @returns {{run: (network: import("./browser_network.js").Network, input: ArrayLike<number>) => {outputs:
 *   Float32Array[], complete: boolean, input: ArrayLike<number>}, end: () => void}} `run` gives the outputs of a new
 *   input as far as they are known, or, while it is at another one still, the last complete ones
 */
export function runner(ask) {
  let last = null; // what was finished last
  let current = null; // what is being computed
  let requested = null;
  let frame = 0;

  function begin(network, input) {
    const outputs = [];
    current = { network, input, outputs, steps: forwardInSlices(network, input, outputs), complete: false };
    work();
  }

  function work() {
    const end = performance.now() + BUDGET;
    while (current && performance.now() < end) {
      if (!current.steps.next().done) continue;
      current.complete = true;
      last = current;
      current = null;
      const next = requested;
      requested = null;
      if (next && (next.network !== last.network || next.input !== last.input)) return begin(next.network, next.input);
    }
    if (current && !frame) frame = requestAnimationFrame(goOn);
  }

  function goOn() {
    frame = 0;
    if (current) work();
    ask();
  }

  function run(network, input) {
    const of = (pass) => pass && pass.network === network && pass.input === input;
    if (of(last) && !current) return last;
    if (!current) begin(network, input);
    else if (!of(current)) requested = { network, input };
    if (of(last)) return last;
    // of the same network, old numbers are better than none
    if (of(current) && last?.network !== network) return current;
    return last?.network === network ? last : { outputs: [], input, complete: false };
  }

  return { run, end: () => cancelAnimationFrame(frame) };
}
