"""The widget FeatureMaps on a page of its own: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

from dlcourse.errors import CourseError

SETUP = "from dlcourse.widgets import FeatureMaps\nwidget = FeatureMaps()\nwidget"


def tiles(mounted):
    return mounted.widget.get_by_role("application")


def layer(mounted, name):
    return mounted.widget.locator(".dlc-feature_maps-layers button", has_text=name)


def button(mounted, name):
    return mounted.widget.get_by_role("button", name=name, exact=True)


def test_maps_are_shown_with_the_place_where_one_is_strongest(mounted):
    shown, output = mounted.shown(), mounted.ask("widget.output().tolist()")
    np.testing.assert_allclose(np.reshape(shown["values"], np.shape(output)), output, atol=1e-5)
    assert shown["value"] == pytest.approx(np.max(np.array(output)[:, :, 0]), abs=1e-5)
    expect(mounted.widget).to_contain_text("How “upper left corner” is made")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("8 maps bring")
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("of the picture.")


def test_a_click_on_a_map_shows_how_it_is_made_and_reaches_python(mounted):
    before = mounted.pixels(3)
    tiles(mounted).click(position={"x": 230, "y": 40})
    mounted.page.mouse.move(5, 5)
    mounted.settle()
    assert mounted.pixels(3) != before
    number, position, value = mounted.ask(
        "[widget.map, widget.position, float(widget.output()[(*widget.position, widget.map)])]"
    )
    shown = mounted.shown()
    assert (number, position) == (shown["map"], shown["position"])
    assert number > 0
    assert shown["value"] == pytest.approx(value, abs=1e-5)


def test_pointing_looks_and_changes_nothing(mounted):
    kept = mounted.ask("[widget.map, widget.position]")
    frame, words = mounted.pixels(0), mounted.in_words()
    tiles(mounted).hover(position={"x": 200, "y": 60})
    mounted.settle()
    assert mounted.pixels(0) != frame  # what the place sees moves along
    expect(mounted.widget.locator(".dlc-told")).not_to_have_text(words)
    assert mounted.ask("[widget.map, widget.position]") == kept


def test_arrow_keys_choose_a_map_and_with_shift_a_place(mounted):
    row, column = mounted.ask("widget.position")
    tiles(mounted).focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown", "Shift+ArrowLeft"):
        mounted.page.keyboard.press(key)
    mounted.settle()
    expect(tiles(mounted)).to_be_focused()
    place = f"lower left corner at row {row + 1}, column {column - 1}"
    expect(mounted.widget.locator(".dlc-told")).to_contain_text(place)
    assert mounted.ask("[widget.map, widget.position]") == [2, [row + 1, column - 1]]


def test_layers_are_chosen_by_click_and_by_key(mounted):
    before = mounted.pixels(1)
    layer(mounted, "edges_pooled").click()
    mounted.settle()
    assert mounted.pixels(1) != before
    expect(mounted.widget).to_contain_text("edges_pooled, MaxPooling2D: 8 maps of 59 × 89")
    mounted.page.keyboard.press("ArrowLeft")
    expect(mounted.widget).to_contain_text("edges, Conv2D: 8 maps of 118 × 178")
    for _ in range(9):
        mounted.page.keyboard.press("ArrowRight")
    expect(mounted.widget).to_contain_text("strongest, GlobalMaxPooling2D: 6 units")
    mounted.settle()
    np.testing.assert_allclose(mounted.shown()["values"], mounted.ask("widget.output().tolist()"), atol=1e-5)


def test_python_sets_what_is_seen(mounted):
    before = mounted.pixels(0)
    mounted.do("widget.image = 'china'; widget.layer = 'edges'; widget.map = 7; widget.position = (20, 30)")
    mounted.settle()
    assert mounted.pixels(0) != before
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("edges, outline at row 20, column 30")
    assert mounted.shown()["value"] == pytest.approx(mounted.ask("float(widget.output()[20, 30, 7])"), abs=1e-5)
    with pytest.raises(CourseError, match="Did you mean 'edges'"):
        mounted.do("widget.layer = 'edgs'")
    expect(mounted.widget).to_contain_text("edges, Conv2D: 8 maps")


def test_own_pictures_by_file_and_by_hand(mounted, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    files = mounted.widget.locator("input[type=file]")
    files.set_input_files(tmp_path / "notes.txt")
    expect(mounted.widget.get_by_role("alert")).to_contain_text("notes.txt is no picture that this browser can read")
    tiles(mounted).screenshot(path=tmp_path / "mine.png")
    files.set_input_files(tmp_path / "mine.png")
    expect(mounted.widget.locator("figcaption").first).to_contain_text("mine.png")
    button(mounted, "Draw").click()
    mounted.settle()
    assert max(map(abs, mounted.shown()["values"])) == 0  # an empty page
    mounted.widget.locator("canvas").first.hover(position={"x": 40, "y": 40})
    mounted.page.mouse.down()
    mounted.widget.locator("canvas").first.hover(position={"x": 160, "y": 90})
    mounted.page.mouse.up()
    button(mounted, "Done").click()
    mounted.settle()
    output = mounted.ask("widget.output().ravel().tolist()")
    assert max(output) > 0.3
    np.testing.assert_allclose(mounted.shown()["values"], output, atol=1e-5)
    assert mounted.ask("widget.image.name") == "a drawing"


def test_a_model_of_ones_own_and_one_that_only_python_can_run(mounted):
    mounted.do(
        "import keras\nfrom keras import layers\nkeras.utils.set_random_seed(1)\n"
        "model = keras.Sequential([keras.Input((40, 50, 3)), layers.Conv2D(70, 3, name='wide'),"
        " layers.GlobalMaxPooling2D(), layers.Dense(10, activation='softmax', name='answer')])\n"
        "widget.show_model(model, scale='0 to 1')\nwidget.image = 'coffee'\nwidget.layer = 'wide'"
    )
    expect(mounted.widget).to_contain_text("0–63 of 70")
    mounted.settle()
    button(mounted, "›").click()
    mounted.settle()
    assert mounted.ask("widget.map") == 64
    shown = mounted.shown()
    np.testing.assert_allclose(shown["values"], mounted.ask("widget.output().ravel().tolist()"), atol=1e-5)
    button(mounted, "Show as Keras").click()
    code = mounted.widget.locator(".dlc-code code").inner_text()
    button(mounted, "Hide the code").click()
    row, column = shown["position"]
    mounted.do(code)
    assert mounted.ask(f"float(one[{row}, {column}])") == pytest.approx(shown["value"], abs=1e-5)
    layer(mounted, "answer").click()
    expect(mounted.widget.locator(".dlc-told")).to_contain_text("the softmax of all units makes")

    mounted.do(
        "model = keras.Sequential([keras.Input((20, 30, 1)), layers.Conv2DTranspose(4, 3, name='up'),"
        " layers.LayerNormalization(name='norm')])\nwidget.show_model(model, scale='0 to 1')\nwidget.layer = 'up'"
    )
    expect(mounted.widget).to_contain_text("cannot run the layer 'up' (Conv2DTranspose). So its maps are computed")
    layer(mounted, "norm").click()
    output = mounted.ask("widget.output().ravel().tolist()")
    assert mounted.ask("widget.layer") == "norm"
    mounted.settle()
    np.testing.assert_allclose(mounted.shown()["values"], output, atol=1e-5)
    mounted.do("widget.show_model()\nwidget.image = 'coins'\nwidget.layer = 'parts'\nwidget._remember_start()")


def test_two_views_show_the_same_and_stay_two(mounted):
    mounted.do("display(widget)")
    views = mounted.page.locator(".dlc-feature_maps")
    expect(views).to_have_count(2)
    views.nth(1).locator(".dlc-feature_maps-layers button", has_text="parts_pooled").click()
    mounted.settle()
    assert views.evaluate_all("roots => roots.map(root => root.shown.layer)") == ["parts_pooled"] * 2
    mounted.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    light = mounted.pixels(1)
    mounted.choose_theme("dark")
    assert mounted.pixels(1) != light
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
