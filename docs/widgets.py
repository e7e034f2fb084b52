"""Takes README's pictures of the widgets: the gallery in JupyterLab, light and dark, one PNG for each widget.

python docs/widgets.py
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from dlcourse.site import pages

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs/widgets"
WIDTH = 1000
COLOURS = 128  # of a palette: a third of the bytes, and nobody sees it


def main() -> int:
    """Writes docs/widgets/NAME.png and NAME_dark.png."""
    OUT.mkdir(exist_ok=True)
    text = pages.page(ROOT / "course/gallery.ipynb")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for theme in ("light", "dark"):
            page = browser.new_page(viewport={"width": WIDTH + 160, "height": 900}, device_scale_factor=1)
            page.set_content(dark(text) if theme == "dark" else text)
            for widget in page.locator(".dlc[class*=' dlc-']").all():
                name = next(one for one in widget.get_attribute("class").split() if one.startswith("dlc-"))[4:]
                widget.scroll_into_view_if_needed()
                page.wait_for_timeout(600)
                picture = Image.open(io.BytesIO(widget.screenshot())).convert("RGB")
                end = "_dark" if theme == "dark" else ""
                picture.quantize(COLOURS).save(OUT / f"{name}{end}.png", optimize=True)
                print(f"{name}{end}", picture.size)
        browser.close()
    return 0


def dark(text: str) -> str:
    """The page on black, as far as the widgets can tell."""
    colours = "--jp-layout-color0:#111;--jp-layout-color1:#212121;--jp-layout-color2:#424242;--jp-border-color1:#616;"
    inks = "--jp-ui-font-color1:#fff;--jp-ui-font-color2:#bdbdbd;--jp-brand-color1:#2196f3"
    return text.replace("</head>", f"<style>:root, body {{{colours}{inks}}}</style></head>", 1)


if __name__ == "__main__":
    sys.exit(main())
