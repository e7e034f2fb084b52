/**
 * Activation functions with their slopes, as Keras defines them; what each is, is said here once for all widgets.
 *
 * @typedef {{value: (x: number) => number, slope: (x: number, y: number) => number}} Activation
 *   `slope` is given the output, too, so that it need not be computed twice
 */

/** @type {Record<string, Activation>} by Keras' names; "step" is the perceptron's, which Keras does not have */
export const ACTIVATIONS = {
  linear: { value: (x) => x, slope: () => 1 },
  step: { value: (x) => (x >= 0 ? 1 : 0), slope: () => 0 },
  sigmoid: { value: logistic, slope: (_, y) => y * (1 - y) },
  tanh: { value: Math.tanh, slope: (_, y) => 1 - y * y },
  relu: { value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) },
  leaky_relu: { value: (x) => (x > 0 ? x : LEAK * x), slope: (x) => (x > 0 ? 1 : LEAK) },
  elu: { value: (x) => (x > 0 ? x : Math.expm1(x)), slope: (x, y) => (x > 0 ? 1 : y + 1) },
  selu: {
    value: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
    slope: (x, y) => (x > 0 ? SELU_SCALE : y + SELU_SCALE * SELU_ALPHA),
  },
  softplus: { value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), slope: logistic },
  silu: { value: (x) => x * logistic(x), slope: (x, y) => logistic(x) * (1 - y) + y },
  gelu: { value: (x) => x * normalBelow(x), slope: (x, y) => (x ? y / x : 0.5) + x * normalDensity(x) },
};

const LEAK = 0.2; // Keras' activation "leaky_relu"; its layer LeakyReLU has 0.3
const [SELU_SCALE, SELU_ALPHA] = [1.0507009873554805, 1.6732632423543772];

/** Positive numbers that sum to 1, in the proportions of exp(x); safe for large x. */
export function softmax(values) {
  const largest = Math.max(...values);
  const powers = Array.from(values, (value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

export function logistic(x) {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const power = Math.exp(x);
  return power / (1 + power);
}

function normalDensity(x) {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** The share of a normal distribution that lies below x. */
function normalBelow(x) {
  return (1 + erf(x / Math.SQRT2)) / 2;
}

/** The error function: its series near zero, a continued fraction beyond; exact to 1e-13. */
function erf(x) {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (size + fraction);
  const tail = Math.exp(-x * x) / Math.sqrt(Math.PI) / (size + fraction);
  return Math.sign(x) * (1 - tail);
}
