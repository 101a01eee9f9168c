"""Text with the origin of each character, for rewriting rules whose result is still mapped to the text as typed."""

import re
from collections.abc import Callable, Sequence

__all__ = ["TracedText"]


class TracedText:
    """A text that rules rewrite, and for each of its characters the position in the original text.

    Args:
        pieces: What each character of the original text becomes: one, none or several characters.

    Example:
        >>> traced = TracedText("13nov2017")
        >>> traced.rewrite(re.compile("[0-9]()(?=[a-z])|[a-z]()(?=[0-9])"), " ")
        True
        >>> traced.text, list(traced.positions())
        ('13 nov 2017', [0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 8])
    """

    def __init__(self, pieces: Sequence[str]):
        self.text = "".join(pieces)
        self._positions = None  # as the text itself: 0, 1, 2, …
        if len(self.text) != len(pieces) or "" in pieces:
            self._positions = [position for position, piece in enumerate(pieces) for _ in piece]

    def positions(self) -> Sequence[int]:
        """Return the position in the original text of each character; a `range` if no rule changed anything."""
        return range(len(self.text)) if self._positions is None else self._positions

    def rewrite(self, rule: re.Pattern, replacement: str | Callable[[str], str]) -> bool:
        """Replace the first group that took part in each match of a rule; return whether there was a match.

        Args:
            rule: Compiled; each alternative has one group, the part to replace. It may be empty.
            replacement: The new text, or a function of the old one.
        """
        matches = list(rule.finditer(self.text))
        for match in reversed(matches):
            start, end = match.span(match.lastindex)
            new = replacement if isinstance(replacement, str) else replacement(self.text[start:end])
            self._replace(start, end, new)
        return bool(matches)

    def keep(self, start: int, end: int) -> None:
        """Keep the characters from `start` to `end` only."""
        if (start, end) != (0, len(self.text)):
            positions = list(self.positions())
            self.text, self._positions = self.text[start:end], positions[start:end]

    def _replace(self, start, end, new):
        if self.text[start:end] == new:
            return
        positions = list(self.positions())
        old = positions[start:end] or positions[max(start - 1, 0) : max(start, 1)]  # of an insertion: that before it
        last = max(len(new) - 1, 1)
        origins = [old[index * (len(old) - 1) // last] for index in range(len(new))] if old else []
        self.text = self.text[:start] + new + self.text[end:]
        self._positions = positions[:start] + origins + positions[end:]
