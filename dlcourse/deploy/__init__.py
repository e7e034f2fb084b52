"""What ships: a network in a file that answers as the notebook does, with what must be known of it beside it.

    exported = export(model, "digits.onnx", examples=digits.test.x, labels=digits.test.y)
    answers = open_model("digits.onnx")(digits.test.x)

Each name brings its module with it when it is first asked for: reading a manifest needs no Keras.
"""

from importlib import import_module
from typing import Any

_NAMES = {
    "background": "Service in_background",
    "batching": "batch_seconds",
    "exporting": "Exported export",
    "formats": "FORMATS",
    "load": "Load load_test",
    "manifest": "Manifest",
    "running": "OpenModel open_model",
    "web": "web_page",
}
# no name may be that of a module: importing the module would put it in the name's place
_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = sorted(_MODULES)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    attribute = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = attribute
    return attribute


def __dir__() -> list[str]:
    return [*globals(), *__all__]
