"""Dates as people type them, and texts that are no date: training data of the shipped date model."""

from dlseq.data.dates.typed.doubt import DOUBT_KINDS, REFUSAL, doubtful_pairs
from dlseq.data.dates.typed.forms import TypedForm, typed_forms
from dlseq.data.dates.typed.generator import typed_pairs
from dlseq.data.dates.typed.noise import NOISE_KINDS, typing_noise

__all__ = [
    "DOUBT_KINDS",
    "NOISE_KINDS",
    "REFUSAL",
    "TypedForm",
    "doubtful_pairs",
    "typed_forms",
    "typed_pairs",
    "typing_noise",
]
