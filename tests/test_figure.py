"""Captions and alternative texts under pictures."""

import base64
import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from PIL import Image

from dlcourse.errors import CourseError
from dlcourse.figure import captioned, photographs, picture_row
from dlcourse.lens import canvas

PAGES = {"white": "#ffffff", "JupyterLab's dark theme": "#111111"}


@pytest.fixture
def figure():
    figure, axis = plt.subplots(figsize=(4, 3))
    axis.imshow(np.eye(3))
    yield figure
    plt.close("all")


def test_the_page_gets_the_picture_its_caption_and_its_alternative_text(figure):
    page = captioned(figure, "A <diagonal>.", alt='Three "bright" squares.')._repr_html_()
    assert "<figcaption>A &lt;diagonal&gt;.</figcaption>" in page
    assert 'alt="Three &quot;bright&quot; squares."' in page
    picture, width = pixels(page), int(re.search(r'width="(\d+)"', page)[1])
    assert width == pytest.approx(picture.shape[1] / 1.5, abs=1)
    assert picture[..., :3].std() > 10


def pixels(page):
    data = re.search(r"base64,([^\"]+)", page)[1]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))


@pytest.mark.parametrize(("look", "ground"), [("dlcourse.lesson", [255, 255, 255, 0]), ("default", [255] * 4)])
def test_a_figure_keeps_its_ground(look, ground):
    with plt.style.context(look):
        figure, _ = plt.subplots(figsize=(4, 3))
        shown = pixels(captioned(figure, "Nothing yet.", alt="An empty pair of axes.")._repr_html_())
    assert (shown[[0, 0, -1, -1], [0, -1, 0, -1]] == ground).all()
    assert (shown[shown.shape[0] // 2, shown.shape[1] // 2] == ground).all()


def test_the_caption_has_the_pages_colour(figure):
    page = captioned(figure, "A diagonal.", alt="Three squares.")._repr_html_()
    assert "color" not in re.sub(r'src="[^"]+"', "", page)


def luminance(colour):
    """As WCAG 2 has it."""
    shares = np.array(to_rgb(colour))
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_the_standard_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # WebAIM's checker


@pytest.mark.parametrize("page", PAGES)
def test_lines_and_text_of_a_lesson_can_be_seen_on_every_page(page):
    with plt.style.context("dlcourse.lesson"):
        cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
        parts = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color", "lines.color")
        ink = {plt.rcParams[part] for part in parts}
    assert len(cycle) == 6
    assert {to_hex(colour).upper() for colour in [*cycle, *ink]} == set(canvas.COLOURS)
    for colour in cycle:
        assert contrast(colour, PAGES[page]) >= 3, colour
    for colour in ink:
        assert contrast(colour, PAGES[page]) >= 4.2, colour


def test_axes_will_do_and_the_figure_is_not_shown_twice(figure):
    shown = captioned(figure.axes[0], "A diagonal.", alt="Three squares.")
    assert repr(shown) == "A diagonal. [Picture: Three squares.]"
    assert not plt.get_fignums()


def test_a_missing_text_or_figure_is_a_sentence(figure):
    with pytest.raises(CourseError, match="`alt` must say what the picture shows"):
        captioned(figure, "A diagonal.", alt=" ")
    with pytest.raises(CourseError, match="must be a matplotlib figure or its axes, but it is of type list"):
        captioned([1], "A list.", alt="A list.")


def test_pictures_in_a_row():
    ink = np.array([[0, 255], [255, 0]], np.uint8)
    shown = picture_row([ink, ink - 255.0, np.zeros((2, 2, 4))], "Three.", alt="Squares.", titles=["a", "b", "c"])
    assert repr(shown) == "Three. [Picture: Squares.]"
    colours = np.asarray(Image.open(io.BytesIO(shown.png)).convert("RGB")).reshape(-1, 3).astype(int)
    assert (np.ptp(colours, axis=1) > 60).sum() > 1000  # a loss has a colour, ink has none
    ink_alone = np.asarray(Image.open(io.BytesIO(picture_row([ink], "One.", alt="Squares.").png)).convert("RGB"))
    assert np.ptp(ink_alone.reshape(-1, 3).astype(int), axis=1).max() == 0
    with pytest.raises(CourseError, match="a title for each picture, but here are 1 and 2"):
        picture_row([ink], "One.", alt="Squares.", titles=["a", "b"])
    with pytest.raises(CourseError, match="here are 0 and 0"):
        picture_row([], "None.", alt="Nothing.")


class TestPhotographs:
    def test_they_stand_side_by_side_in_few_colours_on_the_pages_own_ground(self):
        noise = np.random.default_rng(0).integers(0, 256, (40, 30, 3))
        grey = np.full((40, 20, 3), 127.6)
        page = photographs([noise, grey], "Noise, grey.", alt="Noise, then grey.", width=300)._repr_html_()
        picture = pixels(page)
        assert 'width="300"' in page
        assert picture.shape == (44, 58, 4)
        assert (picture[..., 3] == 0).sum() == 44 * 58 - 40 * 50
        assert (picture[2:42, 36:56] == [128, 128, 128, 255]).all()
        assert len(np.unique(picture[2:42, 2:32].reshape(-1, 4), axis=0)) <= 64
        assert np.abs(picture[2:42, 2:32, :3] - noise.astype(float)).mean() < 25

    @pytest.mark.parametrize(
        "pictures", [[], [np.zeros((4, 4))], [np.zeros((4, 4, 3)), np.zeros((5, 4, 3))]], ids=["none", "grey", "uneven"]
    )
    def test_what_does_not_fit_is_refused(self, pictures):
        with pytest.raises(CourseError, match="equally high"):
            photographs(pictures, "Nothing.", alt="Nothing.")
