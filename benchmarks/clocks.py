"""Keras callbacks that time training and evaluation separately."""

import time

import keras

__all__ = ["EpochClock", "EvaluationClock"]


class EpochClock(keras.callbacks.Callback):
    """Time of the training part of each epoch, without validation.

    `seconds` is the wall time of each epoch, `cpu_seconds` the CPU time of all threads, which other programs disturb
    less.

    Example:
        >>> clock = EpochClock()
        >>> for event in (clock.on_epoch_begin, clock.on_epoch_end):
        ...     event(0)
        >>> len(clock.seconds), clock.seconds[0] < 1
        (1, True)
    """

    def __init__(self):
        super().__init__()
        self.seconds, self.cpu_seconds = [], []
        self._began = None

    def on_epoch_begin(self, epoch, logs=None):
        self._began = (time.perf_counter(), time.process_time())

    def on_test_begin(self, logs=None):
        self._stop()

    def on_epoch_end(self, epoch, logs=None):
        self._stop()

    def _stop(self):
        if self._began is not None:
            self.seconds.append(time.perf_counter() - self._began[0])
            self.cpu_seconds.append(time.process_time() - self._began[1])
            self._began = None


class EvaluationClock(keras.callbacks.Callback):
    """Total `seconds` of validation within `fit`, or of `with clock:` blocks around other evaluations.

    Example:
        >>> clock = EvaluationClock()
        >>> with clock:
        ...     pass
        >>> 0 < clock.seconds < 1
        True
    """

    def __init__(self):
        super().__init__()
        self.seconds, self._began = 0.0, 0.0

    def on_test_begin(self, logs=None):
        self._began = time.perf_counter()

    def on_test_end(self, logs=None):
        self.seconds += time.perf_counter() - self._began

    def __enter__(self):
        self.on_test_begin()
        return self

    def __exit__(self, *exception):
        self.on_test_end()
