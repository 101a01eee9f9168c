"""Translation pairs from French and Korean to English, rendered from meanings, with gold word alignment."""

from dlseq.data.translations.pairs import LANGUAGES, SPLITS, TranslationPair, pair_of, split_words, translation_pairs

__all__ = ["LANGUAGES", "SPLITS", "TranslationPair", "pair_of", "split_words", "translation_pairs"]
