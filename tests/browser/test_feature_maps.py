"""The widget FeatureMaps in JupyterLab: what a learner does with it, and what Python then knows."""

import numpy as np
import pytest
from playwright.sync_api import expect

SETUP = "from dlcourse.widgets import FeatureMaps\nwidget = FeatureMaps()\nwidget"


@pytest.fixture(scope="module")
def opened(open_notebook):
    return open_notebook("feature_maps", SETUP)


@pytest.fixture
def notebook(opened):
    """The widget as it began."""
    opened.begin()
    yield opened
    assert opened.page.complaints == []


def tiles(notebook):
    return notebook.widget.get_by_role("application")


def layer(notebook, name):
    return notebook.widget.locator(".dlc-feature_maps-layers button", has_text=name)


def button(notebook, name):
    return notebook.widget.get_by_role("button", name=name, exact=True)


def test_maps_are_shown_with_the_place_where_one_is_strongest(notebook):
    shown, output = notebook.shown(), notebook.ask("widget.output().tolist()")
    np.testing.assert_allclose(np.reshape(shown["values"], np.shape(output)), output, atol=1e-5)
    assert shown["value"] == pytest.approx(np.max(np.array(output)[:, :, 0]), abs=1e-5)
    expect(notebook.widget).to_contain_text("How “upper left corner” is made")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("8 maps bring")
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("of the picture.")


def test_a_click_on_a_map_shows_how_it_is_made_and_reaches_python(notebook):
    before = notebook.pixels(3)
    tiles(notebook).click(position={"x": 230, "y": 40})
    notebook.page.mouse.move(5, 5)
    notebook.settle()
    assert notebook.pixels(3) != before
    number, position, value = notebook.ask(
        "[widget.map, widget.position, float(widget.output()[(*widget.position, widget.map)])]"
    )
    shown = notebook.shown()
    assert (number, position) == (shown["map"], shown["position"])
    assert number > 0
    assert shown["value"] == pytest.approx(value, abs=1e-5)


def test_pointing_looks_and_changes_nothing(notebook):
    kept = notebook.ask("[widget.map, widget.position]")
    frame, told = notebook.pixels(0), notebook.told()
    tiles(notebook).hover(position={"x": 200, "y": 60})
    notebook.settle()
    assert notebook.pixels(0) != frame  # what the place sees moves along
    expect(notebook.widget.locator(".dlc-told")).not_to_have_text(told)
    assert notebook.ask("[widget.map, widget.position]") == kept


def test_arrow_keys_choose_a_map_and_with_shift_a_place(notebook):
    row, column = notebook.ask("widget.position")
    tiles(notebook).focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown", "Shift+ArrowLeft"):
        notebook.page.keyboard.press(key)
    notebook.settle()
    expect(tiles(notebook)).to_be_focused()
    place = f"lower left corner at row {row + 1}, column {column - 1}"
    expect(notebook.widget.locator(".dlc-told")).to_contain_text(place)
    assert notebook.ask("[widget.map, widget.position]") == [2, [row + 1, column - 1]]


def test_layers_are_chosen_by_click_and_by_key(notebook):
    before = notebook.pixels(1)
    layer(notebook, "edges_pooled").click()
    notebook.settle()
    assert notebook.pixels(1) != before
    expect(notebook.widget).to_contain_text("edges_pooled, MaxPooling2D: 8 maps of 59 × 89")
    notebook.page.keyboard.press("ArrowLeft")
    expect(notebook.widget).to_contain_text("edges, Conv2D: 8 maps of 118 × 178")
    for _ in range(9):
        notebook.page.keyboard.press("ArrowRight")
    expect(notebook.widget).to_contain_text("strongest, GlobalMaxPooling2D: 6 units")
    notebook.settle()
    np.testing.assert_allclose(notebook.shown()["values"], notebook.ask("widget.output().tolist()"), atol=1e-5)


def test_python_sets_what_is_seen(notebook):
    before = notebook.pixels(0)
    notebook.do("widget.image = 'china'; widget.layer = 'edges'; widget.map = 7; widget.position = (20, 30)")
    notebook.settle()
    assert notebook.pixels(0) != before
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("edges, outline at row 20, column 30")
    assert notebook.shown()["value"] == pytest.approx(notebook.ask("float(widget.output()[20, 30, 7])"), abs=1e-5)
    notebook.do("widget.layer = 'edgs'")
    assert "Did you mean 'edges'?" in notebook.cell(1).inner_text()
    expect(notebook.widget).to_contain_text("edges, Conv2D: 8 maps")


def test_own_pictures_by_file_and_by_hand(notebook, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    files = notebook.widget.locator("input[type=file]")
    files.set_input_files(tmp_path / "notes.txt")
    expect(notebook.widget.get_by_role("alert")).to_contain_text("notes.txt is no picture that this browser can read")
    tiles(notebook).screenshot(path=tmp_path / "mine.png")
    files.set_input_files(tmp_path / "mine.png")
    expect(notebook.widget.locator("figcaption").first).to_contain_text("mine.png")
    button(notebook, "Draw").click()
    notebook.settle()
    assert max(map(abs, notebook.shown()["values"])) == 0  # an empty page
    notebook.widget.locator("canvas").first.hover(position={"x": 40, "y": 40})
    notebook.page.mouse.down()
    notebook.widget.locator("canvas").first.hover(position={"x": 160, "y": 90})
    notebook.page.mouse.up()
    button(notebook, "Done").click()
    notebook.settle()
    output = notebook.ask("widget.output().ravel().tolist()")
    assert max(output) > 0.3
    np.testing.assert_allclose(notebook.shown()["values"], output, atol=1e-5)
    assert notebook.ask("widget.image.name") == "a drawing"


def test_a_model_of_ones_own_and_one_that_only_python_can_run(notebook):
    notebook.do(
        "import keras\nfrom keras import layers\nkeras.utils.set_random_seed(1)\n"
        "model = keras.Sequential([keras.Input((40, 50, 3)), layers.Conv2D(70, 3, name='wide'),"
        " layers.GlobalMaxPooling2D(), layers.Dense(10, activation='softmax', name='answer')])\n"
        "widget.show_model(model, scale='0 to 1')\nwidget.image = 'coffee'\nwidget.layer = 'wide'"
    )
    expect(notebook.widget).to_contain_text("0–63 of 70")
    notebook.settle()
    button(notebook, "›").click()
    notebook.settle()
    assert notebook.ask("widget.map") == 64
    shown = notebook.shown()
    np.testing.assert_allclose(shown["values"], notebook.ask("widget.output().ravel().tolist()"), atol=1e-5)
    button(notebook, "Show as Keras").click()
    code = notebook.widget.locator(".dlc-code code").inner_text()
    button(notebook, "Hide the code").click()
    row, column = shown["position"]
    notebook.do(code)
    assert notebook.ask(f"float(one[{row}, {column}])") == pytest.approx(shown["value"], abs=1e-5)
    layer(notebook, "answer").click()
    expect(notebook.widget.locator(".dlc-told")).to_contain_text("the softmax of all units makes")

    notebook.do(
        "model = keras.Sequential([keras.Input((20, 30, 1)), layers.Conv2DTranspose(4, 3, name='up'),"
        " layers.LayerNormalization(name='norm')])\nwidget.show_model(model, scale='0 to 1')\nwidget.layer = 'up'"
    )
    expect(notebook.widget).to_contain_text("cannot run the layer 'up' (Conv2DTranspose). So its maps are computed")
    layer(notebook, "norm").click()
    output = notebook.ask("widget.output().ravel().tolist()")
    assert notebook.ask("widget.layer") == "norm"
    notebook.settle()
    np.testing.assert_allclose(notebook.shown()["values"], output, atol=1e-5)
    notebook.do("widget.show_model()\nwidget.image = 'coins'\nwidget.layer = 'parts'\nwidget._remember_start()")


def test_two_views_show_the_same_and_stay_two(notebook):
    notebook.do("display(widget)")
    views = notebook.page.locator(".dlc-feature_maps")
    expect(views).to_have_count(2)
    views.nth(1).locator(".dlc-feature_maps-layers button", has_text="parts_pooled").click()
    notebook.settle()
    assert views.evaluate_all("roots => roots.map(root => root.shown.layer)") == ["parts_pooled"] * 2
    notebook.do("pass")
    expect(views).to_have_count(1)


def test_it_can_be_read_on_dark_and_on_a_narrow_page(notebook):
    notebook.choose_theme("JupyterLab Light")  # JupyterLab remembers what another module's tests chose
    light = notebook.pixels(1)
    notebook.choose_theme("JupyterLab Dark")
    for _ in range(50):  # a busy machine takes its time to lay out the page anew
        if notebook.pixels(1) != light:
            break
        notebook.page.wait_for_timeout(100)
    assert notebook.pixels(1) != light
    assert notebook.contrast() > 7
    notebook.narrow(480)
    assert notebook.beyond_the_edge() == []
