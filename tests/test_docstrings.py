"""The examples in docstrings are run and print what they show, numbers nearly; those that show nothing only run.

What an example takes for granted stands in `TAKEN_FOR_GRANTED`: a small classifier of digits and some of its pictures,
a deep network, a widget as it comes. Each is made once, by the first example that asks for it.
"""

import ast
import dataclasses
import doctest
import functools
import importlib
import io
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from notebooks.stored_outputs import difference

from dlcourse.widgets.receptive_field.nodes import stack_nodes

PACKAGE = Path(__file__).parents[1] / "dlcourse"
SLOW = pytest.mark.slow
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def examples():
    """The file of each docstring with examples, the name in it, and the docstring."""
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for name, node in named(ast.parse(text)) if ">>>" in text else ():
            if ">>>" in (docstring := ast.get_docstring(node) or ""):
                yield path, name, docstring


def named(tree, above=()):
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield ".".join([*above, node.name]), node
            yield from named(node, (*above, node.name))


class Nearly(doctest.OutputChecker):
    """Takes other last digits, as the stored outputs of lessons do; an example that shows nothing says nothing."""

    def __init__(self, tags):
        self.tags = tags

    def check_output(self, want, got, optionflags):
        return not want or super().check_output(want, got, optionflags) or difference(want, got, self.tags) is None


@functools.cache
def digits():
    from dlcourse.data import load

    return load("mnist")


@functools.cache
def classifier():
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    steps = [
        layers.Conv2D(32, 3, activation="relu", name="conv1"),
        layers.MaxPooling2D(name="pool1"),
        layers.Conv2D(32, 3, activation="relu", name="conv2"),
        layers.Conv2D(16, 3, activation="relu", name="conv3"),
        layers.Flatten(),
        layers.Dense(10, "softmax", name="predictions"),
    ]
    model = keras.Sequential([keras.Input((28, 28, 1)), *steps])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(digits().train.x[..., None] / 255, digits().train.y, epochs=2, verbose=0)
    return model


def deep():
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    hidden = [layers.Dense(16, "sigmoid", name=f"dense{number}") for number in range(1, 9)]
    model = keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(1, "sigmoid", name="predictions")])
    model.compile("sgd", "binary_crossentropy")
    return model


def functional():
    import keras
    from keras import layers

    inputs = keras.Input((28, 28, 1))
    maps = layers.Conv2D(8, 3, name="conv2")(layers.AveragePooling2D(2)(layers.Conv2D(4, 3, name="conv1")(inputs)))
    maps = layers.SeparableConv2D(4, 3, depth_multiplier=4, name="separable")(maps)
    model = keras.Model(inputs, layers.Dense(10, "softmax", name="predictions")(layers.Flatten()(maps)))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def scaling():
    """A classifier that tells which pixels it takes."""
    import keras
    from keras import layers

    return keras.Sequential([keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), *classifier().layers])


def points():
    return np.random.default_rng(1).normal(size=(100, 2)).astype("float32")


def nested():
    import keras
    from keras import layers

    backbone = keras.Sequential(
        [keras.Input((26, 26, 8)), layers.Conv2D(4, 3, name="conv1"), layers.ReLU(name="relu")], name="backbone"
    )
    steps = [layers.Conv2D(8, 3, name="conv"), backbone, layers.Dense(10, name="dense")]
    return keras.Sequential([keras.Input((28, 28, 1)), *steps])


def blocks():
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    steps = [layers.Conv2D(4, 3, activation="relu", name=f"block{number}") for number in range(1, 5)]
    return keras.Sequential([keras.Input((40, 60, 3)), *steps])


def photograph(name):
    from dlcourse.data.photos import photo

    return photo(name)[:40, :60, :3] / 255


def forward():
    from dlcourse.lens.forward import forward_of

    return forward_of(classifier(), (1, 28, 28, 1), "score")


@functools.cache
def board():
    """A board that has seen two runs."""
    board, model = widgets().TrainingBoard(), deep()
    for _ in range(2):
        model.fit(DEEP["x"](), DEEP["y"](), validation_split=0.2, epochs=3, verbose=0, callbacks=[board])
    return board


def widgets():
    return importlib.import_module("dlcourse.widgets")


@functools.cache
def watched():
    """A network that is trained while the observer looks, and so is nobody else's."""
    return deep()


def observer():
    return widgets().GradientFlow(watched(), DEEP["x"](), DEEP["y"]())


def widget(module):
    """The widget of the folder in which a module lies, as it comes; in `shared` any."""
    folder = module.__name__.split(".")[2].replace("_", "")
    names = {name.lower(): name for name in widgets().__all__}
    return getattr(widgets(), names.get(folder, "Kernels"))()


THREE_CONVOLUTIONS = [{"kind": "convolution", "kernel": 3, "stride": 1, "padding": "same", "dilation": 1}] * 3
DEEP = {"model": deep, "x": points, "y": lambda: (points().prod(axis=1) > 0).astype("float32")}


def parts():
    return importlib.import_module("dlcourse.lens").parts_of(classifier())


def noise():
    """A step of a model's graph that acts in training alone."""
    keras = importlib.import_module("keras")
    model = keras.Sequential([keras.Input((2,)), keras.layers.GaussianNoise(1.0)])
    return importlib.import_module("dlcourse.lens.graph").graph_of(model).steps[-1]


TAKEN_FOR_GRANTED = {
    "": {
        "model": classifier,
        "images": lambda: digits().test.x[:20, ..., None] / 255,
        "image": lambda: digits().test.x[0, ..., None] / 255,
        "x_test": lambda: digits().test.x[:20, ..., None] / 255,
        "np": lambda: np,
        "keras": lambda: importlib.import_module("keras"),
        "dataclass": lambda: dataclasses.dataclass,
        "labels": lambda: digits().test.y[:20],
        "x": lambda: digits().test.x[:1, ..., None] / 255,
        "y": lambda: digits().test.y[:1],
    },
    "lens/checks.py": {"model": nested},
    "lens/graph.py": {"model": nested},
    "lens/cuts.py": {"part": lambda: parts()[0]},
    "lens/gradients.py": {"model": functional},
    "lens/layer_outputs.py depthwise_outputs": {"model": functional},
    "lens/flow.py": DEEP,
    "lens/surfaces.py": DEEP,
    "lens/style.py": {"model": blocks, "china": lambda: photograph("china"), "canvas": lambda: photograph("grass")},
    "lens/targets.py": {"forward": forward},
    "training.py": DEEP,
    "lens/kept.py": {"graph_of": lambda: importlib.import_module("dlcourse.lens.graph").graph_of},
    "widgets/ablation/words.py": {"parts": parts},
    "widgets/picture_map/__init__.py": {"features": lambda: digits().test.x[:20].reshape(20, -1) / 255},
    "widgets/shared/resting.py": {"step": noise},
    "widgets/shared/module.py": {"PALETTE": dict, "FACTS": dict},
    "widgets/shared/widget.py": {"SIZES": dict, "__file__": lambda: PACKAGE / "widgets/kernels/__init__.py"},
    "widgets/training_board/__init__.py": DEEP | {"board": board},
    "widgets/training_board/runs.py": {"board": board, "run": lambda: board().history[0]},
    "widgets/gradient_flow/__init__.py": DEEP,
    "widgets/gradient_flow/__init__.py GradientFlow.record": {"widget": observer},
    "widgets/gradient_flow/__init__.py GradientFlow.callback": DEEP | {"model": watched, "widget": observer},
    "widgets/gradient_flow/recording.py": {"loss": lambda: 0.7, "rows": lambda: widgets().GradientFlow(depth=3).flow()},
    "widgets/playground/__init__.py": {
        "model": lambda: widgets().Playground().to_keras(),
        "x": lambda: widgets().Playground().split()[0][0],
        "y": lambda: widgets().Playground().split()[0][1],
    },
    "widgets/receptive_field/nodes.py": {
        "LAYERS": lambda: THREE_CONVOLUTIONS,
        "nodes": lambda: stack_nodes(THREE_CONVOLUTIONS, (96, 96))[0],
    },
    "widgets/draw_digit/__init__.py DrawDigit.show_model": {"model": scaling},
    "widgets/feature_maps/__init__.py FeatureMaps.show_model": {"model": scaling},
    "widgets/paint_out/__init__.py PaintOut.show_model": {"model": scaling},
}
# What a training ends at differs from machine to machine: the words are compared, as in cells with the tag `trained`
TRAINED = {"training.py", "lens/attribution.py", "lens/dreaming.py", "lens/fooling.py", "lens/style.py"}
TRAINED |= {
    f"widgets/{file}.py" for file in ("training_board/__init__", "training_board/runs", "gradient_flow/__init__")
}


def needs_keras(docstring):
    return re.search(r">>>.*\b(model|keras|forward|ops|pretrained|record|board|run)\b", docstring) is not None


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A working folder with the package, and a course of one small lesson, and of another one's questions."""
    (tmp_path / "dlcourse").symlink_to(PACKAGE)
    lesson = tmp_path / "course/03_convolutions/01_kernels.ipynb"
    lesson.parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 3.1 Kernels")]), lesson)
    questions = Path("course/02_training/01_loss_and_descent.quiz.yaml")
    (tmp_path / questions).parent.mkdir()
    (tmp_path / questions).symlink_to(PACKAGE.parent / questions)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("path", "name", "docstring"),
    [
        pytest.param(
            path,
            name,
            docstring,
            id=f"{path.relative_to(PACKAGE)} {name}",
            marks=SLOW if needs_keras(docstring) else (),
        )
        for path, name, docstring in examples()
    ],
)
def test_an_example_prints_what_it_shows(path, name, docstring, checkout):
    inside = path.relative_to(PACKAGE)
    module = importlib.import_module(".".join(["dlcourse", *inside.with_suffix("").parts]).removesuffix(".__init__"))
    example = doctest.DocTestParser().get_doctest(docstring, dict(vars(module)), module.__name__, str(path), 0)
    taken = TAKEN_FOR_GRANTED[""] | TAKEN_FOR_GRANTED.get(inside.as_posix(), {})
    taken |= {"widget": functools.partial(widget, module)} | TAKEN_FOR_GRANTED.get(f"{inside.as_posix()} {name}", {})
    source = "".join(step.source for step in example.examples)
    for needed, make in taken.items():
        if re.search(rf"\b{needed}\b", source) and (needed not in vars(module) or needed == "__file__"):
            example.globs[needed] = make()
    report = io.StringIO()
    checker = Nearly({"trained"} if inside.as_posix() in TRAINED else ())
    with np.printoptions(legacy="1.25"):  # a number of NumPy's is shown as a number
        results = doctest.DocTestRunner(checker, optionflags=FLAGS).run(example, out=report.write)
    assert results.attempted > 0
    assert results.failed == 0, report.getvalue()
