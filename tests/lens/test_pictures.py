import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from dlcourse.errors import CourseError
from dlcourse.lens import canvas, pictures
from dlcourse.lens.flow import LayerFlow
from dlcourse.lens.fooling import Adversarial
from dlcourse.lens.mistakes import Confusion, confusion
from dlcourse.lens.surfaces import DecisionSurface, LossSurface
from dlcourse.lens.table import Table

RNG = np.random.default_rng(1)
GREY = RNG.uniform(0, 1, (3, 5, 8, 1))


def flow(*numbers):
    return Table(
        LayerFlow(name=f"dense{i}", kind="Dense", mean=0.0, spread=number, dead=0.5, back_mean=0.0, back_spread=number,
                  gradient=None if i else number, update=None)
        for i, number in enumerate(numbers)
    )  # fmt: skip


def rendered(figure):
    return np.asarray(Image.open(io.BytesIO(figure._repr_png_())).convert("RGBA"))


def landscape(losses):
    return LossSurface(np.linspace(-1, 1, 4), np.linspace(-1, 1, 3), np.array(losses, float), ([], []))


PLANE = np.linspace(0, 1, 3), np.linspace(0, 2, 4)

CASES = {
    "flow": lambda: pictures.draw_flow(flow(1e-9, 0.1, 3.0)),
    "flow of many layers": lambda: pictures.draw_flow(flow(*RNG.uniform(0, 1, 30))),
    "flow of nothing": lambda: pictures.draw_flow(flow(0.0, np.nan)),
    "maps": lambda: pictures.draw_maps(RNG.normal(size=(5, 4, 7))),
    "flat maps": lambda: pictures.draw_maps(np.zeros((2, 4, 7))),
    "maps with NaN": lambda: pictures.draw_maps(np.full((2, 4, 7), np.nan)),
    "pictures": lambda: pictures.draw_pictures(RNG.uniform(0, 1, (2, 6, 4, 3)), ["a", "b"]),
    "one picture with NaN": lambda: pictures.draw_pictures(np.full((1, 6, 4, 1), np.nan)),
    "saliency": lambda: pictures.draw_over(GREY, RNG.normal(size=GREY.shape), ["a", "b", "c"]),
    "small maps over pictures": lambda: pictures.draw_over(GREY, RNG.normal(size=(3, 2, 3))),
    "flat maps over pictures": lambda: pictures.draw_over(GREY, np.zeros((3, 2, 3))),
    "adversarial": lambda: pictures.draw_adversarial(
        Adversarial(GREY, GREY + 0.1, np.eye(3), np.eye(3)), ["cat", "dog", "fox"]
    ),
    "adversarial without change": lambda: pictures.draw_adversarial(
        Adversarial(GREY, GREY, np.array([[0.2], [0.9], [0.5]]), np.array([[0.2], [0.9], [0.5]]))
    ),
    "loss": lambda: pictures.draw_loss_surface(landscape(RNG.uniform(0.001, 9, (3, 4)))),
    "flat loss": lambda: pictures.draw_loss_surface(landscape(np.ones((3, 4)))),
    "loss with NaN and infinity": lambda: pictures.draw_loss_surface(
        landscape([[1, 2, 3, np.nan], [2, np.inf, 1, 2], [1, 2, 3, 4]])
    ),
    "loss of NaN": lambda: pictures.draw_loss_surface(landscape(np.full((3, 4), np.nan))),
    "decision": lambda: pictures.draw_decision(
        DecisionSurface(*PLANE, RNG.uniform(size=(4, 3, 3))), RNG.uniform(size=(6, 2)), [0, 1, 2, 0, 1, 2], "abc"
    ),
    "decision of one unit": lambda: pictures.draw_decision(DecisionSurface(*PLANE, RNG.uniform(size=(4, 3, 1)))),
    "decision of NaN": lambda: pictures.draw_decision(
        DecisionSurface(*PLANE, np.full((4, 3, 2), np.nan)), [[0.5, 1]], [1]
    ),
    "confusion": lambda: pictures.draw_confusion(confusion([0, 1, 1, 2], [0, 1, 2, 2], ["cat", "dog", "fox"])),
    "confusion with an empty class": lambda: pictures.draw_confusion(Confusion(np.diag([2, 0]), ("0", "1"))),
    "confusion of many": lambda: pictures.draw_confusion(confusion(np.arange(40), np.arange(40))),
}


@pytest.mark.parametrize("name", CASES)
def test_every_result_has_a_picture_on_the_pages_own_ground(name):
    image = rendered(CASES[name]())
    assert (image[[0, 0, -1, -1], [0, -1, 0, -1], 3] == 0).all()
    assert image.std() > 1


def test_text_and_ticks_are_grey_whatever_style_the_notebook_has():
    figure = pictures.draw_flow(flow(1e-9, 0.1, 3.0))
    figure.savefig(io.BytesIO())
    (axes, *_) = figure.axes
    texts = [axes.yaxis.label, *axes.get_yticklabels(), *axes.get_legend().get_texts()]
    lines = [tick.tick1line for tick in axes.yaxis.get_major_ticks()]
    assert {to_hex(one.get_color()) for one in [*texts, *lines]} == {"#777777"}
    assert plt.rcParams["text.color"] == "black"


OF_NUMBERS = {
    "flow": lambda rng: pictures.draw_flow(flow(*rng.uniform(1e-6, 1, 4))),
    "maps": lambda rng: pictures.draw_maps(rng.normal(size=(2, 4, 7))),
    "pictures": lambda rng: pictures.draw_pictures(rng.uniform(0, 1, (2, 6, 4, 3))),
    "maps over pictures": lambda rng: pictures.draw_over(GREY, rng.normal(size=(3, 2, 3))),
    "adversarial": lambda rng: pictures.draw_adversarial(
        Adversarial(GREY, GREY + 0.1 * rng.normal(size=GREY.shape), np.eye(3), np.eye(3)), ["cat", "dog", "fox"]
    ),
    "loss": lambda rng: pictures.draw_loss_surface(landscape(rng.uniform(0.001, 9, (3, 4)))),
    "decision": lambda rng: pictures.draw_decision(DecisionSurface(*PLANE, rng.uniform(size=(4, 3, 3)))),
    "confusion": lambda rng: pictures.draw_confusion(confusion(rng.integers(0, 3, 9), rng.integers(0, 3, 9))),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_NUMBERS)
def test_other_numbers_make_another_picture(name):
    one, same, other = (rendered(OF_NUMBERS[name](np.random.default_rng(seed))).astype(int) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (np.abs(one - other).max(axis=2) > 30).mean() > 0.002


def test_pictures_do_not_pile_up_in_pyplot():
    before = plt.get_fignums()
    rendered(CASES["maps"]())
    assert plt.get_fignums() == before


def test_a_scale_with_both_signs_has_its_middle_at_zero():
    scale = canvas.scale_of(np.array([-1.0, 0.5, np.nan]), None)
    assert scale["norm"](0) == 0.5
    assert (scale["norm"].vmin, scale["norm"].vmax) == (-1, 1)


def test_what_is_positive_is_orange_and_what_is_negative_is_not():
    figure = pictures.draw_maps(np.array([[[-1.0, 1.0]]]))
    (shown,) = figure.axes[0].images
    (below, above) = shown.to_rgba(shown.get_array())[0, :, :3]
    assert above[0] > above[1] > above[2]  # orange: more red than green, more green than blue
    assert below[2] > below[0]


def test_a_flat_scale_has_a_width():
    for signed in (None, True, False):
        norm = canvas.scale_of(np.full((2, 3), 0.0), signed)["norm"]
        assert norm.vmax > norm.vmin


def test_rows_of_the_confusion_are_true_classes():
    (axes, _) = pictures.draw_confusion(confusion([0, 0, 1], [1, 1, 1])).axes
    assert {(text.get_position(), text.get_text()) for text in axes.texts} == {((1, 0), "2"), ((1, 1), "1")}
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "true")


def test_maps_lie_over_the_whole_picture():
    figure = pictures.draw_over(GREY[:1], RNG.uniform(size=(1, 2, 3)))
    assert [list(image.get_extent()) for image in figure.axes[1].images] == [[0, 8, 5, 0]] * 2


def test_the_decision_surface_stands_upright():
    values = np.zeros((4, 3, 2))
    values[..., 0], values[3, :, 1] = 0.5, 1.0  # the second class is at the top, where y is greatest
    (axes,) = pictures.draw_decision(DecisionSurface(*PLANE, values)).axes
    image = rendered(axes.figure)
    box = axes.get_window_extent().transformed(axes.figure.transFigure.inverted())
    height, width = image.shape[:2]
    middle = int((box.x0 + box.x1) / 2 * width)
    top = image[int((1 - box.y1) * height) + 12, middle].astype(int)
    bottom = image[int((1 - box.y0) * height) - 12, middle].astype(int)
    assert top[0] > top[2]  # orange
    assert bottom[2] > bottom[0]  # blue


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: pictures.draw_maps(np.zeros((4, 7))), r"Maps must have the shape \(count, rows, columns\)"),
        (lambda: pictures.draw_pictures(np.zeros((6, 4, 3))), r"Pictures must have .* picture\[None\]"),
        (lambda: pictures.draw_over(GREY, np.zeros((2, 5, 8))), r"There are 3 pictures, but the maps' shape is \(2,"),
    ],
)
def test_wrong_things_are_answered_in_a_sentence(call, sentence):
    with pytest.raises(CourseError, match=sentence):
        call()
