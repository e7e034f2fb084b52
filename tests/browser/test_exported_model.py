"""The page that `dlcourse export --web` makes: offline, on this machine's own server, with onnxruntime's answers."""

import io
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import keras
import numpy as np
import pytest
from keras import layers
from PIL import Image
from playwright.sync_api import expect

from dlcourse.deploy import export, open_model, web_page
from dlcourse.widgets.draw_digit import ink


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Not into the report of the tests."""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A network of grey pictures with weights of its own, and the page of it."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(6, 3, activation="relu", strides=2),
            layers.Flatten(),
            layers.Dense(10, "softmax"),
        ]
    )
    folder = tmp_path_factory.mktemp("exported")
    examples = np.random.default_rng(2).integers(0, 256, (20, 28, 28, 1), dtype=np.uint8)
    names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    path = export(model, folder / "digits.onnx", examples=examples, classes=names).path
    return path, web_page(path, folder / "page"), examples


@pytest.fixture(scope="module")
def address(exported):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(exported[1].parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def loaded(page, address):
    """The page, its network loaded."""
    page.goto(address)
    expect(page.locator("body")).to_have_attribute("data-state", "ready")
    return page


@pytest.fixture
def ready(loaded):
    """The page as it began."""
    loaded.locator("#clear").click()
    loaded.locator("#centre").check()
    loaded.locator("#invert").uncheck()
    yield loaded
    assert loaded.complaints == []


def shown(page):
    """The probabilities on the screen."""
    expect(page.locator("#answers tr")).to_have_count(10)
    return [float(text.removesuffix(" %")) / 100 for text in page.locator("#answers td:last-child").all_inner_texts()]


def seen(page):
    """What the page says that the network sees, as bytes."""
    values = page.evaluate(
        """() => {
            const canvas = document.getElementById("seen");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return Array.from({ length: data.length / 4 }, (_, index) => data[4 * index]);
        }"""
    )
    return np.array(values, "float32").reshape(1, 28, 28, 1)


def test_the_browser_answers_as_onnxruntime_does(ready, exported):
    path, _, examples = exported
    found = ready.evaluate(
        """async (numbers) => {
            const { openNetwork } = await import("./network.js");
            const { answer } = await openNetwork("digits.onnx");
            return Array.from(await answer(Float32Array.from(numbers)));
        }""",
        examples.reshape(-1).tolist(),
    )
    expected = open_model(path)(examples)
    assert np.abs(np.reshape(found, expected.shape) - expected).max() < 1e-5


def test_what_is_drawn_is_answered_by_pointer_and_by_keys(ready, exported):
    run = open_model(exported[0])
    assert not ready.locator("#result").is_visible()
    box = ready.locator("#drawing").bounding_box()
    ready.mouse.move(box["x"] + 60, box["y"] + 60)
    ready.mouse.down()
    ready.mouse.move(box["x"] + 200, box["y"] + 220, steps=5)
    ready.mouse.up()
    expect(ready.locator("#result")).to_be_visible()
    expect(ready.locator("#took")).to_contain_text("in this browser")
    assert np.allclose(shown(ready), run(seen(ready))[0], atol=0.01)
    assert seen(ready).max() > 200
    ready.get_by_role("button", name="Clear").click()
    expect(ready.locator("#result")).to_be_hidden()
    ready.locator("#drawing").focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "ArrowRight", "Space", "ArrowRight"):
        ready.keyboard.press(key)
    expect(ready.locator("#says")).to_contain_text("%")
    assert np.allclose(shown(ready), run(seen(ready))[0], atol=0.01)
    ready.keyboard.press("Delete")
    expect(ready.locator("#result")).to_be_hidden()


def test_a_chosen_picture_is_answered(ready, exported):
    path, _, examples = exported
    ready.locator("#centre").uncheck()
    for invert in (False, True):
        ready.locator("#invert").set_checked(invert)
        before = ready.evaluate("Number(document.body.dataset.answered ?? 0)")
        file = io.BytesIO()
        Image.fromarray(255 - examples[4, ..., 0] if invert else examples[4, ..., 0]).save(file, "PNG")
        ready.locator("#file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": file.getvalue()})
        expect(ready.locator("#says")).to_contain_text("%")
        ready.wait_for_function("before => document.body.dataset.answered > before", arg=before)
        assert np.array_equal(seen(ready), examples[4:5])
        assert np.allclose(shown(ready), open_model(path)(examples[4:5])[0], atol=6e-4)
    ready.locator("#file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(ready.locator("#trouble")).to_have_text(
        "a.png is no picture that this browser can read: choose a PNG or a JPEG."
    )


def test_pictures_become_numbers_as_elsewhere(ready):
    """Centring as the widget DrawDigit has it; colours, cut and range on a picture that is not square."""
    drawing = np.zeros((90, 70))
    drawing[10:60, 20:31] = 1
    drawing[50:60, 20:65] = 0.5
    found = ready.evaluate(
        """async ([values, height, width]) => {
            const { centred } = await import("./picture.js");
            return Array.from(centred({ height, width, values: Float64Array.from(values) }, 28, 28).values);
        }""",
        [drawing.reshape(-1).tolist(), *drawing.shape],
    )
    assert np.allclose(np.reshape(found, (28, 28)), ink.centred(drawing), atol=1e-9)
    picture = np.random.default_rng(1).integers(0, 256, (8, 18, 4), dtype=np.uint8)
    picture[..., 3] = 255
    picture[0, 3] = 0  # transparent
    found = ready.evaluate(
        """async ([pixels, height, width]) => {
            const { planesOf, resampled, numbersOf } = await import("./picture.js");
            const planes = planesOf(pixels, height, width, "RGB").map((plane) => resampled(plane, 4, 6));
            return Array.from(numbersOf(planes, { dtype: "float32", range: [-1, 1], colours: "RGB" }));
        }""",
        [picture.reshape(-1).tolist(), 8, 18],
    )
    opaque = np.where(picture[..., 3:] == 0, 255, picture[..., :3]).astype(float)
    blocks = opaque[:, 3:15].reshape(4, 2, 6, 2, 3).mean(axis=(1, 3))
    assert np.allclose(np.reshape(found, (4, 6, 3)), blocks / 127.5 - 1, atol=1e-6)


def test_a_narrow_page_needs_no_scrolling_sideways(ready):
    ready.set_viewport_size({"width": 480, "height": 800})
    assert ready.evaluate("document.documentElement.scrollWidth") <= 480
    ready.set_viewport_size({"width": 1280, "height": 1000})


def test_from_a_file_it_says_what_to_do(open_page, exported):
    page = open_page()
    page.goto(exported[1].as_uri())
    expect(page.locator("#trouble")).to_contain_text("python -m http.server")


def test_a_changed_model_is_not_run(open_page, exported, address):
    page = open_page()
    page.route("**/digits.onnx", lambda route: route.fulfill(body=b"other"))
    page.goto(address)
    expect(page.locator("#trouble")).to_have_text(
        "digits.onnx is not the model that its manifest describes: export it again."
    )
