"""Captions and alternative texts under pictures."""

import base64
import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from dlcourse.errors import CourseError
from dlcourse.figure import captioned, picture_row


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
    data, width = re.search(r"base64,([^\"]+)", page)[1], int(re.search(r'width="(\d+)"', page)[1])
    picture = Image.open(io.BytesIO(base64.b64decode(data)))
    assert width == pytest.approx(picture.width / 1.5, abs=1)
    assert np.asarray(picture.convert("RGB")).std() > 10


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
