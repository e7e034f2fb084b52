"""The reader of PyTorch's legacy files: right on good ones, a sentence on hostile ones."""

import pickle
import re
import struct
import time

import numpy as np
import pytest

from dlcourse.errors import CourseError
from dlcourse.nets.torch_weights import read_torch_weights

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
MACHINE = {"protocol_version": PROTOCOL, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}


def put(value):
    """The instructions that put a value on the unpickler's stack."""
    return pickle.dumps(value, 2)[2:-1]


def reference(module, name):
    return f"c{module}\n{name}\n".encode()


def storage(key="0", count=6, kind=("torch", "FloatStorage"), first=b"", view=None):
    facts = put("storage") + reference(*kind) + put(key) + put("cpu") + put(count) + put(view)
    return (first or b"(" + facts + b"t") + b"Q"


def tensor(stored=None, offset=0, size=(2, 3), stride=(3, 1)):
    stored = storage() if stored is None else stored
    rest = put(offset) + put(size) + put(stride) + put(False) + reference("collections", "OrderedDict") + b")R"
    return reference("torch._utils", "_rebuild_tensor_v2") + b"(" + stored + rest + b"tR"


def names(**tensors):
    items = b"".join(put(name) + instructions for name, instructions in tensors.items())
    return b"\x80\x02" + reference("collections", "OrderedDict") + b")R(" + items + b"u."


def legacy(weights, keys=("0",), numbers=None, magic=MAGIC, protocol=PROTOCOL, machine=MACHINE):
    raw = struct.pack("<q6f", 6, 0, 1, 2, 3, 4, 5) if numbers is None else numbers
    return b"".join(pickle.dumps(part, 2) for part in (magic, protocol, machine)) + weights + put_all(keys) + raw


def put_all(keys):
    return keys if isinstance(keys, bytes) else pickle.dumps(list(keys), 2)


def read(content, tmp_path):
    (tmp_path / "weights.pth").write_bytes(content)
    return read_torch_weights(tmp_path / "weights.pth")


def test_a_hand_made_file_gives_its_arrays(tmp_path):
    weights = names(a=tensor(), b=tensor(offset=1, size=(2, 2), stride=(1, 2)), c=tensor(offset=5, size=(), stride=()))
    arrays = read(legacy(weights), tmp_path)
    assert list(arrays) == ["a", "b", "c"]
    np.testing.assert_array_equal(arrays["a"], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(arrays["b"], [[1, 3], [2, 4]])  # an axis order of its own
    assert arrays["c"] == 5
    assert arrays["c"].shape == ()
    arrays["a"][0, 0] = 9  # its own memory
    assert arrays["a"].dtype == np.float32


def test_what_torch_writes_is_read_as_torch_reads_it(tmp_path):
    torch = pytest.importorskip("torch")
    generator = torch.Generator().manual_seed(1)
    base = torch.randn(4, 5, 3, generator=generator)
    weights = {
        "plain": base,
        "part of the same storage": base[1:3, ::2],
        "permuted": base.permute(2, 0, 1),
        "double": base.double()[0],
        "half": base.half(),
        "scalar": torch.tensor(2**40 + 1),
        "small": torch.tensor([-3, 7], dtype=torch.int8),
        "flags": torch.tensor([True, False]),
        "empty": torch.zeros(0, 3),
    }
    torch.save(weights, tmp_path / "weights.pth", _use_new_zipfile_serialization=False)
    arrays = read_torch_weights(tmp_path / "weights.pth")
    assert list(arrays) == list(weights)
    for name, value in weights.items():
        assert arrays[name].dtype == value.numpy().dtype, name
        np.testing.assert_array_equal(arrays[name], value.numpy(), err_msg=name)


class Runs:
    """What a pickle can do to whoever reads it."""

    def __reduce__(self):
        import os

        return os.system, ("touch hacked",)


EVIL = names(a=b"cos\nsystem\n(" + put("touch hacked") + b"tR")

HOSTILE = {
    "runs a command": (legacy(EVIL), "asks for os.system"),
    "runs a command where the magic number is due": (pickle.dumps(Runs(), 2), "asks for (posix|nt|os).system"),
    "runs a command where the keys are due": (legacy(names(a=tensor()), pickle.dumps(Runs(), 2)), ".system, which no"),
    "runs a command by a newer instruction": (
        legacy(b"\x80\x04" + put("os") + put("system") + b"\x93" + put("touch hacked") + b"\x85R."),
        "the instruction STACK_GLOBAL",
    ),
    "reaches into a module": (
        legacy(names(a=reference("torch._utils", "_rebuild_tensor_v2.__globals__"))),
        "asks for torch._utils._rebuild_tensor_v2.__globals__",
    ),
    "makes an instance by an old instruction": (
        legacy(b"\x80\x02(" + put("ls") + b"ios\nsystem\n."),
        "instruction INST",
    ),
    "reads a builtin": (legacy(names(a=reference("builtins", "eval"))), "asks for builtins.eval"),
    "an array of many tens of gigabytes": (
        legacy(names(a=tensor(size=(100_000, 100_000), stride=(0, 0)))),
        "size (100000, 100000) is larger than its storage of 6",
    ),
    "a storage larger than the file": (legacy(names(a=tensor(storage(count=10**12)))), "larger than the file"),
    "a negative stride": (legacy(names(a=tensor(stride=(3, -1)))), "that is no count"),
    "a negative offset": (legacy(names(a=tensor(offset=-1))), "that is no count"),
    "a negative size": (legacy(names(a=tensor(size=(-2, 3)))), "that is no count"),
    "a size that is a truth value": (legacy(names(a=tensor(size=(True, 3)))), "that is no count"),
    "an offset outside the storage": (legacy(names(a=tensor(offset=1))), "reaches to number 6 of a storage of 6"),
    "a stride outside the storage": (legacy(names(a=tensor(stride=(4, 1)))), "reaches to number 6 of a storage of 6"),
    "a size and a stride that differ": (legacy(names(a=tensor(stride=(1,)))), "size (2, 3) and stride (1,)"),
    "an unknown kind of storage": (
        legacy(names(a=tensor(storage(kind=("torch", "UntypedStorage"))))),
        "asks for torch.UntypedStorage",
    ),
    "a storage of no kind": (legacy(names(a=tensor(storage(kind=("collections", "OrderedDict"))))), "no type, key"),
    "a storage that is a view": (legacy(names(a=tensor(storage(view=("0", 0, 3))))), "a view of another"),
    "an identifier of something else": (legacy(names(a=storage(first=put("module")))), "other than a storage"),
    "an array of no storage": (legacy(names(a=tensor(put("0")))), "cut from something other than a storage"),
    "one storage described in two ways": (
        legacy(names(a=tensor(), b=tensor(storage(kind=("torch", "IntStorage"))))),
        "described twice and differently",
    ),
    "a storage that is not in the list": (legacy(names(a=tensor()), keys=("1",)), "not those that its arrays use"),
    "a storage twice in the list": (legacy(names(a=tensor()), keys=("0", "0")), "not those that its arrays use"),
    "keys that are no list": (legacy(names(a=tensor()), keys=pickle.dumps(7, 2)), "no list of storages"),
    "a storage of another length": (
        legacy(names(a=tensor()), numbers=struct.pack("<q5f", 5, 0, 1, 2, 3, 4)),
        "has 5 numbers where 6 were promised",
    ),
    "a length below nothing": (legacy(names(a=tensor()), numbers=struct.pack("<q6f", -1, *range(6))), "has -1 numbers"),
    "cut short in a storage": (legacy(names(a=tensor()))[:-1], "it is cut short"),
    "cut short before a storage": (legacy(names(a=tensor()), numbers=b"\x06\0\0"), "it is cut short"),
    "cut short in a pickle": (legacy(names(a=tensor()))[:200], "its pickle is broken"),
    "nothing at all": (b"", "its pickle is broken"),
    "noise": (bytes(range(256)) * 4, "its pickle"),
    "another magic number": (legacy(names(a=tensor()), magic=MAGIC + 1), "not begin with the magic number"),
    "another protocol": (legacy(names(a=tensor()), protocol=1002), "its protocol is not 1001"),
    "the other byte order": (legacy(names(a=tensor()), machine={"little_endian": False}), "not little-endian"),
    "a zip archive": (b"PK\x03\x04" + bytes(100), "it is a zip archive"),
    "a list instead of names": (legacy(pickle.dumps([1], 2)), "other than arrays by name"),
    "a number among the arrays": (legacy(names(a=put(3))), "other than arrays by name"),
    "a number for a name": (legacy(b"\x80\x02}(" + put(3) + tensor() + b"u."), "other than arrays by name"),
    "a call of what cannot be called": (legacy(names(a=put("x") + b")R")), "its pickle is broken"),
    "a memo that asks for much memory": (
        legacy(b"\x80\x02}r\xff\xff\xff\x7f."),
        "asks for 2147483647 places of memory",
    ),
    "a text longer than the file": (legacy(b"\x80\x02X\xff\xff\xff\x7fabc."), "its pickle is broken"),
    "a name that is no text": (legacy(b"\x80\x02X\x02\0\0\0\xff\xfe."), "its pickle is broken"),
    "an object given foreign parts": (legacy(names(a=tensor() + put({"storage": 3}) + b"b")), "its pickle is broken"),
}


@pytest.mark.parametrize(("content", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_gets_a_sentence_and_does_nothing(content, reason, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    started = time.process_time()
    with pytest.raises(
        CourseError, match=r"^weights\.pth cannot be read as PyTorch weights of the legacy format: "
    ) as error:
        read(content, tmp_path)
    assert reason in str(error.value) or re.search(reason, str(error.value))
    assert str(error.value).endswith("; get the file again, from where you trust it.")
    assert not (tmp_path / "hacked").exists()
    assert time.process_time() - started < 2


def test_a_stride_along_an_axis_of_one_does_not_matter(tmp_path):
    arrays = read(legacy(names(a=tensor(size=(1, 6), stride=(2**70, 1)))), tmp_path)
    np.testing.assert_array_equal(arrays["a"], [[0, 1, 2, 3, 4, 5]])


def test_a_file_cut_at_any_place_gets_a_sentence(tmp_path):
    content = legacy(names(a=tensor()))
    for length in range(0, len(content), 3):
        with pytest.raises(CourseError, match="cannot be read"):
            read(content[:length], tmp_path)


def test_a_file_with_any_byte_changed_gives_arrays_or_a_sentence(tmp_path):
    content = legacy(names(a=tensor(), b=tensor(offset=1, size=(2, 2), stride=(1, 2))))
    rng = np.random.default_rng(1)
    refused = 0
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= int(rng.integers(1, 256))
        try:
            arrays = read(bytes(changed), tmp_path)
        except CourseError:
            refused += 1
        else:
            assert all(isinstance(array, np.ndarray) and array.size <= 6 for array in arrays.values())
    assert refused > len(content) / 2


def test_a_pickle_cannot_change_the_reader_itself(tmp_path):
    attack = reference("torch._utils", "_rebuild_tensor_v2") + put({"__doc__": "hacked"}) + b"b"
    with pytest.raises(CourseError, match="cannot be read"):
        read(legacy(names(a=attack)), tmp_path)
    np.testing.assert_array_equal(read(legacy(names(a=tensor())), tmp_path)["a"], [[0, 1, 2], [3, 4, 5]])


def test_a_missing_file_gets_a_sentence(tmp_path):
    with pytest.raises(CourseError) as error:
        read_torch_weights(tmp_path / "none.pth")
    assert str(error.value) == ("The weights none.pth cannot be read (No such file or directory); install them again.")
