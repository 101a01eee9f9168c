"""Connected words by the nearest templates: dynamic time warping, as recognizers of speech did before networks."""

from collections.abc import Sequence

import numpy as np

__all__ = ["TemplateRecognizer"]


class TemplateRecognizer:
    """Recognizer of connected words: the sequence of recorded words that is nearest to a recording after time warping.

    1. A template is a word of one voice, a row of features for each frame; a pause is like the quietest rows.
    2. A path goes through templates frame by frame: it stays, takes the next frame of its template, or leaves out one.
    3. Its cost is the sum of the mean squared distances, and `penalty` for each word. The cheapest path is the answer.

    Args:
        templates: Features of spoken words, `(T, D)` each.
        words: The word of each.
        penalty: Cost of a word.
        floor: Levels below it count as `floor`, so that faint noise is like silence. Defaults to `35`.

    Reference:
        Ney, 1984, "The use of a one-stage dynamic programming algorithm for connected word recognition".

    Example:
        >>> high, low = np.full((3, 2), [70, 40]), np.full((3, 2), [40, 70])
        >>> recognizer = TemplateRecognizer([high, low], ["high", "low"], penalty=10)
        >>> recognizer.recognize(np.concatenate([high, np.zeros((4, 2)), low, np.zeros((2, 2)), low]))
        'high low low'
    """

    def __init__(self, templates: Sequence[np.ndarray], words: Sequence[str], penalty: float, floor: float = 35.0):
        self.words, self.penalty, self.floor = list(words), penalty, floor
        lengths = np.array([len(template) for template in templates])
        self.ends = np.cumsum(lengths) - 1  # of each template, among the frames of all
        self.starts = self.ends - lengths + 1
        self.frames = np.concatenate([self._floored(template) for template in templates])  # (states, D)
        place = np.arange(len(self.frames)) - np.repeat(self.starts, lengths)
        self.may_step, self.may_skip = place >= 1, place >= 2

    def _floored(self, features):
        return np.maximum(np.asarray(features, np.float32), self.floor)

    def recognize(self, features: np.ndarray) -> str:
        """Return the words of a recording, `(T, D)`, with a space between two."""
        rows = self._floored(features)
        distances = self._distances(rows)
        quiet = np.quantile(rows, 0.1, axis=0)
        pauses = np.square(rows - quiet).mean(axis=1)
        states, infinity = len(self.frames), np.float32(np.inf)
        cost, entered = np.full(states, infinity), np.zeros(states, np.int64)
        outside = [0.0]  # cheapest cost of a path that has left its word or is in a pause, before each frame
        left = [None]  # the word that was left there, with the frame at which it was entered; None in a pause
        for time, row in enumerate(distances):
            stepped = np.where(self.may_step, np.concatenate([[infinity], cost[:-1]]), infinity)
            skipped = np.where(self.may_skip, np.concatenate([[infinity] * 2, cost[:-2]]), infinity)
            options = np.stack([cost, stepped, skipped])
            taken = options.argmin(axis=0)
            places = np.arange(states) - taken
            cost, entered = options[taken, np.arange(states)], entered[places]
            fresh = outside[-1] + self.penalty
            begins = self.starts[cost[self.starts] > fresh]
            cost[begins], entered[begins] = fresh, time
            cost = cost + row
            best = int(cost[self.ends].argmin())
            ended, paused = float(cost[self.ends[best]]), outside[-1] + float(pauses[time])
            outside.append(min(ended, paused))
            left.append((best, int(entered[self.ends[best]])) if ended < paused else None)
        heard, time = [], len(rows)
        while time:
            word, time = (None, time - 1) if left[time] is None else left[time]
            heard += [] if word is None else [self.words[word]]
        return " ".join(reversed(heard))

    def _distances(self, rows):
        """Return the mean squared distance of each row to each frame of the templates, `(T, states)`."""
        products = rows @ self.frames.T
        squares = np.square(rows).sum(axis=1)[:, None] + np.square(self.frames).sum(axis=1)
        return np.maximum(squares - 2 * products, 0) / rows.shape[1]
