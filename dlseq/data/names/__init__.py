"""Name corpora, with counts where a file has them, and their splits."""

from dlseq.data.names.corpus import corpora, load_name_counts, load_names
from dlseq.data.names.splits import NameSplit, Novelty, novelty, repeat_by_counts, split_names

__all__ = [
    "NameSplit",
    "Novelty",
    "corpora",
    "load_name_counts",
    "load_names",
    "novelty",
    "repeat_by_counts",
    "split_names",
]
