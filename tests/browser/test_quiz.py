"""The widget Quiz on a page of its own: each kind answered, wrongly and rightly, by pointer and by keys alone."""

import re
from types import SimpleNamespace

import nbformat
import pytest
from browser.shown_widget import ShownWidget
from playwright.sync_api import expect

from dlcourse import answers
from dlcourse.site import pages

SETUP = "from dlcourse.widgets import Quiz\nwidget = Quiz('loss-grows-faster')\nwidget"
WIDGET = """
- id: hostile
  kind: one
  ask: "Which <b>tag</b> is `<i>` code, and $x^2$ no formula?"
  worked: "<img src=x onerror=alert(1)> stays as it is written, `<script>` too."
  options:
    - text: "<b>bold</b>"
      says: "No <u>line</u> is drawn under this, however often it is read."
    - text: "*none* of them"
      right: true
      says: "Nothing in a question is ever taken for a part of the page."
"""


def button(shown, name):
    return shown.get_by_role("button", name=name, exact=True)


@pytest.fixture
def ask(mounted):
    """Shows another question below, in place of the one before; `again` is its view, as after a restart."""

    def ask_(name):
        mounted.do(f"other = Quiz({name!r})\ndisplay(other)")
        return mounted.page.locator("#below .dlc-quiz")

    return ask_


def focused(mounted):
    return mounted.page.evaluate("document.activeElement.closest('.dlc-quiz') !== null")


# --- one of several, by keys alone -----------------------------------------------------------------------------------


def test_by_keys_alone_a_wrong_try_is_explained_and_the_second_is_right(mounted):
    keys = mounted.page.keyboard
    mounted.widget.get_by_role("radio").first.focus()
    keys.press("Space")
    mounted.settle()
    assert mounted.ask("widget.answer") == [0]
    keys.press("Tab")
    expect(button(mounted.widget, "Check")).to_be_focused()
    keys.press("Enter")
    mounted.settle()
    status = mounted.widget.locator(".dlc-quiz-feedback")
    expect(status).to_contain_text("Not yet.Every step makes it worse")
    expect(mounted.widget.get_by_text("Worked out")).to_be_hidden()
    expect(mounted.widget.get_by_role("radio").first).to_be_disabled()
    assert mounted.ask("widget.tries") == [[0]]

    keys.press("Shift+Tab")
    keys.press("ArrowDown")
    mounted.settle()
    mounted.widget.get_by_role("radio", name="Make the learning rate smaller").focus()
    keys.press("Space")
    mounted.settle()
    keys.press("Tab")
    expect(button(mounted.widget, "Check again")).to_be_focused()
    keys.press("Enter")
    mounted.settle()
    expect(status).to_contain_text("Right, at the second try.Each step jumps over the minimum")
    expect(mounted.widget.get_by_text("Worked out")).to_be_visible()
    assert focused(mounted)
    assert mounted.ask("widget.tries") == [[0], [2]]
    assert [each.right for each in answers.recall("loss-grows-faster").tries] == [False, None]
    expect(button(mounted.widget, "Check again")).to_be_hidden()


def test_before_an_answer_nothing_is_given_away(mounted):
    text = mounted.widget.evaluate("root => root.textContent")
    assert "jumps over" not in text
    assert "curvature" not in text
    expect(button(mounted.widget, "Start over")).to_be_hidden()
    expect(button(mounted.widget, "Hint")).to_be_hidden()


def test_to_check_nothing_is_told_and_costs_no_try(mounted):
    button(mounted.widget, "Check").click()
    expect(mounted.widget.get_by_role("alert")).to_have_text("Choose one.")
    mounted.widget.get_by_text("Train for more epochs.").click()
    mounted.settle()
    expect(mounted.widget.get_by_role("alert")).to_be_hidden()
    assert mounted.ask("widget.tries") == []


def test_show_me_ends_it_and_start_over_begins_anew(mounted):
    button(mounted.widget, "Show me").click()
    mounted.settle()
    expect(mounted.widget.get_by_text("The right one is marked.")).to_be_visible()
    expect(mounted.widget.locator(".dlc-quiz-right")).to_contain_text("Make the learning rate smaller, say a tenth.")
    for says in ("Every step makes it worse", "Larger batches", "Each step jumps", "The steps are too long"):
        expect(mounted.widget.get_by_text(says)).to_be_visible()  # every option is explained
    assert mounted.ask("[widget.shown, widget.tries]") == [True, []]
    assert focused(mounted)
    button(mounted.widget, "Start over").click()
    mounted.settle()
    assert mounted.ask("[widget.shown, widget.answer]") == [False, []]
    expect(mounted.widget.get_by_role("radio").first).to_be_enabled()
    expect(mounted.widget.get_by_text("Worked out")).to_be_hidden()


def test_python_and_a_second_view_show_the_same(mounted):
    mounted.do("display(widget)\nwidget.answer = [3]\nwidget.tries = [[3]]")
    assert mounted.widget.count() == 2
    for view in mounted.widget.all():
        expect(view.locator(".dlc-quiz-feedback")).to_contain_text("The steps are too long already")


def test_after_a_restart_the_answer_and_what_was_said_are_there_again(mounted, ask):
    mounted.do("widget.answer = [1]\nwidget.tries = [[1]]")
    again = ask("loss-grows-faster")
    expect(again.locator(".dlc-quiz-feedback")).to_contain_text("Not yet.Larger batches make the gradient less noisy")
    expect(again.get_by_role("radio").nth(1)).to_be_disabled()
    again.get_by_text("Make the learning rate smaller").click()
    button(again, "Check again").click()
    mounted.settle()
    expect(ask("loss-grows-faster").locator(".dlc-quiz-feedback")).to_contain_text("Right, at the second try.")


# --- the other kinds -------------------------------------------------------------------------------------------------


def test_of_several_each_wrong_one_is_explained_and_a_missing_one_told(mounted, ask):
    quiz = ask("what-tells-about-new-pictures")
    for text in ("its accuracy on", "its loss on pictures"):
        quiz.get_by_text(text).click()
        mounted.settle()
    button(quiz, "Check").click()
    mounted.settle()
    expect(quiz.locator(".dlc-quiz-verdict")).to_contain_text("That judges the same pictures by another measure")
    expect(quiz.locator(".dlc-quiz-verdict")).to_contain_text("One that is right is not chosen yet.")
    button(quiz, "Hint").press("Enter")
    expect(quiz.get_by_text("Which of these numbers could a network fake")).to_be_visible()
    assert focused(mounted)
    quiz.get_by_text("its accuracy on").first.click()
    mounted.settle()
    quiz.get_by_text("whether the pictures that were set aside").click()
    mounted.settle()
    button(quiz, "Check again").click()
    mounted.settle()
    expect(quiz.locator(".dlc-quiz-verdict")).to_contain_text("Right, at the second try.")
    assert mounted.ask("other.tries") == [[0, 1], [1, 3]]
    expect(quiz.get_by_text("Which of these numbers could a network fake")).to_be_hidden()


def test_a_number_is_typed_and_checked_by_enter(mounted, ask):
    quiz = ask("how-many-digits")
    field = quiz.get_by_role("textbox")
    field.press_sequentially("many")
    field.press("Enter")
    expect(quiz.get_by_role("alert")).to_have_text("“many” is no number; type one, as 0.25 or 1e-3 or 1/4.")
    field.fill("400")
    field.press("Enter")
    mounted.settle()
    expect(quiz.locator(".dlc-quiz-verdict")).to_contain_text("Four times the digits only halve the error")
    field.press("Enter")
    expect(quiz.get_by_role("alert")).to_contain_text("That is what you have tried already")
    field.fill("1,600")
    field.press("Enter")
    mounted.settle()
    expect(quiz.locator(".dlc-quiz-verdict")).to_have_text("Right, at the second try.")
    assert mounted.ask("other.tries") == ["400", "1,600"]
    assert not field.is_editable()
    field.press("Enter")
    assert mounted.ask("other.tries") == ["400", "1,600"]


def test_after_two_wrong_numbers_the_answer_is_told(mounted, ask):
    quiz = ask("steps-in-three-epochs")
    for text in ("500", "7"):
        quiz.get_by_role("textbox").fill(text)
        quiz.get_by_role("textbox").press("Enter")
        mounted.settle()
    expect(quiz.locator(".dlc-quiz-verdict")).to_contain_text("Not that either.Count the mini-batches")
    expect(quiz.get_by_text("The answer is 1,500 times.")).to_be_visible()


def test_a_gap_is_filled_in_the_code(mounted, ask):
    quiz = ask("one-step-of-descent")
    field = quiz.locator("pre").get_by_role("textbox", name="What belongs into the gap")
    field.fill("+ rate*")
    field.press("Enter")
    mounted.settle()
    expect(quiz.locator(".dlc-quiz-verdict")).to_contain_text("With a plus it climbs")
    field.fill("-rate *")
    button(quiz, "Check again").click()
    mounted.settle()
    expect(quiz.locator(".dlc-quiz-verdict")).to_have_text("Right, at the second try.")


def lines_of(quiz):
    return [re.sub(r"^⠿|[↑↓]+$", "", text) for text in quiz.get_by_role("listitem").all_text_contents()]


def test_lines_are_put_in_order_by_keys_alone(mounted, ask):
    quiz = ask("split-and-check")
    expect(quiz.get_by_role("list")).to_have_accessible_name("Lines of code in your order")
    order = mounted.ask("other.answer")
    wanted = mounted.ask("other.question.solution")
    for place, number in enumerate(wanted):
        row = quiz.get_by_role("listitem").nth(order.index(number))
        row.focus()
        for _ in range(order.index(number) - place):
            mounted.page.keyboard.press("Alt+ArrowUp")
            mounted.settle()
        order.remove(number)
        order.insert(place, number)
        assert mounted.ask("other.answer") == order
    button(quiz, "Check").focus()
    mounted.page.keyboard.press("Space")
    mounted.settle()
    expect(quiz.locator(".dlc-quiz-verdict")).to_have_text("Right.")
    assert lines_of(quiz)[0] == "order = rng.permutation(len(x))"
    assert focused(mounted)


def test_lines_are_dragged_and_the_first_that_is_wrong_is_named(mounted, ask):
    quiz = ask("split-and-check")
    for text in ("x = x[order]", "network.fit(x, y, epochs=20)"):
        start = quiz.get_by_text(text, exact=True).bounding_box()
        end = quiz.get_by_text("not needed").bounding_box()
        mounted.page.mouse.move(start["x"] + 5, start["y"] + 5)
        mounted.page.mouse.down()
        mounted.page.mouse.move(start["x"] + 5, end["y"] + 40, steps=6)
        mounted.page.mouse.up()
        mounted.settle()
    assert set(mounted.ask("other.answer[-2:]")) == {5, 6}
    expect(quiz.locator(".dlc-quiz-aside")).to_have_count(2)
    button(quiz, "Check").click()
    mounted.settle()
    verdict = quiz.locator(".dlc-quiz-verdict")
    expect(verdict).to_contain_text("network.fit(x_train, y_train, epochs=20): There is nothing to learn from yet")
    button(quiz, "Show me").click()
    mounted.settle()
    expect(quiz.get_by_text("The lines stand in their right order now.")).to_be_visible()
    assert lines_of(quiz)[-2:] == ["network.fit(x, y, epochs=20)", "x = x[order]"]


# --- wherever it is shown --------------------------------------------------------------------------------------------


def test_what_stands_in_a_question_is_never_taken_for_a_part_of_the_page(mounted, ask, tmp_path, monkeypatch):
    (tmp_path / "own.quiz.yaml").write_text(WIDGET)
    monkeypatch.chdir(tmp_path)
    quiz = ask("hostile")
    button(quiz, "Show me").click()
    mounted.settle()
    expect(quiz.get_by_text("Which <b>tag</b> is <i> code, and $x^2$ no formula?")).to_be_visible()
    expect(quiz.get_by_text("<img src=x onerror=alert(1)> stays as it is written, <script> too.")).to_be_visible()
    assert quiz.locator("img, i, u, script").count() == 0
    assert quiz.locator("em").first.text_content() == "none"


@pytest.mark.parametrize(
    "name",
    "moved-by-two-pixels what-tells-about-new-pictures how-many-digits one-step-of-descent split-and-check".split(),
)
def test_it_fits_a_narrow_page_and_a_finger(name, mounted, ask):
    quiz = ask(name)
    mounted.narrow(480)
    parts = quiz.locator("button:visible, label:visible, input[type=text]:visible, li:visible")
    heights = parts.evaluate_all("parts => parts.map(part => [part.getBoundingClientRect().height, part.textContent])")
    assert [text for height, text in heights if height < 43.5] == []
    button(quiz, "Show me").click()
    mounted.settle()
    shown = SimpleNamespace(widget=quiz)
    assert ShownWidget.beyond_the_edge(shown) == []
    assert mounted.page.evaluate("document.documentElement.scrollWidth") <= 480


def test_a_dark_page_makes_it_dark(mounted):
    button(mounted.widget, "Show me").click()
    mounted.settle()
    mounted.choose_theme("dark")
    mounted.settle()
    assert mounted.theme() == ("dark", "dark")
    assert mounted.contrast() > 7


def test_a_page_without_a_kernel_judges_and_keeps_the_answer(tmp_path, open_page):
    code = nbformat.v4.new_code_cell("from dlcourse.widgets import Quiz\nQuiz('loss-grows-faster')")
    nbformat.write(nbformat.v4.new_notebook(cells=[code]), tmp_path / "page.ipynb")
    file = tmp_path / "page.html"
    file.write_text(pages.page(tmp_path / "page.ipynb"), encoding="utf-8")
    page = open_page(offline=True)
    page.goto(file.as_uri())
    quiz = page.locator(".dlc-quiz")
    quiz.get_by_text("Train for more epochs.").click()
    button(quiz, "Check").click()
    expect(quiz.locator(".dlc-quiz-verdict")).to_contain_text("Every step makes it worse")
    page.reload()
    expect(quiz.locator(".dlc-quiz-verdict")).to_contain_text("Every step makes it worse")
    quiz.get_by_text("Make the learning rate smaller").click()
    button(quiz, "Check again").click()
    page.reload()
    expect(quiz.locator(".dlc-quiz-verdict")).to_contain_text("Right, at the second try.")
    assert page.complaints == []
