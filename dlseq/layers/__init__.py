"""Keras layers: one public layer per module."""

from dlseq.layers.attention import AttentionLayer, one_step_attention
from dlseq.layers.decoder import AttentionDecoder
from dlseq.layers.encoder import TextEncoder
from dlseq.layers.lstm import LSTM

__all__ = ["LSTM", "AttentionDecoder", "AttentionLayer", "TextEncoder", "one_step_attention"]
