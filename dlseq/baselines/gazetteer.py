"""Lists of known names: the entities of a text by what was one in training."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from dlseq.data.entities import TaggedText, spans_of_tags, split_tokens, tags_of

__all__ = ["Gazetteer", "MostFrequentTag"]


class Gazetteer:
    """Longest phrases that were entities in training, with the label they had most often; case is ignored.

    A token with an @ inside is an e-mail address.

    Args:
        examples: Texts of the training, with at least one entity.

    Example:
        >>> from dlseq.data.entities import Entity
        >>> gazetteer = Gazetteer([TaggedText("Ada lives in Paris.", (Entity(13, 18, "place"),))])
        >>> gazetteer.find("paris is old")
        [(0, 5, 'place')]
    """

    def __init__(self, examples: Sequence[TaggedText]):
        counts = defaultdict(Counter)
        for example in examples:
            for start, end, label in example.entities:
                counts[tuple(_words(example.text[start:end]))][label] += 1
        self.labels = {phrase: found.most_common(1)[0][0] for phrase, found in counts.items()}
        self.longest = max(map(len, self.labels))

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Return the entities of a text as `(start, end, label)`, in order."""
        spans, words, found, index = split_tokens(text), _words(text), [], 0
        while index < len(words):
            for length in range(min(self.longest, len(words) - index), 0, -1):
                phrase = tuple(words[index : index + length])
                label = "email" if length == 1 and "@" in phrase[0][1:] else self.labels.get(phrase)
                if label is not None:
                    found.append((spans[index][0], spans[index + length - 1][1], label))
                    index += length - 1
                    break
            index += 1
        return found


class MostFrequentTag:
    """The BIO tag that each token had most often in training, `O` for an unknown one; case is ignored.

    Args:
        examples: Texts of the training.

    Example:
        >>> from dlseq.data.entities import Entity
        >>> MostFrequentTag([TaggedText("Ada lives in Paris.", (Entity(0, 3, "person"),))]).find("Where is Ada?")
        [(9, 12, 'person')]
    """

    def __init__(self, examples: Sequence[TaggedText]):
        counts = defaultdict(Counter)
        for example in examples:
            for word, tag in zip(_words(example.text), tags_of(example), strict=True):
                counts[word][tag] += 1
        self.tags = {word: found.most_common(1)[0][0] for word, found in counts.items()}

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Return the entities of a text as `(start, end, label)`, in order."""
        spans = split_tokens(text)
        tags = ["B-email" if "@" in word[1:] else self.tags.get(word, "O") for word in _words(text)]
        return [(spans[first][0], spans[end - 1][1], label) for first, end, label in spans_of_tags(tags)]


def _words(text):
    return [text[start:end].lower() for start, end in split_tokens(text)]
