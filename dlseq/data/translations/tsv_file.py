"""Parallel corpora from a file: tab-separated English and foreign sentences, as Tatoeba pairs are passed around."""

import os
from pathlib import Path

from dlseq.data.translations.pairs import TranslationPair
from dlseq.errors import DataError

__all__ = ["read_translation_tsv"]


def read_translation_tsv(path: str | os.PathLike) -> list[TranslationPair]:
    """Read translation pairs into English.

    Each line has two or three columns separated by tabs: the English sentence, its translation, and optionally an
    attribution, which is ignored. Empty lines are skipped. Of equal sources, the first line counts, so that no source
    has two answers.

    Args:
        path: a UTF-8 file; a byte order mark is accepted.

    Returns:
        Pairs whose target is the first column, without alignment.

    Raises:
        DataError: the file cannot be read, a line has another number of columns or an empty one, or there is no pair.
            The message names the line.

    Example:
        >>> path = Path("pairs.tsv")
        >>> _ = path.write_text("Hello!\\tBonjour !\\tCC-BY 2.0 (France)\\n", encoding="utf-8")
        >>> read_translation_tsv(path)[0].source
        'Bonjour !'
        >>> path.unlink()
    """
    try:
        lines = Path(path).read_bytes().decode("utf-8-sig").split("\n")
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError(
            f"{path}, line {line}: expected UTF-8. Received the byte 0x{error.object[error.start]:02x}."
        ) from error
    pairs: dict[str, TranslationPair] = {}
    for number, line in enumerate(lines, 1):
        columns = [column.strip() for column in line.rstrip("\r").split("\t")]
        if columns == [""]:
            continue
        if len(columns) not in (2, 3) or not all(columns[:2]):
            raise DataError(
                f"{path}, line {number}: expected the English sentence, a tab and its translation. "
                f"Received {len(columns)} columns: {line[:60]!r}"
            )
        target, source = columns[:2]
        pairs.setdefault(source, TranslationPair(source, target))
    if not pairs:
        raise DataError(f"{path}: expected at least one pair of sentences. Received an empty file.")
    return list(pairs.values())
