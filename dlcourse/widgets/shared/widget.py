"""What every widget has: its two files for the browser, a way back to the start, a still picture and a text."""

from pathlib import Path
from typing import Any, ClassVar

import anywidget
from traitlets import Dict

from dlcourse.errors import unknown
from dlcourse.widgets.shared.module import assemble
from dlcourse.widgets.shared.palette import PALETTE
from dlcourse.widgets.shared.still import Sheet
from dlcourse.widgets.shared.subshells import hear_while_a_cell_runs

_SHARED_STYLE = Path(__file__).parent / "js/page.css"


def browser_files(folder: Path, facts: dict[str, Any] | None = None, entry: str = "entry.js") -> tuple[str, str]:
    """A widget's module and style sheet for the browser, from `entry.js` and, where it has one, `style.css`.

    Args:
        folder: The widget's own.
        facts: What `import facts from "dlcourse:FOLDER";` brings, as JSON can hold it.
        entry: The module with `render`, where a folder holds a second widget that belongs to the first.

    Example:
        >>> _esm, _css = browser_files(Path(__file__).parent, {"sizes": SIZES})
    """
    file = folder / "style.css"
    style = _SHARED_STYLE.read_text(encoding="utf-8") + (file.read_text(encoding="utf-8") if file.exists() else "")
    return assemble(folder / entry, {"palette": PALETTE, folder.name: facts or {}}), style


class Widget(anywidget.AnyWidget):
    """A widget of this course.

    One that derives from it names in `_settings` the traits that a learner sets and that Reset sets back, calls
    `_remember_start()` at the end of its constructor, and says what it shows in `_in_words()` and `_still()`. Both are
    given what `_look()` has computed, so that a display computes it once.
    """

    _settings: ClassVar[tuple[str, ...]] = ()
    # what Reset goes back to, here and in the browser: a value for each of the settings, as it travels
    _start = Dict().tag(sync=True)

    def open(self) -> None:
        """Opens the widget's channel to the browser."""
        super().open()
        hear_while_a_cell_runs(self.comm)

    def reset(self) -> None:
        """Goes back to how the widget began.

        Example:
            >>> widget.reset()
        """
        with self.hold_sync(), self.hold_trait_notifications():
            for name, value in self._start.items():
                from_json = self.trait_metadata(name, "from_json")
                setattr(self, name, from_json(value, self) if from_json else value)

    def _remember_start(self) -> None:
        self._start = self.get_state(self._settings)

    def _refuse_unknown(self, arguments: dict[str, Any], *others: str) -> None:
        """Complains of a keyword argument that is no setting and none of the `others`."""
        unexpected = set(arguments) - set(self._settings)
        if unexpected:
            raise unknown(f"argument of {type(self).__name__}", min(unexpected), (*others, *self._settings))

    def _look(self) -> Any:
        """The numbers of what the widget shows now."""
        raise NotImplementedError

    def _in_words(self, look: Any) -> str:
        """What the widget shows, in a sentence or two."""
        raise NotImplementedError

    def _still(self, look: Any) -> Sheet:
        """What the widget shows, for a place where no widget lives."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **keywords: Any) -> Any:
        bundle = super()._repr_mimebundle_(**keywords)
        if bundle is None:
            return None
        data, metadata = bundle
        look = self._look()
        sheet, words = self._still(look), self._in_words(look)
        data |= {"text/plain": words, "image/png": sheet.png()}
        return data, {**metadata, "image/png": {**sheet.size, "alt": words}}
