"""Conversion of percent-format scripts into notebooks, by jupytext."""

from dlseq.extras import require

__all__ = ["to_notebook"]


def to_notebook(text: str) -> str:
    """Convert a percent-format script into a notebook. Cell ids count from 0.

    Args:
        text: the script. Cells under `if __name__ == "__main__":` run in a notebook as they do in a script.

    Returns:
        JSON of the notebook.

    Raises:
        DlseqError: jupytext is not installed.

    Example:
        >>> import json
        >>> script = "# %% [markdown]\\n# One\\n\\n# %%\\nx = 1\\n"
        >>> [cell["cell_type"] for cell in json.loads(to_notebook(script))["cells"]]
        ['markdown', 'code']
    """
    require("jupytext", "notebooks", "write notebooks")
    import jupytext

    notebook = jupytext.reads(text, fmt="py:percent")
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    return jupytext.writes(notebook, fmt="ipynb") + "\n"
