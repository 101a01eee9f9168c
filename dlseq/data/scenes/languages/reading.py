"""Reader of a sequence of words."""

__all__ = ["WordReader"]


class WordReader:
    """Words read one by one.

    Example:
        >>> reader = WordReader(("left", "of"))
        >>> reader.take("left", "of"), reader.next(), reader.is_at_end
        (True, '', True)
    """

    def __init__(self, words: tuple[str, ...]):
        self.words = words
        self.place = 0

    @property
    def is_at_end(self) -> bool:
        """All words are read."""
        return self.place >= len(self.words)

    def peek(self) -> str:
        """Return the next word, "" at the end."""
        return "" if self.is_at_end else self.words[self.place]

    def next(self) -> str:
        """Return the next word and step over it, "" at the end."""
        word = self.peek()
        self.place += word != ""
        return word

    def take(self, *words: str) -> bool:
        """Step over words if they come next; return whether they did."""
        found = self.words[self.place : self.place + len(words)] == words
        self.place += len(words) * found
        return found
