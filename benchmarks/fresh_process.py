"""Runs one side of a benchmark in a process of its own, so that neither side finds warm what the other has used.

The script calls itself with `--side NAME` and more; the child prints its figures as JSON on its last line.
"""

import json
import os
import subprocess
import sys

__all__ = ["in_fresh_process", "print_figures"]


def in_fresh_process(script: str, *arguments: str) -> dict:
    """Runs `python script arguments` and gives the figures that it printed.

    Args:
        script: the path of the script, usually `__file__`.
        *arguments: what stands on its command line.

    Returns:
        What the child gave to `print_figures`.

    Raises:
        RuntimeError: the child failed; the message ends with what it wrote to standard error.
    """
    environment = {"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ}
    child = subprocess.run(
        [sys.executable, script, *arguments], capture_output=True, text=True, env=environment, check=False
    )
    if child.returncode:
        raise RuntimeError(f"{script} {' '.join(arguments)} failed with status {child.returncode}:\n{child.stderr}")
    return json.loads(child.stdout.splitlines()[-1])


def print_figures(figures: dict) -> None:
    """What the child says last."""
    print(json.dumps(figures), flush=True)
