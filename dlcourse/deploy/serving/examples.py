"""From what a request holds to examples that the model takes: JSON, raw numbers, or a file of NumPy's.

Whatever is not exactly what the manifest says gets a sentence. Nothing in here believes a size that a body claims, and
nothing evaluates what was sent.
"""

import json
import math
import re
from functools import lru_cache
from typing import Any, NoReturn

import numpy as np

from dlcourse.deploy.manifest import Input
from dlcourse.deploy.serving.limits import Limits
from dlcourse.deploy.serving.refusals import Refusal

# what NumPy's save writes at the front of a file; read as it stands, because a header is Python that could be anything
_NPY_MAGIC = b"\x93NUMPY"
_NPY_HEADER = re.compile(
    rb"\{'descr': '([<>|=]?)([a-zA-Z]\d{0,2})', 'fortran_order': (True|False), 'shape': \(([\d, ]{0,200})\), \} *\n"
)
_NPY_TYPES = frozenset("f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8".split())


def raw_types(wanted: Input) -> list[str]:
    """The types that raw numbers may have; the model's own comes first."""
    return list(dict.fromkeys([wanted.dtype, "float32", "uint8"]))


def from_json(body: bytes, wanted: Input, limits: Limits) -> np.ndarray:
    """Examples of {"instances": [...]}.

    Raises:
        Refusal: If it is no JSON, or something else than examples that the model takes.
    """
    try:
        text = body.decode()
        content = json.loads(text, parse_constant=_not_finite)
    except RecursionError:
        raise Refusal(400, "The JSON is nested too deep: an example is a list of numbers or of lists.") from None
    except ValueError as error:
        where = f" ({error.msg} at character {error.pos})" if isinstance(error, json.JSONDecodeError) else ""
        raise Refusal(400, f'The request is no JSON{where}: send {{"instances": [example, ...]}}.') from None
    if not isinstance(content, dict) or set(content) != {"instances"}:
        raise Refusal(
            422, 'The JSON must be an object with "instances" and nothing else: {"instances": [example, ...]}.'
        )
    instances = content["instances"]
    if not isinstance(instances, list) or not instances:
        raise Refusal(422, '"instances" must be a list of at least one example.')
    _check_count(len(instances), limits)
    # a list may be anything, but true, false and null only where these words are in the text
    odd = ("true" in text or "false" in text) and _holds_truth(instances)
    try:
        array = np.array(instances)
    except ValueError:
        raise Refusal(
            422, f"The examples differ in shape, or their rows do: each must have the shape {_in_words(wanted)}."
        ) from None
    if odd or (array.dtype.kind not in "iuf" and array.size):
        raise Refusal(422, "The examples hold something that is no number, or too large a one.")
    return checked(array, wanted, limits)


def from_raw(body: bytes, dtype: str, wanted: Input, limits: Limits) -> np.ndarray:
    """Examples of numbers one after the other, little-endian, without a header.

    Raises:
        Refusal: If the bytes are no whole number of examples, or not such as the model takes.
    """
    shape = tuple(side for side in wanted.shape if side is not None)
    if len(shape) < len(wanted.shape):
        raise Refusal(
            415,
            f"An example may have several shapes here, {_in_words(wanted)}, and raw numbers do not tell theirs: send "
            "JSON or application/x-npy.",
        )
    stored = _little_endian(dtype)
    size = math.prod(shape) * stored.itemsize
    if not body or len(body) % size:
        hint = " It looks like a file of NumPy's: send it as application/x-npy." if body[:6] == _NPY_MAGIC else ""
        raise Refusal(
            422,
            f"{len(body):,} bytes are no whole number of examples: one of shape {_in_words(wanted)} in {dtype} has "
            f"{size:,}.{hint}",
        )
    _check_count(len(body) // size, limits)
    return checked(np.frombuffer(body, stored).reshape(-1, *shape), wanted, limits)


def from_npy(body: bytes, wanted: Input, limits: Limits) -> np.ndarray:
    """Examples of a file that `numpy.save` wrote.

    Raises:
        Refusal: If it is no such file, is cut off, or holds something else than numbers that the model takes.
    """
    start = {1: 10, 2: 12}.get(body[6] if len(body) > 12 and body[:6] == _NPY_MAGIC else 0)
    header = _NPY_HEADER.match(body, start) if start else None
    if header is None or start is None or header.end() != start + int.from_bytes(body[8:start], "little"):
        raise Refusal(422, "The request is no file that numpy.save has written: send one, or send JSON.")
    order, kind, fortran, sides = (group.decode() for group in header.groups())
    if kind not in _NPY_TYPES:
        raise Refusal(422, f"The file holds values of the type {kind}: send numbers, as float32 or uint8.")
    shape = tuple(int(side) for side in sides.replace(" ", "").split(",") if side)
    dtype = np.dtype(order + kind)
    if math.prod(shape) * dtype.itemsize != len(body) - header.end():
        raise Refusal(422, "The file is cut off, or longer than its header says: save it and send it again.")
    numbers = np.frombuffer(body, dtype, offset=header.end())
    array = numbers.reshape(shape, order="F" if fortran == "True" else "C")
    if array.ndim:
        _check_count(len(array), limits)
    return checked(array, wanted, limits)


def checked(array: np.ndarray, wanted: Input, limits: Limits) -> np.ndarray:
    """Examples in the model's own type, if they have its shape and range.

    Args:
        array: Numbers, the first axis counting examples.
        wanted: What the model takes.
        limits: How many examples are taken.

    Raises:
        Refusal: If they are not what the model takes.
    """
    if not _fits(array.shape[1:], wanted.shape) or array.ndim == 0:
        alone = " Put a single example into a list of one." if _fits(array.shape, wanted.shape) else ""
        raise Refusal(
            422,
            f"An example must have the shape {_in_words(wanted)}, but what came has {_shape(array.shape[1:])}.{alone}",
        )
    if len(array) == 0:
        raise Refusal(422, "The request holds no example: send at least one.")
    dtype, low, high = _dtype_and_range(wanted)
    least, most = np.minimum.reduce(array, axis=None), np.maximum.reduce(array, axis=None)
    if not (low <= least and most <= high):  # also where one of them is NaN
        if not np.isfinite(array).all():
            _not_finite()
        raise Refusal(
            422, f"The examples hold values from {least:g} to {most:g}, but the model takes {low:g} to {high:g}."
        )
    if dtype.kind in "iu" and array.dtype.kind == "f" and (array % 1).any():
        raise Refusal(422, "The model takes whole numbers, but the examples hold fractions.")
    return np.ascontiguousarray(array, dtype)


def value_range(wanted: Input) -> tuple[float, float]:
    """The least and the largest value: what the manifest says, else what the model's type can hold."""
    if wanted.range is not None:
        return wanted.range
    dtype = np.dtype(wanted.dtype)
    limits = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
    return float(limits.min), float(limits.max)


@lru_cache(maxsize=16)  # a model has one; a request needs it at once
def _dtype_and_range(wanted: Input) -> tuple[np.dtype, float, float]:
    return np.dtype(wanted.dtype), *value_range(wanted)


@lru_cache(maxsize=16)
def _little_endian(dtype: str) -> np.dtype:
    return np.dtype(dtype).newbyteorder("<")


def _check_count(count: int, limits: Limits) -> None:
    if count > limits.examples:
        raise Refusal(422, f"The request holds {count:,} examples, but {limits.examples:,} are the most at a time.")


def _not_finite(_: str = "") -> NoReturn:
    raise Refusal(422, "The examples hold values that are NaN or infinite: find out where they come from.")


def _holds_truth(instances: Any) -> bool:
    waiting = [instances]
    while waiting:
        for value in waiting.pop():
            if isinstance(value, bool):
                return True
            if isinstance(value, list):
                waiting.append(value)
    return False


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(
        want == have if want is not None else have > 0 for have, want in zip(shape, wanted, strict=True)
    )


def _in_words(wanted: Input) -> str:
    return _shape(tuple("any" if side is None else side for side in wanted.shape))


def _shape(shape: tuple[int | str, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
