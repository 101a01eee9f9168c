"""Sequence models with attention in Keras, and a course on them with an automatic grader.

`import dlseq` loads no deep-learning framework: public names are imported on first use.

Example:
    >>> import dlseq
    >>> dlseq.AttentionLayer.__module__
    'dlseq.layers.attention'
"""

import importlib

__version__ = "0.1.0"

_PUBLIC_MODULES = {
    "AttentionDecoder": "dlseq.layers",
    "AttentionLayer": "dlseq.layers",
    "DateNormalizer": "dlseq.tasks.dates.normalization",
    "LSTM": "dlseq.layers",
    "NameGenerator": "dlseq.tasks.names.generation",
    "TextEncoder": "dlseq.layers",
    "TrainingConfig": "dlseq.training.config",
    "Vocabulary": "dlseq.text",
    "attention_heatmap": "dlseq.plots",
    "beam_search": "dlseq.decoding",
    "check": "dlseq.checking.notebook",
    "date_pairs": "dlseq.data.dates",
    "greedy_search": "dlseq.decoding",
    "one_step_attention": "dlseq.layers",
    "sample": "dlseq.decoding",
}

__all__ = list(_PUBLIC_MODULES)


def __getattr__(name):
    if name not in _PUBLIC_MODULES:
        raise AttributeError(f"module 'dlseq' has no attribute {name!r}. Expected one of {sorted(_PUBLIC_MODULES)}")
    value = getattr(importlib.import_module(_PUBLIC_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted([*globals(), *_PUBLIC_MODULES])
