"""How much the service takes; the one place that says so, for its code and for its description."""

from dataclasses import dataclass, fields

from dlcourse.errors import CourseError


@dataclass(frozen=True)
class Limits:
    """What is taken at most. Beyond it the answer is a 4xx or a 503, with a sentence."""

    bytes: int = 8 * 2**20  # of a request
    examples: int = 64  # in a request
    pixels: int = 25_000_000  # of all pictures of a request as they come, before they are made smaller
    seconds: float = 10  # for a request to arrive, and again for its turn to come
    queue: int = 128  # requests that wait for the model or are with it
    memory: int = 256 * 2**20  # bytes of all requests that are held at a time

    def __post_init__(self) -> None:
        """Complain about a limit that lets nothing through."""
        for field in fields(self):
            if not getattr(self, field.name) > 0:
                raise CourseError(f"The limit `{field.name}` is {getattr(self, field.name)}: it must be above 0.")
