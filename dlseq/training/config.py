"""Settings and results of a training run, as plain data without a framework."""

import dataclasses

__all__ = ["TrainingConfig", "TrainingRun"]


@dataclasses.dataclass(frozen=True)
class TrainingConfig:
    """Settings of a training run.

    Args:
        epochs: Maximal number of passes over the training examples; the learning rate falls to zero over them.
        batch_size: Examples per step.
        learning_rate: Peak learning rate.
        patience: Epochs without improvement after which training stops, or `None` for no early stopping.
        target: Value of the monitored metric at which training stops, or `None`.
        seconds: Time limit, checked after every batch, or `None`.
        short_first: Number of first epochs that train on the shortest quarter of the examples, four times, because
            attention is found sooner in short ones (Bengio et al., "Curriculum learning", 2009).
        seed: Seed of the data, the initial weights, the order of the batches and dropout.

    Example:
        >>> TrainingConfig(epochs=3).batch_size
        50
    """

    epochs: int = 10
    batch_size: int = 50
    learning_rate: float = 0.01
    patience: int | None = None
    target: float | None = None
    seconds: float | None = None
    short_first: int = 0
    seed: int = 0

    def stage(self, time_share: float, **settings) -> "TrainingConfig":
        """Return settings of one stage of this training, with the seed and a share of the time limit.

        Example:
            >>> TrainingConfig(seconds=50, seed=3).stage(0.5, epochs=2)
            TrainingConfig(epochs=2, batch_size=50, learning_rate=0.01, patience=None, target=None, seconds=25.0, \
short_first=0, seed=3)
        """
        seconds = None if self.seconds is None else time_share * self.seconds
        return TrainingConfig(**settings, seconds=seconds, seed=self.seed)


@dataclasses.dataclass(frozen=True)
class TrainingRun:
    """Result of a training run.

    Args:
        history: Logged values of each epoch, by name.
        seconds: Duration.
        stopped: Reason of the end: `"finished"`, `"time"`, `"target"`, `"patience"` or `"interrupted"`.
        best_epoch: Number of the epoch whose weights the network has now, counted from 1, or `None` if no epoch was
            completed.
    """

    history: dict[str, list[float]]
    seconds: float
    stopped: str
    best_epoch: int | None
