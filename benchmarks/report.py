"""How a benchmark says what it found: a table for people, the same figures as JSON, and the machine they are from."""

import argparse
import importlib.metadata
import json
import os
import platform
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from dlseq.files import atomic_write

__all__ = ["Table", "arguments_of", "machine", "spread", "write_json"]


class Table:
    """Rows that are printed at the end.

    Args:
        title: what was measured.
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
        """Adds a row; what is no string is written as `str` does."""
        self.rows.append(tuple(map(str, cells)))

    def print(self, *notes: str) -> None:
        """Prints the table, the notes and the machine."""
        table = RichTable(title=self.title, title_justify="left")
        for number, column in enumerate(self.columns):
            table.add_column(column, justify="right" if number else "left")
        for row in self.rows:
            table.add_row(*row)
        console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
        console.print(table)
        for note in (*notes, machine()):
            console.print(note, markup=False)


def arguments_of(description: str, seeds: list[int] | None = None) -> argparse.ArgumentParser:
    """Makes a parser with what all benchmarks take: `--json FILE` and, where runs differ by it, `--seeds`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    if seeds is not None:
        parser.add_argument("--seeds", type=int, nargs="+", default=seeds, help="a run for each (default: %(default)s)")
    return parser


def machine() -> str:
    """Says in a line what the figures were measured on."""
    releases = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("tensorflow", "keras", "numpy"))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return f"{cores} cores, {platform.machine()}, Python {platform.python_version()}, {releases}{load}"


def spread(values: list[float], form: str = ".1f") -> str:
    """Writes the smallest and the greatest of some figures.

    Example:
        >>> spread([2.0, 1.0, 3.0])
        '1.0 to 3.0'
    """
    return f"{min(values):{form}} to {max(values):{form}}"


def write_json(path: Path | None, figures: dict) -> None:
    """Writes figures and machine as JSON, whole or not at all; without a path it does nothing."""
    if path is not None:
        with atomic_write(path) as partial:
            partial.write_text(json.dumps({**figures, "machine": machine()}, indent=2) + "\n", encoding="utf-8")
