"""Text to integers and back, and the normal form of a text."""

from dlseq.text.vocabulary import Vocabulary, split_words

__all__ = ["Vocabulary", "split_words"]
