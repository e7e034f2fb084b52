"""The widget Playground on a page of its own: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import Playground\nwidget = Playground(speed=30)\nwidget"
NETWORK, PICTURE = 0, 1  # among the two that take arrow keys


def part(mounted, number):
    return mounted.widget.get_by_role("application").nth(number)


def press(mounted, name):
    mounted.widget.get_by_role("button", name=name, exact=True).click()
    mounted.settle()


def image(mounted, number=PICTURE):
    return part(mounted, number).evaluate("canvas => canvas.toDataURL()")


def wait_for_epoch(mounted, least):
    mounted.wait_for(f"shown => shown.epoch >= {least}")


def test_training_is_seen_and_reaches_python(mounted):
    before, began = image(mounted), mounted.shown()
    assert began["epoch"] == 0
    assert began["points"] == [200, 200]
    press(mounted, "▶ Train")
    wait_for_epoch(mounted, 30)
    press(mounted, "❚❚ Pause")
    shown = mounted.shown()
    assert shown["loss"] < 0.5 * began["loss"]
    assert image(mounted) != before
    expect(mounted.widget.locator(".dlc-told")).to_contain_text(f"After {shown['epoch']} epochs:")
    epoch, rows, playing, wrong, answers = mounted.ask(
        "[widget.epoch, len(widget.history), widget.playing, "
        "[float(np.mean((widget._answers(x) > 0.5) != y)) for x, y in widget.split()], "
        "widget._answers(widget._grid(64)).tolist()]"
    )
    assert (epoch, playing) == (shown["epoch"], False)
    assert rows == epoch
    np.testing.assert_allclose(shown["wrong"], wrong, atol=0.0051)  # a point on the border may be rounded away
    np.testing.assert_allclose(shown["answers"], answers, atol=1e-5)


def test_the_same_seed_trains_the_same(mounted):
    losses = []
    for name in ("Start over", "Start over", "New weights"):
        press(mounted, name)
        for _ in range(3):
            press(mounted, "One epoch")
        losses.append(mounted.shown()["loss"])
    assert losses[0] == losses[1] != losses[2]
    assert mounted.ask("[widget.seed, widget.epoch]") == [1, 3]


def test_the_code_gives_the_network_on_the_screen(mounted):
    press(mounted, "One epoch")
    press(mounted, "x₁x₂")
    press(mounted, "One epoch")
    press(mounted, "Show as Keras")
    code = mounted.widget.locator(".dlc-code code").inner_text()
    press(mounted, "Hide the code")
    mounted.do(code)
    answers, layers = mounted.ask(
        "[model.predict(widget.inputs(widget._grid(64)), verbose=0)[:, 0].tolist(), len(model.layers)]"
    )
    np.testing.assert_allclose(mounted.shown()["answers"], answers, atol=1e-5)
    assert layers == 3


def test_a_weight_is_chosen_by_keys_and_typed(mounted):
    network = part(mounted, NETWORK)
    before = image(mounted)
    network.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):  # to the second neuron's side of layer 2
        mounted.page.keyboard.press(key)
    mounted.settle()
    assert mounted.shown()["chosen"] == {"kind": "kernel", "layer": 2, "from": 1, "to": 0}
    expect(mounted.widget.locator(".dlc-chosen")).to_contain_text("Weight from neuron 2 of layer 2 to the output:")
    mounted.page.keyboard.press("Enter")
    field = mounted.widget.get_by_label("The chosen weight or bias")
    expect(field).to_be_focused()
    field.fill("3,5")
    field.press("Enter")
    field.press("ArrowUp")
    mounted.settle()
    assert mounted.ask("widget.weights[4][1][0]") == 3.6
    assert image(mounted) != before
    field.fill("much")
    field.press("Enter")
    expect(mounted.widget.get_by_role("alert")).to_have_text("“much” is no number; it stays 3.6.")


def test_a_neuron_is_looked_at_and_its_bias_set_by_mouse(mounted):
    before = image(mounted)
    box = part(mounted, NETWORK).bounding_box()
    middle = {"x": box["width"] - 24, "y": box["height"] / 2 + 15}
    part(mounted, NETWORK).hover(position={"x": box["width"] - 24 - (box["width"] - 130) / 3, "y": middle["y"]})
    mounted.settle()
    assert image(mounted) != before  # what that neuron says
    assert mounted.shown()["chosen"] is None
    part(mounted, NETWORK).click(position=middle)
    expect(mounted.widget.locator(".dlc-chosen")).to_contain_text("Bias of the output:")
    mounted.page.keyboard.type("-2")
    mounted.page.keyboard.press("Enter")
    assert mounted.ask("widget.weights[5]") == [-2]


def test_layers_and_neurons_are_added_and_taken_away(mounted):
    press(mounted, "One epoch")
    press(mounted, "More hidden layers")
    press(mounted, "More neurons of layer 3")
    press(mounted, "Fewer neurons of layer 1")
    layers, epoch, shapes = mounted.ask("[widget.layers, widget.epoch, [np.shape(a) for a in widget.weights]]")
    assert layers == [3, 3, 4]
    assert epoch == 0
    assert shapes == [[2, 3], [3], [3, 3], [3], [3, 4], [4], [4, 1], [1]]
    for _ in range(3):
        press(mounted, "Fewer hidden layers")
    expect(mounted.widget.get_by_role("button", name="Fewer hidden layers")).to_be_disabled()
    press(mounted, "x₁")
    press(mounted, "x₂")
    expect(mounted.widget.get_by_role("alert")).to_contain_text("leave at least one input on")
    assert mounted.ask("[widget.layers, widget.features]") == [[], ["x2"]]


def test_settings_reach_python(mounted):
    mounted.choose("Activation", "relu")
    mounted.choose("Optimizer", "sgd")
    mounted.choose("Learning rate", "0.3")
    mounted.choose("Batch size", "50")
    mounted.choose("Regularization", "l2")
    mounted.choose("Regularization rate", "0.01")
    noise = mounted.widget.locator("label", has_text="Noise").locator("input")
    noise.focus()
    noise.press("ArrowRight")
    mounted.settle()
    names = "activation optimizer learning_rate batch regularization rate noise".split()
    expected = ["relu", "sgd", 0.3, 50, "l2", 0.01, 0.2]
    assert mounted.ask(f"[getattr(widget, name) for name in {names}]") == pytest.approx(expected)


def test_points_are_painted_and_erased(mounted):
    press(mounted, "Orange")
    part(mounted, PICTURE).click(position={"x": 30, "y": 40})
    data, points = mounted.ask("[widget.data, widget.points]")
    assert data == "yours"
    assert len(points) == 401  # the moons are the learner's now
    side = part(mounted, PICTURE).bounding_box()["width"]
    expected = [30 / side * 3.4 - 1.7, 1.7 - 40 / side * 3.4, 1]
    assert points[-1] == pytest.approx(expected, abs=0.02)
    press(mounted, "Remove all")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("There are no points yet")
    press(mounted, "Blue")
    part(mounted, PICTURE).focus()
    for key in ("ArrowRight", "Space", "Shift+ArrowUp", "Space"):
        mounted.page.keyboard.press(key)
    assert mounted.ask("widget.points") == [[0.068, 0, 0], [0.068, 0.34, 0]]
    press(mounted, "Erase")
    part(mounted, PICTURE).click(position={"x": side * 0.52, "y": side / 2})
    assert mounted.ask("widget.points") == [[0.068, 0.34, 0]]
    press(mounted, "circles")
    assert mounted.ask("[widget.data, len(widget.points)]") == ["circles", 1]


def test_pointing_looks_and_writes_nothing(mounted):
    before = mounted.ask("widget.get_state()['weights']")
    part(mounted, PICTURE).hover(position={"x": 20, "y": 20})
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("the network says:")
    assert mounted.ask("[widget.get_state()['weights'], widget.points]") == [before, []]


def test_python_sets_what_is_seen(mounted):
    mounted.do("widget.layers = [8] * 6; widget.features = ['x1^2', 'x2^2']; widget.data = 'circles'")
    expect(mounted.widget.get_by_label("More hidden layers")).to_be_disabled()
    mounted.do("widget.layers = []; widget.weights = [[[9.0], [9.0]], [-5.0]]; widget.epoch = 41")
    mounted.settle()
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("After 41 epochs: 98 % of the training points")
    mounted.do("widget.playing = True; widget.speed = 200")
    wait_for_epoch(mounted, 60)
    mounted.do("widget.playing = False")
    assert mounted.shown()["wrong"][0] < 0.9
    mounted.do("widget.points = [[100, 7, 0], [300, 9, 1], [250, 8, 1]]")
    mounted.settle()
    shown = mounted.shown()
    assert sum(shown["points"]) == 3
    assert shown["scale"][0] < 100 < 300 < shown["scale"][1]


def test_too_large_a_learning_rate_is_told_and_stops(mounted):
    mounted.do("widget.activation, widget.optimizer, widget.learning_rate = 'linear', 'momentum', 10.0")
    mounted.do("widget.regularization, widget.rate, widget.speed = 'l2', 1.0, 300")
    press(mounted, "▶ Train")
    expect(mounted.widget.get_by_role("alert")).to_contain_text("the learning rate 10.0 is too large")
    assert mounted.ask("[widget.playing, bool(np.isfinite(widget.weights[0]).all())]") == [False, True]


def test_a_large_model_is_seen_and_a_small_one_taken_over(mounted):
    mounted.do(
        "import keras\ndef made(*units):\n    layers = [keras.layers.Dense(u, 'tanh') for u in units]\n"
        "    return keras.Sequential([keras.Input((2,)), *layers, keras.layers.Dense(1, 'sigmoid')], name='mine')\n"
        "big = made(30); widget.show_model(big)"
    )
    expect(mounted.widget.locator(".dlc-model")).to_contain_text("because it has hidden layers of 30 units")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("Your model: about")
    places = "np.array([[-0.02125, 0.02125]])"
    value = mounted.ask(f"float(big.predict({places}, verbose=0)[0, 0])")
    assert mounted.shown()["answers"][39 * 80 + 39] == pytest.approx(value, abs=1e-5)
    press(mounted, "network")
    expect(mounted.widget.get_by_role("button", name="▶ Train")).to_be_enabled()
    mounted.do("small = made(5, 2); widget.show_model(small)")
    mounted.settle()
    answers = mounted.ask("small.predict(widget._grid(64), verbose=0)[:, 0].tolist()")
    np.testing.assert_allclose(mounted.shown()["answers"], answers, atol=1e-5)
    mounted.do("widget.show_model(Playground().to_keras())")


def test_two_views_show_the_same_and_stay_two(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-playground")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("button", name="▶ Train").click()
    wait_for_epoch(mounted, 10)
    views.nth(0).get_by_role("button", name="❚❚ Pause").click()
    mounted.settle()
    shown = views.evaluate_all("roots => roots.map(({ shown }) => [shown.epoch, shown.loss])")
    assert shown[0] == shown[1]
    mounted.do("pass")  # the second view is gone, and its listeners with it
    expect(views).to_have_count(1)
    press(mounted, "One epoch")
    assert mounted.shown()["epoch"] == shown[0][0] + 1


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    light = image(mounted)
    mounted.choose_theme("dark")
    assert image(mounted) != light
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
