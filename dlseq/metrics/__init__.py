"""Metrics in NumPy and plain Python, for sequences, translations, alignments and distributions."""

from dlseq.metrics.alignment import alignment_error_rate, attention_links
from dlseq.metrics.by_length import LengthScore, bleu_by_length
from dlseq.metrics.distributions import jensen_shannon_distance
from dlseq.metrics.entities import entity_f1
from dlseq.metrics.genes import coding_f1, exact_genes
from dlseq.metrics.pointing import pointing_hits
from dlseq.metrics.search_errors import SearchErrors, search_errors
from dlseq.metrics.sequences import exact_match, nats_per_symbol, perplexity
from dlseq.metrics.translations import TranslationScore, bleu, chrf
from dlseq.metrics.word_errors import word_error_rate, word_errors

__all__ = [
    "LengthScore",
    "SearchErrors",
    "TranslationScore",
    "alignment_error_rate",
    "attention_links",
    "bleu",
    "bleu_by_length",
    "chrf",
    "coding_f1",
    "entity_f1",
    "exact_genes",
    "exact_match",
    "jensen_shannon_distance",
    "nats_per_symbol",
    "perplexity",
    "pointing_hits",
    "search_errors",
    "word_error_rate",
    "word_errors",
]
