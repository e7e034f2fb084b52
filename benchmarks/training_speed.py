"""How many examples a second six networks train on, in float32 and in mixed precision, on the device at hand.

    python benchmarks/training_speed.py
    KERAS_BACKEND=jax python benchmarks/training_speed.py --json speed.json

Both precisions are measured in one run, the best of several epochs each, so that their ratio can be believed where the
digits depend on the machine. Without a GPU it runs on the CPU and says so; mixed precision is then slower, not faster,
because a CPU has no arithmetic for it.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from dlcourse import nets

EPOCHS = 3  # the first compiles
_RNG = np.random.default_rng(0)


def _pictures(count: int, *shape: int, classes: int = 10) -> tuple[np.ndarray, np.ndarray]:
    return _RNG.random((count, *shape), np.float32), _RNG.integers(0, classes, count)


def _masks(count: int, *shape: int) -> tuple[np.ndarray, np.ndarray]:
    return _RNG.random((count, *shape), np.float32), _RNG.integers(0, 2, (count, *shape[:2]))


def _tokens(count: int, steps: int, vocabulary: int = 64) -> tuple[np.ndarray, np.ndarray]:
    text = _RNG.integers(0, vocabulary, (count, steps + 1))
    return text[:, :-1], text[:, 1:]


def _mlp() -> keras.Model:
    layers = [keras.layers.Flatten(), keras.layers.Dense(128, "relu"), keras.layers.Dense(10, "softmax")]
    return keras.Sequential([keras.Input((28, 28, 1)), *layers])


# name -> network, examples (few enough for seconds on two cores), batch
CASES: dict[str, tuple[Callable[[], keras.Model], tuple[np.ndarray, np.ndarray], int]] = {
    "MLP": (_mlp, _pictures(20_000, 28, 28, 1), 128),
    "LeNet-5": (nets.lenet5, _pictures(8_000, 32, 32, 1), 128),
    "ResNet-20": (lambda: nets.resnet(20), _pictures(1_280, 32, 32, 3), 128),
    "U-Net": (lambda: nets.unet((64, 64, 3), filters=16, depth=3), _masks(256, 64, 64, 3), 32),
    "LSTM": (lambda: nets.recurrent((64,), units=(256,), every_step=True), _tokens(1_024, 64), 64),
    "transformer": (lambda: nets.transformer((64,), causal=True), _tokens(1_024, 64), 64),
}


def examples_per_second(make: Callable[[], keras.Model], data: tuple[np.ndarray, np.ndarray], batch: int) -> float:
    """Train for some epochs; the examples a second of the fastest."""
    model = make()
    model.compile("adam", "sparse_categorical_crossentropy")
    fastest = float("inf")
    for _ in range(EPOCHS):
        start = time.perf_counter()
        model.fit(*data, batch_size=batch, verbose=0)
        fastest = min(fastest, time.perf_counter() - start)
    return len(data[0]) / fastest


def device() -> str:
    """What the backend computes on, in words."""
    backend = keras.backend.backend()
    names = keras.distribution.list_devices("gpu") if backend != "torch" else _torch_gpus()
    return f"{backend} on {', '.join(names)}" if names else f"{backend} on the CPU ({platform.machine()}), no GPU here"


def _torch_gpus() -> list[str]:
    import torch

    return [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]


def main() -> None:
    """Measure, print, and keep the numbers where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    options = parser.parse_args()
    print(f"Keras {keras.__version__}, {device()}; examples a second, best of {EPOCHS} epochs")
    print(f"{'':12} {'float32':>10} {'mixed':>10} {'ratio':>6}")
    mixed = "mixed_bfloat16" if "no GPU" in device() else "mixed_float16"
    measured = {}
    for name, case in CASES.items():
        speeds = {}
        for policy in ("float32", mixed):
            keras.config.set_dtype_policy(policy)
            speeds[policy] = examples_per_second(*case)
        measured[name] = speeds
        print(f"{name:12} {speeds['float32']:10,.0f} {speeds[mixed]:10,.0f} {speeds[mixed] / speeds['float32']:6.2f}")
    keras.config.set_dtype_policy("float32")
    if options.json:
        options.json.write_text(json.dumps({"device": device(), "examples_per_second": measured}, indent=2))


if __name__ == "__main__":
    main()
