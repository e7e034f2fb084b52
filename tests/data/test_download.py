"""The download path against a local server: whatever goes wrong, nothing half-written stands under the file's name."""

import hashlib
import resource
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace

import httpx
import numpy as np
import pytest
from file_server import FileServer, serving

from dlcourse.data import download
from dlcourse.data.download import Unreachable
from dlcourse.data.remote_file import RemoteFile
from dlcourse.errors import CourseError

CONTENT = np.random.default_rng(0).bytes(3_000_000)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(download, "PAUSE", 0.01)
    monkeypatch.setattr(download, "TIMEOUT", httpx.Timeout(0.3))


@pytest.fixture
def server():
    with serving(FileServer(CONTENT)) as running:
        yield running


@pytest.fixture
def file(server):
    return RemoteFile("numbers.bin", server.url, hashlib.sha256(CONTENT).hexdigest())


def test_a_file_comes_once_and_whole(server, file, tmp_path):
    assert file.obtain(None, tmp_path).read_bytes() == CONTENT
    assert file.obtain(None, tmp_path).read_bytes() == CONTENT
    assert len(server.requests) == 1


def test_a_cut_connection_is_resumed_where_it_broke(server, file, tmp_path):
    server.cut_after, server.cuts = 1_000_000, 2
    assert file.obtain(None, tmp_path).read_bytes() == CONTENT
    assert server.requests[0] == ""
    assert [int(wanted.removeprefix("bytes=")[:-1]) for wanted in server.requests[1:]] == [1_000_000, 2_000_000]


def test_the_next_call_goes_on_after_the_last_try_failed(server, file, tmp_path):
    server.cut_after = 500_000
    with pytest.raises(Unreachable, match=r"numbers\.bin could not be downloaded: the connection to 127.0.0.1 failed"):
        file.obtain(None, tmp_path)
    assert not (tmp_path / "numbers.bin").exists()
    server.cut_after = None
    assert file.obtain(None, tmp_path).read_bytes() == CONTENT
    assert server.requests[-1] == "bytes=1500000-"


def test_a_server_without_ranges_sends_it_all_again(server, file, tmp_path):
    server.cut_after, server.cuts, server.ranges = 1_000_000, 1, False
    assert file.obtain(None, tmp_path).read_bytes() == CONTENT


def test_another_file_is_refused_and_not_kept(server, file, tmp_path):
    server.content = CONTENT[::-1]
    with pytest.raises(Unreachable, match=r"what 127\.0\.0\.1 sent is not the pinned file"):
        file.obtain(None, tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} <= {".lock"}


def test_a_wrong_beginning_is_thrown_away_and_fetched_anew(server, file, tmp_path):
    (tmp_path / "numbers.bin.part").write_bytes(b"something else")
    assert file.obtain(None, tmp_path).read_bytes() == CONTENT


def test_a_file_that_is_gone_is_asked_for_once(server, file, tmp_path):
    server.status = 404
    with pytest.raises(Unreachable, match=r"answered 404 \(Not Found\)"):
        file.obtain(None, tmp_path)
    assert len(server.requests) == 1
    assert not (tmp_path / "numbers.bin").exists()


def test_a_server_in_trouble_is_asked_again(server, file, tmp_path):
    server.status = 503
    with pytest.raises(Unreachable, match="answered 503"):
        file.obtain(None, tmp_path)
    assert len(server.requests) == download.TRIES


def test_a_server_that_stalls_is_given_up(server, file, tmp_path):
    server.stall = 1.0
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1 did not answer in time"):
        file.obtain(None, tmp_path)
    assert not (tmp_path / "numbers.bin").exists()


def test_nobody_listening_is_told_in_a_sentence(file, tmp_path):
    nobody = replace(file, url="http://127.0.0.1:9/numbers.bin")
    with pytest.raises(Unreachable, match=r"the connection to 127\.0\.0\.1 failed"):
        nobody.obtain(None, tmp_path)


def test_a_disk_without_room_is_noticed_before_the_download(server, file, tmp_path, monkeypatch):
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1_000_000}))
    with pytest.raises(Unreachable, match="3 MB are needed and 1 MB are free; free some space"):
        file.obtain(None, tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} <= {".lock"}


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of a file as POSIX systems do")
def test_a_disk_that_fills_up_on_the_way_leaves_nothing(server, file, tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, before[1]))
        with pytest.raises(Unreachable, match="could not be written"):
            file.obtain(None, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert {path.suffix for path in tmp_path.iterdir()} <= {".lock"}


def test_a_folder_that_cannot_be_made_is_told(file, tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(Unreachable, match="point DLCOURSE_CACHE to another folder"):
        file.obtain(None, tmp_path / "taken" / "deeper")


def test_two_processes_download_it_once(server, file, tmp_path):
    server.stall = 0.2
    program = textwrap.dedent(f"""
        from pathlib import Path
        from dlcourse.data.remote_file import RemoteFile
        print(len({file!r}.obtain(None, Path({str(tmp_path)!r})).read_bytes()))
    """)
    both = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate(timeout=60)[0].strip() for process in both] == [str(len(CONTENT))] * 2
    assert len(server.requests) == 1


def test_a_damaged_copy_in_the_cache_is_replaced(server, file, tmp_path):
    (tmp_path / "numbers.bin").write_bytes(CONTENT[:-1])
    assert file.obtain(None, tmp_path).read_bytes() == CONTENT


def test_a_damaged_copy_stays_when_no_better_can_be_had(server, file, tmp_path):
    (tmp_path / "numbers.bin").write_bytes(CONTENT[:-1])
    server.status = 404
    with pytest.raises(Unreachable):
        file.obtain(None, tmp_path)
    assert (tmp_path / "numbers.bin").read_bytes() == CONTENT[:-1]


def test_the_mirror_comes_before_cache_and_network(server, file, tmp_path):
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror/numbers.bin").write_bytes(CONTENT)
    assert file.obtain(tmp_path / "mirror", tmp_path / "cache") == tmp_path / "mirror/numbers.bin"
    assert server.requests == []


def test_another_file_in_the_mirror_is_named(server, file, tmp_path):
    (tmp_path / "numbers.bin").write_bytes(b"another")
    with pytest.raises(
        CourseError, match=r"numbers\.bin is not the file that the course pins .* unset DLCOURSE_MIRROR"
    ):
        file.obtain(tmp_path, tmp_path / "cache")


def test_progress_is_shown(server, file, tmp_path, capsys):
    file.obtain(None, tmp_path)
    assert "numbers.bin" in capsys.readouterr().err
