"""Vocabulary of characters or words: texts to ids and back."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from dlseq.errors import DataError

__all__ = ["Vocabulary", "split_words"]

SPECIAL_TOKENS = ("<pad>", "<unk>", "<eos>")
LEVELS = ("char", "word")


class Vocabulary:
    """A mapping between symbols, characters or words, and ids.

    Ids 0, 1 and 2 are padding, unknown and end of sequence; the symbols follow in the given order. A symbol outside of
    the vocabulary is encoded as `unk_id`.

    Args:
        symbols: characters (code points) or words, all different.
        level: "char" or "word", the kind of symbol. Texts are split by `split_words` and words joined with one space.

    Raises:
        DataError: an unknown level, a repeated or empty symbol, or one of several characters at level "char".

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
            raise DataError(f"Invalid value for argument `level`. Expected 'char' or 'word'. Received: {level!r}")
        self.level = level
        self.symbols = tuple(symbols)
        check_symbols(self.symbols, level)
        self._ids = {symbol: index for index, symbol in enumerate(self.symbols, start=len(SPECIAL_TOKENS))}
        if level == "char":
            self._build_tables()

    def _build_tables(self):
        """Build lookup tables for batches of characters: code point -> id, and id -> code point."""
        points = np.array([ord(symbol) for symbol in self.symbols], dtype=np.uint32)
        self._id_of_point = np.full(int(points.max(initial=0)) + 2, self.unk_id, dtype=np.int32)
        self._id_of_point[points] = np.arange(len(SPECIAL_TOKENS), len(self), dtype=np.int32)
        replacement = np.full(len(SPECIAL_TOKENS), ord("\ufffd"), dtype=np.uint32)
        self._point_of_id = np.concatenate([replacement, points])  # (V,)

    @classmethod
    def from_texts(cls, texts: Iterable[str], level: str = "char", max_size: int | None = None) -> "Vocabulary":
        """Build a vocabulary from texts: characters sorted by code point, words by frequency and then alphabet.

        Args:
            texts: the texts; or lists of words, for level "word".
            level: "char" or "word".
            max_size: maximum `len` of the vocabulary, special tokens included; rare symbols are left out first. None
                for no limit.

        Returns:
            A `Vocabulary`.

        Raises:
            DataError: an unknown level, a single text instead of a list, or a `max_size` under 3.

        Example:
            >>> Vocabulary.from_texts(["to be or", "not to be"], level="word").symbols
            ('be', 'to', 'not', 'or')
        """
        texts = as_text_list(texts)
        if max_size is not None and max_size < len(SPECIAL_TOKENS):
            raise DataError(
                f"Invalid value for argument `max_size`. Expected at least {len(SPECIAL_TOKENS)}, the special tokens. "
                f"Received: {max_size}"
            )
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(split_words(text) if level == "word" and isinstance(text, str) else text)
        symbols = sorted(counts, key=lambda symbol: (-counts[symbol], symbol))
        symbols = symbols[: None if max_size is None else max_size - len(SPECIAL_TOKENS)]
        return cls(symbols if level == "word" else sorted(symbols), level)

    def __len__(self) -> int:
        return len(SPECIAL_TOKENS) + len(self.symbols)

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
        """Encode one text as ids.

        Args:
            text: the text.
            length: T, the padded length; None for no padding.
            eos: whether to append an end token, which counts towards the length.

        Returns:
            int32 array of shape `(T,)`.

        Raises:
            DataError: the text is longer than `length`. Texts are never cut.
        """
        return self.encode_batch([text], length, eos)[0]

    def encode_batch(self, texts: Iterable[str], length: int | None = None, eos: bool = False) -> np.ndarray:
        """Encode texts as ids, padded on the right to one length.

        Args:
            texts: B texts.
            length: T; None for the length of the longest text.
            eos: whether to append an end token to each text, which counts towards the length.

        Returns:
            int32 array of shape `(B, T)`.

        Raises:
            DataError: a text is longer than `length` (with its position), or a single text instead of a list.

        Example:
            >>> Vocabulary("abc").encode_batch(["cab", "b"])
            array([[5, 3, 4],
                   [4, 0, 0]], dtype=int32)
        """
        rows = as_text_list(texts)
        if self.level == "word":
            rows = [split_words(text) for text in rows]
        return self.encode_rows(rows, length, eos)

    def encode_rows(self, rows: Sequence[Sequence[str]], length: int | None = None, eos: bool = False) -> np.ndarray:
        """Encode rows of symbols as ids; see `encode_batch`, which splits texts into such rows.

        Example:
            >>> Vocabulary(["B-place", "O"], level="word").encode_rows([["O", "B-place"], ["O"]])
            array([[4, 3],
                   [4, 0]], dtype=int32)
        """
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows)) + eos  # (B,)
        width = int(lengths.max(initial=0)) if length is None else length
        if (lengths > width).any():
            raise DataError(self._too_long_message(int(np.argmax(lengths > width)), lengths, width, eos))

        ids = np.full((len(rows), width), self.pad_id, dtype=np.int32)  # (B, T)
        steps = np.arange(width)
        ids[steps < (lengths - eos)[:, None]] = self._flat_ids(rows)
        if eos:
            ids[np.arange(len(rows)), lengths - 1] = self.eos_id
        return ids

    def _flat_ids(self, rows: Sequence[Sequence[str]]) -> np.ndarray:
        """Return the ids of all symbols of all rows, concatenated."""
        if self.level == "word":
            return np.array([self._ids.get(word, self.unk_id) for row in rows for word in row], dtype=np.int32)
        points = np.frombuffer("".join(rows).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        return self._id_of_point[np.minimum(points, len(self._id_of_point) - 1)]  # the last entry is unknown

    def _too_long_message(self, row: int, lengths: np.ndarray, width: int, eos: bool) -> str:
        unit = "characters" if self.level == "char" else "words"
        end = " with its end token" if eos else ""
        return (
            f"Text {row} is too long. Expected at most {width} {unit}. Received: {lengths[row]}{end}. "
            "Shorten it, or increase `length`."
        )

    def decode(self, ids: Iterable[int]) -> str:
        """Decode one row of ids; see `decode_batch`."""
        return self.decode_batch(np.asarray(ids, dtype=np.int64)[None, :])[0]

    def decode_batch(self, ids: np.ndarray) -> list[str]:
        """Decode ids to texts, up to the first end token and without padding.

        Args:
            ids: integers of shape `(B, T)`.

        Returns:
            B texts. Unknown symbols are "\ufffd" at level "char" and "<unk>" at level "word".

        Raises:
            DataError: another shape, or an id outside of the vocabulary.

        Example:
            >>> Vocabulary("abc").decode_batch([[5, 3, 4], [1, 2, 4]])
            ['cab', '\ufffd']
        """
        ids = np.asarray(ids)  # (B, T)
        if ids.size == 0:
            ids = ids.astype(np.int64)
        if ids.ndim != 2 or not np.issubdtype(ids.dtype, np.integer):
            raise DataError(
                "Invalid value for argument `ids`. Expected integers of shape (B, T). "
                f"Received: {ids.dtype} of shape {ids.shape}"
            )
        if ids.size and (ids.min() < 0 or ids.max() >= len(self)):
            wrong = ids[(ids < 0) | (ids >= len(self))][0]
            raise DataError(
                f"Invalid value for argument `ids`. Expected ids from 0 to {len(self) - 1}. Received: {wrong}. "
                "Were they encoded with another vocabulary?"
            )

        kept = (ids != self.pad_id) & ~np.logical_or.accumulate(ids == self.eos_id, axis=1)  # (B, T)
        ends = np.cumsum(kept.sum(axis=1)).tolist()
        starts = [0, *ends[:-1]]
        if self.level == "word":
            names = (*SPECIAL_TOKENS, *self.symbols)
            words = [names[index] for index in ids[kept].tolist()]
            return [" ".join(words[start:end]) for start, end in zip(starts, ends, strict=False)]
        points = self._point_of_id[ids[kept]].astype("<u4")
        letters = points.tobytes().decode("utf-32-le", "surrogatepass")
        return [letters[start:end] for start, end in zip(starts, ends, strict=False)]

    def to_config(self) -> dict:
        """Return the argument of `from_config`, in plain JSON types."""
        return {"level": self.level, "symbols": list(self.symbols)}

    @classmethod
    def from_config(cls, config: dict) -> "Vocabulary":
        """Make a vocabulary from the result of `to_config`.

        Example:
            >>> Vocabulary.from_config(Vocabulary("abc").to_config()) == Vocabulary("abc")
            True
        """
        try:
            return cls(config["symbols"], config["level"])
        except (KeyError, TypeError) as error:
            raise DataError(f"Invalid vocabulary. Expected level and symbols. Received: {config!r:.80}") from error


def split_words(text: str) -> list[str]:
    """Split a text into words at white space; every punctuation mark or symbol is a word of its own.

    Apostrophes and hyphens inside a word are kept, and so are combining marks of any script.

    Example:
        >>> split_words("Don't panic, it's a well-known fact!")
        ["Don't", 'panic', ',', "it's", 'a', 'well-known', 'fact', '!']
    """
    words: list[str] = []
    for chunk in text.split():
        start = 0
        for index, letter in enumerate(chunk):
            inside = letter in "'’-" and start < index < len(chunk) - 1 and not is_punctuation(chunk[index + 1])
            if is_punctuation(letter) and not inside:
                words += [word for word in (chunk[start:index], letter) if word]
                start = index + 1
        words += [chunk[start:]] if chunk[start:] else []
    return words


def is_punctuation(letter: str) -> bool:
    """Return True if a character is punctuation or a symbol."""
    return unicodedata.category(letter)[0] in "PS"


def as_text_list(texts: Iterable[str]) -> list[str]:
    """Return a list of texts, or raise a DataError for a single text."""
    if isinstance(texts, str):
        raise DataError(f"Expected a list of texts. Received: one text, {texts!r:.40}. Put it into a list.")
    return list(texts)


def check_symbols(symbols: tuple[str, ...], level: str) -> None:
    """Raise a DataError for symbols that cannot be encoded or decoded."""
    repeated = [symbol for symbol, count in Counter(symbols).items() if count > 1]
    if repeated:
        raise DataError(f"Expected each symbol once. Received: {repeated[0]!r} more than once")
    for symbol in symbols:
        if not isinstance(symbol, str) or not symbol or (level == "char" and len(symbol) != 1):
            expected = "single characters" if level == "char" else "words"
            raise DataError(f"Expected {expected} as symbols. Received: {symbol!r}")
        if level == "word" and symbol in SPECIAL_TOKENS:
            raise DataError(f"Expected words other than the special tokens. Received: {symbol!r}")
