/** Numbers as a prediction tells them, and as people type them. */

/**
 * A number with its unit, as numbers.py writes it: 2e-6, 61,706, 0.988, 52 %.
 *
 * @param {number} value
 * @param {string} [unit]
 */
export function figure(value, unit = "") {
  return unit ? `${digits(value)} ${unit}` : digits(value);
}

function digits(value) {
  const size = Math.abs(value);
  let text;
  if (size && (size < 1e-3 || size >= 1e12)) {
    const [mantissa, power] = value.toExponential(1).split("e");
    text = `${mantissa.replace(/\.0$/, "")}e${Number(power)}`;
  } else {
    const places = Number.isInteger(value) ? 0 : Math.max(0, 2 - Math.floor(Math.log10(size)));
    const [whole, part = ""] = size.toFixed(places).split(".");
    const rest = part.replace(/0+$/, "");
    text = `${value < 0 ? "-" : ""}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${rest ? `.${rest}` : ""}`;
  }
  return text.replace(/^-/, "−");
}

/**
 * What somebody typed as a number: 0.5, 0,5, 1/4, 60,000, 3e-6, 10^-6, 52 %; null if it is none.
 *
 * @param {string} text
 * @param {string} [unit]  which may be typed, too
 */
export function typedNumber(text, unit = "") {
  let rest = text.trim().replaceAll("−", "-");
  if (unit && rest.endsWith(unit)) rest = rest.slice(0, -unit.length).trim();
  const power = /^(?:(\S+?)\s*[x×*·]\s*)?10\s*(?:\^|\*\*)\s*([-+]?\d+)$/.exec(rest);
  if (power) rest = `${power[1] ?? 1}e${power[2]}`;
  if (/^-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(rest)) rest = rest.replaceAll(",", "");
  const parts = rest.replaceAll(",", ".").split("/");
  if (parts.length > 2 || parts.some((part) => !part.trim())) return null;
  const [above, below = 1] = parts.map(Number);
  const value = above / below;
  return Number.isFinite(value) ? value : null;
}

/** To so many significant digits. */
export function rounded(value, digits) {
  return Number(value.toPrecision(digits));
}
