"""How long a widget takes from an input event to the painted frame, in JupyterLab in a headless Chromium.

Each row of the table is one control of one widget, moved 60 times by real keys or the real mouse, once with an idle
kernel and once while `model.fit` runs in it; the same picture by `interact` and matplotlib comes last. Two times are
taken of every step, both from the event's own time stamp, so that waiting in the queue counts:

    drawn    until the widget has drawn its new picture
    painted  until the frame after that is over, as the browser's `requestAnimationFrame` plus one task tells; at 60
             frames a second an event waits 8 ms on average, and 17 at most, for the next frame, drawn however fast

For `interact` it is the time until the new picture is in the page and decoded. Steps it never answers count as lost.

    python benchmarks/widget_frame_time.py
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
from playwright.sync_api import Locator, Page, TimeoutError, sync_playwright

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync".split()
)
LONGEST = 3000  # milliseconds to wait for a picture
EVENTS = ("pointermove", "keydown")

FIT = """import keras, numpy as np, threading
model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(16, 3), keras.layers.Flatten(),
                          keras.layers.Dense(10)])
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
x, y = np.random.rand(6000, 28, 28, 1).astype("float32"), np.random.randint(0, 10, 6000)
model.fit(x, y, epochs=1000, verbose=0)"""

INTERACT = """import matplotlib.pyplot as plt, numpy as np
from ipywidgets import IntSlider, interact
from dlcourse.widgets import Kernels
kernels = Kernels()

@interact(weight=IntSlider(0, -100, 100))
def show(weight):
    kernel = np.array(kernels.kernel)
    kernel[1, 1] = weight / 10
    kernels.kernel = kernel
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5))
    left.imshow(kernels.image.plane(), "gray")
    right.imshow(kernels.output(), "coolwarm")
    plt.show()"""


@dataclass
class Row:
    """A control of a widget, and how it is moved by one step."""

    title: str
    code: str
    ready: str
    step: Callable[[Page, Locator, int], None]
    focus: Callable[[Locator], None] = lambda widget: None
    limit: int = (
        16  # milliseconds that 95 of 100 steps may take until drawn, idle; 50 where a network trains or an orbit begins
    )


def _weight_key(page: Page, _: Locator, number: int) -> None:
    page.keyboard.press("ArrowUp" if number % 20 < 10 else "ArrowDown")


def _over_picture(page: Page, widget: Locator, number: int) -> None:
    box = widget.locator("canvas").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60 + 4 * number, box["y"] + 50 + 2 * number)


def _pen_down(widget: Locator) -> None:
    widget.locator("canvas").first.hover(position={"x": 60, "y": 50})
    widget.page.mouse.down()


def _at_the_end_of_a_text(widget: Locator) -> None:
    widget.get_by_label("Text").focus()
    widget.page.keyboard.press("End")


def _first_weight(widget: Locator) -> None:
    network = widget.get_by_role("application").first
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        network.press(key)


KERNELS = "from dlcourse.widgets import Kernels\nKernels()"
STEPS = "from dlcourse.widgets import ConvolutionSteps\nConvolutionSteps()"
PICTURES = """import numpy as np
from dlcourse.widgets import PictureMap
generator = np.random.default_rng(0)
labels = np.arange(500) % 4
features = generator.normal(size=(500, 30)) + np.eye(4)[labels] @ generator.normal(size=(4, 30))
PictureMap(features, generator.integers(0, 256, (500, 64, 64, 3), dtype=np.uint8), labels, method="pca")"""
RECURRENT = """import keras
from dlcourse.widgets import Recurrent
letters = "abcdefghijklmnopqrstuvwxyz"
layer = keras.layers.LSTM(128)
layer.build((None, None, len(letters)))
Recurrent(layer, (3 * letters)[:60], letters)"""
MAIN = {name: f'.dlc-{name} canvas[role="application"]' for name in ("activations", "optimizers")}


def _along(page: Page, widget: Locator, number: int) -> None:
    """Over the picture from left to right."""
    box = widget.get_by_role("application").bounding_box()
    assert box
    page.mouse.move(box["x"] + 60 + 5 * number, box["y"] + 80)


ROWS = [
    Row(
        "Kernels: a weight (whole picture anew)",
        KERNELS,
        ".dlc-kernels canvas",
        _weight_key,
        lambda widget: widget.get_by_label("Weight in row 2, column 2").focus(),
    ),
    Row("Kernels: the window", KERNELS, ".dlc-kernels canvas", _over_picture),
    Row(
        "ConvolutionSteps: the window",
        STEPS,
        ".dlc-convolution_steps canvas",
        lambda page, _, number: page.keyboard.press(("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp")[number % 4]),
        lambda widget: widget.get_by_role("application").focus(),
    ),
    Row(
        "ConvolutionSteps: a weight",
        STEPS,
        ".dlc-convolution_steps canvas",
        _weight_key,
        lambda widget: widget.get_by_label("Weight in row 1, column 1 of input channel 0").focus(),
    ),
    Row(
        "GradientFlow: the number of layers",
        "from dlcourse.widgets import GradientFlow\nGradientFlow()",
        ".dlc-gradient_flow canvas",
        lambda page, _, number: page.keyboard.press("ArrowRight" if number % 10 < 5 else "ArrowLeft"),
        lambda widget: widget.get_by_role("slider", name="Layers").focus(),
        limit=50,
    ),
    Row(
        "ReceptiveField: the unit, small stack",
        "from dlcourse.widgets import ReceptiveField\nReceptiveField()",
        ".dlc-receptive_field canvas",
        _over_picture,
    ),
    Row(
        "ReceptiveField: VGG16, effective field",
        "from dlcourse.widgets import ReceptiveField\nReceptiveField(preset='VGG16', effective=True)",
        ".dlc-receptive_field canvas",
        _over_picture,
    ),
    Row(
        "FeatureMaps: the place in a map",
        "from dlcourse.widgets import FeatureMaps\nFeatureMaps()",
        ".dlc-feature_maps canvas",
        lambda page, _, number: page.keyboard.press("Shift+ArrowRight" if number % 20 < 10 else "Shift+ArrowLeft"),
        lambda widget: widget.get_by_role("application").focus(),
    ),
    Row(
        "FeatureMaps: another map",
        "from dlcourse.widgets import FeatureMaps\nFeatureMaps()",
        ".dlc-feature_maps canvas",
        lambda page, _, number: page.keyboard.press("ArrowRight" if number % 10 < 5 else "ArrowLeft"),
        lambda widget: widget.get_by_role("application").focus(),
    ),
    Row(
        "DrawDigit: a stroke",
        "from dlcourse.widgets import DrawDigit\nDrawDigit()",
        ".dlc-draw_digit canvas",
        _over_picture,
        _pen_down,
    ),
    Row(
        "DrawDigit: a stroke, with a CNN",
        """import keras
from keras import layers
from dlcourse.widgets import DrawDigit
DrawDigit(keras.Sequential([
    keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
    layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10),
]), scale="0 to 1")""",
        ".dlc-draw_digit canvas",
        _over_picture,
        _pen_down,
    ),
    Row(
        "Playground: a weight (every answer anew)",
        "from dlcourse.widgets import Playground\nPlayground()",
        ".dlc-playground canvas",
        _weight_key,
        _first_weight,
    ),
    Row(
        "Playground: an epoch is trained",
        "from dlcourse.widgets import Playground\nPlayground()",
        ".dlc-playground canvas",
        lambda page, _, number: page.keyboard.press("Enter"),
        lambda widget: widget.get_by_role("button", name="One epoch").focus(),
        limit=50,
    ),
    Row(
        "TrainingBoard: the epoch looked at",
        "from dlcourse.widgets import TrainingBoard\nTrainingBoard()",
        ".dlc-training_board canvas",
        lambda page, _, number: page.keyboard.press("ArrowLeft" if number % 40 < 20 else "ArrowRight"),
        lambda widget: widget.get_by_role("application").first.focus(),
    ),
    Row(
        "Augmenter: rotation (16 copies anew)",
        "from dlcourse.widgets import Augmenter\nAugmenter()",
        ".dlc-augmenter canvas",
        lambda page, _, number: page.keyboard.press("ArrowRight" if number % 40 < 20 else "ArrowLeft"),
        lambda widget: widget.get_by_role("slider", name="rotation").focus(),
    ),
    Row(
        "Bits: all layers (3 tensors, 400 digits)",
        "from dlcourse.widgets import Bits\nBits()",
        ".dlc-bits canvas",
        lambda page, _, number: page.keyboard.press("ArrowLeft" if number % 12 < 6 else "ArrowRight"),
        lambda widget: widget.get_by_role("slider", name="Bits of all layers").focus(),
    ),
    Row(
        "Bits: a layer of a CNN",
        """import keras, numpy as np
from keras import layers
from dlcourse.widgets import Bits
Bits(keras.Sequential([
    keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
    layers.Conv2D(64, 3, activation="relu", name="second"), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10),
]), np.random.default_rng(0).uniform(size=(500, 28, 28, 1)))""",
        ".dlc-bits canvas",
        lambda page, _, number: page.keyboard.press("ArrowLeft" if number % 12 < 6 else "ArrowRight"),
        lambda widget: widget.get_by_role("slider", name="Bits of second").focus(),
        limit=50,
    ),
    Row(
        "Orbit: the turn (200 pictures, two networks)",
        "from dlcourse.widgets import Orbit\nOrbit()",
        ".dlc-orbit canvas",
        lambda page, _, number: page.keyboard.press("ArrowRight" if number % 40 < 20 else "ArrowLeft"),
        lambda widget: widget.get_by_role("slider", name="turn").focus(),
    ),
    Row(
        "Orbit: another way (its curves anew)",
        "from dlcourse.widgets import Orbit\nOrbit()",
        ".dlc-orbit canvas",
        lambda page, _, number: page.keyboard.press(("ArrowRight", "ArrowDown")[number % 2]),
        lambda widget: widget.get_by_role("application").focus(),
        limit=50,
    ),
    Row(
        "PaintOut: a stroke, network of 48 × 48",
        """import keras
from keras import layers
from dlcourse.widgets import PaintOut
PaintOut(keras.Sequential([
    keras.Input((48, 48, 3)), layers.Rescaling(1 / 255), layers.Conv2D(16, 3, strides=2, activation="relu"),
    layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(), layers.Conv2D(48, 3, activation="relu"),
    layers.GlobalAveragePooling2D(), layers.Dense(8),
]), "cat")""",
        ".dlc-paint_out canvas",
        _over_picture,
        _pen_down,
        limit=50,
    ),
    Row(
        "PaintOut: a stroke, asked in Python",
        """from dlcourse.data.photos import photo
from dlcourse.nets import imagenet_classes, prepare, pretrained
from dlcourse.widgets import PaintOut
PaintOut(pretrained(), prepare(photo("cat")), imagenet_classes(), attribution="grad_cam")""",
        ".dlc-paint_out canvas",
        _over_picture,
        _pen_down,
    ),
    Row(
        "Recurrent: a character typed (LSTM of 128 units, 60 to 100 steps)",
        RECURRENT,
        ".dlc-recurrent textarea",
        lambda page, _, number: page.keyboard.press("Backspace" if number % 80 >= 40 else "a"),
        _at_the_end_of_a_text,
        limit=50,
    ),
    Row(
        "Recurrent: the step (LSTM of 8 units)",
        "from dlcourse.widgets import Recurrent\nRecurrent()",
        ".dlc-recurrent canvas",
        lambda page, _, number: page.keyboard.press("ArrowLeft" if number % 24 < 12 else "ArrowRight"),
        lambda widget: widget.get_by_role("application").focus(),
    ),
    Row(
        "Ablation: the part looked at (87 parts)",
        """import keras
import numpy as np
from keras import layers
from dlcourse.widgets import Ablation
inputs = x = keras.Input((16,))
for _ in range(43):
    x = layers.Add()([x, layers.Dense(16, "tanh")(x)])
model = keras.Model(inputs, layers.Dense(10, "softmax")(x))
Ablation(model, np.random.rand(200, 16), np.arange(200) % 10, loss="sparse_categorical_crossentropy")""",
        ".dlc-ablation canvas",
        lambda page, _, number: page.keyboard.press("ArrowDown" if number % 40 < 20 else "ArrowUp"),
        lambda widget: widget.get_by_role("listbox").focus(),
    ),
    Row(
        "Threshold: the threshold (2,000 examples)",
        """import numpy as np
from dlcourse.widgets import Threshold
values = np.random.default_rng(0).uniform(size=2000)
Threshold(values, np.random.default_rng(1).uniform(size=2000) < values)""",
        ".dlc-threshold canvas",
        lambda page, _, number: page.keyboard.press("ArrowRight" if number % 40 < 20 else "ArrowLeft"),
        lambda widget: widget.get_by_role("slider", name="Threshold").focus(),
    ),
    Row(
        "PictureMap: the picture looked at (500 pictures)",
        PICTURES,
        ".dlc-picture_map canvas",
        lambda page, _, number: page.keyboard.press("ArrowRight" if number % 8 < 4 else "ArrowLeft"),
        lambda widget: widget.get_by_role("application").focus(),
    ),
    Row(
        "PictureMap: nearer and further away (500 pictures)",
        PICTURES,
        ".dlc-picture_map canvas",
        lambda page, _, number: page.keyboard.press("+" if number % 12 < 6 else "-"),
        lambda widget: widget.get_by_role("application").focus(),
    ),
    Row(
        "Activations: the place", "from dlcourse.widgets import Activations\nActivations()", MAIN["activations"], _along
    ),
    Row(
        "Optimizers: the start",
        "from dlcourse.widgets import Optimizers\nOptimizers()",
        MAIN["optimizers"],
        lambda page, _, number: page.keyboard.press("ArrowRight" if number % 40 < 20 else "ArrowLeft"),
        lambda widget: widget.get_by_role("application").focus(),
    ),
    Row(
        "Predict: a number by its slider",
        "from dlcourse.widgets import Predict\nPredict('How many?', low=0, high=100)",
        ".dlc-predict input",
        lambda page, _, number: page.keyboard.press("ArrowRight" if number % 40 < 20 else "ArrowLeft"),
        lambda widget: widget.get_by_role("slider").focus(),
    ),
    Row(
        "Quiz: an option ticked",
        "from dlcourse.widgets import Quiz\nQuiz('what-tells-about-new-pictures')",
        ".dlc-quiz input",
        lambda page, _, number: page.keyboard.press("Space"),
        lambda widget: widget.get_by_role("checkbox").first.focus(),
    ),
    Row(
        "Predict: a knot of a curve",
        "from dlcourse.widgets import Predict\nPredict('How?', curve={'x': (0, 9, 'epoch'), 'y': (0, 1, 'accuracy')})",
        ".dlc-predict canvas",
        lambda page, _, number: page.keyboard.press("ArrowUp" if number % 40 < 20 else "ArrowDown"),
        lambda widget: widget.get_by_role("application").focus(),
    ),
]

# stamps every input event, and says when the widget has drawn and when that is painted
WATCH = """([events, selector]) => {
    const root = document.querySelector(selector).closest(".dlc");
    window.steps = [];
    let since = null;
    for (const name of events)
        window.addEventListener(name, event => { since ??= event.timeStamp; }, { capture: true });
    root.addEventListener("dlcourse:drawn", () => {
        if (since === null) return;
        const [start, drawn] = [since, performance.now()];
        since = null;
        const channel = new MessageChannel();
        channel.port1.onmessage = () => window.steps.push([drawn - start, performance.now() - start]);
        channel.port2.postMessage(null);
    });
}"""
# the same for pictures that come from Python
WATCH_IMAGES = """() => {
    window.steps = [];
    let since = null;
    window.addEventListener("keydown", event => { since ??= event.timeStamp; }, { capture: true });
    const output = document.querySelector(".jp-OutputArea");
    let last = output.querySelector("img").src;
    new MutationObserver(async () => {
        const image = output.querySelector("img");
        if (!image || since === null || image.src === last) return; // the old one is put in anew, too
        last = image.src;
        const start = since;
        since = null;
        await image.decode();
        requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => window.steps.push([performance.now() - start, performance.now() - start]);
            channel.port2.postMessage(null);
        });
    }).observe(output, { childList: true, subtree: true, attributes: true, attributeFilter: ["src"] });
}"""


class Lab:
    """JupyterLab in a folder of its own, and a browser page in it."""

    def __init__(self, page: Page, folder: Path, address: str, token: str) -> None:
        """Open nothing yet."""
        self.page, self._folder, self._address, self._token = page, folder, address, token
        self._count = 0

    def open(self, *sources: str) -> None:
        """A new notebook with these cells, the first one run."""
        self._count += 1
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        name = f"row{self._count}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), self._folder / name)
        self.page.goto(f"{self._address}lab/tree/{name}?token={self._token}&reset")
        self.cell(0).wait_for(timeout=60_000)
        self.run(0, r"\d")

    def cell(self, index: int) -> Locator:
        """One cell."""
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def run(self, index: int, done: str) -> None:
        """Run a cell until its prompt looks like that."""
        prompt = self.cell(index).locator(".jp-InputPrompt")
        end = time.monotonic() + 90
        while not re.search(done, now := prompt.inner_text()):
            if time.monotonic() > end:
                raise SystemExit(f"A cell does not run; its prompt is {now}")
            if "*" not in now:  # not sent yet, or lost: the first keys after loading often are
                self.cell(index).locator(".jp-InputArea-editor .cm-content").click()
                self.page.keyboard.press("Control+Enter")
            self.page.wait_for_timeout(400)

    def interrupt(self) -> None:
        """Stop what runs."""
        self.page.mouse.up()
        self.page.get_by_role("menuitem", name="Kernel", exact=True).click()
        self.page.get_by_role("menuitem", name="Interrupt Kernel").click()


def measure(lab: Lab, row: Row, steps: int, pause: int) -> dict[str, np.ndarray]:
    """The times of one widget's control in milliseconds, idle and during fit: a row for each step."""
    lab.open(row.code, FIT)
    widget = lab.page.locator(row.ready).first.locator("xpath=ancestor::*[contains(@class, 'dlc-')][last()]")
    lab.page.locator(row.ready).first.wait_for(timeout=60_000)
    lab.page.evaluate(WATCH, [EVENTS, row.ready])
    times = {}
    for state in ("idle", "fit"):
        if state == "fit":
            train(lab)
        widget.scroll_into_view_if_needed()
        row.focus(widget)
        times[state] = collect(lab.page, lambda number: row.step(lab.page, widget, number), steps, pause)
    lab.interrupt()
    return times


def measure_interact(lab: Lab, steps: int) -> dict[str, np.ndarray]:
    """The same for `interact`, its slider moved by the arrow keys."""
    lab.open(INTERACT, FIT)
    lab.page.locator(".jp-OutputArea img").first.wait_for(timeout=60_000)
    lab.page.evaluate(WATCH_IMAGES)
    times = {}
    for state in ("idle", "fit"):
        if state == "fit":
            train(lab)
        lab.page.locator(".noUi-handle").first.focus()
        times[state] = collect(lab.page, lambda _: lab.page.keyboard.press("ArrowRight"), steps, 250)
    lab.interrupt()
    return times


def train(lab: Lab) -> None:
    """Starts the cell with the training, and waits until it trains."""
    lab.run(1, r"\*")
    lab.page.wait_for_timeout(8000)
    lab.run(1, r"\*")


def collect(page: Page, step: Callable[[int], None], steps: int, pause: int) -> np.ndarray:
    """Takes the steps, a little apart and not in time with the frames."""
    page.evaluate("window.steps = []")
    for number in range(steps):
        known = page.evaluate("window.steps.length")
        step(number)
        with suppress(TimeoutError):  # a step that is never answered is lost
            page.wait_for_function("known => window.steps.length > known", arg=known, timeout=LONGEST, polling=20)
        page.wait_for_timeout(pause + 7 * (number % 5))
    return np.array(page.evaluate("window.steps")).reshape(-1, 2)


def start(folder: Path) -> tuple[subprocess.Popen, dict]:
    """The laboratory, as a learner starts it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    environment |= {"HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(folder / "runtime")}
    environment |= {"JUPYTER_CONFIG_DIR": str(folder / "config")}
    (folder / "config").mkdir()
    (folder / "config/jupyter_server_config.json").write_text('{"ServerApp": {"allow_root": true}}')
    shutil.copytree(Path(__file__).parents[1] / "course", folder / "course")
    command = [sys.executable, "-m", "dlcourse", "lab", "--no-browser", str(folder)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    while not (found := list((folder / "runtime").glob("jpserver-*.json"))):
        if server.poll() is not None:
            raise SystemExit((folder / "log").read_text())
        time.sleep(0.2)
    time.sleep(1)
    return server, json.loads(found[0].read_text())


def report(title: str, times: dict[str, np.ndarray], steps: int) -> None:
    """A line for each state of the kernel."""
    for state, measured in times.items():
        line = f"{title:42}{state:6}{steps - len(measured):6}"
        for column in (0, 1):
            values = measured[:, column] if len(measured) else np.array([np.nan])
            line += f"{np.median(values):11.1f}{np.percentile(values, 95):8.1f}"
        print(line, flush=True)


def main() -> int:
    """Measures, prints the table, and ends with 0 where all widgets answer in time, eight times faster."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--only", default="", help="measure only the rows whose title matches this")
    options = parser.parse_args()
    steps = options.steps
    print(f"{'ms':42}{'':6}{'lost':>6}{'drawn: median':>11}{'p95':>6}{'painted':>11}{'p95':>8}")
    slowest, late = 0.0, []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server, told = start(Path(folder))
        try:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            lab = Lab(page, Path(folder), told["url"], told["token"])
            for row in (row for row in ROWS if re.search(options.only, row.title, re.IGNORECASE)):
                times = measure(lab, row, steps, 60)
                slowest = max(slowest, float(np.median(times["idle"][:, 1])))
                report(row.title, times, steps)
                if np.percentile(times["idle"][:, 0], 95) > row.limit or len(times["idle"]) < steps:
                    late.append(row.title)
            by_interact = measure_interact(lab, steps)
            report("the same by interact and matplotlib", by_interact, steps)
            browser.close()
        finally:
            server.terminate()
            server.wait(30)
    ratio = float(np.median(by_interact["idle"][:, 1])) / slowest
    print(f"\ninteract takes {ratio:.1f} times as long as the slowest widget, idle, painted")
    print(f"too late, or lost: {', '.join(late) or 'none'}")
    return 0 if ratio >= 8 and not late else 1


if __name__ == "__main__":
    sys.exit(main())
