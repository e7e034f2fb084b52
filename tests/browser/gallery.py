"""The widgets of the gallery, which has all of them on one page."""

import nbformat

from dlcourse import course, widgets
from dlcourse.widgets.shared.widget import Widget

PATH = course.root() / "course/gallery.ipynb"
CLASSES = [
    name
    for name in widgets.__all__
    if isinstance(getattr(widgets, name), type) and issubclass(getattr(widgets, name), Widget)
]


def name_of(widget):
    """What a class is called on the page, after its folder: `FeatureMaps` is "feature_maps"."""
    return getattr(widgets, widget).__module__.rpartition(".")[2]


def cell_of(widget):
    """The number of the cell that shows a widget."""
    cells = nbformat.read(PATH, 4).cells
    return next(index for index, cell in enumerate(cells) if f"widgets.{widget}(" in cell.source)


def touch(view):
    """Keys on the main picture, where there is one; else on a slider or a box."""
    assert _move(view) or _turn(view)


def adjust(view):
    """A step of the first slider or box, where there is one; else keys on the main picture."""
    assert _turn(view) or _move(view)


def _move(view):
    picture = view.get_by_role("application").first
    can_be_drawn_on = picture.count() > 0
    for key in ("ArrowRight", "Space", "ArrowDown", "Space") if can_be_drawn_on else ():  # with a pen, that is a stroke
        picture.press(key)
    return can_be_drawn_on


def _turn(view):
    controls = view.locator("input[type=range]:visible, input[type=checkbox]:visible")
    control = controls.and_(view.locator(":not(.dlc-ablation-box *)")).first  # a guess is told when it is committed
    has_control = control.count() > 0
    if has_control and control.get_attribute("type") == "range":
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):  # elsewhere, wherever it stands
            control.press(key)
    elif has_control:
        control.press("Space")
    return has_control


def lives(shown):
    """Something moves when a learner does something."""
    before = state(shown)
    touch(shown.widget.first)
    wait_for_change(shown, before)


def state(shown):
    """All that its canvases and its live line show."""
    return shown.widget.first.evaluate(_STATE)


def wait_for_change(shown, before):
    """Waits until they show something else."""
    shown.page.wait_for_function(
        f"([name, before]) => ({_STATE})(document.querySelector(name)) !== before",
        arg=[f".dlc-{shown.name}", before],
    )


_STATE = """root => [...root.querySelectorAll("canvas")].map((canvas) => canvas.width && canvas.toDataURL()).join()
    + root.querySelector(".dlc-told").textContent"""
