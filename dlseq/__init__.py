"""Sequence models with attention as Keras layers, and a course on them that can be executed and graded.

`import dlseq` loads no framework: public names resolve on first use.

Example:
    >>> import dlseq
    >>> dlseq.AttentionLayer.__module__
    'dlseq.layers.attention'
"""

import importlib

__version__ = "0.1.0"

_PUBLIC = {
    "AttentionDecoder": "dlseq.layers",
    "AttentionLayer": "dlseq.layers",
    "DateNormalizer": "dlseq.tasks.date_normalization",
    "LSTM": "dlseq.layers",
    "NameGenerator": "dlseq.tasks.name_generation",
    "TextEncoder": "dlseq.layers",
    "Vocabulary": "dlseq.text.vocabulary",
    "attention_heatmap": "dlseq.plots",
    "beam_search": "dlseq.decoding",
    "check": "dlseq.checking.notebook",
    "date_pairs": "dlseq.data.dates",
    "greedy_search": "dlseq.decoding",
    "one_step_attention": "dlseq.layers",
    "sample": "dlseq.decoding",
}

__all__ = list(_PUBLIC)


def __getattr__(name):
    if name not in _PUBLIC:
        raise AttributeError(f"module 'dlseq' has no attribute {name!r}; expected one of {sorted(_PUBLIC)}")
    value = getattr(importlib.import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted([*globals(), *_PUBLIC])
