"""A widget's JavaScript as one module, put together without a bundler.

A widget is sent to the browser as the text of one ES module, also into an exported page that no server stands behind,
so nothing can be imported there. Our sources are ordinary modules all the same, and `assemble` joins them:

    import { convolve } from "./convolution.js";      a module of ours, put in front in a scope of its own
    import palette from "dlcourse:palette";           data that Python hands over, so that no table exists twice

Each module comes once, after those it needs, and only what it exports can be seen. What is not understood is refused
with file and line, never passed on: other forms of import and export (`export { a }`, `export *`, `import * as a`),
names that a module does not export, and circles. A statement begins at the start of its line and ends with a semicolon.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_IMPORT = re.compile(
    r'^import\s+(?:(?P<whole>\w+)|\{(?P<names>[^}]*)\})\s+from\s+"(?P<source>[^"\n]+)";$', re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=(?:(?:async )?function\*?|class|const) (?P<name>\w+))", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b(?! default).*", re.MULTILINE)
_SCHEME = "dlcourse:"


def assemble(entry: Path, data: Mapping[str, Any]) -> str:
    """The text of one ES module that holds `entry` and all it imports.

    Args:
        entry: The widget's own module, the one with `export default { render };`.
        data: What `import name from "dlcourse:name";` brings, as JSON can hold it.

    Returns:
        The text, the same on every machine.

    Raises:
        ValueError: If a statement is not understood, or leads nowhere.

    Example:
        >>> assemble(Path("dlcourse/widgets/kernels/entry.js"), {"palette": PALETTE, "kernels": FACTS})
    """
    return _Assembly(entry.parent, data).text(entry)


class _Assembly:
    """The modules met so far, each joined once."""

    def __init__(self, root: Path, data: Mapping[str, Any]) -> None:
        self._root = root
        self._data = data
        self._exports: dict[Path, list[str]] = {}
        self._parts: list[str] = []
        self._open: list[Path] = []

    def text(self, entry: Path) -> str:
        body = self._resolved(entry)
        self._refuse_left_overs(entry, body)
        address = f"dlcourse/widgets/{entry.parent.name}/{entry.name}"  # by which the browser's errors name it
        return "\n".join([*self._parts, f"// {entry.name}", body, f"//# sourceURL={address}", ""])

    def _add(self, path: Path) -> None:
        body = self._resolved(path)
        names = [export["name"] for export in _EXPORT.finditer(body)]
        body = _EXPORT.sub("", body)
        self._refuse_left_overs(path, body)
        if default := re.search(r"^export default", body, re.MULTILINE):
            raise _mistake(path, body, default.start(), "only the widget's own module has a default export")
        self._exports[path] = names
        self._parts.append(
            f"// {self._shown(path)}\nconst {self._scope(path)} = (() => {{\n"
            f"{body}\nreturn {{ {', '.join(names)} }};\n}})();\n"
        )

    def _resolved(self, path: Path) -> str:
        if path in self._open:
            circle = " -> ".join(self._shown(module) for module in [*self._open[self._open.index(path) :], path])
            raise ValueError(f"The modules import each other in a circle: {circle}.")
        self._open.append(path)
        body = path.read_text(encoding="utf-8")
        resolved = _IMPORT.sub(lambda statement: self._declaration(path, body, statement), body)
        self._open.pop()
        return resolved

    def _declaration(self, path: Path, body: str, statement: re.Match[str]) -> str:
        source, whole = statement["source"], statement["whole"]
        if source.startswith(_SCHEME):
            key = source.removeprefix(_SCHEME)
            if not whole or key not in self._data:
                known = ", ".join(self._data)
                raise _mistake(path, body, statement.start(), f"data is imported as a whole, and there is {known}")
            return f"const {whole} = {json.dumps(self._data[key], separators=(',', ':'))};"
        imported = (path.parent / source).resolve()
        if whole or not source.startswith(".") or not imported.is_file():
            raise _mistake(path, body, statement.start(), 'write import { name } from "./file.js" with a file of ours')
        if imported not in self._exports:
            self._add(imported)
        bindings = []
        for part in filter(None, (part.strip() for part in statement["names"].split(","))):
            name, _, alias = part.partition(" as ")
            if name not in self._exports[imported]:
                raise _mistake(path, body, statement.start(), f"{self._shown(imported)} exports no {name}")
            bindings.append(f"{name}: {alias}" if alias else name)
        return f"const {{ {', '.join(bindings)} }} = {self._scope(imported)};"

    def _refuse_left_overs(self, path: Path, body: str) -> None:
        if left_over := _LEFT_OVER.search(body):
            raise _mistake(path, body, left_over.start(), f"cannot be assembled: {left_over[0]}")

    def _shown(self, path: Path) -> str:
        return Path(os.path.relpath(path.resolve(), self._root.resolve())).as_posix().removeprefix("../")

    def _scope(self, path: Path) -> str:
        return re.sub(r"\W", "_", f"from_{self._shown(path)}")


def _mistake(path: Path, body: str, at: int, what: str) -> ValueError:
    line = body.count("\n", 0, at) + 1
    return ValueError(f"{path.name}, line {line}: {what}.")
