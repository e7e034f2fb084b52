"""The pure parts of PictureMap in the browser, in node, against NumPy and what Python says."""

import base64

import numpy as np
import pytest

from dlcourse.widgets import PictureMap

RNG = np.random.default_rng(9)
LABELS = np.arange(40) % 4
FEATURES = RNG.normal(size=(40, 9)) + np.eye(4)[LABELS] @ RNG.normal(size=(4, 9))
IMPORTS = {
    "picture_map/state.js": "cameraByKey, moved, nextInDirection, showing, viewer, WHOLE, zoomed",
    "picture_map/layout.js": "layoutOf, pictureAt",
    "picture_map/words.js": "distanceText, mapLabel, sentence",
}
VIEW = """
    const unpacked = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
    for (const name of ["neighbours", "distances"]) state._mapped[name] = unpacked(state._mapped[name]);
    for (const name of Object.keys(state._points)) state._points[name] = unpacked(state._points[name]);
    const view = viewer()(state);
"""


def travelling(widget):
    described = dict(widget._mapped) | {"pictures": None}
    for name in ("neighbours", "distances"):
        described[name] = base64.b64encode(described[name]).decode()
    points = {name: base64.b64encode(array).decode() for name, array in widget._points.items()}
    return {"method": widget.method, "picked": widget.picked, "k": widget.k, "_mapped": described, "_points": points}


def some_map(labels=LABELS, **settings):
    return PictureMap(FEATURES, np.zeros((40, 6, 8), np.uint8), labels, method="pca", **settings)


def test_neighbours_and_their_classes_are_those_of_python(in_node):
    widgets = [some_map(picked=picked, k=k) for picked, k in [(0, 1), (7, 5), (39, 20)]]
    widgets.append(some_map(labels=None, k=4))
    body = VIEW + "return { neighbours: view.neighbours, alike: view.alike, agreement: view.agreement };"
    for widget, found in zip(widgets, in_node(IMPORTS, body, list(map(travelling, widgets))), strict=True):
        expected = widget.neighbours()
        assert [near["index"] for near in found["neighbours"]] == [near.picture for near in expected]
        distances = [near["distance"] for near in found["neighbours"]]
        assert distances == pytest.approx([near.distance for near in expected], rel=1e-6)
        assert found["agreement"] == (None if widget.agreement is None else pytest.approx(widget.agreement))
        if found["alike"] is not None:
            same = [bool(LABELS[near.picture] == LABELS[widget.picked]) for near in expected]
            assert [near["same"] for near in found["neighbours"]] == same
            assert found["alike"] == sum(same)


def test_points_keep_their_proportions_and_fit_the_map(in_node):
    widget = some_map()
    body = VIEW + "return [600, 400].map((width) => layoutOf(view.points, WHOLE, width));"
    for layout in in_node(IMPORTS, body, [travelling(widget)])[0]:
        xs, ys = np.array(layout["xs"]), np.array(layout["ys"])
        half = layout["side"] / 2
        assert half <= xs.min() < xs.max() <= layout["width"] - half
        assert half <= ys.min() < ys.max() <= layout["height"] - half
        scale = np.ptp(xs) / np.ptp(widget.points[:, 0])
        np.testing.assert_allclose(np.ptp(ys) / np.ptp(widget.points[:, 1]), scale, rtol=1e-3)
        np.testing.assert_allclose(np.diff(ys), -scale * np.diff(widget.points[:, 1]), atol=0.01)  # up is up


def test_what_lies_under_the_pointer_stays_there_while_the_map_is_scaled(in_node):
    body = """
        const points = Float32Array.from([-0.5, -0.3, 0.1, 0.2, 0.5, 0.3, 0.05, -0.1]);
        const place = (camera) => {
          const { xs, ys, unit } = layoutOf(points, camera, 700);
          return [xs[1], ys[1], unit];
        };
        let camera = zoomed(WHOLE, 2);
        const { width, height } = layoutOf(points, camera, 700);
        const [x, y, unit] = place(camera);
        const fixed = { x: (x - width / 2) / unit, y: (y - height / 2) / unit };
        return [[x, y], place(zoomed(camera, 1.5, fixed)).slice(0, 2), place(moved(camera, -30 / unit, 20 / unit))];
    """
    before, scaled, pulled = in_node(IMPORTS, body, [{}])[0]
    assert scaled == pytest.approx(before, abs=0.01)
    assert pulled[:2] == pytest.approx([before[0] + 30, before[1] - 20], abs=0.01)


def test_the_map_is_not_lost_from_sight(in_node):
    body = """
        let camera = WHOLE;
        for (const key of state) camera = cameraByKey(camera, key) ?? camera;
        return camera;
    """
    far = [{"key": "+"}] * 3 + [{"key": "ArrowRight", "shiftKey": True}] * 40
    cases = [far, [*far, {"key": "0"}], [{"key": "-"}] * 5, [{"key": "+"}] * 40, [{"key": "ArrowRight"}]]
    found = in_node(IMPORTS, body, cases)
    assert found[0]["x"] == pytest.approx(0.5 - 0.5 / 1.25**3)
    assert [camera["zoom"] for camera in found[1:]] == [1, 1, 16, 1]


def test_a_picture_that_is_picked_comes_into_sight(in_node):
    body = """
        const points = Float32Array.from([-0.5, -0.3, 0.5, 0.3]);
        const camera = showing({ x: -0.3, y: -0.2, zoom: 3 }, points, 1);
        const { xs, ys, width, height } = layoutOf(points, camera, 700);
        return [xs[1] > 0 && xs[1] < width && ys[1] > 0 && ys[1] < height, showing(camera, points, 1)];
    """
    ((visible, again),) = in_node(IMPORTS, body, [{}])
    assert visible
    assert again["zoom"] == 3


def test_arrow_keys_go_to_the_next_picture_ahead(in_node):
    body = """
        const points = Float32Array.from([0, 0, 1, 0.1, 0.3, 2, -1, 0, 0, -1]);
        return [[0, 1], [0, -1], [1, 0], [-1, 0]].map((way) => nextInDirection(points, 0, way))
          .concat(nextInDirection(points, 1, [0, 1]));
    """
    assert in_node(IMPORTS, body, [{}]) == [[1, 3, 2, 4, 1]]


def test_the_picture_drawn_last_is_the_one_under_the_pointer(in_node):
    body = """
        const layout = { xs: [10, 12, 60], ys: [10, 10, 60], side: 20 };
        return [pictureAt(layout, 11, 10, []), pictureAt(layout, 11, 10, [0]), pictureAt(layout, 40, 10, [0])];
    """
    assert in_node(IMPORTS, body, [{}]) == [[1, 0, -1]]


def test_words_tell_the_neighbours(in_node):
    case = travelling(some_map(picked=7, k=2))
    first = some_map(picked=7).neighbours()[0]
    body = VIEW + "return [sentence(view), mapLabel(view), distanceText(4), distanceText(1234.5)];"
    told, label, *distances = in_node(IMPORTS, body, [case])[0]
    assert told.startswith("No. 7 is “3”, and so ")
    assert told.endswith("share the class; by chance it would be 23 %.")
    assert f"Nearest: no. {first.picture}, {LABELS[first.picture]}, {first.distance:.3g} away" in label
    assert distances == ["4.00", "1235"]
