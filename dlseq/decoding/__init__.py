"""Decoding: sampling, greedy search and beam search over next-token distributions.

All decoders work over one protocol, `step(tokens, state)`, see `dlseq.decoding.protocol`, and do not
depend on the model behind it.
"""

from dlseq.decoding.averaging import average_variants
from dlseq.decoding.beam import beam_search
from dlseq.decoding.compiled import compiled
from dlseq.decoding.constraint import Automaton
from dlseq.decoding.greedy import greedy_search
from dlseq.decoding.protocol import Decoded, Hypotheses
from dlseq.decoding.sampling import sample

__all__ = [
    "Automaton",
    "Decoded",
    "Hypotheses",
    "average_variants",
    "beam_search",
    "compiled",
    "greedy_search",
    "sample",
]
