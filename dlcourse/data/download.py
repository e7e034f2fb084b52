"""How a file comes over the network: with progress, time-outs, retries, resumption and a pinned digest.

Whatever happens on the way (a cut connection, a wrong file, a full disk), a file stands under its name only when it
is whole and its sha256 is the pinned one. What has come so far waits beside it as `.part`, and the next try goes on
from there.
"""

import contextlib
import errno
import hashlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from filelock import FileLock
from tqdm import tqdm

from dlcourse.errors import CourseError

TIMEOUT = httpx.Timeout(30.0, connect=10.0)  # seconds without a byte, and to the first answer
TRIES = 3
PAUSE = 1.0  # seconds before the second try, doubled after each


class Unreachable(CourseError):
    """A file that could not be had; `load` adds the ways out."""


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(url: str, target: Path, sha256: str | None) -> None:
    """Fetch `url` to `target` with progress; resume, retry and verify on the way.

    Args:
        url: where it is published.
        target: where it will stand when it is whole; written in one step.
        sha256: the pinned digest; None only where the caller verifies the content itself.

    Raises:
        Unreachable: after the last try, with the reason; `target` is untouched.
    """
    part = target.with_name(target.name + ".part")
    host = urlsplit(url).hostname
    reason = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE * 2 ** (attempt - 1))
        try:
            _stream(url, part, resume=sha256 is not None)
        except httpx.HTTPStatusError as error:
            reason = f"{host} answered {error.response.status_code} ({error.response.reason_phrase})"
            if error.response.is_client_error:
                break  # asking again will not help
            continue
        except httpx.TimeoutException:
            reason = f"{host} did not answer in time"
            continue
        except httpx.HTTPError as error:
            reason = f"the connection to {host} failed ({str(error).rstrip('.') or type(error).__name__})"
            continue
        except OSError as error:
            part.unlink(missing_ok=True)  # gives a full disk its space back
            raise unwritable(target, error) from error
        if sha256 is not None and (digest := sha256_of(part)) != sha256:
            part.unlink()
            reason = f"what {host} sent is not the pinned file (sha256 {digest[:12]}…, expected {sha256[:12]}…)"
            continue
        part.replace(target)
        return
    raise Unreachable(f"{Path(urlsplit(url).path).name} could not be downloaded: {reason}.")


def _stream(url: str, part: Path, *, resume: bool) -> None:
    have = part.stat().st_size if resume and part.exists() else 0
    headers = {"Accept-Encoding": "identity"}  # the pinned bytes, not a compressed form of them
    if have:
        headers["Range"] = f"bytes={have}-"
    with httpx.stream("GET", url, headers=headers, timeout=TIMEOUT, follow_redirects=True) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # all of it is here already; the digest decides
        answer.raise_for_status()
        if answer.status_code != httpx.codes.PARTIAL_CONTENT:
            have = 0  # the server sends the whole file again
        length = int(answer.headers.get("Content-Length", 0))
        _leave_room(part, length)
        with (
            part.open("ab" if have else "wb") as file,
            tqdm(
                desc=part.stem,
                initial=have,
                total=have + length or None,
                unit="B",
                unit_scale=True,
                leave=False,
            ) as progress,
        ):
            for block in answer.iter_raw():  # as it comes: a cut connection loses nothing that was received
                file.write(block)
                progress.update(len(block))


def _leave_room(part: Path, length: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if length > free:
        raise OSError(errno.ENOSPC, f"{length / 1e6:.0f} MB are needed and {free / 1e6:.0f} MB are free")


def unwritable(target: Path, error: OSError) -> Unreachable:
    """The error for a folder that cannot take the file."""
    return Unreachable(
        f"{target.name} could not be written into {target.parent}: {error.strerror}; "
        "free some space there, or point DLCOURSE_CACHE to another folder."
    )


@contextlib.contextmanager
def only_process(target: Path) -> Iterator[None]:
    """Hold the right to make `target`: another process that wants it waits here, then finds it made."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(target.with_name(f"{target.name}.lock"))
        lock.acquire()
    except OSError as error:
        raise unwritable(target, error) from error
    try:
        yield
    finally:
        lock.release()
