"""What fine-tuning gains and what destroys it: the rate, and the mode of batch normalisation.

    python benchmarks/fine_tuning.py --record course/05_pretrained/records/fine_tuning_signs.json

The base is cut behind `--cut`. What comes before it stays frozen, so its maps are computed once for each picture; the
layers behind it and a head that has been trained on frozen features learn on. 20 pictures a class, 96 x 96. Four ways,
each from the same head: a small rate, one 100 times as large, and both modes of batch normalisation at the small one.
Test pictures are used for nothing but the numbers shown.
"""

import argparse
import json
from pathlib import Path

import keras
from keras import layers
from transfer_gap import HEAD_EPOCHS, SIDE, TESTED, chosen

from dlcourse.data import load
from dlcourse.nets.efficientnet import efficientnet_lite0
from dlcourse.nets.pretrained import pretrained

CUTS = ("block4c_add", "block5c_add", "block6d_add")
SMALL = 1e-4
WAYS = {"small": (SMALL, False), "100 times": (100 * SMALL, False), "batch norm trained": (SMALL, True)}


def halves(cut: str) -> tuple[keras.Model, keras.Model]:
    """The bundled network before and behind a layer, without its 1,000 classes."""
    network = efficientnet_lite0((SIDE, SIDE, 3))
    network.set_weights(pretrained().get_weights())
    inputs = keras.Input((None, None, 3))
    maps = network.get_layer(cut).output
    lower = keras.Model(network.input, maps)
    return (
        keras.Model(inputs, lower(layers.Resizing(SIDE, SIDE)(inputs), training=False)),
        keras.Model(maps, network.get_layer("avg_pool").output),
    )


def main() -> None:
    """Measure, print, keep the record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="signs", choices=["signs", "sign_digits"])
    parser.add_argument("--cut", default="block5c_add", choices=CUTS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--per-class", type=int, default=20)
    parser.add_argument("--record", type=Path, help="JSON file for the numbers")
    arguments = parser.parse_args()

    data = load(arguments.data, "small" if arguments.data == "signs" else "full")
    classes = len(data.classes)
    y_test = data.test.y[:TESTED]
    lower, upper = halves(arguments.cut)
    original = upper.get_weights()
    maps_test = lower.predict(data.test.x[:TESTED], batch_size=64, verbose=0)
    runs = []
    for seed in arguments.seeds:
        few = chosen(data.train.y, arguments.per_class, seed)
        y = data.train.y[few]
        maps = lower.predict(data.train.x[few], batch_size=64, verbose=0)
        upper.set_weights(original)
        keras.utils.set_random_seed(seed)
        head = keras.Sequential([keras.Input((1280,)), layers.Dense(classes, activation="softmax")])
        head.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
        head.fit(upper.predict(maps, verbose=0), y, batch_size=32, epochs=HEAD_EPOCHS, verbose=0)
        first = head.get_weights()
        frozen = head.evaluate(upper.predict(maps_test, verbose=0), y_test, verbose=0)[1]
        run = {"seed": seed, "cut": arguments.cut, "frozen": float(frozen)}
        for way, (rate, normalise) in WAYS.items():
            upper.set_weights(original)
            head.set_weights(first)
            inputs = keras.Input(maps.shape[1:])
            joined = keras.Model(inputs, head(upper(inputs, training=None if normalise else False)))
            joined.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
            keras.utils.set_random_seed(seed)
            joined.fit(maps, y, batch_size=32, epochs=arguments.epochs, verbose=0)
            run[way] = float(joined.evaluate(maps_test, y_test, verbose=0)[1])
        runs.append(run)
        print({key: round(value, 3) if isinstance(value, float) else value for key, value in run.items()}, flush=True)
        if arguments.record:
            arguments.record.parent.mkdir(parents=True, exist_ok=True)
            record = {
                "data": arguments.data,
                "classes": classes,
                "tested": len(y_test),
                "epochs": arguments.epochs,
                "per_class": arguments.per_class,
                "runs": runs,
            }
            arguments.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
