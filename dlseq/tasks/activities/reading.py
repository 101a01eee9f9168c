"""Activities of clips as a recognizer returns them."""

import dataclasses

import numpy as np

__all__ = ["PAGE_TITLE", "PAGE_WORDS", "ActivityReading"]

SURE = 0.5
PAGE_TITLE = "Activities in clips"
PAGE_WORDS = {
    "help": "Point at a frame, tap it, or move with the arrow keys: the bars show what the model expects after it.",
    "step": "Frame",
    "choices": "After this frame",
}
"""Arguments of `dlseq.plots.StepWords`, which loads Matplotlib."""


@dataclasses.dataclass(frozen=True, eq=False)
class ActivityReading:
    """Activity of a clip as a model sees it.

    Args:
        activity: the most probable one.
        probability: of this activity.
        activities: all activities that the model knows.
        probabilities: of them after each frame, `(T, K)` float32; the last row is the answer.
        frames: the clip as the network has read it, stabilized, uint8 `(T, H, W, 3)`.
    """

    activity: str
    probability: float
    activities: tuple[str, ...]
    probabilities: np.ndarray
    frames: np.ndarray

    @property
    def sure(self) -> bool:
        """Return whether the probability is at least one half."""
        return self.probability >= SURE

    def example(self):
        """Return the reading as the example of a page: frame by frame, the activities by their final probability."""
        from dlseq.plots import StepExample  # loads Matplotlib

        order = np.argsort(-self.probabilities[-1], kind="stable")
        count = len(self.frames)
        return StepExample(
            self.activity,
            [str(number) for number in range(1, count + 1)],
            [[(self.activities[index], float(row[index])) for index in order] for row in self.probabilities],
            [self.activity] * count,
            self.probability,
            self.frames,
        )

    def _repr_html_(self) -> str:
        """Show the clip with the probabilities after each frame as the output of a notebook cell."""
        from dlseq.plots import StepWords, step_page

        return step_page([self.example()], PAGE_TITLE, StepWords(**PAGE_WORDS))._repr_html_()
