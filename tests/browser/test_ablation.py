"""Ablation on a page of its own: what a learner does with it, and what Python then knows."""

import pytest
from browser.bare_page import BarePage
from playwright.sync_api import expect

SETUP = """
import keras
import numpy as np
from keras import layers
from dlcourse.lens import Cut
from dlcourse.widgets import Ablation
keras.utils.set_random_seed(4)
inputs = keras.Input((8, 8, 1))
x = layers.Conv2D(3, 3, padding="same", activation="relu", name="stem")(inputs)
y = layers.Conv2D(3, 3, padding="same", name="branch")(x)
x = layers.Add(name="add")([x, y])
x = layers.Flatten(name="flatten")(x)
model = keras.Model(inputs, layers.Dense(3, "softmax", name="classes")(x), name="small")
model.compile(loss="sparse_categorical_crossentropy")
generator = np.random.default_rng(0)
pictures, labels = generator.uniform(size=(40, 8, 8, 1)), generator.integers(0, 3, 40)
widget = Ablation(model, pictures, labels, classes=["ring", "bar", "dot"])
"""


def button(mounted, name):
    return mounted.widget.get_by_role("button", name=name, exact=True)


def guess(mounted, value):
    mounted.widget.get_by_label("Your guess, typed").fill(value)
    mounted.settle()


def test_the_number_comes_after_the_guess(mounted):
    mounted.settle()
    whole = mounted.ask("widget.score['value']")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("Nothing is cut: accuracy")
    button(mounted, "Cut it").click()  # where ways meet, which is chosen at first
    mounted.settle()
    assert mounted.ask("[cut.layer for cut in widget.cuts]") == ["add"]
    assert mounted.shown()["covered"]
    assert mounted.shown()["value"] is None
    expect(button(mounted, "Measure")).to_be_disabled()
    expect(mounted.widget.get_by_role("cell", name="guess first").first).to_be_visible()
    guess(mounted, "70")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("Your guess: 70 %")
    button(mounted, "Measure").click()
    mounted.settle()
    now = mounted.ask("widget.score['value']")
    assert mounted.shown()["value"] == now
    assert mounted.ask("widget.tried[0]['guess']") == 70
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("You said 70 %, it is")
    expect(mounted.widget.locator(".dlc-ablation-tried tbody tr")).to_have_count(1)
    button(mounted, "Put it back").click()
    mounted.settle()
    assert mounted.ask("widget.score['value']") == whole
    assert not mounted.shown()["covered"]


def test_by_keys_alone_and_two_cuts_at_once(mounted):
    plan = mounted.widget.get_by_role("listbox")
    plan.focus()
    plan.press("Home")
    mounted.settle()
    assert mounted.shown()["part"] == "stem"
    expect(plan.get_by_role("option", selected=True)).to_have_accessible_name("stem, Conv2D, 8 × 8 × 3")
    mounted.choose("cut", "unit")
    number = mounted.widget.get_by_role("slider", name="Number of what is cut")
    number.press("End")
    mounted.settle()
    plan.press("Enter")
    mounted.settle()
    plan.press("ArrowDown")
    mounted.settle()
    plan.press(" ")
    mounted.settle()
    expected = ["Cut(layer='stem', kind='unit', number=2)", "Cut(layer='branch', kind='identity', number=0)"]
    assert mounted.ask("[repr(cut) for cut in widget.cuts]") == expected
    button(mounted, "Measure without a guess").press("Enter")
    mounted.settle()
    assert mounted.shown()["value"] == mounted.ask("widget.score['value']")
    assert mounted.shown()["loss"] == pytest.approx(mounted.ask("widget.score['loss']"))
    expect(plan.get_by_role("option", selected=True)).to_have_accessible_name("branch, Conv2D, 8 × 8 × 3, passed over")
    chip = mounted.widget.get_by_role("button", name="Put back: stem without channel 2")
    chip.click()
    mounted.settle()
    assert mounted.ask("len(widget.cuts)") == 1
    assert mounted.shown()["covered"]  # another set of cuts is another question


def test_a_guess_that_is_none_gets_a_sentence(mounted):
    button(mounted, "Cut it").click()
    mounted.settle()
    guess(mounted, "120")
    mounted.widget.get_by_label("Your guess, typed").press("Enter")
    mounted.settle()
    expect(mounted.widget.locator(".dlc-trouble")).to_contain_text(
        "“120” is not taken: type a number from 0 % to 100 %."
    )
    expect(button(mounted, "Measure")).to_be_disabled()
    mounted.widget.get_by_role("slider", name="Your guess").press("ArrowRight")
    mounted.settle()
    assert mounted.shown()["guess"] == 51
    expect(button(mounted, "Measure")).to_be_enabled()


def test_what_cannot_be_cut_says_why(mounted):
    plan = mounted.widget.get_by_role("listbox")
    plan.press("End")
    mounted.settle()
    expect(mounted.widget).to_contain_text("It cannot be cut: it puts out the answer.")
    expect(mounted.widget.get_by_role("button", name="Cut it")).to_have_count(0)
    mounted.widget.get_by_role("option", name="stem").click()
    mounted.settle()
    expect(mounted.widget).to_contain_text("It cannot be passed over: it is given 8 × 8 × 1 and puts out 8 × 8 × 3.")


def test_an_example_and_the_confusions_follow(mounted):
    mounted.do("widget.cuts = [Cut('add', 'zero')]; widget.tried = [{'cuts': widget.cuts, 'guess': None}]")
    mounted.widget.get_by_role("slider", name="Example").press("ArrowRight")
    mounted.settle()
    assert mounted.ask("widget.example") == 1
    shown = mounted.shown()
    assert shown["answer"] == pytest.approx(
        mounted.ask("widget.model.predict(pictures, verbose=0)[1].tolist()"), abs=1e-4
    )
    cells = mounted.widget.locator(".dlc-ablation-confusion td").all_inner_texts()
    assert [int(text) for text in cells if text] == shown["counts"]
    assert sum(shown["counts"]) == 40
    expect(mounted.widget).to_contain_text("Example 1 is")


def test_what_was_tried_is_looked_at_again(mounted):
    mounted.do("widget.tried = [{'cuts': [Cut('branch', 'zero')], 'guess': 20}]")
    mounted.widget.get_by_role("button", name="branch puts out zeros").click()
    mounted.settle()
    assert mounted.ask("widget.cuts[0].kind") == "zero"
    assert not mounted.shown()["covered"]
    button(mounted, "Show as Keras").click()
    mounted.settle()
    expect(mounted.widget.locator("code")).to_contain_text('if layer.name == "branch":  # branch puts out zeros')


def test_a_network_that_fails_without_it_gets_a_sentence(mounted):
    mounted.do(
        "network = widget._measured_network; outputs = network.outputs\ndef fail(cuts): raise MemoryError('of this')"
    )
    mounted.do("network.outputs = fail")
    try:
        mounted.choose("cut", "zero")
        mounted.widget.get_by_role("listbox").press("Home")
        mounted.settle()
        mounted.choose("cut", "unit")
        button(mounted, "Cut it").click()
        mounted.settle()
        button(mounted, "Measure without a guess").click()
        mounted.settle()
        expect(mounted.widget.locator(".dlc-told")).to_contain_text("fails: MemoryError: of this")
    finally:
        mounted.do("network.outputs = outputs")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_narrow_page_of_either_theme(theme, mounted):
    mounted.do("widget.cuts = [Cut('stem', 'unit', 1), Cut('add', 'input', 0)]")
    mounted.do("widget.tried = [{'cuts': widget.cuts, 'guess': 20}]")
    mounted.choose_theme(theme)
    mounted.narrow(480)
    mounted.settle()
    assert mounted.theme() == (theme, theme)
    assert mounted.contrast() > 7
    assert mounted.beyond_the_edge() == []
    assert mounted.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
def test_a_network_whose_answers_are_masks(open_page):
    page = open_page()
    shown = BarePage(
        page,
        "ablation",
        """
import keras
import numpy as np
from keras import layers
from dlcourse.widgets import Ablation
inputs = keras.Input((12, 16, 1))
x = layers.Conv2D(4, 3, padding="same", activation="relu", name="conv")(inputs)
model = keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(layers.Concatenate(name="both")([x, inputs])))
model.compile(loss="binary_crossentropy")
pictures = np.random.default_rng(0).uniform(size=(10, 12, 16, 1))
widget = Ablation(model, pictures, pictures > 0.5)
""",
    )
    shown.widget.get_by_role("button", name="Cut it").click()
    shown.settle()
    before = shown.pixels(-1)
    shown.widget.get_by_role("button", name="Measure without a guess").click()
    shown.settle()
    expect(shown.widget.locator(".dlc-told")).to_contain_text("IoU")
    assert shown.pixels(-1) != before
    assert page.complaints == []
