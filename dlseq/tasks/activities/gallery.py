"""Page of a recognizer of activities in the gallery."""

import dataclasses

from dlseq.data.clips import draw_clips
from dlseq.plots import Page, StepWords, step_page
from dlseq.tasks.activities.reading import PAGE_WORDS

__all__ = ["gallery_page"]

COUNT, DRAWN, SEED = 5, 30, 7


def gallery_page(model, name: str) -> Page:
    """Return a page of drawn clips of different activities, by things that training did not have."""
    clips = {clip.activity: clip.frames for clip in draw_clips(DRAWN, SEED, "test")}
    readings = model.recognize(list(clips.values())[:COUNT])
    examples = [
        dataclasses.replace(reading.example(), note=f"drawn as: {activity}")
        for activity, reading in zip(clips, readings, strict=False)
    ]
    return step_page(examples, f"Activities: {name}", StepWords(**PAGE_WORDS))
