"""Alignment of the words that a translator reads and writes: words to copy, and places of attention in training."""

from collections.abc import Sequence

import numpy as np

from dlseq.data.translations import TranslationPair, split_words
from dlseq.data.translations.lexicon.times import times
from dlseq.errors import DataError
from dlseq.tasks.translation.words import source_words, target_words
from dlseq.text.vocabulary import Vocabulary

__all__ = ["aligned_positions", "copied_words"]


def copied_words(pair: TranslationPair) -> list[tuple[int, int]]:
    """Return the places of names that could be copied, in the words of target and source.

    A name is a word with a capital letter, no month or weekday, that is aligned to one word only; in pairs without
    alignment, a word that both sentences have once.

    Example:
        >>> copied_words(TranslationPair("Jane visite Rome.", "Jane is visiting Rome."))
        [(0, 0), (3, 2)]
    """
    sources, targets = source_words(pair.source), target_words(pair.target)
    if not pair.alignment:
        texts = [word.text for word in sources]
        return [
            (row, texts.index(word))
            for row, word in enumerate(targets)
            if word[:1].isupper() and texts.count(word) == 1 == targets.count(word)
        ]
    units_of_time = {unit for unit, _ in times()}
    starts = [start for start, _ in split_words(pair.source)]
    column_of_start = {word.start: column for column, word in enumerate(sources)}
    found = []
    for row, word in enumerate(targets):
        linked = [column for target, column in pair.alignment if target == row]
        is_name = word[:1].isupper() and len(word) > 1 and word not in units_of_time and len(linked) == 1
        if is_name and sum(column == linked[0] for _, column in pair.alignment) == 1:
            found.append((row, column_of_start[starts[linked[0]]]))
    return found


def aligned_positions(pairs: Sequence[TranslationPair], sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return the source word that the attention should find at each word of a translation.

    Of several source words, it is the rarest, which says most: of "est revenu" the participle. A word without a
    counterpart, such as the auxiliary or the article of a language that has none, looks at the place of the next word
    that has one; the end token, at that of the last.

    Args:
        pairs: N pairs with alignment.
        sources: Ids of the source words `(N, Tx)`, rare ones larger; the unknown word is the rarest.
        targets: Ids of the target words with end tokens `(N, Ty)`.

    Returns:
        Integers `(N, Ty)`: 1 plus the position of the source word; 0 for padding.

    Raises:
        DataError: A pair has no alignment.

    Example:
        >>> pair = TranslationPair("Il est revenu.", "He came back.", frozenset({(0, 0), (1, 1), (1, 2), (3, 3)}))
        >>> aligned_positions([pair], np.array([[4, 6, 9, 3]]), np.array([[4, 5, 6, 3, 2]])).tolist()
        [[1, 3, 4, 4, 4]]
    """
    positions = np.zeros_like(targets)
    rarity = np.where(sources == Vocabulary.unk_id, np.iinfo(sources.dtype).max, sources)
    for row, pair in enumerate(pairs):
        if not pair.alignment:
            raise DataError(
                f"Expected pairs with word alignment, because the network is trained with places of attention. "
                f"Received: a pair without at position {row}. Train without `guidance` and `feeding`, as the preset "
                "file does."
            )
        columns = _columns_of_words(pair.source)
        best: dict[int, int] = {}
        for target, word in pair.alignment:
            column = max(columns[word], key=lambda column: (rarity[row, column], -column))
            rank = (rarity[row, column], -column)
            if target not in best or rank > (rarity[row, best[target]], -best[target]):
                best[target] = column
        following = best[max(best)]
        for step in range(np.count_nonzero(targets[row]) - 1, -1, -1):
            following = best.get(step, following)
            positions[row, step] = following + 1
    return positions


def _columns_of_words(source) -> list[list[int]]:
    """Return the positions of the translator's words within each word of `split_words`."""
    spans = split_words(source)
    columns: list[list[int]] = [[] for _ in spans]
    number = 0
    for column, word in enumerate(source_words(source)):
        while word.start >= spans[number][1]:
            number += 1
        columns[number].append(column)
    return columns
