"""A public folder of files that comes as an archive whose own bytes are not stable, only its content is.

GitHub packs the archive of a commit anew from time to time. So the pin is the tree's: the sha256 of the sorted
lines "sha256  path" of its files, what `find . -type f | sort | xargs sha256sum | sha256sum` prints.
"""

import hashlib
import shutil
import tempfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from dlcourse.data.download import Unreachable, download, only_process, sha256_of
from dlcourse.errors import CourseError


@dataclass(frozen=True)
class RemoteTree:
    """The files under `inside` (with one of `suffixes`) of a published zip archive."""

    name: str  # the folder's name in the cache
    url: str
    inside: str  # path in the archive, below its single top folder
    suffixes: tuple[str, ...]
    sha256: str  # of the tree

    def cached_in(self, cache: Path) -> Path:
        """Where a cache folder keeps the tree."""
        return cache / self.name

    def at_hand(self, mirrored: Path | None, cache: Path) -> Path | None:
        """The folder that holds the tree already (unverified), or None."""
        places = [self.cached_in(cache)]
        if mirrored is not None:
            places.insert(0, mirrored)
        return next((place for place in places if place.is_dir()), None)

    def obtain(self, mirrored: Path | None, cache: Path) -> Path:
        """Return the folder that holds the verified tree, downloading it into `cache` when it is nowhere at hand.

        Raises:
            CourseError: the mirror's folder has another content.
            Unreachable: it could not be downloaded.
        """
        if mirrored is not None and mirrored.is_dir():
            if tree_sha256(mirrored, self.suffixes) != self.sha256:
                raise CourseError(
                    f"{mirrored} does not hold the files that the course pins "
                    f"(tree sha256 {self.sha256[:12]}… expected); replace it, remove it, or unset DLCOURSE_MIRROR."
                )
            return mirrored
        folder = self.cached_in(cache)
        with only_process(folder):
            if not (folder.is_dir() and tree_sha256(folder, self.suffixes) == self.sha256):
                self._download(folder)
        return folder

    def fill(self, mirrored: Path, near: Path | None) -> None:
        """Have the verified tree as a mirror's folder, copied from `near` if that is at hand, else downloaded."""
        if near is not None and not mirrored.exists():
            shutil.copytree(near, mirrored)
        replace(self, name=mirrored.name).obtain(None, mirrored.parent)

    def _download(self, folder: Path) -> None:
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{self.name}-") as room:
            archive, unpacked = Path(room, "archive.zip"), Path(room, "tree")
            download(self.url, archive, sha256=None)
            self._unpack(archive, unpacked)
            if tree_sha256(unpacked, self.suffixes) != self.sha256:
                raise Unreachable(f"What {self.url} sent is not the pinned content of {self.name}.")
            if folder.exists():
                shutil.rmtree(folder)
            unpacked.replace(folder)

    def _unpack(self, archive: Path, folder: Path) -> None:
        folder.mkdir()
        try:
            with zipfile.ZipFile(archive) as packed:
                for member in packed.infolist():
                    path = member.filename.partition("/")[2]  # GitHub's top folder carries the commit's name
                    if path.startswith(f"{self.inside}/") and path.endswith(self.suffixes):
                        target = folder / path.removeprefix(f"{self.inside}/")
                        if not target.resolve().is_relative_to(folder.resolve()):
                            raise Unreachable(f"The archive of {self.name} wants to write outside its folder: {path}.")
                        target.parent.mkdir(parents=True, exist_ok=True)
                        target.write_bytes(packed.read(member))
        except zipfile.BadZipFile as error:
            raise Unreachable(f"What {self.url} sent is no zip archive ({error}).") from error


def tree_sha256(folder: Path, suffixes: tuple[str, ...]) -> str:
    """The digest of a folder's files: names and contents, whatever else lies there."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.suffix in suffixes}
    lines = (f"{sha256_of(paths[name])}  {name}\n" for name in sorted(paths))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
