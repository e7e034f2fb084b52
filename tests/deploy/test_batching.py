"""How long batches take, of models whose answers are known."""

import numpy as np
import onnx
import onnxruntime
import pytest

from dlcourse.deploy import batch_seconds

SUMS = """<ir_version: 9, opset_import: ["": 17]> sums (float[n, 3] rows) => (float[n] total) {
    axes = Constant<value_ints = [1]>()
    total = ReduceSum<keepdims = 0>(rows, axes)
}"""


@pytest.fixture
def path(tmp_path):
    onnx.save(onnx.parser.parse_model(SUMS), tmp_path / "sums.onnx")
    return tmp_path / "sums.onnx"


def test_the_fastest_of_many_calls_with_each_batch_counts(path, monkeypatch):
    asked = []

    class Session(onnxruntime.InferenceSession):
        def run(self, outputs, given):
            asked.append(given["rows"])
            return super().run(outputs, given)

    monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
    rows = np.arange(24).reshape(8, 3)
    seconds = batch_seconds(path, rows, [1, 4, 8])
    assert seconds.shape == (3,)
    assert (seconds > 0).all()
    assert [len(batch) for batch in asked] == [1] * 25 + [4] * 25 + [8] * 25
    np.testing.assert_array_equal(asked[-1], rows.astype("float32"))
