"""`dlcourse export`: files in, a file out, and a sentence for what cannot be."""

import numpy as np
import pytest
from click.testing import CliRunner
from deploy.small_models import examples_for, picture_mlp

from dlcourse import deploy
from dlcourse.cli import main
from dlcourse.deploy import manifest


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("command")
    model = picture_mlp()
    model.save(place / "mlp.keras")
    x = examples_for(model)
    np.savez(place / "test.npz", x=x, y=model(x).numpy().argmax(axis=1))
    np.save(place / "test.npy", x)
    np.savez(place / "other.npz", pictures=x)
    (place / "names.txt").write_text("\n".join("abcdefghij") + "\n")
    (place / "notes.txt").write_text("no array")
    return place


@pytest.fixture
def run(folder, monkeypatch):
    monkeypatch.chdir(folder)
    return lambda line: CliRunner().invoke(main, ["export", *line.split()])


@pytest.mark.parametrize("classes", ["names.txt", "a,b,c,d,e,f,g,h,i,j"])
def test_a_model_becomes_a_file_with_a_manifest(run, folder, classes):
    result = run(f"mlp.keras --to copy.keras --examples test.npz --classes {classes} --range 0 256")
    assert result.output.startswith("copy.keras: keras, ")
    assert result.output.endswith("0 change their class, accuracy 100.0%.\n")
    found = manifest.read(folder / "copy.keras")
    assert found.classes == tuple("abcdefghij")
    assert found.input.range == (0, 256)


def test_a_page_comes_of_it(run, folder, monkeypatch):
    made = []
    monkeypatch.setattr(deploy, "web_page", lambda *paths: made.append(paths) or paths[1] / "index.html")
    result = run("mlp.keras --examples test.npy --web page")
    assert [(model.name, page.name) for model, page in made] == [("mlp.onnx", "page")]
    assert "Run `python -m http.server --directory page` and open http://localhost:8000" in result.output
    assert manifest.read(folder / "mlp.onnx").verified.accuracy is None


@pytest.mark.parametrize(
    ("line", "code", "sentence"),
    [
        ("mlp.keras --examples test.npz", 2, "Say where to: --to digits.onnx, or --web page"),
        ("names.txt --to m.keras --examples test.npz", 1, "names.txt cannot be opened by Keras"),
        ("mlp.keras --to m.keras --examples notes.txt", 1, "notes.txt holds no arrays: write it with numpy.savez"),
        ("mlp.keras --to m.keras --examples other.npz", 1, "other.npz holds pictures, but no x"),
        ("mlp.keras --to m.keras --examples test.npz --tolerance -1", 1, "'mlp' was not exported to m.keras"),
        ("mlp.keras --to m.keras --examples test.npz --format onyx", 1, "Did you mean 'onnx'?"),
    ],
)
def test_what_cannot_be_is_told(run, folder, line, code, sentence):
    result = run(line)
    assert result.exit_code == code
    assert sentence in result.output
    assert not (folder / "m.keras").exists()
