"""A class of submissions made from a solution: right ones, real mistakes, and those that crash, hang or flood."""

from pathlib import Path

from dlseq.authoring.mistakes import apply_mistake, load_mistakes
from dlseq.course.layout import Course

__all__ = ["COURSE", "TROUBLE", "honest_and_wrong", "write_class"]

COURSE = Course(Path(__file__).resolve().parents[1])
TROUBLE = {  # what takes the place of the first function of `language_model`
    "crashing": "import os\nos.abort()",
    "leaving": "raise SystemExit(0)",
    "hanging": "while True: pass",
    "sleeping": "import time\ntime.sleep(1e6)",
    "flooding": "import sys\nfor _ in range(10**6): print('x' * 1000); sys.stderr.write('y' * 1000)",
    "swelling": "x = []\nwhile True: x.append(bytes(10**8) + b'x')",
    "forking": "import os, time\nfor _ in range(10**4):\n    if os.fork() == 0: time.sleep(600)",
    "huge": "return ['x'] * 10**8",
}


def honest_and_wrong(exercise: str, count: int) -> dict[str, str]:
    """So many submissions, no two of the same text: every second one right, the others with a mistake each.

    Returns:
        {name: text}; the names of right ones begin with "right".
    """
    text = COURSE.solution(exercise).read_text("utf-8")
    mistakes, _ = load_mistakes(COURSE.mistakes / f"{exercise}.py")
    made = {}
    for number in range(count):
        if number % 2 == 0:
            made[f"right-{number:03}"] = f"{text}\n# {number}\n"
        else:
            wrong = apply_mistake(text, mistakes[number // 2 % len(mistakes)])
            made[f"wrong-{number:03}"] = f"{wrong}\n# {number}\n"
    return made


def write_class(folder: Path, exercise: str, submissions: dict[str, str]) -> None:
    """Writes a folder of submissions, a folder each."""
    for name, text in submissions.items():
        place = folder / name
        place.mkdir(parents=True)
        (place / f"{exercise}.py").write_text(text, "utf-8")
