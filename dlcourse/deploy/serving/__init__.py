"""A service over a model that was exported: `dlcourse serve digits.onnx`.

    >>> application = service("digits.onnx")  # doctest: +SKIP

Asks for the extra `serve` only when something is served.
"""

from typing import TYPE_CHECKING, Any

from dlcourse.deploy.extras import of_extra
from dlcourse.deploy.serving.limits import Limits

if TYPE_CHECKING:
    from dlcourse.deploy.serving.app import service

__all__ = ["Limits", "service"]


def __getattr__(name: str) -> Any:
    if name != "service":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with of_extra("serve", "The service"):
        from dlcourse.deploy.serving.app import service
    return service
