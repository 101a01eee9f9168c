"""Stop of the tour: the words of a recording, many to many of different lengths."""

from dlseq.baselines.templates import TemplateRecognizer
from dlseq.data.speech import LANGUAGES, draw_utterances, language_words, recorded_word, voice_names
from dlseq.metrics import exact_match
from dlseq.plots import spectrogram
from dlseq.plots.pages.html_page import figure_picture
from dlseq.tasks.tour.demonstration import Demonstration

__all__ = ["demonstrate"]

TESTED = 90
EVERY = 2  # frames of a template
VOICES = 8
WORD_COST = 150


def demonstrate(model, seed: int) -> Demonstration:
    """Score a recognizer of speech on synthetic voices that it has never heard, and draw one string of digits."""
    utterances = draw_utterances(TESTED, seed + 1, "test", noise_share=0.0)
    words = [
        (voice, code, word)
        for voice in voice_names("train")[:VOICES]
        for code in LANGUAGES
        for word in language_words(code, "digits") + language_words(code, "commands")
    ]
    rival = TemplateRecognizer([recorded_word(*row)[::EVERY] for row in words], [row[2] for row in words], WORD_COST)
    texts = [utterance.text for utterance in utterances]
    shown = max(utterances, key=lambda utterance: len(utterance.text.split()))
    [transcript] = model.transcribe([shown.levels])
    return Demonstration(
        "exact match",
        model.score(utterances)["exact_match"],
        exact_match([rival.recognize(utterance.levels[::EVERY]) for utterance in utterances], texts),
        "templates, DTW",
        TESTED,
        f"{len(shown.levels) / 100:.1f} seconds of a synthetic voice → {transcript.text} (said: {shown.text})",
        figure_picture(
            spectrogram(shown.levels, [(word.word, word.start, word.end) for word in transcript.words]),
            "Spectrogram with the words at their places",
        ),
    )
