"""The widget Bits on a page of its own: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

from dlcourse.errors import CourseError

SETUP = "from dlcourse.widgets import Bits\nwidget = Bits(bits=3)\nwidget"
ALL = "Bits of all layers"
MODEL = """import keras
from keras import layers
keras.utils.set_random_seed(1)
x, y = np.random.default_rng(1).uniform(size=(80, 12, 10, 1)).astype("float32"), np.arange(80) % 4
model = keras.Sequential([keras.Input((12, 10, 1)), layers.{kind}(6, 3, activation="relu", name="first"),
                          layers.Flatten(), layers.Dense(4, name="answers")], name="mine")
mine = Bits(model, x, y, bits=2)
display(mine)"""


def slider(view, name):
    return view.get_by_role("slider", name=name)


def complete(mounted):
    """The numbers on the screen once all examples have been asked."""
    mounted.settle()
    mounted.wait_for("({ complete }) => complete")
    return mounted.shown()


def changed(shown):
    return [change["number"] for change in shown["changed"]]


def test_weights_lie_on_levels_and_examples_have_changed(mounted):
    shown = complete(mounted)
    assert shown["done"] == 400
    assert changed(shown) == mounted.ask("widget.changed")
    assert (shown["bytes"], shown["right"]["now"] / 400) == tuple(mounted.ask("[widget.size, widget.accuracy]"))
    expected = mounted.ask("widget._shown.tensors[0].rounded(3).ravel().tolist()")
    rounded = np.float32(shown["quantised"]["integers"]) * np.float32(shown["quantised"]["scales"])
    np.testing.assert_array_equal(rounded, np.float32(expected))
    expect(mounted.widget).to_contain_text("7 levels, 0.")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("examples change their class")


def test_a_slider_for_all_layers_by_keys_alone(mounted):
    before = complete(mounted)
    pictures = [mounted.pixels(place) for place in range(3)]
    slider(mounted.widget, ALL).focus()
    mounted.page.keyboard.press("ArrowLeft")
    shown = complete(mounted)
    assert shown["bytes"] < before["bytes"]
    assert len(shown["changed"]) > len(before["changed"])
    assert all(mounted.pixels(place) != picture for place, picture in enumerate(pictures))
    assert mounted.ask("widget.bits") == {"hidden1": 2, "hidden2": 2, "digits": 2}
    mounted.page.keyboard.press("End")
    shown = complete(mounted)
    assert shown["changed"] == []
    assert shown["bytes"] == shown["floatBytes"] == mounted.ask("widget.size")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("All weights are floats of 32 bits")
    expect(slider(mounted.widget, ALL)).to_have_attribute("aria-valuetext", "float")


def test_one_layers_slider_moves_it_alone_and_shows_its_weights(mounted):
    slider(mounted.widget, "Bits of digits").focus()
    expect(mounted.widget).to_contain_text("digits: 160 weights")
    for _ in range(2):
        mounted.page.keyboard.press("ArrowRight")
    shown = complete(mounted)
    assert mounted.ask("[widget.bits, widget.layer]") == [{"hidden1": 3, "hidden2": 3, "digits": 5}, "digits"]
    assert changed(shown) == mounted.ask("widget.changed")
    assert len(shown["quantised"]["integers"]) == 160
    expect(mounted.widget.locator(".dlc-bits-row").first).to_contain_text("mixed")
    mounted.widget.get_by_role("button", name="hidden2").click()
    expect(mounted.widget).to_contain_text("hidden2: 512 weights")
    assert mounted.ask("widget.layer") == "hidden2"


def test_levels_with_a_zero_point_and_a_scale_for_each_channel(mounted):
    first = complete(mounted)
    mounted.choose("Levels", "affine")
    affine = complete(mounted)
    assert mounted.ask("widget.symmetric") is False
    assert affine["quantised"]["zeroPoints"] != [0]
    assert changed(affine) == mounted.ask("widget.changed") != changed(first)
    mounted.choose("Scale", "channel")
    shown = complete(mounted)
    assert len(shown["quantised"]["scales"]) == 32
    assert changed(shown) == mounted.ask("widget.changed")
    expect(mounted.widget).to_contain_text("8 levels for each channel")


def test_what_was_tried_stays_on_the_page_until_reset(mounted):
    complete(mounted)
    empty = mounted.pixels(0)
    for name in ("ArrowRight", "ArrowLeft"):
        slider(mounted.widget, ALL).press(name)
        complete(mounted)
    assert mounted.pixels(0) != empty  # back at the same bits, with a point more
    mounted.widget.get_by_role("button", name="Reset").click()
    mounted.settle()
    assert mounted.pixels(0) == empty


def test_python_sets_what_is_seen(mounted):
    mounted.do("widget.bits = {'hidden2': 1}\nwidget.layer = 'hidden2'")
    shown = complete(mounted)
    assert set(shown["quantised"]["integers"]) == {-1, 1}
    expect(slider(mounted.widget, "Bits of hidden2")).to_have_value("1")
    expect(slider(mounted.widget, "Bits of hidden1")).to_have_value("17")
    with pytest.raises(CourseError, match="Did you mean 'hidden1'"):
        mounted.do("widget.bits = {'hiden1': 1}")
    assert complete(mounted)["bytes"] == shown["bytes"]


@pytest.mark.parametrize(("kind", "note"), [("Conv2D", "mine is asked about 80 examples."), ("Conv2DTranspose", "So ")])
def test_a_model_of_ones_own_here_or_in_python(mounted, kind, note):
    mounted.do(MODEL.format(kind=kind))
    view = mounted.page.locator("#below .dlc-bits")
    expect(view).to_contain_text(note)
    slider(view, "Bits of answers").press("ArrowLeft")
    mounted.settle()
    mounted.wait_for("({ complete }) => complete")
    shown = view.evaluate(
        "({ shown }) => ({ changed: shown.changed.map(({ number }) => number), right: shown.right.now, "
        "outputs: shown.outputs.map((output) => Array.from(output)) })"
    )
    assert mounted.ask("mine.bits") == {"first": 2, "answers": 1}
    assert shown["changed"] == mounted.ask("mine.changed")
    assert shown["right"] / 80 == mounted.ask("mine.accuracy")
    if kind == "Conv2DTranspose":
        assert shown["outputs"] == []
        return
    view.get_by_role("button", name="Show as Keras").click()
    code = view.locator(".dlc-code code").inner_text()
    outputs = shown["outputs"]
    mounted.do(code)
    np.testing.assert_allclose(outputs, mounted.ask("np.asarray(outputs).tolist()"), atol=1e-5)


def test_two_views_show_the_same_and_stay_two(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-bits")
    expect(views).to_have_count(2)
    slider(views.nth(1), ALL).press("ArrowRight")
    mounted.settle()
    assert views.evaluate_all("roots => roots.map(({ shown }) => shown.everywhere)") == [4, 4]
    mounted.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    light = [mounted.pixels(place) for place in range(3)]
    mounted.choose_theme("dark")
    assert all(mounted.pixels(place) != picture for place, picture in enumerate(light))
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
