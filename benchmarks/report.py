"""Benchmark reports: a printed table, the same figures as JSON, and a description of the machine."""

import argparse
import importlib.metadata
import json
import os
import platform
import shlex
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from dlseq.errors import DlseqError
from dlseq.extras import require
from dlseq.files import atomic_write

__all__ = [
    "SPEED_COLUMNS",
    "Table",
    "argument_parser",
    "describe_machine",
    "format_range",
    "require_packages",
    "write_json",
]


SPEED_COLUMNS = ["per CPU second", "CPU seconds", "from … to", "wall seconds"]


class Table:
    """A table that is printed at the end.

    Args:
        title: the measured quantity.
        columns: the names of the columns; the first is left-aligned, the others are numbers.

    Example:
        >>> table = Table("Speed", ["side", "seconds"])
        >>> table.add("ours", 1)
        >>> table.rows
        [('ours', '1')]
    """

    def __init__(self, title: str, columns: list[str]):
        self.title, self.columns, self.rows = title, columns, []

    def add(self, *cells) -> None:
        """Add a row; cells are converted by `str`."""
        self.rows.append(tuple(map(str, cells)))

    def add_speeds(self, speeds: dict[str, dict[str, float]], prefix: str = "") -> None:
        """Add a row for each method, in the order of `SPEED_COLUMNS` and of the ratios (see `timing.speeds`)."""
        for name, figures in speeds.items():
            rate, seconds, least, greatest, wall, *ratios = figures.values()
            times = (f"{seconds:.3f}", format_range([least, greatest], ".3f"), f"{wall:.3f}")
            self.add(f"{prefix}{name}", f"{rate:,.1f}", *times, *(f"{ratio:.1f}" for ratio in ratios))

    def print(self, *notes: str) -> None:
        """Print the table, the notes and the machine."""
        table = RichTable(title=self.title, title_justify="left")
        for number, column in enumerate(self.columns):
            table.add_column(column, justify="right" if number else "left")
        for row in self.rows:
            table.add_row(*row)
        console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
        console.print(table)
        for note in (*notes, describe_machine()):
            console.print(note, markup=False)


def argument_parser(description: str, seeds: list[int] | None = None) -> argparse.ArgumentParser:
    """Make a parser with the options of all benchmarks: `--json FILE` and, if given, `--seeds`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    if seeds is not None:
        parser.add_argument("--seeds", type=int, nargs="+", default=seeds, help="a run for each (default: %(default)s)")
    return parser


def require_packages(parser: argparse.ArgumentParser, extra: str, *packages: str) -> None:
    """End the script, before it measures anything, if a package is missing that only an extra of dlseq installs.

    Args:
        parser: the parser of the script.
        extra: the extra, such as "bench".
        packages: names under which they are imported.

    Raises:
        SystemExit: one is missing; with status 2 and the command that installs it on standard error.
    """
    for package in packages:
        try:
            require(package, extra, f"run {parser.prog}")
        except DlseqError as error:
            parser.exit(2, f"{error}\n")


def describe_machine() -> str:
    """Return a one-line description of the machine and the releases."""
    releases = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("tensorflow", "keras", "numpy"))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    unit = "core" if cores == 1 else "cores"
    return f"{cores} {unit}, {platform.machine()}, Python {platform.python_version()}, {releases}{load}"


def format_range(values: list[float], form: str = ".1f") -> str:
    """Format the smallest and the greatest of some figures.

    Example:
        >>> format_range([2.0, 1.0, 3.0])
        '1.0 to 3.0'
    """
    return f"{min(values):{form}} to {max(values):{form}}"


def write_json(path: Path | None, figures: dict) -> None:
    """Write figures, command and machine as JSON, atomically; do nothing without a path.

    The command is that of the process, without `--json FILE`.
    """
    if path is not None:
        report = {"command": _command(sys.argv), **figures, "machine": describe_machine()}
        with atomic_write(path) as partial:
            partial.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _command(arguments):
    script, *words = arguments
    at = next((number for number, word in enumerate(words) if word.startswith("--json")), len(words))
    end = at + (1 if at < len(words) and "=" in words[at] else 2)
    return shlex.join(["python", f"benchmarks/{Path(script).name}", *words[:at], *words[end:]])
