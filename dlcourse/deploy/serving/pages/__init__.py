"""The pages of the service: one for people who try the model, one for people who write programs that ask it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dlcourse.deploy.manifest import Manifest
from dlcourse.deploy.serving.limits import Limits
from dlcourse.deploy.serving.uploads import FIELD, takes_pictures

_FOLDER = Path(__file__).parent
_TYPES = {".js": "text/javascript", ".css": "text/css"}

# by name: the content and its type
FILES = {
    path.name: (path.read_text(encoding="utf-8"), _TYPES[path.suffix])
    for path in sorted(_FOLDER.iterdir())
    if path.suffix in _TYPES
}


def page(name: str, manifest: Manifest, classes: Sequence[str], limits: Limits) -> str:
    """A page, with what it must know of the model in it.

    Args:
        name: The file in this folder.
        manifest: What is known of the model.
        classes: The names of the classes; none where the model tells none.
        limits: How much the service takes.
    """
    wanted = manifest.input
    known: dict[str, Any] = {
        "file": manifest.file,
        "shape": wanted.shape,
        "dtype": wanted.dtype,
        "range": wanted.range,
        "colours": wanted.colours,
        "classes": classes,
        "field": FIELD if takes_pictures(wanted) else None,
        "bytes": limits.bytes,
    }
    text = json.dumps(known).replace("<", "\\u003c")  # a class may be called </script>
    return (_FOLDER / name).read_text(encoding="utf-8").replace("{}", text, 1)
