"""Two trainings that were recorded, for a board that has seen none of its own.

400 digits of MNIST, a network with two hidden layers of 256, once with a dropout of 0.5 after each and once without:

    data = load("mnist")
    x, y = data.train.x[:400].reshape(-1, 784) / 255, data.train.y[:400]
    held = data.test.x.reshape(-1, 784) / 255, data.test.y
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((784,)),
        keras.layers.Dense(256, activation="relu"),
        keras.layers.Dropout(rate),
        keras.layers.Dense(256, activation="relu"),
        keras.layers.Dropout(rate),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=30, batch_size=32, validation_data=held)
"""

from dlcourse.widgets.training_board.runs import Run

# by Keras 3.15.1 on TensorFlow 2.21.0, with both processor cores of a small server
_RECORDED = {
    "dropout 0.5": {
        "accuracy": """.208 .430 .575 .680 .735 .763 .813 .840 .888 .895 .903 .933 .933 .930 .930 .953 .958 .978 .950
            .965 .963 .985 .978 .970 .983 .985 .975 .983 .975 .990""",
        "loss": """2.248 1.746 1.349 1.014 .840 .711 .599 .500 .415 .338 .305 .265 .261 .250 .208 .165 .146 .129 .146
            .108 .115 .081 .093 .083 .078 .071 .082 .064 .095 .049""",
        "val_accuracy": """.593 .664 .759 .785 .822 .826 .844 .856 .857 .855 .859 .870 .873 .872 .874 .871 .876 .880
            .855 .879 .870 .874 .877 .871 .878 .878 .864 .876 .882 .886""",
        "val_loss": """1.867 1.422 1.020 .790 .658 .597 .550 .516 .494 .470 .477 .443 .449 .446 .433 .431 .435 .445 .481
            .440 .463 .452 .454 .464 .460 .485 .496 .480 .442 .452""",
    },
    "no dropout": {
        "accuracy": """.405 .715 .883 .935 .970 .990 .998 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1""",
        "loss": """1.951 .997 .486 .292 .161 .087 .055 .034 .023 .017 .013 .011 .009 .007 .006 .005 .005 .004 .004 .003
            .003 .003 .002 .002 .002 .002 .002 .002 .001 .001""",
        "val_accuracy": """.593 .767 .809 .846 .871 .856 .866 .874 .868 .873 .868 .872 .871 .872 .872 .872 .870 .871
            .870 .870 .870 .870 .870 .870 .870 .870 .870 .871 .870 .871""",
        "val_loss": """1.456 .786 .600 .513 .475 .479 .473 .464 .482 .475 .486 .485 .493 .495 .499 .503 .507 .510 .513
            .516 .519 .522 .525 .527 .530 .532 .534 .537 .539 .541""",
    },
}
_SECONDS = {"dropout 0.5": 9.9, "no dropout": 8.2}


def recorded_runs() -> list[Run]:
    """The two runs, in the order in which they are shown."""
    return [
        Run(
            name,
            planned=30,
            steps=13,
            state="finished",
            epochs=list(range(1, 31)),
            numbers={column: [float(value) for value in values.split()] for column, values in columns.items()},
            seconds=_SECONDS[name],
        )
        for name, columns in _RECORDED.items()
    ]
