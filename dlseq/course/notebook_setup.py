"""First cell of a released notebook: it installs dlseq from the wheel of the hand-out, on Colab and Kaggle too."""

import inspect
import json
import textwrap

from dlseq.languages import get_translator
from dlseq.languages.choice import SOURCE_LANGUAGE

__all__ = ["install_dlseq", "setup_cell"]

CELL_HEADER = '# %% cellView="form" jupyter={"source_hidden": true}\n# @title '
TITLE = "Setup: run this cell first"
MESSAGES = {
    "start": "Installing dlseq, which takes some minutes …",
    "restart": "Installed. NumPy was in use and is new now: restart the session (Colab: Runtime, Restart session).",
    "missing": "Cannot find {}. Expected it in the folder that you received with this notebook. On Colab, upload that "
    "folder as one zip file (folder symbol on the left); on Kaggle, add it as a dataset. Then run this cell again.",
    "failed": "Cannot install {}:",
}


def setup_cell(wheel: str, language: str = SOURCE_LANGUAGE) -> str:
    """Return a cell in percent format that installs dlseq from a wheel; grading leaves it out.

    Args:
        wheel: file name of the wheel.
        language: one of `dlseq.languages.LANGUAGES`, for its messages.

    Example:
        >>> [line] = [line for line in setup_cell("dlseq-1.0-py3-none-any.whl").splitlines() if "1.0" in line]
        >>> print(line.strip())
        install_dlseq("dlseq-1.0-py3-none-any.whl", {
    """
    translate = get_translator(language)
    messages = json.dumps({name: translate(text) for name, text in MESSAGES.items()}, ensure_ascii=False, indent=4)
    body = f'{inspect.getsource(install_dlseq)}\n\ninstall_dlseq("{wheel}", {messages})\n'
    return f'{CELL_HEADER}{translate(TITLE)}\nif __name__ == "__main__":\n\n{textwrap.indent(body, "    ")}\n'


def install_dlseq(wheel_name, messages):
    """Install dlseq from the wheel beside this notebook, or from an upload on Colab or Kaggle."""
    import importlib.metadata
    import importlib.util
    import shutil
    import subprocess
    import sys
    import zipfile
    from pathlib import Path

    here = Path.cwd()
    is_installed = importlib.util.find_spec("dlseq") is not None
    has_tests = any((folder / "tests/graded").is_dir() for folder in (here, *here.parents))
    if is_installed and has_tests:
        return
    uploads = [here, *map(Path, ("/content", "/content/drive/MyDrive", "/kaggle/input"))]

    def search(pattern):
        found = list(here.parent.glob(pattern))
        return found + [
            file for place in uploads for depth in ("", "*/", "*/*/") for file in place.glob(depth + pattern)
        ]

    wheels = search(wheel_name)
    for path in [] if wheels else filter(zipfile.is_zipfile, search("*.zip")):
        with zipfile.ZipFile(path) as archive:
            if any(name.split("/")[-1] == wheel_name for name in archive.namelist()):
                archive.extractall(here)
                wheels = search(wheel_name)
                break
    tests = wheels[0].parent / "tests" if wheels else None
    if tests is not None and tests.is_dir() and not has_tests:
        shutil.copytree(tests, here / "tests")  # for the last cell
    if is_installed:
        return
    if not wheels:
        raise FileNotFoundError(messages["missing"].format(wheel_name))
    print(messages["start"])
    command = [sys.executable, "-m", "pip", "install", "--quiet", f"{wheels[0]}[notebooks]"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(messages["failed"].format(wheels[0]) + "\n" + done.stderr[-2000:])
    importlib.invalidate_caches()
    numpy = sys.modules.get("numpy")
    if numpy is not None and numpy.__version__ != importlib.metadata.version("numpy"):
        print(messages["restart"])
