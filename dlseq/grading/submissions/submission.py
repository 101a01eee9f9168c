"""One student's submission, read from files and ready to grade."""

from dataclasses import dataclass

__all__ = ["Submission"]


@dataclass(frozen=True)
class Submission:
    """The code that one student has handed in.

    Attributes:
        student: name of the file or folder, or as a platform has it; safe as a file name and unique in the run.
        source: path that it was read from, for messages.
        cells: exercise -> (name, text) of each piece of its code (`source.read_cells`). An exercise that is
            neither here nor in `problems` was not handed in.
        problems: exercise -> a sentence for the student, where a file cannot be read.
        digests: exercise -> SHA-256 of its file as it was handed in, as far as its bytes could be read.
        notes: sentences on files that were ignored, and why.
        platform_id: the learning platform's id of the student or the submission; "" where there is none.
    """

    student: str
    source: str
    cells: dict
    problems: dict
    digests: dict
    notes: tuple
    platform_id: str = ""
