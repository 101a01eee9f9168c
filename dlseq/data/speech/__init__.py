"""Speech: log-mel features, WAV files, and utterances of synthetic voices in three languages."""

from dlseq.data.speech.augmentation import CLEAN, Augmentation
from dlseq.data.speech.features import (
    BANDS,
    FRAMES_PER_SECOND,
    RATE,
    band_centers,
    log_mel,
    loudness_levels,
    mel_filters,
)
from dlseq.data.speech.nonspeech import NONSPEECH, draw_nonspeech
from dlseq.data.speech.recordings import recorded_word, voice_names
from dlseq.data.speech.sound import read_wav, resample, write_wav
from dlseq.data.speech.utterances import Utterance, draw_utterances, read_speech, read_speech_csv
from dlseq.data.speech.words import LANGUAGES, language_words

__all__ = [
    "BANDS",
    "CLEAN",
    "FRAMES_PER_SECOND",
    "LANGUAGES",
    "NONSPEECH",
    "RATE",
    "Augmentation",
    "Utterance",
    "band_centers",
    "draw_nonspeech",
    "draw_utterances",
    "language_words",
    "log_mel",
    "loudness_levels",
    "mel_filters",
    "read_speech",
    "read_speech_csv",
    "read_wav",
    "recorded_word",
    "resample",
    "voice_names",
    "write_wav",
]
