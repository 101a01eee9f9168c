"""Stops of the tour, in the order of the lecture: from one input and one output to sequences on both sides."""

import importlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.registry import load_task
from dlseq.tasks.tour.demonstration import Demonstration

__all__ = ["SEQUENCE_TYPES", "TOUR", "TourResult", "TourStop", "run_tour"]

SEQUENCE_TYPES = {
    "one to one": "One input, one output: no recurrence is needed.",
    "one to many": "One input starts a sequence; each output is the next input.",
    "many to one": "The network reads a sequence and answers once.",
    "many to many, equal lengths": "Each input has an output, which may depend on all inputs.",
    "many to many, different lengths": "An encoder reads the input; the output has a length of its own.",
}
"""Types of networks by what is a sequence, each in a sentence."""


@dataclass(frozen=True)
class TourStop:
    """An application of a type of network.

    Attributes:
        sequence_type: one of `SEQUENCE_TYPES`.
        application: name of the application.
        task: task of the registry, or "" if the stop trains a network of its own.
        model: name of the shipped model.
        module: module with `demonstrate(model, seed)`, which returns a `Demonstration`; `model` is the loaded task, or
            `None` without one.
    """

    sequence_type: str
    application: str
    task: str
    model: str
    module: str


@dataclass(frozen=True)
class TourResult:
    """Demonstration of a stop, with the seconds that it took."""

    stop: TourStop
    demonstration: Demonstration
    seconds: float


TOUR = (
    TourStop("one to one", "naming of a drawing", "", "", "dlseq.tasks.tour.image_naming"),
    TourStop("one to many", "music generation", "music", "music-chorales", "dlseq.tasks.music.tour"),
    TourStop("many to one", "sentiment classification", "sentiment", "sentiment-grammar", "dlseq.tasks.sentiment.tour"),
    TourStop("many to one", "activity recognition", "activities", "activities-drawn", "dlseq.tasks.activities.tour"),
    TourStop(
        "many to many, equal lengths",
        "named entity recognition",
        "entities",
        "entities-world",
        "dlseq.tasks.entities.tour",
    ),
    TourStop("many to many, equal lengths", "DNA analysis", "genes", "genes-made", "dlseq.tasks.genes.tour"),
    TourStop(
        "many to many, different lengths",
        "machine translation",
        "translation",
        "translation-fr-en",
        "dlseq.tasks.translation.tour",
    ),
    TourStop(
        "many to many, different lengths", "speech recognition", "speech", "speech-words", "dlseq.tasks.speech.tour"
    ),
)


def run_tour(stops: Iterable[TourStop] = TOUR, *, seed: int = 0) -> Iterator[TourResult]:
    """Load the model of each stop, score it and its baseline on held-out examples, and draw one of them.

    Args:
        stops: stops of the tour. Defaults to all.
        seed: of the held-out examples, and of what is trained. Defaults to `0`.

    Yields:
        The result of each stop, when it is done.
    """
    for stop in stops:
        start = time.perf_counter()
        model = load_task(stop.task).load(pretrained(stop.model)) if stop.task else None
        demonstration = importlib.import_module(stop.module).demonstrate(model, seed)
        yield TourResult(stop, demonstration, time.perf_counter() - start)
