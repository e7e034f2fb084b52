"""GradientFlow on a page of its own: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

from dlcourse.errors import CourseError

SETUP = "from dlcourse.widgets import GradientFlow\nwidget = GradientFlow()\nwidget"
MODEL = """import keras
from dlcourse.widgets import GradientFlow
keras.utils.set_random_seed(1)
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(16, "relu", name="first"),
                          keras.layers.Dense(1, "sigmoid", name="last")])
model.compile(keras.optimizers.SGD(0.5), "binary_crossentropy")
x, y = GradientFlow().data()
own = GradientFlow(model, x, y)
display(own)"""


def gradients(mounted):
    return [layer["gradient"] for layer in mounted.shown()["layers"]]


def in_python(mounted):
    return mounted.ask("[row.weights.mean for row in widget.flow()]")


def button(mounted, name):
    return mounted.widget.get_by_role("button", name=name, exact=True)


def train(mounted, steps):
    """Trains for at least so many steps, and pauses."""
    button(mounted, "▶ Train").click()
    mounted.wait_for(f"shown => shown.step >= {steps}")
    button(mounted, "Pause").click()
    mounted.settle()


def test_it_begins_with_a_gradient_that_vanishes(mounted):
    expect(mounted.widget.locator(".dlc-told")).to_contain_text(
        "The gradient at the first layer is 130 million times smaller than at the last: the first layers do not learn."
    )
    on_page = gradients(mounted)
    assert len(on_page) == 13
    assert on_page[-1] / on_page[0] > 1e8
    np.testing.assert_allclose(on_page, in_python(mounted), rtol=1e-5)


def test_the_number_of_layers_by_keys_and_by_mouse(mounted):
    before = mounted.pixels(0)
    layers = mounted.widget.get_by_role("slider", name="Layers")
    layers.focus()
    mounted.page.keyboard.press("ArrowRight")
    mounted.page.keyboard.press("ArrowRight")
    mounted.settle()
    assert len(gradients(mounted)) == 15
    assert mounted.pixels(0) != before
    expect(layers).to_be_focused()
    assert mounted.ask("widget.depth") == 14
    box = layers.bounding_box()
    mounted.page.mouse.click(box["x"] + 3, box["y"] + box["height"] / 2)
    mounted.settle()
    assert len(gradients(mounted)) < 6
    assert mounted.ask("widget.depth") == len(gradients(mounted)) - 1
    np.testing.assert_allclose(gradients(mounted), in_python(mounted), rtol=1e-5)


def test_every_choice_reaches_python_and_the_numbers_agree(mounted):
    mounted.choose("Activation", "tanh")
    mounted.choose("Initialization", "lecun")
    mounted.choose("Learning rate", "0.3")
    mounted.choose("Batch size", "32")
    mounted.widget.get_by_role("checkbox", name="Batch normalization").check()
    mounted.widget.get_by_role("checkbox", name="Residual connections").check()
    button(mounted, "New weights").click()
    mounted.settle()
    assert mounted.ask(
        "[widget.activation, widget.initialization, widget.learning_rate, widget.batch, widget.batch_norm, "
        "widget.residual, widget.seed]"
    ) == ["tanh", "lecun", 0.3, 32, True, True, 2]
    np.testing.assert_allclose(gradients(mounted), in_python(mounted), rtol=1e-5)
    button(mounted, "outputs").click()
    mounted.settle()
    by_outputs = mounted.ask("[widget.gradients, [row.back.mean for row in widget.flow()]]")
    assert by_outputs[0] == "outputs"
    np.testing.assert_allclose(gradients(mounted), by_outputs[1], rtol=1e-5)


def test_training_is_real_and_its_weights_reach_python(mounted):
    button(mounted, "healthy").click()
    mounted.settle()
    before = mounted.shown()["loss"]
    train(mounted, 300)
    shown = mounted.shown()
    assert shown["loss"] < 0.5 * before
    expect(mounted.widget.locator(".dlc-told")).to_contain_text(f"After {shown['step']} steps the loss is")
    step, loss, by_keras = mounted.ask(
        "[widget.step, widget._pass()[0], float(widget.keras_model().evaluate(*widget.data(), verbose=0))]"
    )
    assert step == shown["step"]
    assert loss == pytest.approx(shown["loss"], rel=2e-2, abs=1e-5)
    assert by_keras < 0.5
    button(mounted, "Start anew").click()
    mounted.settle()
    assert mounted.shown()["loss"] == pytest.approx(before)
    assert mounted.ask("widget.step") == 0


def test_steps_by_hand_and_from_python_come_to_the_same(mounted):
    for _ in range(3):
        button(mounted, "Step").click()
    mounted.settle()
    by_hand = mounted.shown()
    assert mounted.ask("widget.step") == by_hand["step"] == 3
    mounted.do("widget.step = 0; widget.depth = 11; widget.depth = 12; widget.step = 3")
    assert mounted.shown()["loss"] == pytest.approx(by_hand["loss"], rel=1e-6)
    mounted.do("widget.playing = True")
    mounted.wait_for("shown => shown.step > 20")
    mounted.do("widget.playing = False")
    assert mounted.ask("widget.step") == mounted.shown()["step"] > 20


def test_an_explosion_ends_in_a_sentence(mounted):
    button(mounted, "exploding").click()
    button(mounted, "▶ Train").click()
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("The numbers have exploded")
    expect(button(mounted, "▶ Train")).to_be_visible()  # it has stopped
    assert mounted.ask("widget.playing") is False


def test_a_layer_is_looked_at_by_pointing_and_chosen_by_keys(mounted):
    picture = mounted.widget.get_by_role("application")
    picture.hover(position={"x": 200, "y": 90})
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("its outputs have a mean size of")
    assert mounted.ask("widget.layer") == 0  # looking is not choosing
    mounted.page.mouse.move(5, 5)
    picture.focus()
    mounted.page.keyboard.press("ArrowRight")
    mounted.page.keyboard.press("ArrowRight")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("Layer 2: its outputs")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("million times less than at the last layer")
    assert mounted.ask("widget.layer") == 2


def test_two_views_train_one_stack(mounted):
    button(mounted, "healthy").click()
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-gradient_flow")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("button", name="▶ Train").click()
    mounted.wait_for("shown => shown.step > 5")
    views.nth(0).get_by_role("button", name="Pause").click()
    mounted.settle()
    first, second = views.evaluate_all("roots => roots.map(root => [root.shown.step, root.shown.loss])")
    assert first == second
    assert first[0] > 5
    mounted.do("pass")
    expect(views).to_have_count(1)


def test_what_python_refuses_leaves_the_widget_alive(mounted):
    with pytest.raises(CourseError, match="from 1 to 30, but it is 99"):
        mounted.do("widget.depth = 99")
    mounted.do("widget.depth, widget.learning_rate = 2, 0.07")
    mounted.settle()
    assert len(gradients(mounted)) == 3
    expect(mounted.widget.locator("label", has_text="Learning rate").locator("select")).to_have_value("0.07")


def test_a_models_training_is_recorded_live_and_played_back(mounted):
    mounted.do(MODEL + "\nmodel.fit(x, y, batch_size=32, epochs=5, verbose=0, callbacks=[own.callback(every=4)])")
    own = mounted.page.locator(".dlc-gradient_flow").nth(1)
    expect(own.locator(".dlc-told")).to_contain_text("Frame 11 of 11.")
    shown = own.evaluate("root => [root.shown.step, root.shown.layers.map(({ name, gradient }) => [name, gradient])]")
    assert shown[0] == 40
    assert [name for name, _ in shown[1]] == ["first", "last"]
    slider = own.get_by_role("slider", name="Frame of the recording")
    slider.focus()
    mounted.page.keyboard.press("Home")
    mounted.settle()
    first = own.evaluate("root => root.shown.layers.map(({ gradient }) => gradient)")
    assert first != [gradient for _, gradient in shown[1]]
    own.get_by_role("button", name="▶ Play").click()
    expect(own.locator(".dlc-told")).to_contain_text("Frame 11 of 11.")
    slider.focus()
    mounted.page.keyboard.press("Home")
    frame, in_python = mounted.ask("[own.frame, [row.weights.mean for row in own.flow()]]")
    assert frame == 1
    np.testing.assert_allclose(first, in_python, rtol=1e-5)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    light = mounted.pixels(0)
    mounted.choose_theme("dark")
    assert mounted.pixels(0) != light
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
