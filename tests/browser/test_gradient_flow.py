"""GradientFlow in JupyterLab: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

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


@pytest.fixture(scope="module")
def opened(open_notebook):
    """One notebook for all tests here."""
    return open_notebook("gradient_flow", SETUP)


@pytest.fixture
def notebook(opened):
    """The widget as it began."""
    opened.begin()
    yield opened
    assert opened.page.complaints == []


def gradients(notebook):
    return [layer["gradient"] for layer in notebook.shown()["layers"]]


def in_python(notebook):
    return notebook.ask("[row.weights.mean for row in widget.flow()]")


def button(notebook, name):
    return notebook.widget.get_by_role("button", name=name, exact=True)


def train(notebook, steps):
    """Trains for at least so many steps, and pauses."""
    button(notebook, "▶ Train").click()
    notebook.page.wait_for_function(
        f"document.querySelector('.dlc-gradient_flow').shown.step >= {steps}", timeout=20_000, polling=50
    )
    button(notebook, "Pause").click()
    notebook.settle()


def test_it_begins_with_a_gradient_that_vanishes(notebook):
    expect(notebook.widget.locator(".dlc-told")).to_contain_text(
        "The gradient at the first layer is 130 million times smaller than at the last: the first layers do not learn."
    )
    found = gradients(notebook)
    assert len(found) == 13
    assert found[-1] / found[0] > 1e8
    np.testing.assert_allclose(found, in_python(notebook), rtol=1e-5)


def test_the_number_of_layers_by_keys_and_by_mouse(notebook):
    before = notebook.pixels(0)
    layers = notebook.widget.get_by_role("slider", name="Layers")
    layers.focus()
    notebook.page.keyboard.press("ArrowRight")
    notebook.page.keyboard.press("ArrowRight")
    notebook.settle()
    assert len(gradients(notebook)) == 15
    assert notebook.pixels(0) != before
    expect(layers).to_be_focused()
    assert notebook.ask("widget.depth") == 14
    box = layers.bounding_box()
    notebook.page.mouse.click(box["x"] + 3, box["y"] + box["height"] / 2)
    notebook.settle()
    assert len(gradients(notebook)) < 6
    assert notebook.ask("widget.depth") == len(gradients(notebook)) - 1
    np.testing.assert_allclose(gradients(notebook), in_python(notebook), rtol=1e-5)


def test_every_choice_reaches_python_and_the_numbers_agree(notebook):
    notebook.choose("Activation", "tanh")
    notebook.choose("First weights", "lecun")
    notebook.choose("Learning rate", "0.3")
    notebook.choose("Batch", "32")
    notebook.widget.get_by_role("checkbox", name="Batch norm").check()
    notebook.widget.get_by_role("checkbox", name="Residual links").check()
    button(notebook, "New weights").click()
    notebook.settle()
    assert notebook.ask(
        "[widget.activation, widget.initialization, widget.learning_rate, widget.batch, widget.batch_norm, "
        "widget.residual, widget.seed]"
    ) == ["tanh", "lecun", 0.3, 32, True, True, 2]
    np.testing.assert_allclose(gradients(notebook), in_python(notebook), rtol=1e-5)
    button(notebook, "outputs").click()
    notebook.settle()
    by_outputs = notebook.ask("[widget.gradients, [row.back.mean for row in widget.flow()]]")
    assert by_outputs[0] == "outputs"
    np.testing.assert_allclose(gradients(notebook), by_outputs[1], rtol=1e-5)


def test_training_is_real_and_its_weights_reach_python(notebook):
    button(notebook, "healthy").click()
    notebook.settle()
    before = notebook.shown()["loss"]
    train(notebook, 300)
    seen = notebook.shown()
    assert seen["loss"] < 0.5 * before
    expect(notebook.widget.locator(".dlc-told")).to_contain_text(f"After {seen['step']} steps the loss is")
    step, loss, by_keras = notebook.ask(
        "[widget.step, widget._pass()[0], float(widget.keras_model().evaluate(*widget.data(), verbose=0))]"
    )
    assert step == seen["step"]
    assert loss == pytest.approx(seen["loss"], rel=2e-2, abs=1e-5)
    assert by_keras < 0.5
    button(notebook, "Start anew").click()
    notebook.settle()
    assert notebook.shown()["loss"] == pytest.approx(before)
    assert notebook.ask("widget.step") == 0


def test_steps_by_hand_and_from_python_come_to_the_same(notebook):
    for _ in range(3):
        button(notebook, "Step").click()
    notebook.settle()
    by_hand = notebook.shown()
    assert notebook.ask("widget.step") == by_hand["step"] == 3
    notebook.do("widget.step = 0; widget.depth = 11; widget.depth = 12; widget.step = 3")
    notebook.page.wait_for_function("document.querySelector('.dlc-gradient_flow').shown.step === 3")
    assert notebook.shown()["loss"] == pytest.approx(by_hand["loss"], rel=1e-6)
    notebook.do("widget.playing = True")
    notebook.page.wait_for_function("document.querySelector('.dlc-gradient_flow').shown.step > 20")
    notebook.do("widget.playing = False")
    notebook.page.wait_for_timeout(300)
    assert notebook.ask("widget.step") == notebook.shown()["step"] > 20


def test_an_explosion_ends_in_a_sentence(notebook):
    button(notebook, "exploding").click()
    button(notebook, "▶ Train").click()
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("The numbers have exploded")
    expect(button(notebook, "▶ Train")).to_be_visible()  # it has stopped
    assert notebook.ask("widget.playing") is False


def test_a_layer_is_looked_at_by_pointing_and_chosen_by_keys(notebook):
    picture = notebook.widget.get_by_role("application")
    picture.hover(position={"x": 200, "y": 90})
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("its outputs have a mean size of")
    assert notebook.ask("widget.layer") == 0  # looking is not choosing
    notebook.page.mouse.move(5, 5)
    picture.focus()
    notebook.page.keyboard.press("ArrowRight")
    notebook.page.keyboard.press("ArrowRight")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("Layer 2: its outputs")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("million times less than at the last layer")
    assert notebook.ask("widget.layer") == 2


def test_two_views_train_one_stack(notebook):
    button(notebook, "healthy").click()
    notebook.do("display(widget)")
    views = notebook.page.locator(".dlc-gradient_flow")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("button", name="▶ Train").click()
    notebook.page.wait_for_timeout(1000)
    views.nth(0).get_by_role("button", name="Pause").click()
    notebook.settle()
    one, other = views.evaluate_all("roots => roots.map(root => [root.shown.step, root.shown.loss])")
    assert one == other
    assert one[0] > 5
    notebook.do("pass")
    expect(views).to_have_count(1)


def test_what_python_refuses_leaves_the_widget_alive(notebook):
    notebook.do(
        "try:\n    widget.depth = 99\nexcept Exception as error:\n    print(error)\nelse:\n    print('taken')\n"
    )
    expect(notebook.cell(1).locator(".jp-OutputArea-output pre")).to_contain_text("from 1 to 30, but it is 99")
    notebook.do("widget.depth, widget.learning_rate = 2, 0.07")
    notebook.settle()
    assert len(gradients(notebook)) == 3
    expect(notebook.widget.locator("label", has_text="Learning rate").locator("select")).to_have_value("0.07")


def test_a_models_training_is_recorded_live_and_played_back(notebook):
    notebook.do(MODEL + "\nmodel.fit(x, y, batch_size=32, epochs=5, verbose=0, callbacks=[own.callback(every=4)])")
    own = notebook.page.locator(".dlc-gradient_flow").nth(1)
    expect(own.locator(".dlc-told")).to_contain_text("Frame 11 of 11.", timeout=20_000)
    shown = own.evaluate("root => [root.shown.step, root.shown.layers.map(({ name, gradient }) => [name, gradient])]")
    assert shown[0] == 40
    assert [name for name, _ in shown[1]] == ["first", "last"]
    slider = own.get_by_role("slider", name="Frame of the recording")
    slider.focus()
    notebook.page.keyboard.press("Home")
    notebook.settle()
    first = own.evaluate("root => root.shown.layers.map(({ gradient }) => gradient)")
    assert first != [gradient for _, gradient in shown[1]]
    own.get_by_role("button", name="▶ Play").click()
    expect(own.locator(".dlc-told")).to_contain_text("Frame 11 of 11.", timeout=20_000)
    slider.focus()
    notebook.page.keyboard.press("Home")
    frame, in_python = notebook.ask("[own.frame, [row.weights.mean for row in own.flow()]]")
    assert frame == 1
    np.testing.assert_allclose(first, in_python, rtol=1e-5)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(notebook):
    light = notebook.pixels(0)
    notebook.choose_theme("JupyterLab Dark")
    assert notebook.pixels(0) != light
    assert notebook.contrast() > 7
    notebook.narrow(480)
    assert notebook.beyond_the_edge() == []
