"""The widget Predict on a page of its own."""

SETUP = "from dlcourse.widgets import Predict\nwidget = Predict('How many?')"


def test_a_guess_reaches_python(mounted):
    mounted.widget.get_by_role("slider").press("ArrowRight")
    assert mounted.ask("widget.guess") == 1
