"""What the lens `gradient_flow` costs and shows: milliseconds a call, and how far gradients fall in ten layers.

    python benchmarks/gradient_flow_time.py

A call observes 20 sigmoid layers of 64 units with a batch of 256, compiled; at most 10 ms, so that it can be watched
while a network trains. Then ten hidden layers, three seeds: sigmoid (Glorot) falls by at least a million from the last
layer to the first, ReLU (He) by less than ten. Ends with 1 where a mean misses.
"""

import sys
import time

import keras
import numpy as np

from dlcourse import lens

CALLS = 50


def network(depth: int, activation: str, initializer: str) -> keras.Model:
    """Dense layers of 64 units, compiled."""
    hidden = [keras.layers.Dense(64, activation, kernel_initializer=initializer) for _ in range(depth)]
    model = keras.Sequential([keras.Input((64,)), *hidden, keras.layers.Dense(10, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def batch(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """256 random examples and answers."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(256, 64)).astype("float32"), rng.integers(0, 10, 256)


def milliseconds() -> np.ndarray:
    """The time of each call after the first."""
    flow, (x, y) = lens.FlowObserver(network(20, "sigmoid", "glorot_uniform")), batch(0)
    flow(x, y)
    times = []
    for _ in range(CALLS):
        start = time.perf_counter()
        flow(x, y)
        times.append(1e3 * (time.perf_counter() - start))
    return np.array(times)


def fall(activation: str, initializer: str, seed: int) -> float:
    """The last layer's gradient over the first's, ten hidden layers."""
    keras.utils.set_random_seed(seed)
    rows = [row.gradient for row in lens.gradient_flow(network(10, activation, initializer), *batch(seed))]
    known = [row for row in rows if row is not None]
    return known[-1] / known[0]


def main() -> int:
    """Measure and print."""
    times = milliseconds()
    print(
        f"20 layers, batch 256, {keras.backend.backend()}: best {times.min():.1f} ms, median {np.median(times):.1f} ms"
    )
    sigmoid = [fall("sigmoid", "glorot_uniform", seed) for seed in range(3)]
    relu = [fall("relu", "he_normal", seed) for seed in range(3)]
    print("last over first gradient, ten hidden layers, three seeds")
    print("  sigmoid, Glorot ", "  ".join(f"{ratio:.1e}" for ratio in sigmoid))
    print("  ReLU, He        ", "  ".join(f"{ratio:.1f}" for ratio in relu))
    return int(np.median(times) > 10 or np.mean(sigmoid) < 1e6 or np.mean(relu) > 10)


if __name__ == "__main__":
    sys.exit(main())
