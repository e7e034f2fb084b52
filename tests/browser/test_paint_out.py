"""PaintOut on a page of its own: what a learner does with it, and what Python then knows."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

SETUP = """
import keras
from keras import layers
from dlcourse.widgets import PaintOut

generator = np.random.default_rng(3)
classes = ["stop", "yield", "left", "right", "ahead"]


def network(name, browser=True):
    kind = layers.Conv2D if browser else layers.Conv2DTranspose
    inputs = keras.Input((48, 48, 3))
    x = layers.Rescaling(1 / 255)(inputs)
    x = layers.MaxPooling2D(2)(kind(6, 3, strides=2 if browser else 1, activation="relu")(x))
    base = keras.Model(inputs, layers.Conv2D(8, 3, activation="relu", name="last")(x), name="base")
    model = keras.Sequential([keras.Input((48, 48, 3)), base, layers.GlobalMaxPooling2D(), layers.Dense(5)], name=name)
    model.set_weights([generator.normal(0, 0.6, weight.shape) for weight in model.weights])
    return model


widget = PaintOut(network("small"), "cat", classes, brush=9)
widget
"""
ASKED = "asked = PaintOut(network('large', browser=False), 'cat', classes, brush=9)\ndisplay(asked)"


@pytest.fixture
def asked(mounted):
    """The same with a network that only Python runs."""
    mounted.do(ASKED)
    return mounted.page.locator(".dlc-paint_out").nth(1)


def picture(widget):
    return widget.locator("canvas[role=application]").first


def stroke(mounted, widget, start=(80, 90), steps=8):
    box = picture(widget).bounding_box()
    mouse = mounted.page.mouse
    mouse.move(box["x"] + start[0], box["y"] + start[1])
    mouse.down()
    for step in range(1, steps + 1):
        mouse.move(box["x"] + start[0] + 12 * step, box["y"] + start[1] + 7 * step)
    mouse.up()


def shown(widget):
    return widget.evaluate(
        "({ shown }) => ({ ...shown, bytes: Array.from(shown.bytes), layer: shown.layer && Array.from(shown.layer) })"
    )


def agree(mounted, widget, name):
    """What is on the screen is what Python has and computes."""
    mounted.settle()
    now = shown(widget)
    assert now["current"]
    np.testing.assert_array_equal(now["bytes"], mounted.ask(f"{name}.painted.ravel().tolist()"))
    np.testing.assert_allclose(now["now"], mounted.ask(f"{name}.probabilities.tolist()"), atol=1e-5)
    return now


def test_probabilities_follow_the_brush_here(mounted):
    before = agree(mounted, mounted.widget, "widget")
    assert before["share"] == 0
    canvas = mounted.pixels(0)
    stroke(mounted, mounted.widget)
    after = agree(mounted, mounted.widget, "widget")
    assert mounted.pixels(0) != canvas
    assert after["before"] == before["before"]
    assert np.abs(np.subtract(after["now"], before["now"])).max() > 1e-3
    assert after["share"] > 0.05
    expect(mounted.widget).to_contain_text("Computed in this browser, by small")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("of the picture painted over")


def count(view, what):
    """Of strokes, as "number", or of what Python was asked, as "questions"."""
    return int(view.get_attribute(f"data-{what}"))


def test_probabilities_follow_the_brush_in_python(mounted, asked):
    before = agree(mounted, asked, "asked")
    stroke(mounted, asked)
    after = agree(mounted, asked, "asked")
    assert np.abs(np.subtract(after["now"], before["now"])).max() > 1e-3
    expect(asked).to_contain_text("So Python is asked, one picture at a time and always the newest")


def test_one_question_is_open_while_python_is_slow(mounted, asked):
    questions = count(asked, "questions")
    mounted.page.evaluate("""() => {
        const ask = window.toPython;
        window.heard = 0;
        window.toPython = async (text) => {
            window.heard += 1;
            if (window.held) await window.held;
            return ask(text);
        };
        window.held = new Promise((release) => { window.release = () => { window.held = null; release(); }; });
        window.slow = () => { window.toPython = ask; };
    }""")
    stroke(mounted, asked, steps=12)
    stroke(mounted, asked, start=(60, 200), steps=12)
    mounted.page.wait_for_function("root => root.dataset.number >= 20", arg=asked.element_handle())
    now = shown(asked)
    assert count(asked, "questions") == questions + 1
    number = count(asked, "number")
    assert (now["waiting"], now["current"]) == (True, False)
    assert mounted.page.evaluate("window.heard") == 1
    mounted.page.evaluate("() => { window.release(); window.slow(); }")
    after = agree(mounted, asked, "asked")  # the newest picture was the next question, and there was no other
    assert after["current"]
    assert (count(asked, "questions"), count(asked, "number")) == (questions + 2, number)


def test_the_way_back_leads_to_the_picture_as_it_was(mounted):
    began = agree(mounted, mounted.widget, "widget")["bytes"]
    undo = mounted.widget.get_by_role("button", name="Undo")
    expect(undo).to_be_disabled()
    stroke(mounted, mounted.widget, steps=2)
    once = agree(mounted, mounted.widget, "widget")["bytes"]
    stroke(mounted, mounted.widget, start=(200, 60))
    undo.click()
    assert agree(mounted, mounted.widget, "widget")["bytes"] == once
    mounted.widget.get_by_role("button", name="Take all paint away").click()
    assert agree(mounted, mounted.widget, "widget")["bytes"] == began
    undo.click()
    assert agree(mounted, mounted.widget, "widget")["bytes"] == once
    mounted.widget.get_by_role("button", name="Reset").click()
    assert agree(mounted, mounted.widget, "widget")["bytes"] == began


def test_keys_alone_paint_and_undo(mounted):
    picture(mounted.widget).focus()
    for key in ("ArrowRight", "Shift+ArrowDown", "]", " "):
        mounted.page.keyboard.press(key)
    mounted.settle()
    wide = mounted.ask("widget.brush")
    assert wide > 9
    painted = agree(mounted, mounted.widget, "widget")
    assert painted["share"] * 48 * 48 == pytest.approx(np.pi * (wide / 2) ** 2, rel=0.35)
    expect(picture(mounted.widget)).to_be_focused()
    mounted.page.keyboard.press("Control+z")
    assert agree(mounted, mounted.widget, "widget")["share"] == 0


def test_a_part_is_pasted_from_where_the_mark_is(mounted):
    mounted.do("widget.baseline = 'paste'")
    mark = mounted.widget.locator("canvas[role=application]").nth(1)
    mark.click(position={"x": 20, "y": 30})
    mark.press("ArrowRight")
    row, column = mounted.ask("list(widget.source)")
    assert (row, column) == pytest.approx((30 / 130 * 48, 20 / 130 * 48 + 1), abs=1.01)
    box = picture(mounted.widget).bounding_box()
    scale = box["width"] / 48
    mounted.page.mouse.click(box["x"] + 30.5 * scale, box["y"] + 25.5 * scale)
    mounted.settle()
    same = f"(widget.painted[24:27, 29:32] == widget.image.pixels[{row - 1}:{row + 2}, {column - 1}:{column + 2}])"
    assert mounted.ask(f"bool({same}.all())")
    agree(mounted, mounted.widget, "widget")


def test_layers_come_when_they_are_asked_for_and_fade_in(mounted, asked):
    assert mounted.ask("asked._layers") == {}
    for kind in ("saliency", "grad_cam"):
        asked.locator("label").filter(has_text="layer").locator("select").select_option(kind)
        mounted.settle()
        layer = shown(asked)["layer"]
        known = f"np.frombuffer(asked._layers['{kind} original']['values'], 'float32').tolist()"
        np.testing.assert_allclose(layer, mounted.ask(known), rtol=1e-6)
    seen = asked.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")
    slider = asked.get_by_role("slider", name="Fade in")
    slider.fill("0")
    mounted.settle()
    assert asked.locator("canvas").first.evaluate("canvas => canvas.toDataURL()") != seen
    assert mounted.ask("asked.fade") == 0
    asked.locator("label").filter(has_text="of").locator("select").nth(0).select_option("painted")
    stroke(mounted, asked)
    mounted.settle()
    assert mounted.ask("asked._layers['grad_cam painted']['picture'] == asked._painted['number']")
    agree(mounted, asked, "asked")


def test_a_bar_chooses_the_class_that_is_asked_about(mounted):
    mounted.widget.locator("canvas[role=img]").click(position={"x": 200, "y": 75})
    third = int(np.argsort(np.negative(agree(mounted, mounted.widget, "widget")["before"]))[2])
    assert mounted.ask("widget.label") == third
    assert shown(mounted.widget)["asked"] == third


@pytest.mark.parametrize("name", ["widget", "asked"])
def test_a_picture_of_ones_own_takes_the_place(mounted, name, tmp_path):
    if name == "asked":
        mounted.do(ASKED)
    widget = mounted.page.locator(".dlc-paint_out").last
    stroke(mounted, widget)
    pixels = np.random.default_rng(2).integers(0, 256, (60, 48, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    widget.locator("input[type=file]").first.set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    expect(widget.locator("figcaption").first).to_contain_text("mine.png")
    now = agree(mounted, widget, name)
    assert now["share"] == 0
    np.testing.assert_array_equal(np.reshape(now["bytes"], (48, 48, 3)), pixels[6:54])
    np.testing.assert_allclose(now["before"], now["now"])


def test_a_drawing_is_painted_on_where_it_is_done(mounted):
    mounted.do("widget.baseline = 'grey'")
    button = mounted.widget.get_by_role("button", name="Draw")
    button.click()
    stroke(mounted, mounted.widget)
    drawn = agree(mounted, mounted.widget, "widget")
    assert mounted.ask("widget.image.name") == "a drawing"
    white = np.reshape(drawn["bytes"], (48, 48, 3)).max(-1) > 200
    assert 0.02 < white.mean() < 0.3
    assert drawn["share"] == 0
    mounted.widget.get_by_role("button", name="Done").click()
    stroke(mounted, mounted.widget, start=(200, 60), steps=3)
    painted = agree(mounted, mounted.widget, "widget")
    assert mounted.ask("widget.image.name") == "a drawing"
    assert painted["share"] > 0.01
    assert 128 in painted["bytes"]


def test_what_python_paints_is_seen_and_can_be_undone(mounted):
    mounted.do("widget.paint([(10, 10), (30, 30)], radius=6)")
    assert agree(mounted, mounted.widget, "widget")["share"] > 0.1
    mounted.widget.get_by_role("button", name="Undo").click()
    assert agree(mounted, mounted.widget, "widget")["share"] == 0


def test_two_views_show_the_same(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-paint_out")
    expect(views).to_have_count(2)
    stroke(mounted, views.nth(0))
    mounted.settle()
    first, second = shown(views.nth(0)), shown(views.nth(1))
    assert first["bytes"] == second["bytes"]
    assert first["now"] == second["now"]


def test_without_a_kernel_what_was_recorded_is_shown(mounted, asked):
    """A page without a kernel has models that say so."""
    mounted.do(
        "asked = PaintOut(network('large', browser=False), 'cat', classes, attribution='grad_cam')\n"
        "asked.paint([(20, 20)], radius=8)\ndisplay(asked)"
    )
    view = mounted.page.locator(".dlc-paint_out").nth(1)
    recorded = shown(view)
    mounted.page.evaluate(
        """async (module) => {
            const address = URL.createObjectURL(new Blob([module.text], { type: "text/javascript" }));
            const { default: widget } = await import(address);
            const state = module.state;
            const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            const restore = (part) => {
                for (const [name, value] of Object.entries(part ?? {})) {
                    if (value?.base64) part[name] = new DataView(bytesOf(value.base64).buffer);
                    else if (typeof value === "object") restore(value);
                }
            };
            restore(state);
            const model = { get: (name) => state[name], set: (name, value) => { state[name] = value; },
                save_changes() {}, on() {}, off() {}, kernelless: true };
            const el = document.createElement("div");
            document.getElementById("below").replaceChildren(el);
            widget.render({ model, el });
        }""",
        {"text": mounted.ask("asked._esm"), "state": mounted.ask(_STATE)},
    )
    view = mounted.page.locator("#below .dlc-paint_out")
    mounted.page.wait_for_function("root => root.shown", arg=view.element_handle())
    stroke(mounted, view)
    mounted.settle()
    now = shown(view)
    np.testing.assert_allclose(now["now"], recorded["now"])
    assert now["bytes"] == recorded["bytes"]
    assert now["layer"] == recorded["layer"]
    assert not now["waiting"]
    expect(view).to_contain_text("Painting needs the notebook, where Python asks large")
    view.locator("label").filter(has_text="layer").locator("select").select_option("saliency")
    expect(view).to_contain_text("This layer was not recorded: it needs the notebook.")


_STATE = """json.loads(json.dumps(asked.get_state(), default=lambda part: {
    "base64": __import__("base64").b64encode(bytes(part)).decode()}))"""


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    light = mounted.pixels(1)
    mounted.do("widget.baseline = 'paste'; widget.attribution = 'occlusion'")
    mounted.choose_theme("dark")
    assert mounted.pixels(1) != light
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
