"""The network at hand without a model of the learner's: an LSTM that has learned to count brackets."""

import json
from functools import cache
from pathlib import Path

import numpy as np

from dlcourse.lens.activation_functions import softmax
from dlcourse.lens.recurrence import RecurrentCell, Unrolled
from dlcourse.widgets.recurrent.brackets import CHARACTERS
from dlcourse.widgets.recurrent.network import Network
from dlcourse.widgets.recurrent.vocabulary import Vocabulary
from dlcourse.widgets.shared.browser_network import Writer

TEXT = "a(bb(c(d)c)b)aa(b"
_FILE = Path(__file__).parent / "example.json"  # benchmarks/recurrent_example.py has trained it


class Example(Network):
    """An LSTM that foretells the next character of lines such as "a(b(c)b)a"."""

    def __init__(self) -> None:
        """Reads its weights."""
        weights = _weights()
        self._head = weights["head"], weights["head_bias"]
        kernel, recurrent, bias = (weights[name] for name in ("kernel", "recurrent", "bias"))
        super().__init__(RecurrentCell("LSTM", kernel, recurrent, bias, np.zeros_like(bias)), list(CHARACTERS))
        self.vocabulary = Vocabulary(CHARACTERS)

    @property
    def head(self) -> dict:
        """See above."""
        writer = Writer()
        number = writer.add("input", "input", [], (self.cell.units,))
        settings = {"layer": "Dense", "activation": {"name": "softmax"}}
        return writer.described(writer.add("dense", "next", [number], (len(CHARACTERS),), list(self._head), **settings))

    def answers(self, text: str, way: Unrolled) -> np.ndarray:
        """See above."""
        kernel, bias = self._head
        return softmax(way.rows["state"] @ kernel + bias)


@cache
def _weights() -> dict[str, np.ndarray]:
    """As the browser gets them, in single precision."""
    stored = json.loads(_FILE.read_text(encoding="utf-8"))
    return {name: np.array(values, "float32").astype(float) for name, values in stored.items()}
