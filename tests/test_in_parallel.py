"""The tests themselves, run by several processes."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def test_each_process_takes_whole_files_in_their_order(tmp_path):
    """Left to itself, pytest-xdist begins with the file of the most tests, so that forks come after TensorFlow."""
    pytest.importorskip("xdist", reason="pytest-xdist is not installed: pip install 'dlseq[dev]'")
    shutil.copyfile(Path(__file__).with_name("conftest.py"), tmp_path / "conftest.py")
    for name, count in (("a", 1), ("b", 5), ("c", 2), ("d", 6), ("e", 3)):
        (tmp_path / f"test_{name}.py").write_text("".join(f"def test_{n}(): pass\n" for n in range(count)))
    command = [sys.executable, "-m", "pytest", "-p", "xdist.plugin", "-n", "2", "-v", "-c", os.devnull, "--rootdir=."]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False)
    ran = re.findall(r"^\[gw(\d)\].* PASSED test_(\w).py", done.stdout, re.MULTILINE)
    assert len(ran) == 17, done.stdout + done.stderr
    files = {worker: [file for other, file in ran if other == worker] for worker in "01"}
    assert all(taken == sorted(taken) for taken in files.values())
    assert not set(files["0"]) & set(files["1"])
