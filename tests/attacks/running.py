"""Grading runs of the attacks, with honest submissions between them, through the real command."""

import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from building import Attack, all_attacks, hand_in, solution_of

__all__ = ["CANARY", "SEED", "TIME_LIMITS", "Outcome", "grade_alone", "grade_attacks", "groups"]

LAST_NUMBER = 99  # of the honest submission that is graded after all attacks
SEED = 1_918_273_645
TIME_LIMITS = {"language_model": 1.5}  # seconds a test
KERAS_TIME_LIMIT = 10.0  # of the others
CANARY = "CANARY-7f3a"
HARMLESS = {6, 7, 8, 20}  # attacks that only read and listen
HONEST_EVERY = 3  # numbers of attacks between two honest submissions
ROOT = Path(__file__).parents[2]
TRACES = ("notes", "mine", "linked", "daemon", "acted", "planted.py", "absolute", "big", "x")  # names in /tmp


@dataclass(frozen=True)
class Outcome:
    """Results and side effects of a group of attacks.

    Attributes:
        attacks: name of the submission -> (number, attack).
        wrong: name of a wrong answer -> the submission with that answer and no attack.
        results: name of the submission -> its result file, parsed.
        order: names of the submissions in the order in which they were graded.
        output: standard output and error of the command.
        reports: text of the other files of the run.
        harm: sentences on effects outside of the sandbox.
    """

    attacks: dict
    wrong: dict
    results: dict
    order: list
    output: str
    reports: str
    harm: list

    def wrong_of(self, attack: Attack) -> str:
        """The submission with the same wrong answer and no attack."""
        return self.wrong[_answer(attack)]

    def honest(self) -> list[str]:
        return [name for name in self.results if name.endswith("x00")]


def groups() -> dict[str, list[tuple[int, Attack]]]:
    """All attacks, in groups that one command grades."""
    found = [(number, attack) for number, attacks in all_attacks().items() for attack in attacks]
    numpy = [(number, attack) for number, attack in found if attack.exercise == "language_model"]
    half = next(place for place, (number, _) in enumerate(numpy) if number > 13)
    others = {}
    for number, attack in found:
        if attack.exercise != "language_model":
            others.setdefault(attack.exercise, []).append((number, attack))
    return {**others, "first": numpy[:half], "second": numpy[half:]}


def grade_alone(number: int, attack: Attack) -> Outcome:
    """Grade one attack, without honest submissions and the wrong answer."""
    return _grade([(number, attack)], "sandbox", alone=True)


def grade_attacks(chosen: dict, isolation: str = "sandbox", at_once: int = 3) -> dict[str, Outcome]:
    """Grade groups of attacks, several groups at a time, since many of them only wait for a time limit.

    Raises:
        ValueError: destructive attacks without the sandbox.
    """
    numbers = {number for attacks in chosen.values() for number, _ in attacks}
    if isolation != "sandbox" and not numbers <= HARMLESS:
        raise ValueError(f"expected the sandbox for attacks other than {sorted(HARMLESS)}, which only read and listen")
    with ThreadPoolExecutor(at_once) as pool:
        return dict(zip(chosen, pool.map(lambda attacks: _grade(attacks, isolation), chosen.values()), strict=True))


def _grade(attacks, isolation, alone=False):
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder, _HarmDetector(Path(folder)) as detector:
        places = {
            "OUTSIDE": str(detector.outside),
            "OUT": str(detector.folder / "out"),
            "CLASS": str(detector.submissions),
            "HOME": str(detector.home),
            "ROOT": str(ROOT),
            "PORT": detector.port,
            "ABSTRACT": detector.abstract,
        }
        exercise = attacks[0][1].exercise
        answers = [] if alone else list(dict.fromkeys(_answer(attack) for _, attack in attacks))
        wrong = [(0, Attack(f"nothing: {answer}", exercise=exercise, answer=answer)) for answer in answers]
        named = _hand_in_all([*wrong, *attacks], detector.submissions, places, with_honest=not alone)
        before = detector.digest()
        command = [sys.executable, "-c", "from dlseq.cli import main; main()", "grade", str(detector.submissions)]
        command += ["--out", places["OUT"], "--jobs", "1", "--seed", str(SEED), "--isolation", isolation]
        seconds = str(TIME_LIMITS.get(exercise, KERAS_TIME_LIMIT))
        command += ["--time-limit", seconds, "--memory", "0.5", "--exercise", exercise]
        command += ["--format", "junit", "--format", "html"]
        environment = {**os.environ, "A_SECRET": CANARY, "HOME": str(detector.home)}
        done = subprocess.run(
            command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1200
        )
        files = sorted((detector.folder / "out/results").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        harm = detector.harm(before) + ([] if done.returncode == 0 else [f"exit status {done.returncode}"])
        return Outcome(
            {name: (number, attack) for name, (number, attack) in named.items() if number},
            {attack.answer: name for name, (number, attack) in named.items() if not number},
            {path.stem: json.loads(path.read_text("utf-8")) for path in files},
            [path.stem for path in files],
            done.stdout + done.stderr,
            "".join(path.read_text("utf-8") for path in (detector.folder / "out").glob("*.*")),
            harm,
        )


def _answer(attack):
    return attack.answer or attack.exercise


def _hand_in_all(attacks, folder, places, with_honest=True):
    """Write the submissions; honest ones come first, last, and after every `HONEST_EVERY` numbers of attacks."""
    exercise, named = attacks[0][1].exercise, {}
    numbers = sorted({number for number, _ in attacks})
    for number in [*numbers[::HONEST_EVERY], LAST_NUMBER] if with_honest else ():
        (folder / f"n{number:02}x00").mkdir()
        (folder / f"n{number:02}x00" / f"{exercise}.py").write_text(f"# {CANARY}\n" + solution_of(exercise), "utf-8")
    for number in numbers:
        for place, attack in enumerate((attack for other, attack in attacks if other == number), 1):
            named[f"n{number:02}x{place:02}"] = number, attack
            hand_in(attack, folder / f"n{number:02}x{place:02}", places)
    return named


class _HarmDetector:
    """Evidence of harm: folders that must not change, sockets that must get no connection, surviving processes."""

    def __init__(self, folder):
        self.folder, self.connections = folder, []
        self.outside, self.submissions, self.home = folder / "outside", folder / "class", folder / "home"
        for place in (self.outside, self.submissions, self.home):
            place.mkdir()
            place.chmod(0o777)
        folder.chmod(0o777)
        (self.home / "secret.txt").write_text(CANARY)
        self.abstract = f"\0{folder.name}"
        self.sockets = [socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)]
        self.port = self.sockets[0].getsockname()[1]
        self.sockets[1].bind(self.abstract)
        self.sockets.append(socket.socket(socket.AF_UNIX))
        self.sockets[2].bind(str(self.outside / "socket"))
        self.earlier_traces = {name for name in TRACES if Path("/tmp", name).exists()}

    def __enter__(self):
        for listener in self.sockets:
            listener.listen()
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return self

    def _accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                self.connections.append(listener.accept())

    def digest(self):
        digest = hashlib.sha256()
        for path in sorted(self.submissions.rglob("*")):
            digest.update(f"{path} {path.lstat().st_mode}".encode("utf-8", "surrogateescape"))
            digest.update(path.read_bytes() if path.is_file() else b"")
        return digest.hexdigest()

    def harm(self, before):
        found = [f"wrote {path.name} outside" for path in self.outside.iterdir() if path.name != "socket"]
        found += [
            f"wrote /tmp/{name}" for name in TRACES if Path("/tmp", name).exists() and name not in self.earlier_traces
        ]
        found += ["changed what was handed in"] if self.digest() != before else []
        found += [f"made {len(self.connections)} connections"] if self.connections else []
        found += ["lives on"] if any(_name(place) == "attackdaemon" for place in Path("/proc").glob("[0-9]*")) else []
        return found

    def __exit__(self, *exception):
        for listener in self.sockets:
            listener.close()


def _name(place):
    try:
        return (place / "comm").read_text().strip()
    except OSError:
        return ""
