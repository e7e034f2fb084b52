"""A model that answers requests: onnxruntime's session, and the JSON of its answers. Knows nothing of HTTP."""

import json
import math
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dlcourse.deploy import manifest as manifests
from dlcourse.deploy.answers import confidences, probabilities
from dlcourse.deploy.extras import of_extra
from dlcourse.deploy.formats import FORMATS
from dlcourse.deploy.serving.refusals import Refusal
from dlcourse.errors import CourseError


class Answer(NamedTuple):
    """What a request gets, and what the monitor of drift is told about it."""

    content: bytes  # JSON
    brightness: list[float]  # the mean of each example's values
    confidence: list[float]  # the largest probability of each answer; empty where there are no classes


class Answerer:
    """Answers with the model of a file that was exported to ONNX, in floats or in integers.

    Several threads may ask at a time.
    """

    def __init__(self, path: Path | str):
        """Open the file, if it is the one that its manifest describes.

        Raises:
            CourseError: If it is not, has another format, or onnxruntime is missing or cannot read it.
        """
        self.manifest = manifests.read(path)
        if FORMATS[self.manifest.format].engine != "onnxruntime":
            raise CourseError(
                f"{Path(path).name} has the format {self.manifest.format!r}, but the service runs ONNX: export the "
                "model to a name that ends in .onnx."
            )
        with of_extra("serve", "The service"):
            import onnxruntime
        settings = onnxruntime.SessionOptions()
        settings.log_severity_level = 3  # errors: it warns of what it could have folded
        settings.intra_op_num_threads = 1  # several requests at a time use the cores better: benchmarks/serving.py
        self._session = onnxruntime.InferenceSession(str(path), settings, providers=["CPUExecutionProvider"])
        output = self.manifest.output
        self.tells_classes = output.kind != "numbers" and len(output.shape) == 1
        self.classes: tuple[str, ...] = ()
        if self.tells_classes:
            units = output.shape[0] or 0
            self.classes = self.manifest.classes or tuple(map(str, range(2 if units == 1 else units)))
        self._classes = json.dumps(self.classes)  # the same in every answer
        self._quoted = [json.dumps(name) for name in self.classes]

    def outputs(self, examples: np.ndarray) -> np.ndarray:
        """What the model answers, as it comes."""
        return self._session.run([self.manifest.output.name], {self.manifest.input.name: examples})[0]

    def answer(self, examples: np.ndarray) -> Answer:
        """The answer to a request.

        Args:
            examples: Examples that the model takes, in its type.

        Raises:
            Refusal: If the model's answer is no number.
        """
        outputs = self.outputs(examples)
        if not math.isfinite(np.add.reduce(outputs, axis=None, dtype=float)):
            raise Refusal(422, "The model's answer is NaN or infinite: send values like those that it was trained on.")
        kind = self.manifest.output.kind
        if self.tells_classes:
            rows = probabilities(outputs, kind).tolist()
            confidence = [max(row) for row in rows]
            predictions = ", ".join(map(self._prediction, rows, confidence))
            content = f'{{"predictions": [{predictions}], "classes": {self._classes}}}'
        else:
            content = json.dumps({"predictions": [{"values": values} for values in outputs.tolist()]})
            confidence = [] if kind == "numbers" else confidences(outputs, kind).tolist()
        rows_of_input = examples.reshape(len(examples), -1)
        brightness = (np.add.reduce(rows_of_input, axis=1) / rows_of_input.shape[1]).tolist()
        return Answer(content.encode(), brightness, confidence)

    def seconds(self) -> float:
        """How long the model takes for one example, tried now."""
        wanted = self.manifest.input
        low = wanted.range[0] if wanted.range else 0
        example = np.full((1, *(side or 1 for side in wanted.shape)), low, wanted.dtype)
        times: list[float] = []
        while len(times) < 2 or (len(times) < 10 and sum(times) < 0.2):  # the first one is slower
            start = time.perf_counter()
            self.outputs(example)
            times.append(time.perf_counter() - start)
        return min(times)

    def _prediction(self, row: list[float], largest: float) -> str:
        """JSON; a finite float's `repr` is its JSON, and to put it in by hand takes half of the time of `dumps`."""
        name = self._quoted[row.index(largest)]
        return f'{{"class": {name}, "probability": {largest!r}, "probabilities": {row!r}}}'
