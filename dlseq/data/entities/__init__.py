"""Entities in texts: a generator for sixteen locales, CoNLL files, tokens and BIO tags."""

from dlseq.data.entities.conll import read_conll, split_sentences
from dlseq.data.entities.examples import LABELS, Entity, TaggedText, spans_of_tags, tags_of
from dlseq.data.entities.generator import SPLITS, tagged_texts
from dlseq.data.entities.tokens import split_tokens

__all__ = [
    "LABELS",
    "SPLITS",
    "Entity",
    "TaggedText",
    "read_conll",
    "spans_of_tags",
    "split_sentences",
    "split_tokens",
    "tagged_texts",
    "tags_of",
]
