"""Our browser modules, run in node."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

import dlcourse.widgets
from dlcourse.widgets.shared.module import assemble
from dlcourse.widgets.shared.palette import PALETTE

NODE = compute_driver_executable()[0]  # comes with Playwright, so that nobody has to install it
WIDGETS = Path(dlcourse.widgets.__file__).parent


@pytest.fixture(scope="module")
def in_node(tmp_path_factory):
    """Runs a function of a case, in JavaScript, on many cases at once.

    It is given the imports, from a file in widgets/ to the names taken; the function's body, which knows the
    case as `state`; and the cases, as JSON can hold them.
    """
    folder = tmp_path_factory.mktemp("node")
    to = Path(os.path.relpath(WIDGETS, folder)).as_posix()

    def run(imports, body, cases):
        lines = [f'import {{ {names} }} from "{to}/{file}";' for file, names in imports.items()]
        (folder / "entry.js").write_text("\n".join([*lines, f"export default (state) => {{ {body} }};\n"]))
        (folder / "module.mjs").write_text(assemble(folder / "entry.js", {"palette": PALETTE}))
        (folder / "cases.json").write_text(json.dumps(cases))
        (folder / "run.mjs").write_text(
            'import answer from "./module.mjs"; import { readFileSync } from "node:fs";\n'
            'const cases = JSON.parse(readFileSync("cases.json"));\n'
            "console.log(JSON.stringify(cases.map(answer), (_, value) =>"
            " ArrayBuffer.isView(value) ? Array.from(value) : value));\n"
        )
        process = subprocess.run([NODE, "run.mjs"], cwd=folder, capture_output=True, text=True, check=False)
        assert process.returncode == 0, process.stderr
        return json.loads(process.stdout)

    return run
