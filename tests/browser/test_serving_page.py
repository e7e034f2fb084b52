"""The pages of `dlcourse serve`: draw, choose a picture, write numbers, by pointer and by keys alone."""

import io

import numpy as np
import pytest
from deploy.running_service import running
from deploy.served import grey, plain
from PIL import Image
from playwright.sync_api import expect

NAMES = ("circle", "square", "<star>")


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    return grey(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def address(shapes):
    with running(shapes.path) as service:
        yield service.address


@pytest.fixture
def asking(page, address):
    page.goto(address)
    page.complaints.clear()
    yield page
    assert page.complaints == []


def answer(page):
    return page.get_by_role("status")


def shares(page):
    """What the bars say, in percent."""
    return [float(text.removesuffix(" %")) for text in page.locator("#bars .share").all_text_contents()]


def chosen(page, content, name="a.png"):
    page.get_by_label("Choose a picture").set_input_files([{"name": name, "mimeType": "image/png", "buffer": content}])


def test_a_chosen_picture_gets_the_models_answer(asking, shapes):
    example = shapes.examples(1)
    file = io.BytesIO()
    Image.fromarray(example[0, ..., 0].astype(np.uint8)).save(file, "PNG")
    chosen(asking, file.getvalue())
    [expected] = shapes.outputs(example)
    expect(answer(asking)).to_have_text(f"{NAMES[expected.argmax()]}, with {100 * expected.max():.1f} %")
    assert shares(asking) == pytest.approx(100 * expected, abs=0.06)
    assert asking.locator("#bars .name").all_text_contents() == list(NAMES)


def test_a_stroke_of_the_pointer_is_answered_and_a_swapped_picture_otherwise(asking):
    box = asking.locator("canvas").bounding_box()
    asking.mouse.move(box["x"] + 20, box["y"] + 20)
    asking.mouse.down()
    asking.mouse.move(box["x"] + 200, box["y"] + 150, steps=5)
    asking.mouse.up()
    expect(asking.locator("#bars .share")).to_have_count(3)
    drawn = shares(asking)
    assert sum(drawn) == pytest.approx(100, abs=0.2)
    with asking.expect_response("**/predict"):
        asking.get_by_role("button", name="Swap light and dark").click()
    expect(asking.locator("#bars .share").first).not_to_have_text(f"{drawn[0]:.1f} %")
    asking.get_by_role("button", name="Clear").click()
    expect(answer(asking)).to_have_text("Nothing yet: draw something.")
    assert shares(asking) == []


def test_keys_alone_draw_and_clear(asking):
    asking.keyboard.press("Tab")
    expect(asking.get_by_role("application")).to_be_focused()
    for key in ("Space", "ArrowRight", "ArrowDown", "Space"):
        asking.keyboard.press(key)
    expect(asking.locator("#bars .share")).to_have_count(3)
    asking.keyboard.press("Delete")
    expect(answer(asking)).to_have_text("Nothing yet: draw something.")


def test_what_is_no_picture_is_told(asking):
    chosen(asking, b"no picture")
    expect(answer(asking)).to_contain_text("choose a PNG or a JPEG")


def test_the_page_fits_a_phone_in_the_dark(open_page, address):
    page = open_page(color_scheme="dark")
    page.set_viewport_size({"width": 480, "height": 800})
    for path in ("", "/docs"):
        page.goto(address + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 480
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 27)"


def test_the_reference_tells_all_addresses(asking, address):
    asking.get_by_role("link", name="For programs").click()
    for path in ("POST /predict", "GET /health", "GET /metrics"):
        expect(asking.get_by_role("heading", name=path)).to_be_visible()
    expect(asking.get_by_text("curl -F picture=@picture.png")).to_contain_text(f"{address}/predict")


def test_a_model_of_numbers_is_asked_in_json(page, tmp_path):
    prices = plain(tmp_path)
    with running(prices.path) as service:
        page.goto(service.address)
        field = page.get_by_label("Examples as JSON")
        expect(field).to_have_value('{"instances":[[0,0,0,0,0]]}')
        page.get_by_role("button", name="Ask").click()
        expect(answer(page)).to_contain_text('[{"values":[')
        field.fill('{"instances":[[0]]}')
        page.get_by_role("button", name="Ask").click()
        expect(answer(page)).to_contain_text("An example must have the shape (5,)")
