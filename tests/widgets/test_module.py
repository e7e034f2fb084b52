import re
import subprocess

import pytest
from playwright._impl._driver import compute_driver_executable

from dlcourse import widgets
from dlcourse.widgets.shared.module import assemble

NODE = compute_driver_executable()[0]  # comes with Playwright, so that nobody has to install it
WIDGETS = [
    name
    for name in widgets.__all__
    if isinstance(getattr(widgets, name), type) and hasattr(getattr(widgets, name), "_esm")
]


@pytest.fixture
def write(tmp_path):
    def to(name, *lines):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return to


def run(text, tmp_path, what="module.default"):
    """What the module's default export says, in node, or what is made of the module."""
    (tmp_path / "assembled.mjs").write_text(text, encoding="utf-8")
    program = f'import("./assembled.mjs").then((module) => console.log(JSON.stringify({what})))'
    process = subprocess.run([NODE, "-e", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


def scopes(text):
    """What the modules are called inside the assembled one."""
    return re.findall(r"^const (from_\w+) = \(\(\) => \{$", text, re.MULTILINE)


def test_modules_and_data_become_one_module(write, tmp_path):
    write("js/base.js", "const hidden = 2;", "export function twice(x) {", "  return hidden * x;", "}")
    write(
        "js/both.js",
        'import { twice } from "./base.js";',
        "const hidden = 1;",
        "export const four = twice(hidden + 1);",
    )
    entry = write(
        "entry.js",
        'import table from "dlcourse:table";',
        'import { four } from "./js/both.js";',
        "import {",
        "  twice as double,",
        '} from "./js/base.js";',
        "const hidden = 10;",
        "export default [four, double(hidden), table.name];",
    )
    text = assemble(entry, {"table": {"name": "a “quoted” line\nand </script>"}})
    assert run(text, tmp_path) == '[4,20,"a “quoted” line\\nand </script>"]'
    assert text.count("function twice") == 1  # though two modules need it
    assert text == assemble(entry, {"table": {"name": "a “quoted” line\nand </script>"}})


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('import * as all from "./js/base.js";', r"entry\.js, line 2: cannot be assembled: import \* as all"),
        ('import "./js/base.js";', "cannot be assembled"),
        ('import { one } from "https://elsewhere/one.js";', "with a file of ours"),
        ('import { one } from "./js/missing.js";', "with a file of ours"),
        ('import { other } from "./js/base.js";', r"entry\.js, line 2: js/base\.js exports no other"),
        ('import one from "dlcourse:unknown";', "there is table"),
        ("export { one };", "cannot be assembled"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(write, line, complaint):
    write("js/base.js", "export const one = 1;")
    entry = write("entry.js", "// a widget", line, "export default {};")
    with pytest.raises(ValueError, match=complaint):
        assemble(entry, {"table": 1})


def test_circles_are_refused(write):
    write("js/a.js", 'import { b } from "./b.js";', "export const a = 1;")
    write("js/b.js", 'import { a } from "./a.js";', "export const b = 1;")
    entry = write("entry.js", 'import { a } from "./js/a.js";', "export default a;")
    with pytest.raises(ValueError, match=r"in a circle: js/a\.js -> js/b\.js -> js/a\.js"):
        assemble(entry, {})


def test_only_the_widget_has_a_default_export(write):
    write("js/base.js", "export const one = 1;", "export default one;")
    entry = write("entry.js", 'import { one } from "./js/base.js";', "export default one;")
    with pytest.raises(ValueError, match=r"base\.js, line 2: only the widget's own module"):
        assemble(entry, {})


def test_files_of_the_same_name_keep_apart(write, tmp_path):
    write("shared/js/words.js", 'export const said = "by all";')
    write("kernels/words.js", 'import { said as all } from "../shared/js/words.js";', "export const said = [all];")
    entry = write(
        "kernels/entry.js",
        'import { said as common } from "../shared/js/words.js";',
        'import { said } from "./words.js";',
        "export default [common, said];",
    )
    text = assemble(entry, {})
    assert run(text, tmp_path) == '["by all",["by all"]]'
    assert scopes(text) == ["from_shared_js_words_js", "from_words_js"]


@pytest.mark.parametrize("name", WIDGETS)
def test_every_module_of_a_widget_has_a_scope_of_its_own(name):
    names = scopes(getattr(widgets, name)._esm)
    assert names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", WIDGETS)
def test_an_error_names_the_widgets_file(name, tmp_path):
    """There is no page in node, so that every widget fails as soon as it is shown: in a file with a name of its own."""
    failed = "(() => { try { module.default.render({}); } catch (error) { return error.stack; } })()"
    widget = getattr(widgets, name)
    folder = widget.__module__.split(".")[-1]
    assert f"dlcourse/widgets/{folder}/entry.js" in run(widget._esm, tmp_path, failed)
