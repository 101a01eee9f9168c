"""Hands in the attacks with honest submissions between them, grades them by the real command, gathers witnesses."""

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

__all__ = ["CANARY", "LIMITS", "SEED", "Outcome", "attempt", "groups"]

LAST = 99  # in the place of the number of an attack
SEED = 1_918_273_645
LIMITS = {"language_model": 1.5, "attention_layer": 10.0, "date_normalization": 10.0}  # seconds for a test
CANARY = "CANARY-7f3a"
HARMLESS = {6, 7, 8, 20}
APART = 3  # numbers of attacks between two honest submissions
ROOT = Path(__file__).parents[2]
LEFT = ("notes", "mine", "linked", "daemon", "acted", "planted.py", "absolute", "big", "x")  # what some write to /tmp


@dataclass(frozen=True)
class Outcome:
    """What became of a group of attacks.

    Attributes:
        attacks: name of the submission -> (number, attack).
        wrong: name of a wrong answer -> the submission that is nothing else.
        results: name of the submission -> its result, as in the file.
        order: names of the submissions in the order in which they were graded.
        said: what the command wrote.
        reports: what stands in the other files of the run.
        harm: sentences on what the attacks did outside.
    """

    attacks: dict
    wrong: dict
    results: dict
    order: list
    said: str
    reports: str
    harm: list

    def wrong_of(self, attack: Attack) -> str:
        """The submission that gives the same wrong answer as an attack, and does nothing else."""
        return self.wrong[_answer(attack)]

    def honest(self) -> list[str]:
        return [name for name in self.results if name.endswith("x00")]


def groups() -> dict[str, list[tuple[int, Attack]]]:
    """All attacks, in groups that are graded by one command each."""
    found = [(number, attack) for number, attacks in all_attacks().items() for attack in attacks]
    numpy = [(number, attack) for number, attack in found if attack.exercise == "language_model"]
    half = next(place for place, (number, _) in enumerate(numpy) if number > 13)
    others = {}
    for one in found:
        if one[1].exercise != "language_model":
            others.setdefault(one[1].exercise, []).append(one)
    return {**others, "first": numpy[:half], "second": numpy[half:]}


def attempt(chosen: dict, isolation: str = "sandbox", at_once: int = 3) -> dict[str, Outcome]:
    """Grades groups of attacks, three groups at the same time: now and then they wait for a time limit.

    Raises:
        ValueError: attacks that destroy something would run without the sandbox.
    """
    numbers = {number for attacks in chosen.values() for number, _ in attacks}
    if isolation != "sandbox" and not numbers <= HARMLESS:
        raise ValueError(f"expected the sandbox for attacks other than {sorted(HARMLESS)}, which only read and listen")
    with ThreadPoolExecutor(at_once) as pool:
        return dict(zip(chosen, pool.map(lambda attacks: _attempt(attacks, isolation), chosen.values()), strict=True))


def _attempt(attacks, isolation):
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder, _Witness(Path(folder)) as witness:
        places = {
            "OUTSIDE": str(witness.outside),
            "OUT": str(witness.folder / "out"),
            "CLASS": str(witness.submissions),
            "HOME": str(witness.home),
            "ROOT": str(ROOT),
            "PORT": witness.port,
            "ABSTRACT": witness.abstract,
        }
        exercise = attacks[0][1].exercise
        answers = list(dict.fromkeys(_answer(attack) for _, attack in attacks))
        alone = [(0, Attack(f"nothing: {answer}", exercise=exercise, answer=answer)) for answer in answers]
        named = _hand_in_all([*alone, *attacks], witness.submissions, places)
        before = witness.digest()
        command = [str(Path(sys.executable).with_name("dlseq")), "grade", str(witness.submissions)]
        command += ["--out", places["OUT"], "--jobs", "1", "--seed", str(SEED), "--isolation", isolation]
        command += ["--time-limit", str(LIMITS[exercise]), "--memory", "0.5", "--exercise", exercise]
        command += ["--format", "junit", "--format", "html"]
        environment = {**os.environ, "A_SECRET": CANARY, "HOME": str(witness.home)}
        done = subprocess.run(
            command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1200
        )
        files = sorted((witness.folder / "out/results").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        harm = witness.harm(before) + ([] if done.returncode == 0 else [f"exit status {done.returncode}"])
        return Outcome(
            {name: (number, attack) for name, (number, attack) in named.items() if number},
            {attack.answer: name for name, (number, attack) in named.items() if not number},
            {path.stem: json.loads(path.read_text("utf-8")) for path in files},
            [path.stem for path in files],
            done.stdout + done.stderr,
            "".join(path.read_text("utf-8") for path in (witness.folder / "out").glob("*.*")),
            harm,
        )


def _answer(attack):
    return attack.answer or attack.exercise


def _hand_in_all(attacks, folder, places):
    """Honest submissions come first and last, and between the numbers of attacks: see `APART`."""
    exercise, named = attacks[0][1].exercise, {}
    numbers = sorted({number for number, _ in attacks})
    for number in [*numbers[::APART], LAST]:
        (folder / f"n{number:02}x00").mkdir()
        (folder / f"n{number:02}x00" / f"{exercise}.py").write_text(f"# {CANARY}\n" + solution_of(exercise), "utf-8")
    for number in numbers:
        for place, attack in enumerate((attack for other, attack in attacks if other == number), 1):
            named[f"n{number:02}x{place:02}"] = number, attack
            hand_in(attack, folder / f"n{number:02}x{place:02}", places)
    return named


class _Witness:
    """Folders that must stay as they are, sockets where nobody must call, and processes that must not live on."""

    def __init__(self, folder):
        self.folder, self.calls = folder, []
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
        self.there = {name for name in LEFT if Path("/tmp", name).exists()}

    def __enter__(self):
        for one in self.sockets:
            one.listen()
            threading.Thread(target=self._accept, args=(one,), daemon=True).start()
        return self

    def _accept(self, one):
        with contextlib.suppress(OSError):
            while True:
                self.calls.append(one.accept())

    def digest(self):
        digest = hashlib.sha256()
        for path in sorted(self.submissions.rglob("*")):
            digest.update(f"{path} {path.lstat().st_mode}".encode("utf-8", "surrogateescape"))
            digest.update(path.read_bytes() if path.is_file() else b"")
        return digest.hexdigest()

    def harm(self, before):
        found = [f"wrote {path.name} outside" for path in self.outside.iterdir() if path.name != "socket"]
        found += [f"wrote /tmp/{name}" for name in LEFT if Path("/tmp", name).exists() and name not in self.there]
        found += ["changed what was handed in"] if self.digest() != before else []
        found += [f"made {len(self.calls)} connections"] if self.calls else []
        found += ["lives on"] if any(_name(place) == "attackdaemon" for place in Path("/proc").glob("[0-9]*")) else []
        return found

    def __exit__(self, *exception):
        for one in self.sockets:
            one.close()


def _name(place):
    try:
        return (place / "comm").read_text().strip()
    except OSError:
        return ""
