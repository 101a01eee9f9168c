"""Run one side of a benchmark in a fresh process, so that no side profits from the warm-up of the other.

The script runs itself with `--side NAME`; the child prints its figures as JSON on its last line.
"""

import json
import os
import subprocess
import sys

__all__ = ["in_fresh_process", "print_figures"]


def in_fresh_process(script: str, *arguments: str) -> dict:
    """Run `python script arguments` and return the figures that it prints.

    Args:
        script: Path of the script, usually `__file__`.
        *arguments: Arguments of its command line.

    Returns:
        The argument of the child's `print_figures`.

    Raises:
        RuntimeError: The child failed; the message ends with its standard error.
    """
    environment = {"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ}
    child = subprocess.run(
        [sys.executable, script, *arguments], capture_output=True, text=True, env=environment, check=False
    )
    if child.returncode:
        raise RuntimeError(f"{script} {' '.join(arguments)} failed with status {child.returncode}:\n{child.stderr}")
    return json.loads(child.stdout.splitlines()[-1])


def print_figures(figures: dict) -> None:
    """Print the figures of a child process as its last line."""
    print(json.dumps(figures), flush=True)
