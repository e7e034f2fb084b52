/**
 * The sizes of many numbers by decades, as dlcourse/lens/decades.py counts them, and decades in words.
 *
 * @typedef {{mean: number, zero: number, top: number, shares: ArrayLike<number>}} Sizes  `mean`: size; `zero`: share of
 *   exact zeros; `shares`: in each of 24 bins of a quarter of a decade, from `top` downwards
 */
export const PER_DECADE = 4;
export const BINS = 24;
export const ROW = 3 + BINS; // numbers that a Sizes is, where it travels

export const FLOAT32 = 3.4e38; // what Keras' numbers can hold at most

const MOST = 2048; // of so many numbers a histogram is made; the mean is that of all
const WORDS = { 0: "one", 3: "a thousand", 6: "a million", 9: "a billion", 12: "a trillion" };
const PARTS = { 3: "a thousandth", 6: "a millionth", 9: "a billionth", 12: "a trillionth" };
const DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @param {ArrayLike<number>[]} arrays  as one @returns {Sizes} */
export function sizesOf(arrays, limit = MOST) {
  const shares = new Float64Array(BINS);
  let sum = 0;
  let zeros = 0;
  let largest = 0;
  let count = 0;
  for (const values of arrays) {
    count += values.length;
    for (let index = 0; index < values.length; index++) {
      const size = Math.abs(values[index]);
      sum += size;
      if (size === 0) zeros++;
      else if (size > largest) largest = size;
    }
  }
  const [mean, zero] = [sum / count, zeros / count];
  if (!(largest < FLOAT32 && mean < FLOAT32)) return { mean: NaN, zero: 0, top: 0, shares };
  if (largest === 0) return { mean, zero, top: 0, shares };
  const top = Math.floor(PER_DECADE * Math.log10(largest));
  const stride = Math.ceil(count / limit);
  let sampled = 0;
  for (const values of arrays) {
    for (let index = 0; index < values.length; index += stride) {
      sampled++;
      const size = Math.abs(values[index]);
      if (size === 0) continue;
      const bin = top - Math.floor(PER_DECADE * Math.log10(size));
      shares[bin < BINS ? bin : BINS - 1]++;
    }
  }
  for (let bin = 0; bin < BINS; bin++) shares[bin] /= sampled;
  return { mean, zero, top, shares };
}

/** A Sizes from a row of 27 numbers; null where there is none. @returns {Sizes | null} */
export function sizesFrom(numbers, at) {
  if (numbers[at + 1] < 0) return null;
  return { mean: numbers[at], zero: numbers[at + 1], top: numbers[at + 2], shares: numbers.subarray(at + 3, at + ROW) };
}

/** 10⁻¹² */
export function power(decade) {
  if (decade === 0) return "1";
  const digits = String(Math.abs(decade)).replace(/\d/g, (digit) => DIGITS[digit]);
  return `10${decade < 0 ? "⁻" : ""}${digits}`;
}

/** A decade in a word or two, where people have one: "a billionth"; else "". */
export function decadeInWords(decade) {
  return (decade < 0 ? PARTS[-decade] : WORDS[decade]) ?? "";
}

/** How many times, as people say it: 25, 3 thousand, 250 million, 10²⁰. */
export function times(ratio) {
  if (!Number.isFinite(ratio)) return "infinitely many";
  if (ratio >= 1e15) return power(Math.round(Math.log10(ratio)));
  if (ratio < 9.5) return String(Number(ratio.toFixed(1)));
  const rounded = Number(ratio.toPrecision(2));
  for (const decade of [12, 9, 6]) {
    if (rounded >= 10 ** decade) return `${Number((rounded / 10 ** decade).toPrecision(2))} ${WORDS[decade].slice(2)}`;
  }
  return rounded.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A size in a few characters: 0.21, 3·10⁻⁹. */
export function sizeInDigits(size) {
  if (Number.isNaN(size)) return "no number";
  if (size === 0) return "0";
  if (size >= 0.001 && size < 10000) return String(Number(size.toPrecision(2)));
  const [digits, decade] = size.toExponential(1).split("e");
  return `${digits} · ${power(Number(decade))}`;
}
