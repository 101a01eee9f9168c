"""Submissions generated from a solution: correct ones, typical mistakes, and code that crashes, hangs or floods."""

from pathlib import Path

from dlseq.authoring.mistakes import apply_mistake, load_mistakes
from dlseq.course.layout import Course

__all__ = ["COURSE", "FAULTY_BODIES", "correct_and_wrong", "write_class"]

COURSE = Course(Path(__file__).resolve().parents[1])
FAULTY_BODIES = {  # kind of fault -> body of a function
    "crashing": "import os\nos.abort()",
    "leaving": "raise SystemExit(0)",
    "hanging": "while True: pass",
    "sleeping": "import time\ntime.sleep(1e6)",
    "flooding": "import sys\nfor _ in range(10**6): print('x' * 1000); sys.stderr.write('y' * 1000)",
    "swelling": "x = []\nwhile True: x.append(bytes(10**8) + b'x')",
    "forking": "import os, time\nfor _ in range(10**4):\n    if os.fork() == 0: time.sleep(600)",
    "huge": "return ['x'] * 10**8",
}


def correct_and_wrong(exercise: str, count: int) -> dict[str, str]:
    """Return distinct submissions: every second one correct, each of the others with one mistake.

    Args:
        exercise: name of the exercise.
        count: number of submissions.

    Returns:
        {name: text}; the names of correct ones begin with "right".
    """
    text = COURSE.solution(exercise).read_text("utf-8")
    mistakes, _ = load_mistakes(COURSE.mistakes / f"{exercise}.py")
    submissions = {}
    for number in range(count):
        if number % 2 == 0:
            submissions[f"right-{number:03}"] = f"{text}\n# {number}\n"
        else:
            wrong = apply_mistake(text, mistakes[number // 2 % len(mistakes)])
            submissions[f"wrong-{number:03}"] = f"{wrong}\n# {number}\n"
    return submissions


def write_class(folder: Path, exercise: str, submissions: dict[str, str]) -> None:
    """Write each submission into a folder of its own."""
    for name, text in submissions.items():
        student_folder = folder / name
        student_folder.mkdir(parents=True)
        (student_folder / f"{exercise}.py").write_text(text, "utf-8")
