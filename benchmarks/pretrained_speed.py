"""How fast the bundled network is: a picture of 224 × 224 by one compiled call, and features of pictures of 96 × 96.

The call is the one by which `PaintOut` asks a network; beside it stands Keras' own `predict`, which nobody should call
picture by picture. The processor's time, of all cores together, tells on a busy machine what the clock cannot. Ends
with 0 where a picture takes at most 15 ms and 300 pictures a second give their features.

    python benchmarks/pretrained_speed.py
"""

import argparse
import sys
import time
from collections.abc import Callable

import keras
import numpy as np

from dlcourse.data.photos import photo
from dlcourse.lens.layer_outputs import outputs
from dlcourse.nets import efficientnet_lite0, prepare, pretrained

LIMIT, RATE = 15.0, 300.0  # milliseconds a picture, pictures a second
SIDE, BATCH = 96, 32


def milliseconds(run: Callable[[], object], repeats: int) -> tuple[float, float, float]:
    """The median and the shortest time, and the processor's, after two calls that compile."""
    for _ in range(2):
        run()
    times, begun = [], time.process_time()
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return float(np.median(times)), min(times), 1000 * (time.process_time() - begun) / repeats


def features_of(model: keras.Model) -> keras.Model:
    """The same network without its classes, for smaller pictures."""
    smaller = efficientnet_lite0((SIDE, SIDE, 3))
    smaller.set_weights(model.get_weights())
    return keras.Model(smaller.input, smaller.get_layer("avg_pool").output, name="features")


def main() -> int:
    """Measures, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=60)
    options = parser.parse_args()
    model, picture = pretrained(), prepare(photo("cat"))[None]
    pictures = np.repeat(prepare(photo("cat"), SIDE)[None], BATCH, axis=0)
    features = features_of(model)
    cases: dict[str, tuple[Callable[[], object], int]] = {
        "one picture of 224 × 224, compiled": (lambda: outputs(model, picture, "output"), options.repeats),
        "the same by predict": (lambda: model.predict(picture, verbose=0), 10),
        f"features of {BATCH} of {SIDE} × {SIDE}": (
            lambda: outputs(features, pictures, "output"),
            options.repeats // 3,
        ),
    }
    print(f"{'ms':40}{'median':>9}{'best':>9}{'processor':>11}")
    medians = {}
    for name, (run, repeats) in cases.items():
        medians[name], best, processor = milliseconds(run, repeats)
        print(f"{name:40}{medians[name]:9.1f}{best:9.1f}{processor:11.1f}", flush=True)
    one, _, many = medians.values()
    rate = 1000 * BATCH / many
    print(f"\n{one:.1f} ms a picture (at most {LIMIT:.0f}), {rate:.0f} pictures a second (at least {RATE:.0f})")
    return 0 if one <= LIMIT and rate >= RATE else 1


if __name__ == "__main__":
    sys.exit(main())
