"""The widget Playground in JupyterLab: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import Playground\nwidget = Playground(speed=30)\nwidget"
NETWORK, PICTURE = 0, 1  # among the two that take arrow keys


@pytest.fixture(scope="module")
def opened(open_notebook):
    """One notebook for all tests here: a kernel with TensorFlow takes its time to start."""
    return open_notebook("playground", SETUP)


@pytest.fixture
def notebook(opened):
    """The widget as it began."""
    opened.begin()
    yield opened
    assert opened.page.complaints == []


def part(notebook, number):
    return notebook.widget.get_by_role("application").nth(number)


def press(notebook, name):
    notebook.widget.get_by_role("button", name=name, exact=True).click()
    notebook.settle()


def image(notebook, number=PICTURE):
    return part(notebook, number).evaluate("canvas => canvas.toDataURL()")


def waits_for_epoch(notebook, least):
    notebook.page.wait_for_function(
        "([name, least]) => document.querySelector(name).shown?.epoch >= least", arg=[".dlc-playground", least]
    )


def test_training_is_seen_and_reaches_python(notebook):
    before, began = image(notebook), notebook.shown()
    assert began["epoch"] == 0
    assert began["points"] == [200, 200]
    press(notebook, "▶ Train")
    waits_for_epoch(notebook, 30)
    press(notebook, "❚❚ Pause")
    shown = notebook.shown()
    assert shown["loss"] < 0.5 * began["loss"]
    assert image(notebook) != before
    expect(notebook.widget.locator(".dlc-told")).to_contain_text(f"After {shown['epoch']} epochs:")
    epoch, rows, playing, wrong, answers = notebook.ask(
        "[widget.epoch, len(widget.history), widget.playing, "
        "[float(np.mean((widget._answers(x) > 0.5) != y)) for x, y in widget.split()], "
        "widget._answers(widget._grid(64)).tolist()]"
    )
    assert (epoch, playing) == (shown["epoch"], False)
    assert rows == epoch
    np.testing.assert_allclose(shown["wrong"], wrong, atol=0.0051)  # a point on the border may be rounded away
    np.testing.assert_allclose(shown["answers"], answers, atol=1e-5)


def test_the_same_seed_trains_the_same(notebook):
    losses = []
    for name in ("Start over", "Start over", "New start"):
        press(notebook, name)
        for _ in range(3):
            press(notebook, "One epoch")
        losses.append(notebook.shown()["loss"])
    assert losses[0] == losses[1] != losses[2]
    assert notebook.ask("[widget.seed, widget.epoch]") == [1, 3]


def test_the_code_gives_the_network_on_the_screen(notebook):
    press(notebook, "One epoch")
    press(notebook, "x₁x₂")
    press(notebook, "One epoch")
    press(notebook, "Show as Keras")
    code = notebook.widget.locator(".dlc-code code").inner_text()
    press(notebook, "Hide the code")
    notebook.do(code)
    answers, layers = notebook.ask(
        "[model.predict(widget.inputs(widget._grid(64)), verbose=0)[:, 0].tolist(), len(model.layers)]"
    )
    np.testing.assert_allclose(notebook.shown()["answers"], answers, atol=1e-5)
    assert layers == 3


def test_a_weight_is_chosen_by_keys_and_typed(notebook):
    network = part(notebook, NETWORK)
    before = image(notebook)
    network.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):  # to the second neuron's side of layer 2
        notebook.page.keyboard.press(key)
    notebook.settle()
    assert notebook.shown()["chosen"] == {"kind": "kernel", "layer": 2, "from": 1, "to": 0}
    expect(notebook.widget.locator(".dlc-chosen")).to_contain_text("Weight from neuron 2 of layer 2 to the output:")
    notebook.page.keyboard.press("Enter")
    field = notebook.widget.get_by_label("The chosen weight or bias")
    expect(field).to_be_focused()
    field.fill("3,5")
    field.press("Enter")
    field.press("ArrowUp")
    notebook.settle()
    assert notebook.ask("widget.weights[4][1][0]") == 3.6
    assert image(notebook) != before
    field.fill("much")
    field.press("Enter")
    expect(notebook.widget.get_by_role("alert")).to_have_text("“much” is no number; it stays 3.6.")


def test_a_neuron_is_looked_at_and_its_bias_set_by_mouse(notebook):
    before = image(notebook)
    box = part(notebook, NETWORK).bounding_box()
    middle = {"x": box["width"] - 24, "y": box["height"] / 2 + 15}
    part(notebook, NETWORK).hover(position={"x": box["width"] - 24 - (box["width"] - 130) / 3, "y": middle["y"]})
    notebook.settle()
    assert image(notebook) != before  # what that neuron says
    assert notebook.shown()["chosen"] is None
    part(notebook, NETWORK).click(position=middle)
    expect(notebook.widget.locator(".dlc-chosen")).to_contain_text("Bias of the output:")
    notebook.page.keyboard.type("-2")
    notebook.page.keyboard.press("Enter")
    assert notebook.ask("widget.weights[5]") == [-2]


def test_layers_and_neurons_are_added_and_taken_away(notebook):
    press(notebook, "One epoch")
    press(notebook, "More hidden layers")
    press(notebook, "More neurons of layer 3")
    press(notebook, "Fewer neurons of layer 1")
    layers, epoch, shapes = notebook.ask("[widget.layers, widget.epoch, [np.shape(a) for a in widget.weights]]")
    assert layers == [3, 3, 4]
    assert epoch == 0
    assert shapes == [[2, 3], [3], [3, 3], [3], [3, 4], [4], [4, 1], [1]]
    for _ in range(3):
        press(notebook, "Fewer hidden layers")
    expect(notebook.widget.get_by_role("button", name="Fewer hidden layers")).to_be_disabled()
    press(notebook, "x₁")
    press(notebook, "x₂")
    expect(notebook.widget.get_by_role("alert")).to_contain_text("leave at least one input on")
    assert notebook.ask("[widget.layers, widget.features]") == [[], ["x2"]]


def test_settings_reach_python(notebook):
    notebook.choose("Activation", "relu")
    notebook.choose("Learns by", "sgd")
    notebook.choose("Learning rate", "0.3")
    notebook.choose("Batch", "50")
    notebook.choose("Large weights cost", "l2")
    notebook.choose("times", "0.01")
    noise = notebook.widget.locator("label", has_text="Noise").locator("input")
    noise.focus()
    noise.press("ArrowRight")
    notebook.settle()
    names = "activation optimizer learning_rate batch regularization rate noise".split()
    expected = ["relu", "sgd", 0.3, 50, "l2", 0.01, 0.2]
    assert notebook.ask(f"[getattr(widget, name) for name in {names}]") == pytest.approx(expected)


def test_points_are_painted_and_erased(notebook):
    press(notebook, "Orange")
    part(notebook, PICTURE).click(position={"x": 30, "y": 40})
    data, points = notebook.ask("[widget.data, widget.points]")
    assert data == "yours"
    assert len(points) == 401  # the moons are the learner's now
    side = part(notebook, PICTURE).bounding_box()["width"]
    expected = [30 / side * 3.4 - 1.7, 1.7 - 40 / side * 3.4, 1]
    assert points[-1] == pytest.approx(expected, abs=0.02)
    press(notebook, "Remove all")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("There are no points yet")
    press(notebook, "Blue")
    part(notebook, PICTURE).focus()
    for key in ("ArrowRight", "Space", "Shift+ArrowUp", "Space"):
        notebook.page.keyboard.press(key)
    assert notebook.ask("widget.points") == [[0.068, 0, 0], [0.068, 0.34, 0]]
    press(notebook, "Erase")
    part(notebook, PICTURE).click(position={"x": side * 0.52, "y": side / 2})
    assert notebook.ask("widget.points") == [[0.068, 0.34, 0]]
    press(notebook, "circles")
    assert notebook.ask("[widget.data, len(widget.points)]") == ["circles", 1]


def test_pointing_looks_and_writes_nothing(notebook):
    before = notebook.ask("widget.get_state()['weights']")
    part(notebook, PICTURE).hover(position={"x": 20, "y": 20})
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("the network says:")
    assert notebook.ask("[widget.get_state()['weights'], widget.points]") == [before, []]


def test_python_sets_what_is_seen(notebook):
    notebook.do("widget.layers = [8] * 6; widget.features = ['x1^2', 'x2^2']; widget.data = 'circles'")
    expect(notebook.widget.get_by_label("More hidden layers")).to_be_disabled()
    notebook.do("widget.layers = []; widget.weights = [[[9.0], [9.0]], [-5.0]]; widget.epoch = 41")
    notebook.settle()
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("After 41 epochs: 98 % of the training points")
    notebook.do("widget.playing = True; widget.speed = 200")
    waits_for_epoch(notebook, 60)
    notebook.do("widget.playing = False")
    notebook.page.wait_for_timeout(200)
    assert notebook.shown()["wrong"][0] < 0.9
    notebook.do("widget.points = [[100, 7, 0], [300, 9, 1], [250, 8, 1]]")
    notebook.settle()
    shown = notebook.shown()
    assert sum(shown["points"]) == 3
    assert shown["scale"][0] < 100 < 300 < shown["scale"][1]


def test_too_large_a_learning_rate_is_told_and_stops(notebook):
    notebook.do("widget.activation, widget.optimizer, widget.learning_rate = 'linear', 'momentum', 10.0")
    notebook.do("widget.regularization, widget.rate, widget.speed = 'l2', 1.0, 300")
    press(notebook, "▶ Train")
    expect(notebook.widget.get_by_role("alert")).to_contain_text("the learning rate 10.0 is too large")
    assert notebook.ask("[widget.playing, bool(np.isfinite(widget.weights[0]).all())]") == [False, True]


def test_a_large_model_is_seen_and_a_small_one_taken_over(notebook):
    notebook.do(
        "import keras\ndef made(*units):\n    layers = [keras.layers.Dense(u, 'tanh') for u in units]\n"
        "    return keras.Sequential([keras.Input((2,)), *layers, keras.layers.Dense(1, 'sigmoid')], name='mine')\n"
        "big = made(30); widget.show_model(big)"
    )
    expect(notebook.widget.locator(".dlc-model")).to_contain_text("because it has hidden layers of 30 units")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("Your model: about")
    places = "np.array([[-0.02125, 0.02125]])"
    value = notebook.ask(f"float(big.predict({places}, verbose=0)[0, 0])")
    assert notebook.shown()["answers"][39 * 80 + 39] == pytest.approx(value, abs=1e-5)
    press(notebook, "network")
    expect(notebook.widget.get_by_role("button", name="▶ Train")).to_be_enabled()
    notebook.do("small = made(5, 2); widget.show_model(small)")
    notebook.settle()
    answers = notebook.ask("small.predict(widget._grid(64), verbose=0)[:, 0].tolist()")
    np.testing.assert_allclose(notebook.shown()["answers"], answers, atol=1e-5)
    notebook.do("widget.show_model(Playground().to_keras())")


def test_two_views_show_the_same_and_stay_two(notebook):
    notebook.do("display(widget)")
    views = notebook.page.locator(".dlc-playground")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("button", name="▶ Train").click()
    waits_for_epoch(notebook, 10)
    views.nth(0).get_by_role("button", name="❚❚ Pause").click()
    notebook.page.wait_for_timeout(100)
    shown = views.evaluate_all("roots => roots.map(({ shown }) => [shown.epoch, shown.loss])")
    assert shown[0] == shown[1]
    notebook.do("pass")  # the second view is gone, and its listeners with it
    expect(views).to_have_count(1)
    press(notebook, "One epoch")
    assert notebook.shown()["epoch"] == shown[0][0] + 1


def test_it_can_be_read_on_dark_and_on_a_narrow_page(notebook):
    light = image(notebook)
    notebook.choose_theme("JupyterLab Dark")
    assert image(notebook) != light
    assert notebook.contrast() > 7
    notebook.narrow(480)
    assert notebook.beyond_the_edge() == []
