"""From a request's bytes to examples: what comes through is what was sent, and what cannot be meant gets a sentence."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlcourse.deploy.manifest import Input
from dlcourse.deploy.serving.examples import from_json, from_npy, from_raw
from dlcourse.deploy.serving.limits import Limits
from dlcourse.deploy.serving.refusals import Refusal

GREY = Input("input", (3, 4, 1), "float32", (0.0, 255.0), "grey")
PLAIN = Input("input", (3,), "float32", None, None)
WORDS = Input("input", (None,), "int32", (0.0, 99.0), None)
LIMITS = Limits(examples=5)
SHAPE = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 5), st.just(3), st.just(4), st.just(1)),
    elements=st.floats(0, 255, width=32),
)


def saved(array, **settings):
    file = io.BytesIO()
    np.save(file, array, **settings)
    return file.getvalue()


def refusal(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.status, caught.value.sentence


@given(SHAPE)
def test_examples_come_through_unchanged_in_every_form(array):
    for found in (
        from_json(json.dumps({"instances": array.tolist()}).encode(), GREY, LIMITS),
        from_raw(array.astype("<f4").tobytes(), "float32", GREY, LIMITS),
        from_npy(saved(array), GREY, LIMITS),
        from_npy(saved(np.asfortranarray(array)), GREY, LIMITS),
        from_npy(saved(array.astype(">f8")), GREY, LIMITS),
    ):
        np.testing.assert_array_equal(found, array)
        assert found.dtype == np.float32
        assert found.flags.c_contiguous


@given(hnp.arrays(np.uint8, (2, 3, 4, 1)))
def test_bytes_become_the_models_type(array):
    for found in (from_raw(array.tobytes(), "uint8", GREY, LIMITS), from_npy(saved(array), GREY, LIMITS)):
        np.testing.assert_array_equal(found, array)
        assert found.dtype == np.float32


def test_an_example_of_any_length_is_taken_where_the_model_takes_it():
    assert from_json(b'{"instances": [[1, 2, 3, 99]]}', WORDS, LIMITS).tolist() == [[1, 2, 3, 99]]
    assert from_json(b'{"instances": [[1.0]]}', WORDS, LIMITS).dtype == np.int32


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b"", 400, "no JSON"),
        (b'{"instances": [', 400, "no JSON (Expecting value at character 15)"),
        (b"\xff\xfe\x00", 400, "no JSON"),
        (b"9" * 5000, 400, "no JSON"),
        (b'{"instances": ' + b"[" * 100_000, 400, "nested too deep"),
        (b"[[1, 2, 3]]", 422, 'an object with "instances"'),
        (b'{"instances": [[1, 2, 3]], "more": 1}', 422, "nothing else"),
        (b'{"instances": []}', 422, "at least one"),
        (b'{"instances": {"a": 1}}', 422, "must be a list"),
        (b'{"instances": [[1, 2, 3], [1, 2]]}', 422, "differ in shape"),
        (
            b'{"instances": [1, 2, 3]}',
            422,
            "shape (3,), but what came has (). Put a single example into a list of one.",
        ),
        (b'{"instances": [[1, 2]]}', 422, "shape (3,), but what came has (2,)"),
        (b'{"instances": [[]]}', 422, "what came has (0,)"),
        (b'{"instances": [[1, 2, NaN]]}', 422, "NaN or infinite"),
        (b'{"instances": [[1, 2, -Infinity]]}', 422, "NaN or infinite"),
        (b'{"instances": [[1, 2, 1e999]]}', 422, "NaN or infinite"),
        (
            b'{"instances": [[1, 2, 1e39]]}',
            422,
            "values from 1 to 1e+39, but the model takes -3.40282e+38 to 3.40282e+38",
        ),
        (b'{"instances": [[1, 2, ' + b"9" * 400 + b"]]}", 422, "no number, or too large"),
        (b'{"instances": [[1, 2, "3"]]}', 422, "no number"),
        (b'{"instances": [["1", "2", "3"]]}', 422, "no number"),
        (b'{"instances": [[1, 2, true]]}', 422, "no number"),
        (b'{"instances": [[true, false, true]]}', 422, "no number"),
        (b'{"instances": [[1, 2, null]]}', 422, "no number"),
        (b'{"instances": [[1, 2, {}]]}', 422, "no number"),
        (b'{"instances": [[1, 2, [3]]]}', 422, "differ in shape"),
        (b'{"instances": ' + b"[" * 200 + b"1" + b"]" * 200 + b"}", 422, "differ in shape"),
        (b'{"instances": [[1,2,3],[1,2,3],[1,2,3],[1,2,3],[1,2,3],[1,2,3]]}', 422, "6 examples, but 5 are the most"),
    ],
)
def test_what_is_no_example_gets_a_sentence(body, status, sentence):
    found = refusal(lambda: from_json(body, PLAIN, LIMITS))
    assert found[0] == status
    assert sentence in found[1]


@pytest.mark.parametrize(
    ("instance", "sentence"),
    [
        ([1.5], "whole numbers"),
        ([100], "from 100 to 100, but the model takes 0 to 99"),
        ([[1]], "shape (any,)"),
        ([], ""),
    ],
)
def test_whole_numbers_have_their_range(instance, sentence):
    status, found = refusal(lambda: from_json(json.dumps({"instances": [instance]}).encode(), WORDS, LIMITS))
    assert status == 422
    assert sentence in found


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b"", 422, "0 bytes are no whole number of examples"),
        (b"\x00" * 13, 422, "one of shape (3,) in float32 has 12."),
        (saved(np.ones((1, 3))), 422, "send it as application/x-npy"),
        (b"\x00" * 72, 422, "6 examples"),
        (np.array([1, np.nan, 2], "<f4").tobytes(), 422, "NaN or infinite"),
    ],
)
def test_raw_numbers_that_do_not_fit_get_a_sentence(body, status, sentence):
    found = refusal(lambda: from_raw(body, "float32", PLAIN, LIMITS))
    assert found[0] == status
    assert sentence in found[1]


def test_raw_numbers_do_not_tell_a_shape():
    assert refusal(lambda: from_raw(b"\x00" * 8, "int32", WORDS, LIMITS))[0] == 415


def claiming(shape):
    return saved(np.ones((1, 3), "float32")).replace(b"(1, 3), }" + b" " * (len(shape) - 6), shape.encode() + b", }")


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b"", 422, "no file that numpy.save"),
        (b"\x93NUMPY", 422, "no file that numpy.save"),
        (b"PK\x03\x04" + b"\x00" * 100, 422, "no file that numpy.save"),
        (saved(np.ones((1, 3)))[:-1], 422, "cut off"),
        (saved(np.ones((1, 3))) + b"\x00", 422, "cut off, or longer"),
        (claiming("(1000000000, 3)"), 422, "cut off"),
        (claiming("(0, 3)"), 422, "cut off"),
        (saved(np.ones((0, 3))), 422, "no example"),
        (saved(np.ones((1, 4))), 422, "shape (3,), but what came has (4,)"),
        (saved(np.float32(1)), 422, "shape (3,)"),
        (saved(np.ones((9, 3))), 422, "9 examples"),
        (saved(np.ones((1, 3), "c8")), 422, "of the type c8"),
        (saved(np.ones((1, 3), bool)), 422, "of the type b1"),
        (saved(np.array([["a", "b", "c"]])), 422, "of the type U1"),
        (saved(np.array([[1, 2, {}]], dtype=object), allow_pickle=True), 422, "of the type O"),
        (saved(np.zeros(1, [("a", "f4"), ("b", "f4")])), 422, "no file that numpy.save"),
        (saved(np.ones((1, 3))).replace(b"'<f8'", b"list)"), 422, "no file that numpy.save"),
        (saved(np.array([[1, np.inf, 1e300]])), 422, "NaN or infinite"),
        (saved(np.array([[1, 1, 1e300]])), 422, "1e+300"),
    ],
)
def test_a_file_that_is_not_what_it_says_gets_a_sentence(body, status, sentence):
    found = refusal(lambda: from_npy(body, PLAIN, LIMITS))
    assert found[0] == status
    assert sentence in found[1]


@given(st.binary(max_size=300))
def test_any_bytes_behind_the_magic_are_refused_or_read(rest):
    for body in (b"\x93NUMPY" + rest, saved(np.ones((1, 3)))[:20] + rest):
        assert refusal(lambda body=body: from_npy(body, PLAIN, LIMITS))[0] == 422
