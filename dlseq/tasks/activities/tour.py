"""Stop of the tour: the activity of a clip, many to one."""

from dlseq.data.clips import draw_clips
from dlseq.plots import clip_probabilities
from dlseq.plots.pages.html_page import figure_picture
from dlseq.tasks.tour.demonstration import Demonstration, most_frequent_share

__all__ = ["demonstrate"]

TESTED = 300


def demonstrate(model, seed: int) -> Demonstration:
    """Score a recognizer of activities on clips of things that it has never seen, and draw one of the clips."""
    clips = draw_clips(TESTED, seed + 1, "test")
    [reading] = model.recognize([clips[0].frames])
    return Demonstration(
        "exact match",
        model.score(clips)["exact_match"],
        most_frequent_share(clip.activity for clip in clips),
        "most frequent",
        TESTED,
        f"a clip of {len(clips[0].frames)} frames → {reading.activity} (drawn as: {clips[0].activity})",
        figure_picture(
            clip_probabilities(reading.frames, reading.probabilities, reading.activities),
            "Frames of the clip with the probabilities of the activities after each",
        ),
    )
