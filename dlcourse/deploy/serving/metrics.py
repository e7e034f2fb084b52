"""What the service counts, in the text form that Prometheus reads."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping

TEXT = "text/plain; version=0.0.4; charset=utf-8"

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds


class Metrics:
    """Requests to /predict by status, their seconds, and what is in flight. Belongs to one thread."""

    def __init__(self, model: str, sha256: str):
        """Begin at zero, for the model of this file."""
        self._model = {"file": model, "sha256": sha256}
        self._statuses: Counter[int] = Counter()
        self._buckets = [0] * (len(_BOUNDS) + 1)
        self._seconds = 0.0
        self.examples = 0
        self.in_flight = 0

    def count(self, status: int, seconds: float) -> None:
        """A request has its answer."""
        self._statuses[status] += 1
        self._buckets[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds += seconds

    def text(self, drift: Mapping[str, float]) -> str:
        """All of it.

        Args:
            drift: The population stability index by what it is of.
        """
        return "".join(f"{line}\n" for line in self._lines(drift))

    def _lines(self, drift: Mapping[str, float]) -> Iterator[str]:
        yield from _family("dlcourse_model_info", "gauge", "The model that answers.")
        yield f"dlcourse_model_info{_labels(self._model)} 1"
        yield from _family("dlcourse_requests_total", "counter", "Requests to /predict by status; 499: gave up.")
        for status, count in sorted(self._statuses.items()):
            yield f"dlcourse_requests_total{_labels({'status': str(status)})} {count}"
        yield from _family("dlcourse_examples_total", "counter", "Examples that were answered.")
        yield f"dlcourse_examples_total {self.examples}"
        yield from _family("dlcourse_in_flight", "gauge", "Requests to /predict without an answer yet.")
        yield f"dlcourse_in_flight {self.in_flight}"
        yield from _family("dlcourse_seconds", "histogram", "From a request's headers to its answer.")
        reached = 0
        for bound, count in zip((*map(str, _BOUNDS), "+Inf"), self._buckets, strict=True):
            reached += count
            yield f"dlcourse_seconds_bucket{_labels({'le': bound})} {reached}"
        yield f"dlcourse_seconds_sum {self._seconds!r}"
        yield f"dlcourse_seconds_count {reached}"
        yield from _family(
            "dlcourse_drift", "gauge", "Population stability of the latest examples; above 0.25 somebody should look."
        )
        for of, stability in drift.items():
            yield f"dlcourse_drift{_labels({'of': of})} {stability!r}"


def _family(name: str, kind: str, meaning: str) -> tuple[str, str]:
    return f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"


def _labels(values: Mapping[str, str]) -> str:
    """Labels with their values escaped.

    Example:
        >>> _labels({"file": 'my "best".onnx'})
        '{file="my \\\\"best\\\\".onnx"}'
    """
    escaped = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
    return "{" + ",".join(f'{name}="{value.translate(escaped)}"' for name, value in values.items()) + "}"
