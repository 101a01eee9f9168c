"""A demonstration of a task: its score beside a baseline, and an example with a picture."""

from dataclasses import dataclass

__all__ = ["Demonstration", "most_frequent_share"]


@dataclass(frozen=True)
class Demonstration:
    """Scores of a model and a baseline on the same held-out examples, and one example.

    Attributes:
        metric: name of the score, such as "exact match".
        score: of the model, a share, or nats.
        baseline: the same score of the baseline.
        baseline_name: name of the baseline, such as "most frequent tag".
        tested: number of held-out examples.
        example: the example of the picture, input and output, in words.
        picture: HTML of the picture.
    """

    metric: str
    score: float
    baseline: float
    baseline_name: str
    tested: int
    example: str
    picture: str

    def show(self, value: float) -> str:
        """Return a value of the score in words: nats with three decimals, anything else as a percentage.

        Example:
            >>> one = Demonstration("nats per note", 2.5, 2.7, "trigram", 60, "", "")
            >>> one.show(one.score)
            '2.500'
        """
        return f"{value:.3f}" if self.metric.startswith("nats") else f"{value:.1%}".replace("%", " %")


def most_frequent_share(answers) -> float:
    """Return the score of a baseline that knows the most frequent answer of the test and nothing else.

    Example:
        >>> most_frequent_share(["walks", "jumps", "walks", "grows"])
        0.5
    """
    answers = list(answers)
    return max(map(answers.count, set(answers))) / len(answers)
