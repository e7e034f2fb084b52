"""Road signs: pictures are what their factors, masks and boxes say, and the same for everybody."""

import dataclasses
import math
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from dlcourse.data import signs
from dlcourse.data.signs import CLASSES, SIZE, Factors, SignsSplit, generate, small
from dlcourse.errors import CourseError

BLOCK = len(CLASSES)


@pytest.fixture(scope="module")
def drawn() -> SignsSplit:
    return generate(160, seed=7)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_CACHE", str(tmp_path))


def plain(count: int = BLOCK, *, style: str = "new", seed: int = 3, **fixed: float) -> SignsSplit:
    """One picture of each class with neutral factors but for the given ones."""
    ranges = {name: (value, value) for name, value in fixed.items()}
    return generate(count, seed=seed, style=style, factors=dataclasses.replace(Factors.plain(), **ranges))


def of(split: SignsSplit, name: str) -> int:
    """The position of the first picture of a class."""
    return int(np.flatnonzero(split.y == CLASSES.index(name))[0])


def centroid(mask: np.ndarray) -> np.ndarray:
    """x and y of the middle of a mask, in pixels."""
    rows, columns = np.nonzero(mask)
    return np.array([columns.mean() + 0.5, rows.mean() + 0.5])


def same(one: SignsSplit, other: SignsSplit) -> bool:
    arrays = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("x", "y", "mask", "box"))
    return arrays and all(np.array_equal(one.factors[name], other.factors[name]) for name in one.factors)


def first(split: SignsSplit, count: int) -> SignsSplit:
    factors = {name: values[:count] for name, values in split.factors.items()}
    return SignsSplit(split.x[:count], split.y[:count], split.mask[:count], split.box[:count], factors)


# what comes back


def test_arrays_have_the_promised_shapes_and_types(drawn):
    assert (drawn.x.shape, drawn.x.dtype) == ((160, 48, 48, 3), np.uint8)
    assert (drawn.y.shape, drawn.y.dtype) == ((160,), np.int64)
    assert (drawn.mask.shape, drawn.mask.dtype) == ((160, 48, 48), bool)
    assert (drawn.box.shape, drawn.box.dtype) == ((160, 4), np.int32)
    assert set(drawn.factors) == {item.name for item in dataclasses.fields(Factors)}
    assert all(v.shape == (160,) and v.dtype == np.float32 for v in drawn.factors.values())
    assert drawn.x.min() < 20
    assert drawn.x.max() > 235
    assert repr(drawn) == "SignsSplit(x: 160 × 48 × 48 × 3 uint8, y: 160 int64)"


def test_no_pictures_are_empty_arrays():
    none = generate(0)
    assert none.x.shape == (0, 48, 48, 3)
    assert none.y.shape == (0,)
    assert none.box.shape == (0, 4)


def test_there_are_at_least_twelve_classes_with_different_names():
    assert len(set(CLASSES)) == len(CLASSES) >= 12


def test_every_block_shows_every_class_once_in_changing_order(drawn):
    blocks = drawn.y.reshape(-1, BLOCK)
    assert (np.sort(blocks, axis=1) == np.arange(BLOCK)).all()
    assert len({tuple(block) for block in blocks.tolist()}) == len(blocks)


def test_counts_differ_by_at_most_one_for_any_number_of_pictures():
    counts = np.bincount(generate(37).y, minlength=BLOCK)
    assert set(counts) == {2, 3}


# the same for everybody


def test_same_seed_gives_same_pictures_and_another_gives_others(drawn):
    assert same(generate(160, seed=7), drawn)
    other = generate(160, seed=8)
    assert not np.array_equal(other.y, drawn.y)
    assert all((other.factors[name] != drawn.factors[name]).mean() > 0.9 for name in drawn.factors)


def test_no_picture_comes_twice():
    many = generate(300, factors=Factors(noise=(0, 0)))
    assert len({x.tobytes() for x in many.x}) == 300
    assert len(set(many.factors["rotation"].tolist())) == 300


@pytest.mark.parametrize("count", [1, 10, 129])  # 129: past the edge of what is worked on at once
def test_fewer_pictures_are_the_first_of_more(drawn, count):
    assert same(generate(count, seed=7), first(drawn, count))


def test_another_style_shows_the_same_scenes(drawn):
    old = generate(160, seed=7, style="old")
    assert np.array_equal(old.y, drawn.y)
    assert all(np.array_equal(old.factors[name], drawn.factors[name]) for name in old.factors)
    sign = np.abs(old.x.astype(int) - drawn.x)[drawn.mask & old.mask].mean()
    behind = np.abs(old.x.astype(int) - drawn.x)[:, :4, :4].mean()
    assert sign > 15
    assert behind < 5  # not 0: contrast is about the mean of the picture


def test_changing_one_range_leaves_the_other_factors_alone(drawn):
    other = generate(160, seed=7, factors=Factors(noise=(0, 0)))
    assert not other.factors["noise"].any()
    for name in set(other.factors) - {"noise"}:
        assert np.array_equal(other.factors[name], drawn.factors[name])


# masks and boxes


def test_box_is_tight_around_the_whole_sign_and_inside_the_picture():
    cut_off = generate(96, factors=Factors(occlusion=(0, 0), shift_x=(-20, 20), shift_y=(-20, 20)))
    for mask, (x0, y0, x1, y1) in zip(cut_off.mask, cut_off.box.tolist(), strict=True):
        assert 0 <= x0 < x1 <= SIZE
        assert 0 <= y0 < y1 <= SIZE
        inside = mask[y0:y1, x0:x1]
        assert inside.sum() == mask.sum() > 0
        assert inside[0].any()
        assert inside[-1].any()
        assert inside[:, 0].any()
        assert inside[:, -1].any()


def test_leaves_cut_the_mask_but_not_the_box():
    bare, covered = plain(64), plain(64, occlusion=0.4)
    assert np.array_equal(bare.box, covered.box)
    assert not (covered.mask & ~bare.mask).any()
    left = covered.mask.sum(axis=(1, 2)) / bare.mask.sum(axis=(1, 2))
    assert left == pytest.approx(0.6, abs=0.015)
    hidden = bare.mask & ~covered.mask
    assert (covered.x[hidden] != bare.x[hidden]).any(axis=-1).mean() > 0.99
    red, green, blue = covered.x[hidden].mean(axis=0)
    assert green > red > blue


def test_a_sign_outside_the_picture_has_no_mask_and_an_empty_box():
    away = plain(shift_x=24, shift_y=-24, scale=0.1, rotation=45)
    gone = ~away.mask.any(axis=(1, 2))
    far = plain(shift_x=-24, scale=0.1, perspective=-70)
    assert away.box[gone].sum() == 0
    assert (away.box[~gone, 2] > away.box[~gone, 0]).all()
    assert far.mask.any(axis=(1, 2)).all()


def test_mask_is_where_the_sign_is_drawn():
    """Two styles differ on the sign and nowhere else."""
    new, old = plain(), plain(style="old")
    both = new.mask & old.mask
    differs = (new.x != old.x).any(axis=-1)
    assert differs[both].mean() > 0.9
    around = np.stack([_grown(a | b) for a, b in zip(new.mask, old.mask, strict=True)])
    assert not differs[~around].any()


def _grown(mask: np.ndarray) -> np.ndarray:
    """The mask and its neighbours: a pixel that is less than half sign still shows some."""
    padded = np.pad(mask, 1)
    shifts = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (2, 2), (1, 1)]
    return np.any([padded[y : y + SIZE, x : x + SIZE] for y, x in shifts], axis=0)


# factors


def test_factors_stay_in_their_ranges_and_fill_them(drawn):
    ranges = dataclasses.asdict(Factors())
    for name, (low, high) in ranges.items():
        values = drawn.factors[name]
        assert np.float32(low) <= values.min()
        assert values.max() <= np.float32(high)
        assert np.ptp(values) > 0.9 * (high - low)


@pytest.mark.parametrize("degrees", [20, -35])
@pytest.mark.parametrize("name", ["limit 50", "yield", "turn left"])
def test_rotation_is_the_one_pillow_makes(degrees, name):
    straight, turned = plain(), plain(rotation=degrees)
    at = of(straight, name)

    def off(angle: float) -> float:
        by_pillow = Image.fromarray(straight.x[at]).rotate(angle, Image.Resampling.BICUBIC)
        return np.abs(np.asarray(by_pillow, int) - turned.x[at])[turned.mask[at]].mean()

    assert off(degrees) < 11  # interpolated twice, so fine strokes differ
    assert off(degrees) < 0.4 * min(off(-degrees), off(0))
    assert min(range(-45, 50, 5), key=off) == degrees


def test_area_grows_with_the_square_of_scale():
    small_area, large_area = (plain(scale=scale).mask.sum(axis=(1, 2)) for scale in (0.4, 0.8))
    assert large_area / small_area == pytest.approx(4, rel=0.08)
    round_sign = of(plain(), "no entry")
    assert large_area[round_sign] == pytest.approx(math.pi * (0.4 * SIZE) ** 2, rel=0.02)


def test_shift_moves_the_sign_by_that_many_pixels():
    middle, moved = plain(scale=0.5), plain(scale=0.5, shift_x=6, shift_y=-4.5)
    paths = [centroid(after) - centroid(before) for before, after in zip(middle.mask, moved.mask, strict=True)]
    assert np.array(paths) == pytest.approx(np.tile([6, -4.5], (BLOCK, 1)), abs=0.3)  # whole pixels: half a one off
    assert np.mean(paths, axis=0) == pytest.approx([6, -4.5], abs=0.1)
    assert centroid(middle.mask[of(middle, "no entry")]) == pytest.approx([24, 24], abs=0.1)


def test_perspective_narrows_the_sign_and_moves_the_right_edge_away():
    turned = plain(perspective=50)
    at = of(turned, "pedestrians")
    x0, y0, x1, y1 = turned.box[at].tolist()
    straight_width, height = (np.diff(plain().box[at][edges]).item() for edges in ([0, 2], [1, 3]))
    # corners at ±s; a point u comes to u cos / (1 + u sin / 4)
    s = straight_width / (0.75 * SIZE)
    ends = [u * math.cos(math.radians(50)) / (1 + u * math.sin(math.radians(50)) / 4) for u in (-s, s)]
    assert x1 - x0 == pytest.approx((ends[1] - ends[0]) * 0.375 * SIZE, abs=1.5)
    left, right = (turned.mask[at][:, x].sum() for x in (x0 + 1, x1 - 2))
    assert right < height < left
    assert y1 - y0 > height


def test_light_scales_every_value():
    full, half = plain(), plain(light=0.5)
    assert half.x == pytest.approx(full.x / 2, abs=0.51)


def test_contrast_scales_distances_from_the_mean():
    full, flat = (plain(contrast=c).x.astype(float) for c in (1.0, 0.5))
    assert flat.mean(axis=(1, 2, 3)) == pytest.approx(full.mean(axis=(1, 2, 3)), abs=0.6)
    assert flat.std(axis=(1, 2, 3)) == pytest.approx(full.std(axis=(1, 2, 3)) / 2, rel=0.02)


def test_noise_has_the_stated_deviation():
    quiet, loud = plain(contrast=0.3), plain(contrast=0.3, noise=9)
    inner = (quiet.x > 60) & (quiet.x < 195)  # nothing clipped
    added = (loud.x.astype(float) - quiet.x)[inner]
    assert added.std() == pytest.approx(9, rel=0.03)
    assert added.mean() == pytest.approx(0, abs=0.2)


def test_blur_widens_an_edge_by_the_stated_deviation():
    """The edge of a large plate: its slope, seen as a distribution, has the blur's variance added."""

    def spread(sigma: float) -> float:
        picture = plain(scale=2, shift_y=0, shift_x=20, blur=sigma)
        row = picture.x[of(picture, "no entry")][21:27, :, 1].mean(axis=0)  # white bar, then red
        slope = np.abs(np.diff(row[2:32]))
        at = np.arange(len(slope))
        middle = (slope * at).sum() / slope.sum()
        return (slope * (at - middle) ** 2).sum() / slope.sum()

    assert spread(2.5) - spread(0) == pytest.approx(2.5**2, rel=0.2)


def test_dusk_darkens_the_scene_more_than_the_sign():
    day, night = plain(), plain(dusk=0.9)
    on = night.x[day.mask].mean() / day.x[day.mask].mean()
    corner = night.x[:, :3, :3].mean() / day.x[:, :3, :3].mean()
    assert on > 0.85
    assert corner < 0.3


def test_night_is_darker_than_day():
    assert generate(64, factors=Factors.night()).x.mean() < 0.5 * generate(64).x.mean()


# classes


@pytest.mark.parametrize("style", signs.STYLES)
def test_left_arrow_mirrored_is_the_right_arrow(style):
    split = plain(style=style)
    left, right, ahead = (
        split.x[of(split, name)].astype(int) for name in ("turn left", "turn right", "straight ahead")
    )
    plate = split.mask[of(split, "turn left")]
    assert np.abs(left[:, ::-1] - right)[plate].mean() < 2
    assert np.abs(left - right)[plate].mean() > 15
    assert np.abs(np.rot90(ahead) - left)[plate].mean() < 2


@pytest.mark.parametrize("style", signs.STYLES)
def test_no_two_classes_look_alike(style):
    split = plain(style=style)
    flat = split.x.astype(float)
    for one in range(BLOCK):
        for other in range(one):
            common = split.mask[one] & split.mask[other]
            assert np.abs(flat[one] - flat[other])[common].mean() > 4, (split.y[one], split.y[other])


# the data set of the lessons


def test_small_splits_one_distribution_into_five_sixths_and_one_sixth():
    train, test, _ = small(96, seed=5)
    assert (len(train), len(test)) == (80, 16)
    split = generate(96, seed=5)
    assert same(train, first(split, 80))
    assert np.array_equal(test.x, split.x[80:])
    assert np.array_equal(test.factors["scale"], split.factors["scale"][80:])
    assert not {x.tobytes() for x in train.x} & {x.tobytes() for x in test.x}


def test_small_comes_from_the_cache_and_the_cache_knows_every_argument(monkeypatch):
    asked = [
        {},
        {"count": 32},
        {"seed": 1},
        {"style": "old"},
        {"factors": Factors(blur=(0, 0.5))},
    ]
    sets = [small(**({"count": 24} | options)) for options in asked]
    monkeypatch.setattr(signs, "_arrays", lambda *_: pytest.fail("made again"))
    for options, (train, test, _) in zip(asked, sets, strict=True):
        again = small(**({"count": 24} | options))
        assert same(again[0], train)
        assert same(again[1], test)
    assert len({train.x.tobytes() for train, _, _ in sets}) == len(asked)


def test_600_pictures_take_a_second_or_so():
    generate(BLOCK)  # faces and photographs are read once
    start = time.process_time()
    generate(600)
    assert time.process_time() - start < 3  # 10 s for 6,000, and a slow day


def test_import_loads_no_framework():
    code = "import sys, dlcourse.data.signs; sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# mistakes


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: generate(-1), "The count of signs must be a whole number of 0 or more, not -1."),
        (lambda: generate(2.5), "The count of signs must be a whole number of 0 or more, not 2.5."),
        (lambda: generate(3, seed=-2), "The seed of signs must be a whole number of 0 or more, not -2."),
        (
            lambda: generate(3, style="odl"),
            "There is no style of signs 'odl'. Did you mean 'old'? Known: new, old.",
        ),
        (lambda: small(3, factors=5), "The factors of signs must be a Factors(...), not 5."),
        (
            lambda: Factors(scale=(0.9, 0.4)),
            "The factor 'scale' needs (low, high) with 0.1 <= low <= high <= 2, not (0.9, 0.4).",
        ),
        (
            lambda: Factors(noise=(-1, 3)),
            "The factor 'noise' needs (low, high) with 0 <= low <= high <= 128, not (-1, 3).",
        ),
        (
            lambda: Factors(light=0.5),
            "The factor 'light' needs (low, high) with 0 <= low <= high <= 4, not 0.5.",
        ),
        (
            lambda: Factors(light=("dim", 1)),
            "The factor 'light' needs (low, high) with 0 <= low <= high <= 4, not ('dim', 1).",
        ),
        (
            lambda: Factors(blur=(0, math.nan)),
            "The factor 'blur' needs (low, high) with 0 <= low <= high <= 8, not (0, nan).",
        ),
    ],
)
def test_a_mistake_is_told_in_a_sentence(call, sentence):
    with pytest.raises(CourseError) as error:
        call()
    assert str(error.value) == sentence
