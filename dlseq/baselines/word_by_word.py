"""Translation word by word, in the order of the source."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from dlseq.data.translations import TranslationPair, split_words

__all__ = ["WordByWord"]


class WordByWord:
    """Translator that writes for each source word what it was aligned with most often in training.

    Each word stands for the target words of its gold alignment, which may be none; case is ignored. An unknown word is
    copied.

    Args:
        pairs: Translation pairs of the training, with alignments.

    Example:
        >>> pair = TranslationPair("le chat noir", "the black cat", frozenset({(0, 0), (1, 2), (2, 1)}))
        >>> WordByWord([pair]).translate("Le chat dort")
        'The cat dort'
    """

    def __init__(self, pairs: Sequence[TranslationPair]):
        counts = defaultdict(Counter)
        for pair in pairs:
            aligned = defaultdict(list)
            for target, source in sorted(pair.alignment):
                aligned[source].append(target)
            targets = _words(pair.target)
            for place, word in enumerate(_words(pair.source)):
                counts[word.lower()][tuple(targets[target] for target in aligned[place])] += 1
        self.table = {word: found.most_common(1)[0][0] for word, found in counts.items()}

    def translate(self, text: str) -> str:
        """Return the words of a sentence in the other language, a capital first and full stops without a space."""
        words = [target for word in _words(text) for target in self.table.get(word.lower(), (word,))]
        joined = "".join(word if word in ".,?!" else f" {word}" for word in words).strip()
        return joined[:1].upper() + joined[1:]

    def exact_match(self, pairs: Sequence[TranslationPair]) -> float:
        """Return the share of sentences whose translation is that of the corpus."""
        return sum(self.translate(pair.source) == pair.target for pair in pairs) / len(pairs)


def _words(text):
    return [text[start:end] for start, end in split_words(text)]
