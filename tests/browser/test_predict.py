"""The widget Predict, and the answer that belongs to it, on a page of their own."""

import re
import tempfile

import pytest
from browser.bare_page import BarePage
from playwright.sync_api import expect

SETUP = """from dlcourse.widgets import Predict
widget = Predict("How many of a hundred?", low=0, high=100, unit="%")"""
REVEAL = 'answer = widget.reveal(52, "About half of them.", show="8 and 5 are the hardest."); display(answer)'

CHOICE = 'Predict("Which is slower?", choices=["ten sigmoids", "ten ReLUs"])', '"ten sigmoids"'
SEVERAL = 'Predict("Which need labels?", choices=["regression", "clustering", "diffusion"], several=True)'
ORDER = 'Predict("In which order?", order=["load", "build", "fit"])', '["load", "build", "fit"]'
CURVE = 'Predict("How does it go?", curve={"x": (0, 6, "epoch"), "y": (0, 1, "accuracy")})', "[0.2, 0.6, 0.7]"
BARS = 'Predict("How often?", bars=["u", "v", "w"], low=0, high=50)', "[10, 20, 30]"


@pytest.fixture(autouse=True)
def nothing_answered(monkeypatch):
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("DLCOURSE_ANSWERS", folder)
        yield


@pytest.fixture
def open_form(open_page):
    """Opens a question of another form with its answer below."""

    def opened(question, truth):
        bare = BarePage(open_page(), "predict", f"from dlcourse.widgets import Predict\nwidget = {question}")
        bare.do(f"answer = widget.reveal({truth}, 'A reason.'); display(answer)")
        return bare

    return opened


def answer(bare):
    return bare.page.locator(".dlc-answer")


def expect_covered(bare):
    expect(answer(bare).get_by_text("Covered until you have committed a guess.")).to_be_visible()
    expect(answer(bare).locator(".dlc-answer-inside")).to_be_hidden()


def press(bare, *keys):
    for key in keys:
        bare.page.keyboard.press(key)
    bare.settle()


def commit(bare):
    bare.widget.get_by_role("button", name="Commit").click()
    bare.settle()


# --- a number, from the guess to the answer --------------------------------------------------------------------------


def test_an_answer_is_covered_until_a_guess_is_committed(mounted):
    mounted.do(REVEAL)
    expect_covered(mounted)
    hidden = answer(mounted).aria_snapshot()
    assert not re.search("52|half|hardest", hidden)
    for text in ("About half", "8 and 5", "It is 52"):
        expect(answer(mounted).get_by_text(text)).to_be_hidden()
    mounted.widget.get_by_label("Your guess").fill("40")
    commit(mounted)
    expect(answer(mounted)).to_contain_text("You said 40 %, it is 52 %: 12 percentage points too low.")
    for text in ("About half of them.", "8 and 5 are the hardest."):
        expect(answer(mounted).get_by_text(text)).to_be_visible()
    expect(answer(mounted).get_by_role("img", name="You said 40 %")).to_be_visible()
    expect(answer(mounted).get_by_text("Covered")).to_be_hidden()
    assert mounted.ask("[widget.guess, widget.phase, answer.guess, answer.phase]") == [40, "committed"] * 2


def test_by_keyboard_alone(mounted):
    mounted.do(REVEAL)
    slider = mounted.widget.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "no guess yet")
    slider.focus()
    press(mounted, "ArrowRight", "ArrowRight", "Tab", "Tab")
    expect(mounted.widget.get_by_role("button", name="Commit")).to_be_focused()
    press(mounted, "Enter")
    assert mounted.ask("[widget.guess, widget.phase]") == [52, "committed"]
    expect(mounted.widget.get_by_role("button", name="Guess again")).to_be_focused()
    expect(slider).to_be_disabled()
    press(mounted, "Enter")
    assert mounted.ask("[widget.guess, widget.phase]") == [None, "guessing"]
    expect(slider).to_be_focused()
    expect_covered(mounted)


def test_what_cannot_be_taken_is_said_and_nothing_is_committed(mounted):
    field = mounted.widget.get_by_label("Your guess")
    mounted.widget.get_by_role("button", name="Commit").press("Enter")
    expect(mounted.widget.get_by_role("alert")).to_have_text("There is no guess to commit yet.")
    for text in ("many", "150"):
        field.fill(text)
        field.blur()
        refused = f"“{text}” is not taken: type a number from 0 % to 100 %."
        expect(mounted.widget.get_by_role("alert")).to_have_text(refused)
    assert mounted.ask("[widget.guess, widget.phase]") == [None, "guessing"]
    field.fill("12,5 %")
    expect(mounted.widget.get_by_role("alert")).to_be_hidden()
    assert mounted.ask("widget.guess") == 12.5


def test_one_may_ask_for_the_answer_without_a_guess(mounted):
    mounted.do(REVEAL)
    answer(mounted).get_by_role("button", name="Show me").press("Enter")
    mounted.settle()
    expect(answer(mounted).locator(".dlc-told")).to_have_text("Shown without a guess. It is 52 %.")
    expect(answer(mounted).locator(".dlc-told")).to_be_focused()
    assert mounted.ask("widget.phase") == "shown"
    mounted.widget.get_by_role("button", name="Guess again").click()
    expect_covered(mounted)
    mounted.widget.get_by_role("button", name="Show me").click()
    expect(answer(mounted)).to_contain_text("Shown without a guess.")


def test_an_answer_that_comes_after_the_guess_is_not_covered(mounted):
    mounted.widget.get_by_label("Your guess").fill("60")
    commit(mounted)
    mounted.do(REVEAL)
    expect(answer(mounted)).to_contain_text("You said 60 %, it is 52 %")


def test_an_answer_made_while_the_kernel_was_busy_learns_of_the_guess_in_the_browser(mounted):
    """Python has not heard of the commit yet when it makes the answer."""
    mounted.widget.get_by_label("Your guess").fill("60")
    commit(mounted)
    mounted.do(REVEAL.replace("; display(answer)", "; answer.guess, answer.phase = None, 'guessing'; display(answer)"))
    expect(answer(mounted)).to_contain_text("You said 60 %, it is 52 %")


def test_python_uncovers_and_covers_too(mounted):
    mounted.do(REVEAL)
    mounted.do(f"widget.guess = 50; widget.phase = 'committed'; {REVEAL}")
    expect(answer(mounted)).to_contain_text("You said 50 %, it is 52 %: 2 percentage points too low.")
    mounted.do(f"widget.reset(); {REVEAL}")
    expect_covered(mounted)


def test_a_restarted_kernel_knows_the_guess(mounted):
    mounted.widget.get_by_label("Your guess").fill("30")
    commit(mounted)
    mounted.do("again = Predict(widget.question, low=0, high=100, unit='%'); display(again)")
    second = mounted.page.locator("#below .dlc-predict")
    expect(second.get_by_label("Your guess")).to_have_value("30")
    expect(second.get_by_role("button", name="Commit")).to_be_hidden()


def test_print_uncovers(mounted):
    mounted.do(REVEAL)
    mounted.page.emulate_media(media="print")
    expect(answer(mounted).get_by_text("It is 52 %.")).to_be_visible()
    expect(answer(mounted).get_by_text("8 and 5 are the hardest.")).to_be_visible()
    expect(answer(mounted).get_by_text("Covered")).to_be_hidden()
    mounted.page.emulate_media(media="screen")


def test_two_questions_do_not_uncover_one_another(mounted):
    mounted.do(f"{REVEAL}; other = Predict('Another?', low=0, high=1); display(other)")
    mounted.page.locator("#below .dlc-predict").get_by_role("button", name="Show me").click()
    expect_covered(mounted)


# --- the other forms -------------------------------------------------------------------------------------------------


def test_code_in_a_question_and_in_its_reason_looks_like_code(open_page):
    setup = "from dlcourse.widgets import Predict\nwidget = Predict('Does `fit` <b>mix</b>?', choices=['yes', 'no'])"
    bare = BarePage(open_page(), "predict", setup)
    bare.do("answer = widget.reveal('yes', 'Unless `shuffle=False`.'); display(answer)")
    bare.settle()
    assert bare.widget.locator("code").all_text_contents() == ["fit"]
    expect(bare.widget).to_contain_text("Does fit <b>mix</b>?")
    assert answer(bare).locator(".dlc-answer-why code").text_content() == "shuffle=False"


def test_an_option_is_chosen_by_keys(open_form):
    bare = open_form(*CHOICE)
    bare.widget.get_by_role("radio", name="ten sigmoids").focus()
    press(bare, "ArrowDown")
    assert bare.ask("widget.guess") == ["ten ReLUs"]
    press(bare, "Tab", "Enter")
    expect(answer(bare)).to_contain_text("You chose ten ReLUs; it is ten sigmoids.")
    rows = answer(bare).get_by_role("row").all_inner_texts()
    assert [row.split("\t") for row in rows[1:]] == [["ten sigmoids", "–", "● yes"], ["ten ReLUs", "● yes", "–"]]
    expect(bare.widget.get_by_role("radio").first).to_be_disabled()


def test_several_options_are_ticked(open_form):
    bare = open_form(SEVERAL, '["regression"]')
    for name in ("clustering", "regression"):
        bare.widget.get_by_role("checkbox", name=name).press("Space")
    assert bare.ask("widget.guess") == ["regression", "clustering"]
    commit(bare)
    expect(answer(bare)).to_contain_text("it is regression: 2 of 3 options agree.")


def test_an_order_by_keys_by_buttons_and_by_the_pointer(open_form):
    bare = open_form(*ORDER)
    items = bare.widget.get_by_role("listitem")
    first, second, third = bare.ask("widget._form['items']")
    items.first.focus()
    press(bare, "Alt+ArrowDown")
    assert bare.ask("widget.guess") == [second, first, third]
    expect(bare.widget.get_by_text(f"{first}: moved to place 2 of 3")).to_have_count(1)
    press(bare, "Alt+ArrowDown", "Alt+ArrowDown")  # the focus goes with it, and stays at the end
    assert bare.ask("widget.guess") == [second, third, first]
    press(bare, "Alt+ArrowUp", "Alt+ArrowUp")
    assert bare.ask("widget.guess") == [first, second, third]
    press(bare, "Alt+ArrowDown", "Alt+ArrowDown")
    bare.widget.get_by_role("button", name=f"Move up: {third}").click()
    assert bare.ask("widget.guess") == [third, second, first]
    places = [item.bounding_box() for item in items.all()]
    bare.page.mouse.move(places[2]["x"] + 60, places[2]["y"] + 9)
    bare.page.mouse.down()
    bare.page.mouse.move(places[1]["x"] - 9, places[1]["y"] + 9)  # beside the list, and still in hand
    bare.page.mouse.move(places[0]["x"] - 9, places[0]["y"] + 3)
    bare.page.mouse.up()
    assert bare.ask("widget.guess") == [first, third, second]
    commit(bare)
    expect(answer(bare)).to_contain_text(re.compile("of 3 are in place|All 3 are in place"))
    assert len(answer(bare).get_by_role("row").all()) == 4
    items.first.press("Alt+ArrowDown")  # committed: nothing moves any more
    assert bare.ask("widget.guess") == [first, third, second]


def test_a_curve_is_sketched_with_the_pointer_and_mended_by_keys(open_form):
    bare = open_form(*CURVE)
    sketch = bare.widget.get_by_role("application")
    empty = bare.pixels()
    box = sketch.bounding_box()
    bare.page.mouse.move(box["x"] + 40, box["y"] + 190)
    bare.page.mouse.down()
    bare.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 30, steps=4)
    bare.page.mouse.up()
    drawn = bare.ask("widget.guess")
    assert drawn == sorted(drawn)
    assert drawn[0] < 0.15
    assert drawn[-1] > 0.85
    assert bare.pixels() != empty
    sketch.focus()
    press(bare, "Home", "ArrowRight", "Shift+ArrowUp")
    assert bare.ask("widget.guess")[1] == pytest.approx(drawn[1] + 0.1)
    expect(bare.widget.locator(".dlc-told")).to_contain_text(f"epoch 1: {drawn[1] + 0.1:.2g}")
    commit(bare)
    expect(answer(bare)).to_contain_text("away on average, most at epoch")
    before = bare.ask("widget.guess")
    sketch.click(position={"x": 200, "y": 60})
    assert bare.ask("widget.guess") == before


def test_bars_by_keys_alone(open_form):
    bare = open_form(*BARS)
    bare.widget.get_by_role("application").focus()
    press(bare, "Shift+ArrowUp", "ArrowRight", "ArrowUp", "Tab", "Enter")
    assert bare.ask("[widget.guess, widget.phase]") == [[5, 1, 0], "committed"]
    expect(answer(bare)).to_contain_text("Your bars are 18 away on average, most at “w”: you said 0, it is 30.")


@pytest.mark.parametrize("form", [CHOICE, ORDER, CURVE, BARS], ids=["choice", "order", "curve", "bars"])
def test_each_form_can_be_read_on_dark_and_on_a_narrow_page(form, open_form):
    bare = open_form(*form)
    bare.choose_theme("dark")
    bare.narrow(480)
    assert bare.contrast() > 7
    bare.widget.get_by_role("button", name="Show me").click()
    bare.settle()
    for root in (bare.widget, answer(bare)):
        assert root.evaluate("root => root.scrollWidth <= root.clientWidth")
    assert bare.beyond_the_edge() == []
    sides = bare.widget.get_by_role("button", name="Guess again").bounding_box()
    assert min(sides["width"], sides["height"]) >= 44


def test_a_number_can_be_read_on_dark_and_on_a_narrow_page(mounted):
    mounted.choose_theme("dark")
    assert mounted.contrast() > 7
    mounted.narrow(480)
    assert mounted.beyond_the_edge() == []
