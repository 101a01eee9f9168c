"""The top of a download, and an upload: what a platform tells of a submission by a name at the top."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from dlseq.grading.results import Identity

__all__ = ["Download", "Platform", "Upload"]


@dataclass(frozen=True)
class Upload:
    """The parts of a name that a learning platform has written.

    Attributes:
        student: text to show: the student or the group.
        identity: the people, for gradebooks.
        file_name: the name before the upload; "" for a folder, and for a file of the platform's own.
        number: of the file, larger for newer ones; 0 if there is none.
        attempt: number of the attempt, larger for newer ones; 0 where the newest alone is downloaded.
        late: came after the deadline.
    """

    student: str
    identity: Identity
    file_name: str = ""
    number: int = 0
    attempt: int = 0
    late: bool = False


@dataclass(frozen=True)
class Download:
    """The names at the top of a download.

    Attributes:
        folders: name of each folder -> names of the folders in it.
        files: name of each file -> function that returns its text, "" if it cannot be read.
    """

    folders: Mapping[str, Iterable[str]] = field(default_factory=dict)
    files: Mapping[str, Callable[[], str]] = field(default_factory=dict)

    @classmethod
    def of_names(cls, names: Iterable[str]) -> "Download":
        """Return a download of files that cannot be read, known by their names alone."""
        return cls(files=dict.fromkeys(names, str))

    @property
    def names(self) -> list[str]:
        return [*self.folders, *self.files]


@dataclass(frozen=True)
class Platform:
    """A learning platform.

    Attributes:
        name: of the platform.
        parse: function from a `Download` to an `Upload` for each name in the platform's form.
        wrapper: form of the folder in which the platform packs a download; None if it packs none.
        mistakable: people write such names as well, so that few of them among others mean nothing.
    """

    name: str
    parse: Callable[[Download], dict[str, Upload]]
    wrapper: re.Pattern | None = None
    mistakable: bool = False
