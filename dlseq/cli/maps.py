"""The file that a command draws attention maps into."""

from pathlib import Path

from dlseq.errors import DlseqError
from dlseq.files import check_writable

__all__ = ["PAGE_SUFFIX", "check_map_path"]

PAGE_SUFFIX = ".html"


def check_map_path(path: Path, texts: list[str]) -> None:
    """Check that the maps of some texts can be drawn into a file: a page, or a figure for one text.

    Raises:
        DlseqError: another suffix, a folder that cannot be written to, or several texts for one figure.
    """
    from dlseq.plots import check_figure_path  # loads Matplotlib

    if path.suffix == PAGE_SUFFIX:
        check_writable(path)
        return
    check_figure_path(path)
    if len(texts) != 1:
        raise DlseqError(
            f"Invalid option --plot. Expected one text to draw, or the name of an {PAGE_SUFFIX} page for several. "
            f"Received: {len(texts)}."
        )
