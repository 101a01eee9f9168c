"""From next-token distributions to sequences: sampling, greedy search and beam search.

All decoders work over one protocol, `step(tokens, state) -> (logits, state)`, and know nothing of the model behind it.
"""

from dlseq.decoding.beam import beam_search
from dlseq.decoding.compiled import compiled
from dlseq.decoding.greedy import greedy_search
from dlseq.decoding.result import Decoded, Hypotheses
from dlseq.decoding.sampling import sample

__all__ = ["Decoded", "Hypotheses", "beam_search", "compiled", "greedy_search", "sample"]
