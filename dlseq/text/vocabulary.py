"""Text to integers and back: `Vocabulary`, of characters or of words."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from dlseq.errors import DataError

__all__ = ["Vocabulary", "split_words"]

SPECIALS = ("<pad>", "<unk>", "<eos>")
LEVELS = ("char", "word")


class Vocabulary:
    """The symbols that a model knows, each with its id.

    Ids 0, 1 and 2 are padding, unknown and end of sequence; the symbols follow in the order given. A symbol that the
    vocabulary does not know becomes one `unk_id`, and is no error.

    Args:
        symbols: characters (code points) or words, all different.
        level: "char" or "word": what a symbol is. Words are split by `split_words` and joined with one space.

    Raises:
        DataError: an unknown level, a symbol that occurs twice, an empty one, or one longer than a character in a
            vocabulary of characters.

    Example:
        >>> vocabulary = Vocabulary("-0123456789")
        >>> vocabulary.encode("1969?", length=7, eos=True)
        array([ 5, 13, 10, 13,  1,  2,  0], dtype=int32)
        >>> vocabulary.decode([5, 13, 10, 13, 2, 0])
        '1969'
    """

    pad_id = 0
    unk_id = 1
    eos_id = 2

    def __init__(self, symbols: Iterable[str], level: str = "char"):
        if level not in LEVELS:
            raise DataError(f"unknown level {level!r}: expected 'char' or 'word'")
        self.level = level
        self.symbols = tuple(symbols)
        check_symbols(self.symbols, level)
        self._ids = {symbol: index for index, symbol in enumerate(self.symbols, start=len(SPECIALS))}
        if level == "char":
            self._build_tables()

    def _build_tables(self):
        """Tables for whole batches of characters: code point -> id, and id -> code point."""
        points = np.array([ord(symbol) for symbol in self.symbols], dtype=np.uint32)
        self._id_of_point = np.full(int(points.max(initial=0)) + 2, self.unk_id, dtype=np.int32)
        self._id_of_point[points] = np.arange(len(SPECIALS), len(self), dtype=np.int32)
        replacement = np.full(len(SPECIALS), ord("\ufffd"), dtype=np.uint32)
        self._point_of_id = np.concatenate([replacement, points])  # (V,)

    @classmethod
    def from_texts(cls, texts: Iterable[str], level: str = "char", max_size: int | None = None) -> "Vocabulary":
        """Collects the symbols of texts: characters by code point; words by frequency, equal ones by alphabet.

        Args:
            texts: the texts to learn from.
            level: "char" or "word".
            max_size: the largest `len` that the vocabulary may have, its three special tokens included; the rarest
                symbols are left out. None keeps them all.

        Returns:
            A `Vocabulary`.

        Raises:
            DataError: an unknown level, one text in place of several, or a `max_size` under 3.

        Example:
            >>> Vocabulary.from_texts(["to be or", "not to be"], level="word").symbols
            ('be', 'to', 'not', 'or')
        """
        texts = checked_texts(texts)
        if max_size is not None and max_size < len(SPECIALS):
            raise DataError(f"expected max_size of at least {len(SPECIALS)}, the special tokens; received {max_size}")
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(split_words(text) if level == "word" else text)
        symbols = sorted(counts, key=lambda symbol: (-counts[symbol], symbol))
        symbols = symbols[: None if max_size is None else max_size - len(SPECIALS)]
        return cls(symbols if level == "word" else sorted(symbols), level)

    def __len__(self) -> int:
        return len(SPECIALS) + len(self.symbols)

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._ids

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Vocabulary):
            return NotImplemented
        return (self.level, self.symbols) == (other.level, other.symbols)

    def __hash__(self) -> int:
        return hash((self.level, self.symbols))

    def __repr__(self) -> str:
        return f"<Vocabulary of {len(self)} {self.level}s, special tokens included>"

    def encode(self, text: str, length: int | None = None, eos: bool = False) -> np.ndarray:
        """Gives the ids of one text.

        Args:
            text: the text.
            length: T, to which the ids are padded; None for no padding.
            eos: whether an end token follows the text. It counts towards the length.

        Returns:
            int32 array of shape `(T,)`.

        Raises:
            DataError: the text does not fit into `length`. It is never cut.
        """
        return self.encode_batch([text], length, eos)[0]

    def encode_batch(self, texts: Iterable[str], length: int | None = None, eos: bool = False) -> np.ndarray:
        """Gives the ids of texts, padded on the right to one length.

        Args:
            texts: B texts.
            length: T; None for that of the longest text.
            eos: whether an end token follows each text. It counts towards the length.

        Returns:
            int32 array of shape `(B, T)`.

        Raises:
            DataError: a text does not fit into `length`, with its position; or one text in place of several.

        Example:
            >>> Vocabulary("abc").encode_batch(["cab", "b"])
            array([[5, 3, 4],
                   [4, 0, 0]], dtype=int32)
        """
        rows = checked_texts(texts)
        if self.level == "word":
            rows = [split_words(text) for text in rows]
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows)) + eos  # (B,)
        width = int(lengths.max(initial=0)) if length is None else length
        if (lengths > width).any():
            raise DataError(self._too_long(int(np.argmax(lengths > width)), lengths, width, eos))

        ids = np.full((len(rows), width), self.pad_id, dtype=np.int32)  # (B, T)
        steps = np.arange(width)
        ids[steps < (lengths - eos)[:, None]] = self._flat_ids(rows)
        if eos:
            ids[np.arange(len(rows)), lengths - 1] = self.eos_id
        return ids

    def _flat_ids(self, rows: Sequence[Sequence[str]]) -> np.ndarray:
        """The ids of all symbols of all rows, one after the other."""
        if self.level == "word":
            return np.array([self._ids.get(word, self.unk_id) for row in rows for word in row], dtype=np.int32)
        points = np.frombuffer("".join(rows).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        return self._id_of_point[np.minimum(points, len(self._id_of_point) - 1)]  # the last entry is unknown

    def _too_long(self, row: int, lengths: np.ndarray, width: int, eos: bool) -> str:
        unit = "characters" if self.level == "char" else "words"
        end = " with its end token" if eos else ""
        return (
            f"expected texts of at most {width} {unit}, received one of {lengths[row]}{end} at position {row}; "
            "shorten it, or give a greater length"
        )

    def decode(self, ids: Iterable[int]) -> str:
        """Gives the text of one row of ids, as `decode_batch` does."""
        return self.decode_batch(np.asarray(ids, dtype=np.int64)[None, :])[0]

    def decode_batch(self, ids: np.ndarray) -> list[str]:
        """Gives the texts of ids: up to the first end token, padding left out.

        Args:
            ids: integers of shape `(B, T)`.

        Returns:
            B texts. What was unknown is "\ufffd", or "<unk>" among words.

        Raises:
            DataError: the shape is another, or an id is outside of the vocabulary.

        Example:
            >>> Vocabulary("abc").decode_batch([[5, 3, 4], [1, 2, 4]])
            ['cab', '\ufffd']
        """
        ids = np.asarray(ids)  # (B, T)
        if ids.size == 0:
            ids = ids.astype(np.int64)
        if ids.ndim != 2 or not np.issubdtype(ids.dtype, np.integer):
            raise DataError(f"expected integers of shape (B, T), received {ids.dtype} of shape {ids.shape}")
        if ids.size and (ids.min() < 0 or ids.max() >= len(self)):
            wrong = ids[(ids < 0) | (ids >= len(self))][0]
            raise DataError(f"expected ids from 0 to {len(self) - 1}, received {wrong}; is this another vocabulary's?")

        kept = (ids != self.pad_id) & ~np.logical_or.accumulate(ids == self.eos_id, axis=1)  # (B, T)
        ends = np.cumsum(kept.sum(axis=1)).tolist()
        starts = [0, *ends[:-1]]
        if self.level == "word":
            names = (*SPECIALS, *self.symbols)
            words = [names[index] for index in ids[kept].tolist()]
            return [" ".join(words[start:end]) for start, end in zip(starts, ends, strict=False)]
        points = self._point_of_id[ids[kept]].astype("<u4")
        letters = points.tobytes().decode("utf-32-le", "surrogatepass")
        return [letters[start:end] for start, end in zip(starts, ends, strict=False)]

    def to_config(self) -> dict:
        """Gives what `from_config` needs, in plain JSON types."""
        return {"level": self.level, "symbols": list(self.symbols)}

    @classmethod
    def from_config(cls, config: dict) -> "Vocabulary":
        """Makes the vocabulary that `to_config` described.

        Example:
            >>> Vocabulary.from_config(Vocabulary("abc").to_config()) == Vocabulary("abc")
            True
        """
        try:
            return cls(config["symbols"], config["level"])
        except (KeyError, TypeError) as error:
            raise DataError(f"expected a vocabulary's level and symbols, received {config!r:.80}") from error


def split_words(text: str) -> list[str]:
    """Splits a text at white space, with every punctuation mark or symbol as a word of its own.

    An apostrophe or a hyphen inside a word stays in it, and so do the combining marks of any script.

    Example:
        >>> split_words("Don't panic, it's a well-known fact!")
        ["Don't", 'panic', ',', "it's", 'a', 'well-known', 'fact', '!']
    """
    words: list[str] = []
    for chunk in text.split():
        start = 0
        for index, letter in enumerate(chunk):
            inside = letter in "'’-" and start < index < len(chunk) - 1 and not is_mark(chunk[index + 1])
            if is_mark(letter) and not inside:
                words += [word for word in (chunk[start:index], letter) if word]
                start = index + 1
        words += [chunk[start:]] if chunk[start:] else []
    return words


def is_mark(letter: str) -> bool:
    """Whether a character is punctuation or a symbol, and no part of a word."""
    return unicodedata.category(letter)[0] in "PS"


def checked_texts(texts: Iterable[str]) -> list[str]:
    """Makes a list of texts, and refuses one text in the place of several."""
    if isinstance(texts, str):
        raise DataError(f"expected a list of texts, received the one text {texts!r:.40}; put it into a list")
    return list(texts)


def check_symbols(symbols: tuple[str, ...], level: str) -> None:
    """Refuses symbols that could not be told apart or found again."""
    twice = [symbol for symbol, count in Counter(symbols).items() if count > 1]
    if twice:
        raise DataError(f"expected each symbol once, received {twice[0]!r} more than once")
    for symbol in symbols:
        if not isinstance(symbol, str) or not symbol or (level == "char" and len(symbol) != 1):
            expected = "single characters" if level == "char" else "words"
            raise DataError(f"expected {expected} as symbols, received {symbol!r}")
        if level == "word" and symbol in SPECIALS:
            raise DataError(f"expected words other than the special tokens, received {symbol!r}")
