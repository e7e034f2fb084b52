"""A widget on a page, wherever that is: what can be read off it."""

import json
import re

import numpy as np

_AS_TEXT = "value => JSON.stringify(value, (_, part) => (ArrayBuffer.isView(part) ? Array.from(part) : part))"


class ShownWidget:
    """A widget by its root element; two of them where it is shown twice."""

    def __init__(self, page, name):
        self.page, self.name = page, name

    @property
    def widget(self):
        return self.page.locator(f".dlc-{self.name}")

    def in_words(self):
        """The line that says in words what is on the screen."""
        return self.widget.locator(".dlc-told").inner_text()

    def shown(self):
        """The numbers that are on the screen, as the widget leaves them at its root."""
        return json.loads(self.shown_as_text())

    def shown_as_text(self):
        """The same as the browser's JSON."""
        return self.widget.evaluate(f"({{ shown }}) => ({_AS_TEXT})(shown ?? null)")

    def wait_for(self, condition, *others):
        """Waits until the numbers in each view meet a condition, a function of them (and of others) in JavaScript."""
        self.page.wait_for_function(
            f"""others => {{
                const views = [...document.querySelectorAll(".dlc-{self.name}")];
                return views.length && views.every(({{ shown }}) => shown && ({condition})(shown, ...others));
            }}""",
            arg=others,
        )

    def wait_for_text(self, text):
        """Waits until the numbers in each view are those that `shown_as_text` has brought."""
        self.wait_for(f"(shown, text) => ({_AS_TEXT})(shown) === text", text)

    def pixels(self, canvas=0):
        """What one of the widget's canvases shows."""
        return self.widget.locator("canvas").nth(canvas).evaluate("canvas => canvas.toDataURL()")

    def theme(self):
        """Whether its paper is light or dark, and for which of them it was last drawn."""
        paper, letters = map(_lightness, self._colours())
        return ("dark" if paper < letters else "light"), self.widget.evaluate("root => root.dataset.theme")

    def contrast(self):
        """WCAG's contrast between the widget's letters and its paper."""
        low, high = sorted(map(_lightness, self._colours()))
        return (high + 0.05) / (low + 0.05)

    def _colours(self):
        return self.widget.evaluate("root => [getComputedStyle(root).backgroundColor, getComputedStyle(root).color]")

    def beyond_the_edge(self):
        """What of the widget stands out to the right of it."""
        return self.widget.evaluate(
            """root => Array.from(root.querySelectorAll('*'))
                .filter(part => !part.closest('.dlc-code pre, .dlc-scrolls'))
                .filter(part => part.getBoundingClientRect().right > root.getBoundingClientRect().right + 1)
                .map(part => part.outerHTML.slice(0, 80))"""
        )


def _lightness(colour):
    shares = np.array([float(number) for number in re.findall(r"[\d.]+", colour)[:3]]) / 255
    return np.where(shares <= 0.03928, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
