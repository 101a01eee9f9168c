"""Text processing: vocabularies, word splitting and normalization."""

from dlseq.text.vocabulary import Vocabulary, split_words

__all__ = ["Vocabulary", "split_words"]
