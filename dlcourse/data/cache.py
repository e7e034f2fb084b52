"""Where data is kept between sessions, and how an array that took long to make is made only once."""

import contextlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path


def cache_folder() -> Path:
    """The folder of dlcourse's cache: `DLCOURSE_CACHE`, or where this system keeps caches."""
    folder = os.environ.get("DLCOURSE_CACHE")
    return Path(folder).expanduser() if folder else user_cache_path("dlcourse", appauthor=False)


def keep_arrays(key: str, make: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Return `make()`'s arrays, from the cache where they were made before.

    Args:
        key: names the arrays and everything they depend on; change it when `make` changes.
        make: builds the arrays; called when the cache has none, or a damaged one.

    The cache only saves time: where it cannot be written, the arrays are made anew each time.
    """
    path = cache_folder() / "arrays" / f"{key}.npz"
    cached = _read(path)
    if cached is not None:
        return cached
    arrays = make()
    with contextlib.suppress(OSError):  # read-only home, full disk: slower next time, nothing else
        _write(path, arrays)
    return arrays


def _read(path: Path) -> dict[str, np.ndarray] | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}  # reading checks each member's CRC
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def _write(path: Path, arrays: dict[str, np.ndarray]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        try:
            np.savez(part, **arrays)  # type: ignore[arg-type]
            part.close()
            Path(part.name).replace(path)
        except BaseException:
            part.close()
            Path(part.name).unlink(missing_ok=True)
            raise
