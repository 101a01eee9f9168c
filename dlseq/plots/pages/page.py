"""A page: one HTML file that needs no network, saved to a file or shown in a notebook."""

import html
import os
from dataclasses import dataclass, field

from dlseq.files import atomic_write, check_writable

__all__ = ["Page"]

SUFFIX = ".html"
FRAME_HEIGHT_PIXELS = 420


@dataclass(frozen=True)
class Page:
    """Complete HTML document with its title, as the functions of `dlseq.plots` return it.

    As the output of a notebook cell it is shown in a frame, which keeps its style and script from the notebook.

    Args:
        title: title of the document, as plain text.
        html: the whole document. It refers to no other file.

    Example:
        >>> import pathlib, tempfile
        >>> page = Page("One date", "<!doctype html><title>One date</title>")
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "map.html"
        >>> page.save(path)
        >>> path.read_text("utf-8") == page.html
        True
    """

    title: str
    html: str = field(repr=False)

    def save(self, path: str | os.PathLike) -> None:
        """Write the document to a file, atomically.

        Args:
            path: the file to create or replace, ending in `.html`.

        Raises:
            DlseqError: another suffix, or a folder that cannot be written to.
        """
        check_writable(path, SUFFIX)
        with atomic_write(path) as partial:
            partial.write_text(self.html, encoding="utf-8")

    def _repr_html_(self) -> str:
        """Show the document in an `iframe` as the output of a notebook cell."""
        return (
            f'<iframe srcdoc="{html.escape(self.html, quote=True)}" title="{html.escape(self.title)}" width="100%" '
            f'height="{FRAME_HEIGHT_PIXELS}"></iframe>'
        )
