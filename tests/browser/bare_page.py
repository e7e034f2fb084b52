"""A page that has nothing but a widget, whose Python half lives in the test.

The two halves talk by Jupyter's widget protocol, as through a kernel, but no message is ever on its way when a test
looks: each verb here ends when Python has heard the page, the page has heard Python, and all is drawn.
"""

import json
import re
from base64 import b64decode, b64encode
from pathlib import Path
from unittest.mock import patch

import comm
import numpy as np
from browser.shown_widget import ShownWidget
from comm.base_comm import BaseComm
from jupyter_core.paths import ENV_JUPYTER_PATH

ADDRESS = "http://localhost/widget"  # nobody is asked for it; a browser trusts it with a camera and a clipboard
THEMES = {
    name: Path(ENV_JUPYTER_PATH[0]) / f"lab/themes/@jupyterlab/theme-{name}-extension/index.css"
    for name in ("light", "dark")
}
WIDE = {"width": 900, "height": 1000}
_MARGIN = 20
_HTML = f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A widget</title><style id="theme"></style></head>
<body style="margin: {_MARGIN}px"><main id="widget"></main><div id="below"></div>
<script>{Path(__file__).with_suffix(".js").read_text(encoding="utf-8")}</script></body>
</html>"""


class _Comm(BaseComm):
    """A channel whose messages wait in a list until the page takes them."""

    def __init__(self, outgoing, *arguments, **settings):
        self._outgoing = outgoing
        super().__init__(*arguments, **settings)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        packed = [b64encode(buffer).decode() for buffer in buffers or ()]
        message = {"id": self.comm_id, "type": msg_type, "data": data, "buffers": packed}
        self._outgoing.append(json.dumps(message, allow_nan=False))  # now: Python may change what it has sent


class BarePage(ShownWidget):
    """A widget on a page of its own, and Python's names as in a notebook.

    The setup calls the widget `widget`; `name` is that of its class on the page.
    """

    def __init__(self, page, name, setup):
        super().__init__(page, name)
        self._comms, self._outgoing = {}, []
        self._names = {"display": self._display, "json": json, "np": np}
        page.expose_binding("toPython", lambda _, text: self._hear(text))
        page.route(ADDRESS, lambda route: route.fulfill(content_type="text/html", body=_HTML))
        page.set_viewport_size(WIDE)
        page.goto(ADDRESS)
        self._theme = None
        self.choose_theme("light")
        self._execute(setup)
        self._display(self._names["widget"], "widget")

    def begin(self):
        """The widget as it began, alone on a wide page."""
        self.page.evaluate("barePage.clear('below')")
        self.page.set_viewport_size(WIDE)
        self.choose_theme("light")
        self.widget.locator(".dlc-reset").dispatch_event("click")  # whatever it says, and where it is hidden, too
        self.page.mouse.move(5, 5)
        self.settle()

    def settle(self):
        """Waits until each half has heard the other, and all is drawn."""
        self.page.evaluate("text => barePage.settle(text)", self._taken())

    def choose(self, label, option):
        """An option from one of the widget's lists."""
        whole = re.compile(rf"^{label}(?! \w)")  # and no longer one that begins like it
        self.widget.locator("label").filter(has_text=whole).locator("select").select_option(option)
        self.settle()

    def do(self, code):
        """Run code as a cell below the widget does: what the cell has shown before is gone."""
        self.settle()
        self.page.evaluate("barePage.clear('below')")
        try:
            self._execute(code)
        finally:
            self.settle()

    def ask(self, expression):
        """What an expression is in Python, as JSON holds it."""
        self.settle()
        return json.loads(json.dumps(eval(expression, self._names)))

    def choose_theme(self, theme):
        """JupyterLab's colours, "light" or "dark"."""
        if theme != self._theme:
            self.page.evaluate("css => barePage.dress(css)", THEMES[theme].read_text(encoding="utf-8"))
            self._theme = theme

    def narrow(self, width):
        """A window as narrow as that."""
        self.page.set_viewport_size({"width": width, "height": 1000})
        self.page.wait_for_function(f"document.querySelector('.dlc-{self.name}').clientWidth < {width - _MARGIN}")
        self.settle()

    def _execute(self, code):
        with patch.object(comm, "create_comm", self._connect):
            exec(compile(code, "<cell>", "exec"), self._names)

    def _connect(self, *arguments, **settings):
        comm = _Comm(self._outgoing, *arguments, **settings)
        self._comms[comm.comm_id] = comm
        return comm

    def _display(self, widget, place="below"):
        self.settle()
        self.page.evaluate("([id, place]) => barePage.show(id, place)", [widget.model_id, place])
        self.settle()

    def _hear(self, text):
        """Hands a message of the page to its widget, and brings what Python has to say."""
        message = json.loads(text)
        buffers = [memoryview(b64decode(packed)) for packed in message["buffers"]]
        with patch.object(comm, "create_comm", self._connect):
            self._comms[message["id"]].handle_msg({"content": {"data": message["data"]}, "buffers": buffers})
        return self._taken()

    def _taken(self):
        messages = ",".join(self._outgoing)
        self._outgoing.clear()
        return f"[{messages}]"
