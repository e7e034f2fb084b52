/** What a gradient's way through a network means, in words; the verdict is that of words.py. */
import { percent } from "../shared/js/words.js";
import { sizeInDigits, times } from "./decades.js";

const [TINY, HUGE] = [1e-7, 100];
const SOME = 0.05; // of all units: from there on the dead and the saturated are worth a sentence

/** Whether the first layers learn, and what is wrong with units. @param {import("./rows.js").LayerRow[]} rows */
export function verdict(rows) {
  return `${ofGradient(rows.map(({ gradient }) => gradient).filter(Boolean))}${ofUnits(rows.slice(0, -1))}`;
}

function ofGradient(gradients) {
  if (!gradients.length) return "No layer here is trained.";
  const [first, last] = [gradients[0].mean, gradients[gradients.length - 1].mean];
  if (gradients.some((gradient) => Number.isNaN(gradient.mean))) {
    return "The numbers have exploded: they are too large to compute with.";
  }
  const larger = sizeInDigits(Math.max(first, last));
  if (gradients.every((gradient) => gradient.mean < TINY))
    return `All gradients are tiny, ${larger} and less: no layer learns.`;
  if (first === 0) return "The gradient at the first layer is exactly 0: the first layers do not learn.";
  const ratio = last / first;
  if (ratio >= 10) {
    const means = ratio >= 1000 ? "the first layers do not learn" : "the first layers learn slowly";
    return `The gradient at the first layer is ${times(ratio)} times smaller than at the last: ${means}.`;
  }
  if (ratio <= 0.1) {
    const means = ratio <= 1e-3 ? ": it explodes on its way back" : "";
    return `The gradient at the first layer is ${times(1 / ratio)} times larger than at the last${means}.`;
  }
  if (Math.max(first, last) > HUGE) return `The gradients are huge, ${larger}: a step throws the weights far away.`;
  const sizes = `${sizeInDigits(first)} at the first layer, ${sizeInDigits(last)} at the last`;
  return `The gradient keeps its size: ${sizes}. All layers learn.`;
}

function ofUnits(hidden) {
  const sound = hidden.filter(({ outputs }) => !Number.isNaN(outputs.mean));
  const dead = mean(sound.map((row) => row.dead));
  const saturated = mean(sound.map((row) => row.saturated).filter((share) => !Number.isNaN(share)));
  let sentences = "";
  if (dead >= SOME) sentences += ` ${percent(dead)} of the hidden units are dead: they give 0 for every example.`;
  if (saturated >= SOME)
    sentences += ` ${percent(saturated)} of the hidden units are saturated: they stand at their limit.`;
  return sentences;
}

/** Where a training is. @param {{step: number, loss: number, guess: number, frame: number, frames: number}} now */
export function lossInWords({ step, loss: value, guess, frame, frames }) {
  if (frames) {
    const frameWords = frames > 1 ? ` Frame ${frame + 1} of ${frames}.` : " No training has been recorded yet.";
    return `After ${step} batches the loss is ${sizeInDigits(value)}.${frameWords}`;
  }
  if (!Number.isFinite(value)) return `After ${step} steps the loss is too large to compute with.`;
  const poor = value > 0.95 * guess ? `, no better than guessing (${sizeInDigits(guess)})` : "";
  return `After ${step} step${step === 1 ? "" : "s"} the loss is ${sizeInDigits(value)}${poor}.`;
}

/** One layer closely. */
export function layerInWords(rows, by, at) {
  const { name, outputs, gradient, dead, saturated, units } = rows[at];
  const parts = [`Layer ${name}: its outputs have a mean size of ${sizeInDigits(outputs.mean)}`];
  if (outputs.zero > 0.005) parts.push(`${percent(outputs.zero)} of them are 0`);
  if (gradient) {
    parts.push(`the gradient by its ${by} has ${sizeInDigits(gradient.mean)}`);
    const last = rows.findLast((row) => row.gradient).gradient.mean;
    const ratio = last / gradient.mean;
    if (ratio >= 2) parts.push(`${times(ratio)} times less than at the last layer`);
    else if (ratio <= 0.5) parts.push(`${times(1 / ratio)} times more than at the last layer`);
  } else parts.push("it has no weights to train");
  const part = (share) =>
    units ? `${Math.round(share * units)} of ${units} units are` : `${percent(share)} of its units are`;
  if (dead > 0) parts.push(`${part(dead)} dead (0 for every example)`);
  if (saturated > 0) parts.push(`${part(saturated)} saturated (at their limit for most examples)`);
  return `${parts.join("; ")}.`;
}

function mean(shares) {
  return shares.length ? shares.reduce((sum, share) => sum + share, 0) / shares.length : 0;
}
