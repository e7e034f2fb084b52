/**
 * Asks a network about many examples, for some milliseconds of each frame, so that a slider that moves waits for none
 * of them.
 */
import { forwardInSlices } from "../shared/js/browser_network.js";
import { classOf } from "./classes.js";

const [FIRST, BUDGET] = [3, 8]; // milliseconds of a frame: of the one in which a slider moves, which draws more; of others

/**
 * @typedef {{classes: Int32Array, outputs: Float32Array[], done: number, complete: boolean}} Answers
 *   of the first `done` examples
 *
 * @param {() => void} ask  draws anew: called when there is more to see
 * @returns {{run: (network: import("../shared/js/browser_network.js").Network, inputs: Float32Array[],
 *   threshold: number | null) => Answers, end: () => void}} `run` gives what is known so far; another network or other
 *   examples begin anew
 */
export function examiner(ask) {
  let pass = null;
  let frame = 0;

  function work(budget) {
    const end = performance.now() + budget;
    while (!pass.complete && performance.now() < end) {
      pass.steps ??= forwardInSlices(pass.network, pass.inputs[pass.done], pass.values);
      if (!pass.steps.next().done) continue;
      const output = pass.values[pass.network.output];
      pass.outputs.push(output);
      pass.classes[pass.done] = classOf(output, pass.threshold);
      pass.steps = null;
      pass.values = [];
      pass.done += 1;
      pass.complete = pass.done === pass.inputs.length;
    }
    if (!pass.complete && !frame) frame = requestAnimationFrame(goOn);
  }

  function goOn() {
    frame = 0;
    work(BUDGET);
    ask();
  }

  function run(network, inputs, threshold) {
    if (pass?.network !== network || pass.inputs !== inputs || pass.threshold !== threshold) {
      const classes = new Int32Array(inputs.length);
      pass = { network, inputs, threshold, classes, outputs: [], done: 0, complete: false, steps: null, values: [] };
      work(FIRST);
    }
    return pass;
  }

  return { run, end: () => cancelAnimationFrame(frame) };
}
