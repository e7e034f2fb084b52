"""Read the weights in a PyTorch file of the legacy format (before zip archives) without PyTorch.

Such a file is five pickles and then raw numbers: a magic number, a protocol version, facts on the machine that
wrote it, the weights' names and shapes, the keys of their storages; then each storage's length and its numbers.

A pickle can run code when it is read. This reader first looks at every instruction, lets through only those that
weights need, and knows only three kinds of object; whatever else a file holds, it can neither run nor claim memory
beyond a few times its own size.
"""

import io
import pickle
import pickletools
from collections import OrderedDict
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from dlcourse.errors import CourseError

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001

_INSTRUCTIONS = frozenset(
    "PROTO STOP MARK NONE NEWTRUE NEWFALSE BININT BININT1 BININT2 LONG1 BINUNICODE EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 "
    "TUPLE3 EMPTY_LIST APPEND APPENDS EMPTY_DICT SETITEM SETITEMS BINPUT LONG_BINPUT BINGET LONG_BINGET GLOBAL REDUCE "
    "BUILD BINPERSID".split()
)
_STORAGES = {
    "FloatStorage": np.dtype("<f4"),
    "DoubleStorage": np.dtype("<f8"),
    "HalfStorage": np.dtype("<f2"),
    "LongStorage": np.dtype("<i8"),
    "IntStorage": np.dtype("<i4"),
    "ShortStorage": np.dtype("<i2"),
    "CharStorage": np.dtype("i1"),
    "ByteStorage": np.dtype("u1"),
    "BoolStorage": np.dtype("?"),
}


def read_torch_weights(path: Path | str) -> dict[str, np.ndarray]:
    """The arrays of a legacy PyTorch file by name, in the file's order.

    Args:
        path: The file, usually with the ending .pth or .pt.

    Returns:
        A dictionary from names like "_conv_stem.weight" to arrays of their own memory.

    Raises:
        CourseError: The file is missing, in another format, cut short, or holds anything but weights.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CourseError(f"The weights {path.name} cannot be read ({error.strerror}); install them again.") from error
    try:
        return _Reader(content).weights()
    except _Refused as error:
        reason: object = error
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError, AttributeError) as error:
        reason = f"its pickle is broken: {error}"
    raise CourseError(
        f"{path.name} cannot be read as PyTorch weights of the legacy format: {str(reason).rstrip('.')}; get the file "
        "again, from where you trust it."
    )


class _Refused(Exception):
    """What in the file is not as it must be."""


@dataclass(frozen=True)
class _Storage:
    """A row of numbers that one or more arrays are cut from."""

    key: str
    dtype: np.dtype
    count: int


@dataclass(frozen=True)
class _Cut:
    """How an array is cut from a storage; counts are of numbers, not bytes."""

    storage: _Storage
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse to look outside the storage, or to make more of it than there is."""
        if not _is_count(self.offset) or not _are_counts(self.size) or not _are_counts(self.stride):
            raise _Refused("an array has an offset, size or stride that is no count")
        if len(self.size) != len(self.stride) or len(self.size) > 8:
            raise _Refused(f"an array has size {self.size} and stride {self.stride}")
        if prod(self.size) > self.storage.count:
            raise _Refused(f"an array of size {self.size} is larger than its storage of {self.storage.count}")
        if 0 in self.size:
            return
        last = self.offset + sum((n - 1) * step for n, step in zip(self.size, self.stride, strict=True))
        if last >= self.storage.count:
            raise _Refused(f"an array reaches to number {last} of a storage of {self.storage.count}")

    def array(self, numbers: np.ndarray) -> np.ndarray:
        """The array, copied out of the storage's numbers."""
        if 0 in self.size:
            return np.empty(self.size, numbers.dtype)
        # along an axis of size 1 the file's stride may be anything: it is never stepped
        steps = tuple(step * numbers.itemsize if n > 1 else 0 for n, step in zip(self.size, self.stride, strict=True))
        return np.lib.stride_tricks.as_strided(numbers[self.offset :], self.size, steps).copy()


class _Reader:
    """Reads one file from its content."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.stream = io.BytesIO(content)
        self.storages: dict[str, _Storage] = {}

    def weights(self) -> dict[str, np.ndarray]:
        if self.content[:2] == b"PK":
            raise _Refused("it is a zip archive, the newer format")
        if self._pickle() != _MAGIC:
            raise _Refused("it does not begin with the magic number")
        if self._pickle() != _PROTOCOL:
            raise _Refused(f"its protocol is not {_PROTOCOL}")
        machine = self._pickle()
        if not isinstance(machine, dict) or machine.get("little_endian") is not True:
            raise _Refused("its numbers are not little-endian")
        cuts = self._pickle()
        if not isinstance(cuts, dict) or not all(
            isinstance(name, str) and isinstance(cut, _Cut) for name, cut in cuts.items()
        ):
            raise _Refused("it holds something other than arrays by name")
        numbers = self._numbers(self._pickle())
        return {name: cut.array(numbers[cut.storage.key]) for name, cut in cuts.items()}

    def _pickle(self) -> Any:
        """The next pickle, whose instructions have been looked at."""
        start = self.stream.tell()
        for instruction, argument, _ in pickletools.genops(self.stream):
            if instruction.name not in _INSTRUCTIONS:
                raise _Refused(f"its pickle has the instruction {instruction.name}, which no weights need")
            # a memo of index n makes the unpickler reserve room for 2 n objects
            if instruction.name == "LONG_BINPUT" and (argument or 0) > len(self.content):
                raise _Refused(f"its pickle asks for {argument} places of memory")
        self.stream.seek(start)
        return _Unpickler(self.stream, self).load()

    def storage(self, facts: object) -> _Storage:
        """The storage that these facts, a persistent identifier, tell of."""
        if not isinstance(facts, tuple) or len(facts) != 6 or facts[0] != "storage":
            raise _Refused("its pickle refers to something other than a storage")
        _, dtype, key, _, count, view = facts
        if not isinstance(dtype, np.dtype) or not isinstance(key, str) or not _is_count(count):
            raise _Refused("a storage has no type, key or length")
        if view is not None:
            raise _Refused("a storage is a view of another")
        if count * dtype.itemsize > len(self.content):
            raise _Refused(f"a storage of {count} numbers is larger than the file")
        storage = _Storage(key, dtype, count)
        if self.storages.setdefault(key, storage) != storage:
            raise _Refused(f"storage {key!r} is described twice and differently")
        return storage

    def _numbers(self, keys: object) -> dict[str, np.ndarray]:
        """The numbers of each storage, which come one after another in the order of `keys`."""
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            raise _Refused("it has no list of storages")
        if sorted(keys) != sorted(self.storages):
            raise _Refused("the storages that it lists are not those that its arrays use")
        numbers = {}
        for key in keys:
            storage = self.storages[key]
            length = int.from_bytes(self._exactly(8), "little", signed=True)
            if length != storage.count:
                raise _Refused(f"storage {key!r} has {length} numbers where {storage.count} were promised")
            numbers[key] = np.frombuffer(self._exactly(length * storage.dtype.itemsize), storage.dtype)
        return numbers

    def _exactly(self, count: int) -> bytes:
        part = self.stream.read(count)
        if len(part) != count:
            raise _Refused("it is cut short")
        return part


class _Unpickler(pickle.Unpickler):
    """An unpickler that knows ordered dictionaries, arrays and storages, and nothing else."""

    def __init__(self, stream: io.BytesIO, reader: _Reader) -> None:
        super().__init__(stream)
        self.reader = reader

    def persistent_load(self, facts: Any) -> _Storage:
        return self.reader.storage(facts)

    def find_class(self, module: str, name: str) -> Any:
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):

            def cut(storage: Any, offset: Any, size: Any, stride: Any, *_gradient_and_hooks: Any) -> _Cut:
                if not isinstance(storage, _Storage):
                    raise _Refused("an array is cut from something other than a storage")
                return _Cut(storage, offset, size, stride)

            return cut  # a new function each time, so that a pickle that changes it changes nothing that lasts
        raise _Refused(f"its pickle asks for {module}.{name}, which no weights need")


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _are_counts(values: object) -> bool:
    return isinstance(values, tuple) and all(_is_count(value) for value in values)
