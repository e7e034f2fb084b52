"""README and docs: the commands, links and examples that they show are real."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "course/LICENSE.md",
    *sorted((ROOT / "docs").glob("*.md")),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_pictures_are_there_and_say_what_they_show():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in re.findall(r'src(?:set)?="([^"]+)"', text):
        assert (ROOT / path).is_file(), path
    images = re.findall(r"<img [^>]*>", text)
    shown = [re.search(r'src="docs/widgets/(\w+)\.png"', image)[1] for image in images]
    assert shown == sorted(entry.parent.name for entry in ROOT.glob("dlcourse/widgets/*/entry.js"))
    assert all(re.search(r'alt="[^"]{30,}"', image) for image in images)


def test_the_two_commands_are_one_line_each_and_assume_nothing():
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert [block.count("\n") for block in blocks] == [1, 1]
    first, second = (block.strip() for block in blocks)
    assert first.startswith("python3 -m venv ")
    assert first.endswith("dlcourse lab")
    assert second.startswith("python3 -m venv ")
    assert second.endswith("bin/pytest")


def test_the_readme_is_a_screen_and_a_half():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if not line.startswith("| <picture>")]) <= 76  # the table grows with the widgets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_show_what_they_print(page):
    results = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert results.failed == 0
