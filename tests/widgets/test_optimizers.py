"""Optimizers from Python, and its JavaScript in node against lens.descent, which is held against Keras."""

import base64
import io
import re

import numpy as np
import pytest
from displayed import words_of
from PIL import Image

from dlcourse.errors import CourseError
from dlcourse.lens.descent import OPTIMIZERS, SCHEDULES
from dlcourse.lens.descent_surfaces import DESCENT_SURFACES
from dlcourse.widgets import Optimizers
from dlcourse.widgets.shared.palette import CATEGORIES, WINDOW, rgb
from dlcourse.widgets.shared.random_numbers import normals

RACE = ["momentum", "weight_decay", "schedule", "noise", "steps", "seed"]
IMPORTS = {
    "optimizers/descent.js": "descend",
    "optimizers/surfaces.js": "SURFACES, gridded",
    "optimizers/line_fit.js": "lineFit, spanned, nextChange",
}
X = np.linspace(-1.5, 2, 9)  # whose mean is not 0
Y = 2 * X - 1 + 0.5 * np.sin(7 * X)


def as_cases(widget):
    grid = np.frombuffer(widget._own["values"], "float32").tolist() if widget._own else None
    race = {name: getattr(widget, name) for name in RACE}
    points = dict(zip(("xs", "ys"), map(np.ndarray.tolist, widget._points()), strict=True)) if widget._data else None
    same = {"surface": widget.surface, "start": widget.start, "race": race, "grid": grid, "points": points}
    return [same | {"name": name, "rate": widget.rates[name]} for name in widget.optimizers]


def in_browser(in_node, widgets):
    body = """
        const own = () => (state.grid ? gridded(state.grid, 121, 3) : lineFit(state.points));
        const surface = SURFACES[state.surface] ?? own();
        const { xs, ys } = descend(surface, state.start, state.name, state.rate, state.race);
        return [Array.from(xs), Array.from(ys)];
    """
    answers = iter(in_node(IMPORTS, body, [case for widget in widgets for case in as_cases(widget)]))
    return [{name: np.array(next(answers), float).T for name in widget.optimizers} for widget in widgets]


def test_the_browser_walks_the_same_paths(in_node):
    generator = np.random.default_rng(0)
    widgets = []
    for number, surface in enumerate([*DESCENT_SURFACES, *DESCENT_SURFACES]):
        widgets.append(
            Optimizers(
                surface,
                list(OPTIMIZERS),
                start=generator.uniform(-2.5, 2.5, 2).tolist(),
                momentum=0.8,
                noise=[0, 0.5][number >= len(DESCENT_SURFACES)],
                weight_decay=[0, 0.2][number % 2],
                schedule=SCHEDULES[number % 3],
                steps=40,
                seed=number,
            )
        )
    widgets.append(Optimizers(lambda x, y: np.abs(x) + y**2 / 2, ["momentum", "adam"], steps=40))
    widgets.append(Optimizers(data=(X, Y), optimizers=["sgd", "adam"], start=(0, 0), steps=40))
    for widget, paths in zip(widgets, in_browser(in_node, widgets), strict=True):
        for name, expected in widget.paths().items():
            inside = np.abs(expected).max(axis=1) < 10  # beyond, chaos makes digits of the last bit
            np.testing.assert_allclose(paths[name][inside], expected[inside], atol=1e-5)


def test_random_numbers_are_the_same_and_normal(in_node):
    theirs = in_node({"shared/js/random.js": "normals"}, "return normals(state, 1001);", [5])[0]
    np.testing.assert_allclose(theirs[:1001], normals(5, 1001), atol=1e-12)
    many = normals(1, 20_000)
    assert (abs(many.mean()), many.std()) == (pytest.approx(0, abs=0.02), pytest.approx(1, abs=0.02))


def test_the_browser_knows_the_loss_of_each_line(in_node):
    w, b = np.random.default_rng(0).uniform(-3, 3, (2, 5))
    body = "return state.w.map((w, at) => lineFit(state.points).value(w, state.b[at]))"
    case = {"points": {"xs": X.tolist(), "ys": Y.tolist()}, "w": w.tolist(), "b": b.tolist()}
    found = in_node(IMPORTS, body, [case])[0]
    np.testing.assert_allclose(found, np.mean((w[:, None] * X + b[:, None] - Y) ** 2, axis=1), atol=1e-9)


def test_plain_descent_ends_at_the_best_line_through_the_learner_s_points():
    widget = Optimizers(data=(X, Y), optimizers="sgd", start=(0, 0), rates=0.1)
    assert widget.surface == "line fit"
    np.testing.assert_allclose(widget.paths()["sgd"][-1], np.polyfit(X, Y, 1), atol=1e-6)
    assert float(widget.height(1, 0.5)) == pytest.approx(np.mean((X + 0.5 - Y) ** 2))
    assert re.search(r"sgd at 0\.\d\d \(w = [12]\.\d\d, b = −[01]\.\d\d\)", words_of(widget))
    widget.surface = "bowl"  # the points wait
    assert "w =" not in words_of(widget)
    widget.reset()
    assert widget.surface == "line fit"


def test_the_picture_of_a_line_fit_holds_all_points_and_names_the_next_step(in_node):
    body = "return [spanned(state), nextChange(-3), nextChange(0.001), nextChange(2)]"
    span, *changes = in_node(IMPORTS, body, [{"xs": [0, 10], "ys": [-1, -1]}])[0]
    assert span["x"] == pytest.approx([-0.8, 10.8])
    assert span["y"][0] < -1 < span["y"][1]
    assert changes == ["grows", "hardly changes", "shrinks"]


def test_the_still_of_a_line_fit_has_points_and_line_beside_the_surface():
    def beside(step):
        png = base64.b64decode(
            Optimizers(data=(X, Y), optimizers="sgd", start=(0, 0), rates=0.1, step=step)._repr_mimebundle_()[0][
                "image/png"
            ]
        )
        pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)[220:, 2 * 396 :]
        return np.argwhere(np.abs(pixels - rgb(CATEGORIES[0])).sum(axis=2) < 40)

    flat, risen = beside(0), beside(100)
    assert np.ptp(flat[:, 0]) < 20 < 300 < np.ptp(risen[:, 0])


@pytest.mark.parametrize(("surface", "arrow"), [({"data": (X, Y)}, True), ({"surface": "bowl"}, False)])
def test_the_still_has_a_ring_at_the_start_and_on_a_line_fit_an_arrow_downhill(surface, arrow):
    widget = Optimizers(**surface, optimizers="sgd", start=(0, 1), step=0)
    png = base64.b64decode(widget._repr_mimebundle_()[0]["image/png"])
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    rows, columns = np.nonzero(np.abs(pixels - rgb(WINDOW)).sum(axis=2) < 40)
    places = np.stack([(columns / 2 - 12) / 60 - 3, 3 - (rows / 2 - 34) / 60], axis=1)
    away = places - widget.start
    far = np.hypot(*away.T) * 60 > 12
    assert (np.abs(np.hypot(*away[~far].T) * 60 - 8) < 2).sum() > 100
    assert far.any() == arrow
    if arrow:
        downhill = -np.array(widget._surface().slope(0, 1))
        assert np.cos(np.angle(complex(*away[far].mean(axis=0))) - np.angle(complex(*downhill))) > 0.95


@pytest.mark.parametrize("start", [(-2.5, 1.5), (2, -1), (-1.5, 2.5)])
def test_in_a_narrow_valley_the_largest_rate_across_is_slow_along(start):
    widget = Optimizers("narrow valley", ["sgd", "momentum"], rates=0.24, start=start)
    ends = widget._look().reached
    assert ends["momentum"] < 1e-4 < 3e-3 < ends["sgd"]
    widget.rates = 0.26  # above 2 / 8, the border across
    assert widget._look().reached["sgd"] > 10


def test_momentum_beats_plain_descent_in_a_long_valley():
    ends = Optimizers(steps=100)._look().reached
    assert ends["momentum"] < ends["sgd"] / 10


def test_too_large_a_rate_is_lost_and_says_so():
    widget = Optimizers("bowl", "sgd", rates={"sgd": 3})
    assert np.isnan(widget.paths()["sgd"][-1]).all()
    assert "sgd is lost" in words_of(widget)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"surface": "bowll"}, r"no surface 'bowll'\. Did you mean 'bowl'"),
        ({"surface": "yours"}, r'"yours" needs a function of your own'),
        ({"surface": lambda x, y: 3}, r"one of the shape \(\), but a surface has a height at each place"),
        ({"surface": lambda x: x}, "Your function fails on two arrays: TypeError"),
        ({"surface": lambda x, y: np.log(np.where(x > 0, x, np.nan)) + y}, r"no finite height at \(-3\.00, -3\.00\)"),
        ({"surface": "line fit"}, r'"line fit" needs points'),
        ({"data": 3}, r"`data` must be two lists or arrays of numbers, x and y"),
        ({"data": (X, Y[1:])}, r"as many y, but the two have the shapes \(9,\) and \(8,\)"),
        ({"data": ([1], [2])}, "`data` must be 2 to 2000 numbers x"),
        ({"data": ([1, np.nan], [2, 3])}, "`data` holds a number that is not finite"),
        ({"data": ([1, 1], [2, 3])}, "All the points of `data` have the same x"),
        ({"data": (X, 9 * X + 4)}, "The best line through `data` has w = 9 and b = 4, but the map .* scale x and y"),
        ({"optimizers": ["adamw"]}, r"no optimizer 'adamw'\. Did you mean 'adam'"),
        ({"rates": {"adam": -1}}, "learning rate of 'adam' must be a number from 0 to 100, but it is -1"),
        ({"rates": "fast"}, "`rates` must be a number, or one for each name"),
        ({"start": [9, 0]}, r"`start` must be two numbers from −3 to 3, but it is \[9, 0\]"),
        ({"momentum": 1}, "`momentum` must be a number from 0 to 0.99, but it is 1"),
        ({"schedule": "linear"}, "no schedule 'linear'"),
        ({"steps": 5}, "`steps` must be a whole number from 10 to 500, but it is 5"),
        ({"rate": 1}, r"argument of Optimizers 'rate'\. Did you mean 'rates'"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(arguments, complaint):
    with pytest.raises(CourseError, match=complaint):
        Optimizers(**arguments)


def test_one_rate_for_all_and_back_to_the_start():
    widget = Optimizers("saddle", rates=0.01)
    assert set(widget.rates.values()) == {0.01}
    widget.surface, widget.start, widget.noise = "bowl", (1, 1), 2
    widget.reset()
    assert (widget.surface, widget.start, widget.noise) == ("saddle", [-2.5, 1.5], 0)


def test_it_has_a_still_picture_and_words():
    widget = Optimizers(lambda x, y: x**2 + y**2)
    data, _ = widget._repr_mimebundle_()
    assert data["text/plain"].startswith("Optimizers on the surface yours, after 150 steps: sgd at ")
    assert len(base64.b64decode(data["image/png"])) < 120_000


def test_the_still_picture_has_the_path_on_the_surface_from_minus_to_plus_3():
    widget = Optimizers("bowl", "sgd", start=[-2.5, 1.5])
    png = base64.b64decode(widget._repr_mimebundle_()[0]["image/png"])
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    surface = pixels[2 * 34 : 2 * (34 + 360), 2 * 12 : 2 * (12 + 360)]

    def at(places):
        columns, rows = (np.multiply(places, [1, -1]) + 3).T / 6 * 719
        return surface[rows.round().astype(int), columns.round().astype(int)]

    assert (np.abs(at(widget.paths()["sgd"][1:]) - rgb(CATEGORIES[0])).sum(axis=1) < 40).all()
    far_to_near = at([(2.9, 2.9), (2, 2), (1.2, 1.2), (0.4, 0.4)]).sum(axis=1)
    assert (np.diff(far_to_near) > 20).all()  # the deeper, the lighter
