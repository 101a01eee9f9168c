"""Notebook tricks: IPython transformers, magics, `!shell`, edited cell metadata."""

import json

from building import Attack, notebook

TRICKS = """
%load_ext evil
%run -n /scratch/evil.py
%pip install evil
!touch {outside}/shell
!!kill -9 -1
files = !ls /
%system touch {outside}/system
get_ipython().input_transformers_post.append(lambda lines: ["pass"])
"""
CELL = """%%bash
touch {outside}/bash
"""
WRITE = """%%writefile /scratch/planted.py
raise SystemExit
"""


def tricky(path, text):
    """A notebook with magics in cells of their own, and metadata that say what it is not."""
    outside = text.split("OUTSIDE = ", 1)[1].split("\n", 1)[0].strip("'")
    lines = [line.format(outside=outside) for line in TRICKS.strip().splitlines()[:-1]]
    whole = json.loads(notebook("\n".join(lines), CELL.format(outside=outside), WRITE, text))
    whole["cells"][-1]["metadata"] = {"nbgrader": {"grade": True, "points": 100, "locked": True}, "deletable": False}
    whole["cells"].insert(0, {"cell_type": "raw", "source": "raise SystemExit", "metadata": {"tags": ["parameters"]}})
    whole["cells"].append({"cell_type": "markdown", "source": "raise SystemExit", "metadata": {}})
    whole["metadata"] = {"kernelspec": {"name": "bash", "argv": ["touch", f"{outside}/kernel"]}, "points": 100}
    path.mkdir()
    (path / "language_model.ipynb").write_text(json.dumps(whole), "utf-8")


ATTACKS = [
    Attack("magics, shell lines, forged metadata", pack=tricky),
    Attack(
        "IPython within the answer",
        after="""
        try:
            from IPython.core.interactiveshell import InteractiveShell
            shell = InteractiveShell.instance()
            shell.input_transformers_post.append(lambda lines: ["pass"])
            shell.ast_transformers.append(None)
            shell.system(f"touch {OUTSIDE}/ipython")
        except BaseException:
            pass
        """,
        form="ipynb",
    ),
]
