"""A public file, pinned to its content: had from the mirror folder, else the cache, else the network."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from dlcourse.data.download import download, only_process, sha256_of
from dlcourse.errors import CourseError


@dataclass(frozen=True)
class RemoteFile:
    """A file that somebody publishes."""

    name: str  # as upstream calls it; also its name in a mirror folder
    url: str
    sha256: str
    cached_as: str = ""  # its name in the cache, where that is another program's and calls it otherwise

    def cached_in(self, cache: Path) -> Path:
        """Where a cache folder keeps the file."""
        return cache / (self.cached_as or self.name)

    def at_hand(self, mirrored: Path | None, cache: Path) -> Path | None:
        """Where the file lies already (unverified), or None."""
        places = [self.cached_in(cache)]
        if mirrored is not None:
            places.insert(0, mirrored / self.name)
        return next((place for place in places if place.is_file()), None)

    def obtain(self, mirrored: Path | None, cache: Path) -> Path:
        """Return the path of the verified file, downloading it into `cache` when it is nowhere at hand.

        Args:
            mirrored: the data set's folder in the mirror, or None without a mirror.
            cache: the folder that keeps downloads.

        Raises:
            CourseError: the mirror's copy is another file.
            Unreachable: it could not be downloaded.
        """
        if mirrored is not None and (mirrored / self.name).is_file():
            if sha256_of(mirrored / self.name) != self.sha256:
                raise CourseError(
                    f"{mirrored / self.name} is not the file that the course pins "
                    f"(sha256 {self.sha256[:12]}… expected); replace it, remove it, or unset DLCOURSE_MIRROR."
                )
            return mirrored / self.name
        target = self.cached_in(cache)
        with only_process(target):
            if not (target.is_file() and sha256_of(target) == self.sha256):
                download(self.url, target, self.sha256)  # a damaged copy is replaced only by a whole one
        return target

    def fill(self, mirrored: Path, near: Path | None) -> None:
        """Have the verified file in a mirror's folder, copied from `near` if that is at hand, else downloaded."""
        target = mirrored / self.name
        if near is not None and not target.exists():
            mirrored.mkdir(parents=True, exist_ok=True)
            part = mirrored / f"{self.name}.copy"
            shutil.copyfile(near, part)
            part.replace(target)
        replace(self, cached_as="").obtain(None, mirrored)
