"""Memory and processes of the host before and after each attack, graded alone by the real command.

python tests/attacks/host_memory.py               # bombs and daemons, attacks 11 and 19
python tests/attacks/host_memory.py 10 18 --json  # other numbers, as JSON

Other programs change `MemAvailable`, so it is printed and does not decide. `held` does: the memory that belongs
neither to a process nor to a cache which the kernel gives back, that is slab, page tables, pipes, shared memory and
tmpfs, all that can outlive a process. The script adopts orphans: each process that outlives its grading run becomes a
child of it.
"""

import argparse
import contextlib
import ctypes
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import running

__all__ = ["Change", "held_bytes", "measure"]

NUMBERS = (11, 19)
MAX_HELD_BYTES = 64 * 2**20  # that may stay: caches of the kernel's own grow by a few MB in each run
SETTLING_SECONDS = (
    150.0  # in which the kernel frees what a namespace held, and a hypervisor the pages of dead processes
)
STILL_FALLING_BYTES = 2 * 2**20  # in half a second
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Change:
    """Change of the host by an attack.

    Attributes:
        attack: number and name.
        held: bytes that are held after the attack and were not before.
        available: change of MemAvailable in bytes, other programs included.
        processes: processes that outlived the grading run.
        seconds: time from the end of the run until what is held was back, or `SETTLING_SECONDS`.
    """

    attack: str
    held: int
    available: int
    processes: int
    seconds: float

    @property
    def is_back(self) -> bool:
        return self.held <= MAX_HELD_BYTES and self.processes == 0


def measure(number: int, attack: running.Attack) -> Change:
    """Grade one attack, and compare the host before and after."""
    before, available = settled_bytes(), memory()["MemAvailable"]
    if len(running.grade_alone(number, attack).results) != 1:
        raise RuntimeError(f"the attack was not graded: {attack.name}")
    end = time.monotonic()
    while held_bytes() - before > MAX_HELD_BYTES and time.monotonic() - end < SETTLING_SECONDS:
        time.sleep(0.5)
    return Change(
        attack=f"{number}: {attack.name}",
        held=held_bytes() - before,
        available=memory()["MemAvailable"] - available,
        processes=len(children()),
        seconds=round(time.monotonic() - end, 1),
    )


def memory() -> dict[str, int]:
    """Return the fields of /proc/meminfo in bytes."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return {name: int(text.split()[0]) * 1024 for name, text in (line.split(":") for line in lines)}


def held_bytes() -> int:
    """Return the bytes of memory that are neither free, nor a process's own, nor a cache of files."""
    sizes = memory()
    cached = sizes["Buffers"] + sizes["Cached"] - sizes["Shmem"] + sizes["SReclaimable"]
    return sizes["MemTotal"] - sizes["MemFree"] - cached - sizes["AnonPages"]


def settled_bytes() -> int:
    """Return `held_bytes` once it no longer falls.

    Under a hypervisor that takes free pages back (free page reporting), the pages of any large process that has ended
    become free at some 14 MB a second only: a gigabyte takes more than a minute, with or without a grader.
    """
    end, held = time.monotonic() + SETTLING_SECONDS, held_bytes()
    while time.monotonic() < end:
        time.sleep(0.5)
        before, held = held, held_bytes()
        if before - held < STILL_FALLING_BYTES:
            break
    return held


def children() -> list[int]:
    """Return the living processes whose parent is this one."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    own, found = Path("/proc/self").resolve().name, []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found += [int(place.name)] if fields[1] == own else []
    return found


def adopt_orphans() -> None:
    """Make this process the parent of all processes that it starts and that outlive their parents."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", type=int, metavar="NUMBER", help="numbers of attacks; default: 11 19")
    parser.add_argument("--json", action="store_true", help="print JSON, a line for each attack")
    options = parser.parse_args(arguments)
    adopt_orphans()
    changes = []
    for number in options.numbers or NUMBERS:
        for attack in running.all_attacks()[number]:
            changes.append(measure(number, attack))
            print(json.dumps(asdict(changes[-1])) if options.json else format_change(changes[-1]), flush=True)
    return 0 if all(change.is_back for change in changes) else 1


def format_change(change: Change) -> str:
    words = "back" if change.is_back else "NOT BACK"
    return (
        f"{words:8} held {change.held / 2**20:+7.1f} MB, MemAvailable {change.available / 2**20:+8.1f} MB, "
        f"{change.processes} processes, {change.seconds:4.1f} s: {change.attack}"
    )


if __name__ == "__main__":
    sys.exit(main())
