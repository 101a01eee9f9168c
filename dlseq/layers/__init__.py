"""Keras layers: one public layer per module."""

from dlseq.layers.application_features import ApplicationFeatures
from dlseq.layers.attention import AttentionLayer
from dlseq.layers.convolutional_features import ConvolutionalFeatures
from dlseq.layers.decoders.aligned_decoder import AlignedDecoder
from dlseq.layers.decoders.attention_decoder import AttentionDecoder
from dlseq.layers.decoders.input_feeding_decoder import InputFeedingDecoder
from dlseq.layers.decoders.location_score import LocationScore
from dlseq.layers.image_encoder import ImageEncoder
from dlseq.layers.last_state_encoder import LastStateEncoder
from dlseq.layers.lstm import LSTM, unfused
from dlseq.layers.one_step_attention import one_step_attention
from dlseq.layers.speech_encoder import SpeechEncoder
from dlseq.layers.text_encoder import TextEncoder

__all__ = [
    "LSTM",
    "AlignedDecoder",
    "ApplicationFeatures",
    "AttentionDecoder",
    "AttentionLayer",
    "ConvolutionalFeatures",
    "ImageEncoder",
    "InputFeedingDecoder",
    "LastStateEncoder",
    "LocationScore",
    "SpeechEncoder",
    "TextEncoder",
    "one_step_attention",
    "unfused",
]
