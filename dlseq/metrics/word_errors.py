"""Word error rate of recognized speech."""

from collections.abc import Sequence

from dlseq.errors import DlseqError

__all__ = ["word_error_rate", "word_errors"]


def word_errors(predicted: Sequence, expected: Sequence) -> int:
    """Return the least number of words to replace, insert or delete to turn one sequence into the other.

    Reference:
        Levenshtein, 1966, "Binary codes capable of correcting deletions, insertions, and reversals".

    Example:
        >>> word_errors("one two two four".split(), "one two three".split())
        2
    """
    above = list(range(len(predicted) + 1))  # of the expected words so far, to each beginning of the predicted ones
    for count, word in enumerate(expected, 1):
        row = [count]
        for index, other in enumerate(predicted):
            row.append(min(above[index] + (word != other), above[index + 1] + 1, row[index] + 1))
        above = row
    return above[-1]


def word_error_rate(predicted: Sequence[str], expected: Sequence[str]) -> float:
    """Return the errors in all texts by the number of expected words.

    Every word has the same weight, so a long text counts more than a short one. The rate is above 1 if there are more
    errors than words.

    Args:
        predicted: `B` texts, words with white space between them; a text may be empty.
        expected: the expected texts, in the same order.

    Returns:
        A number of at least 0.

    Raises:
        DlseqError: the two differ in length, one of them is a single text, or no text has a word.

    Example:
        >>> word_error_rate(["one two", "five"], ["one three", "five six"])  # one replaced and one missing of four
        0.5
    """
    if isinstance(predicted, str) or isinstance(expected, str):
        raise DlseqError("Expected two lists of texts. Received: one text. Put it into a list.")
    if len(predicted) != len(expected):
        raise DlseqError(
            "Arguments `predicted` and `expected` do not match. Expected the same number of texts. "
            f"Received: {len(predicted)} and {len(expected)}"
        )
    pairs = [(text.split(), other.split()) for text, other in zip(predicted, expected, strict=True)]
    words = sum(len(other) for _, other in pairs)
    if not words:
        raise DlseqError("Invalid value for argument `expected`. Expected at least one word. Received: none.")
    return sum(word_errors(text, other) for text, other in pairs) / words
