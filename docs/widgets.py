"""Takes README's pictures of the widgets, light and dark, from the gallery's page, and writes README's table of them.

python docs/widgets.py
"""

import html
import io
import re
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from dlcourse import widgets
from dlcourse.site import pages

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs/widgets"
PACKAGE = ROOT / "dlcourse/widgets"
WIDTH = 1000
MARKED = re.compile(r"(<!-- widgets -->\n).*?(\n<!-- /widgets -->)", re.DOTALL)
COLOURS = 128  # of a palette: a third of the bytes, and nobody sees it


def main() -> int:
    """Writes docs/widgets/NAME.png and NAME_dark.png, and the table between the marks in README.md."""
    OUT.mkdir(exist_ok=True)
    text = pages.page(ROOT / "course/gallery.ipynb")
    sentences = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for theme in ("light", "dark"):
            page = browser.new_page(viewport={"width": WIDTH + 160, "height": 900}, device_scale_factor=1)
            page.set_content(dark(text) if theme == "dark" else text)
            for widget in page.locator(".dlc[class*=' dlc-']").all():
                folder = next(word for word in widget.get_attribute("class").split() if word.startswith("dlc-"))[4:]
                if not (PACKAGE / folder).is_dir():
                    continue  # the answer to a prediction is a part of Predict
                widget.scroll_into_view_if_needed()
                page.wait_for_timeout(600)
                picture = Image.open(io.BytesIO(widget.screenshot())).convert("RGB")
                end = "_dark" if theme == "dark" else ""
                picture = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE)  # thin grey lines stay grey
                picture.save(OUT / f"{folder}{end}.png", optimize=True)
                sentences[folder.title().replace("_", "")] = widget.locator(".dlc-told").inner_text()
                print(f"{folder}{end}", picture.size)
        browser.close()
    readme = ROOT / "README.md"
    readme.write_text(with_table(readme.read_text(encoding="utf-8"), sentences), encoding="utf-8")
    return 0


def with_table(readme: str, sentences: dict[str, str]) -> str:
    """README with a picture of each widget, two in a row; `sentences` say what the pictures show."""
    cells = [cell(name, sentences[name]) for name in sorted(sentences)]
    cells += [""] * (len(cells) % 2)
    rows = [f"| {left} | {right} |" for left, right in zip(cells[::2], cells[1::2], strict=True)]
    return MARKED.sub(lambda found: found[1] + "\n".join(["| | |", "|---|---|", *rows]) + found[2], readme)


def cell(name: str, sentence: str) -> str:
    """A widget's picture, and the first sentence of what Python's help says of it."""
    path = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    image = f'<img width="400" src="docs/widgets/{path}.png" alt="{html.escape(sentence)}">'
    dark = f'<source media="(prefers-color-scheme: dark)" srcset="docs/widgets/{path}_dark.png">'
    caption = getattr(widgets, name).__doc__.partition("\n")[0].rstrip(".")
    return f"<picture>{dark}{image}</picture><br>`{name}`: {caption[0].lower()}{caption[1:]}"


def dark(text: str) -> str:
    """The page on black, as far as the widgets can tell."""
    colours = (
        "--jp-layout-color0:#111;--jp-layout-color1:#212121;--jp-layout-color2:#424242;--jp-border-color1:#616161;"
    )
    inks = "--jp-ui-font-color1:#fff;--jp-ui-font-color2:#bdbdbd;--jp-brand-color1:#2196f3"
    return text.replace("</head>", f"<style>:root, body {{{colours}{inks}}}</style></head>", 1)


if __name__ == "__main__":
    sys.exit(main())
