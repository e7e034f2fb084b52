"""All widgets on one exported page, without a network and without a kernel; and what axe-core finds wrong with them."""

import os
import shutil
import subprocess
import tarfile

import pytest
from browser.bare_page import THEMES
from browser.gallery import CLASSES, PATH, cell_of, lives, name_of
from browser.shown_widget import ShownWidget
from playwright.sync_api import expect

from dlcourse.site import pages

AXE = "axe-core@4.10.3"
RUN = """async (where) => {
    const { violations } = await axe.run(where, { resultTypes: ["violations"] });
    return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}"""


def test_the_gallery_has_each_widget():
    assert len({cell_of(widget) for widget in CLASSES}) == len(CLASSES)


@pytest.fixture(scope="module")
def page(tmp_path_factory, open_page):
    """The gallery as a file, opened by a browser that has no network."""
    file = tmp_path_factory.mktemp("pages") / "gallery.html"
    file.write_text(pages.page(PATH), encoding="utf-8")
    page = open_page(offline=True)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("widget", CLASSES)
def test_an_exported_widget_lives(page, widget):
    shown = ShownWidget(page, name_of(widget))
    expect(shown.widget.locator(".dlc-told")).not_to_be_empty()
    lives(shown)
    assert page.complaints == []


def test_an_exported_answer_is_covered_and_a_guess_is_kept_in_the_browser(page):
    answer = page.locator(".dlc-answer")
    question = page.locator(".dlc-predict")
    expect(answer.get_by_text("Covered until")).to_be_visible()
    assert "millionth" not in answer.aria_snapshot()
    for index in (cell_of("Predict"), cell_of("Predict") + 1):  # no still picture stands beside a living widget
        assert page.locator(".jp-Cell").nth(index).locator("img").count() == 0
    question.get_by_label("Your guess").fill("0.01")
    question.get_by_role("button", name="Commit").click()
    expect(answer).to_contain_text("You said 0.01, it is 9.5e-7: 10,000 times too large.")
    page.reload()
    expect(answer).to_contain_text("You said 0.01, it is 9.5e-7")
    expect(question.get_by_label("Your guess")).to_have_value("0.01")
    question.get_by_role("button", name="Guess again").click()
    expect(answer.get_by_text("Covered until")).to_be_visible()
    page.reload()
    expect(answer.get_by_text("Covered until")).to_be_visible()
    assert page.complaints == []


def test_an_exported_page_asks_for_nothing(page):
    page.wait_for_load_state("networkidle")
    elsewhere = [address for address in page.asked if not address.startswith(("file:", "data:", "blob:"))]
    assert elsewhere == []


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """The source of axe-core: npm brings it, as it brings TypeScript to test_house."""
    folder = tmp_path_factory.mktemp("axe")
    npm = shutil.which("npm")
    command = [npm or "npm", "pack", AXE, "--prefer-offline", "--silent"]
    quick = os.environ | {"npm_config_fetch_retries": "1"}  # without a network it would try for minutes
    packed = npm and subprocess.run(command, cwd=folder, env=quick, capture_output=True, text=True, check=False)
    if not packed or packed.returncode:
        reason = f"{AXE} comes through npm, which {'says: ' + packed.stderr.strip() if packed else 'is not here'}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with tarfile.open(folder / packed.stdout.strip()) as archive:
        return archive.extractfile("package/axe.min.js").read().decode()


def test_axe_finds_no_serious_fault_on_the_page(page, axe):
    page.evaluate(axe)
    assert page.evaluate(RUN, "body") == []


def test_axe_finds_no_serious_fault_in_a_widget_on_dark(page, axe):
    page.evaluate(axe)
    page.add_style_tag(path=THEMES["dark"])
    page.add_style_tag(content="body { background: var(--jp-layout-color0); color: var(--jp-ui-font-color1) }")
    for widget in CLASSES:
        root = page.locator(f".dlc-{name_of(widget)}").first
        root.scroll_into_view_if_needed()  # a widget looks at its ground when it comes into sight
        expect(root).to_have_attribute("data-theme", "dark")
    assert page.evaluate(RUN, ".dlc") == []
