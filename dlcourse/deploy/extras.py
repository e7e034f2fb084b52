"""What is installed only for deployment, and the sentence where it is missing."""

from collections.abc import Iterator
from contextlib import contextmanager

from dlcourse.errors import CourseError


@contextmanager
def of_extra(extra: str, purpose: str) -> Iterator[None]:
    """Around an import of what an extra of dlcourse brings.

    Args:
        extra: The extra's name, as in pyproject.toml.
        purpose: What needs it, as the sentence's beginning.

    Raises:
        CourseError: If the package is not installed; the sentence holds the command that installs it.

    Example:
        >>> with of_extra("export", "Writing ONNX"):
        ...     import no_such_package
        Traceback (most recent call last):
        dlcourse.errors.CourseError: Writing ONNX needs no_such_package: pip install 'dlcourse[export]'.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise CourseError(f"{purpose} needs {error.name}: pip install 'dlcourse[{extra}]'.") from error
