"""Page of a recognizer of speech in the gallery."""

import dataclasses

from dlseq.data.speech import LANGUAGES, draw_utterances
from dlseq.plots import Page, StepWords, step_page
from dlseq.tasks.speech.transcript import PAGE_WORDS

__all__ = ["gallery_page"]

SEED = 5


def gallery_page(model, name: str) -> Page:
    """Return a page of digits and commands in each language, by synthetic voices of the test."""
    options = {"split": "test", "noise_share": 0.0}
    utterances = [
        *(
            draw_utterances(1, SEED, languages=(code,), digits=(4, 5), digit_share=1, **options)[0]
            for code in LANGUAGES
        ),
        *(draw_utterances(1, SEED, languages=(code,), digit_share=0, **options)[0] for code in LANGUAGES),
        draw_utterances(1, SEED, "test", noise_share=1.0)[0],
    ]
    examples = []
    for utterance, transcript in zip(
        utterances, model.transcribe([utterance.levels for utterance in utterances]), strict=True
    ):
        note = "a sound without speech"
        if utterance.text:
            note = f"synthetic voice {utterance.voice}, {LANGUAGES[utterance.language]}: {utterance.text}"
        examples.append(dataclasses.replace(transcript.example(), note=note))
    return step_page(examples, f"Speech: {name}", StepWords(**PAGE_WORDS))
