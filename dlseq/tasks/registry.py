"""Registry of tasks: a new task is a class, its presets, and a row in `TASKS`. Importing it loads no TensorFlow."""

import dataclasses
import importlib
from types import ModuleType

from dlseq.errors import DataError, DlseqError
from dlseq.tasks.preset import Preset

__all__ = ["TASKS", "TaskEntry", "find_preset", "load_task", "presets_of"]


@dataclasses.dataclass(frozen=True)
class TaskEntry:
    """Row of the registry.

    Args:
        module: Module of the task's class; it may import Keras.
        class_name: Name of the class, a subclass of `dlseq.tasks.base.Task`.
        presets: Module with `PRESETS`, a dict of `Preset` by name, and `default_preset(**data_options)`, the name of
            the preset to take where none is given; it must not import Keras.
        description: Half a sentence for the command line's help.
        gallery: Module with `gallery_page(model, name)`, which returns a `Page` of a shipped model on examples of its
            own, for `dlseq gallery`. Defaults to none.
    """

    module: str
    class_name: str
    presets: str
    description: str
    gallery: str = ""


TASKS = {
    "dates": TaskEntry(
        "dlseq.tasks.dates.normalization",
        "DateNormalizer",
        "dlseq.tasks.dates.presets",
        "dates as people write them to YYYY-MM-DD",
        "dlseq.tasks.dates.gallery",
    ),
    "names": TaskEntry(
        "dlseq.tasks.names.generation",
        "NameGenerator",
        "dlseq.tasks.names.presets",
        "a character-level language model of names",
        "dlseq.tasks.names.gallery",
    ),
    "music": TaskEntry(
        "dlseq.tasks.music.generation",
        "MelodyGenerator",
        "dlseq.tasks.music.presets",
        "melodies like those of Bach's chorales, by key, mode and first notes",
        "dlseq.tasks.music.gallery",
    ),
    "entities": TaskEntry(
        "dlseq.tasks.entities.recognition",
        "EntityRecognizer",
        "dlseq.tasks.entities.presets",
        "persons, companies, places, dates, amounts and e-mail addresses in texts",
        "dlseq.tasks.entities.gallery",
    ),
    "sentiment": TaskEntry(
        "dlseq.tasks.sentiment.classification",
        "SentimentClassifier",
        "dlseq.tasks.sentiment.presets",
        "the stars of a review, with attention over its words",
        "dlseq.tasks.sentiment.gallery",
    ),
    "translation": TaskEntry(
        "dlseq.tasks.translation.translator",
        "Translator",
        "dlseq.tasks.translation.presets",
        "sentences of French or Korean to English, or of a parallel corpus",
        "dlseq.tasks.translation.gallery",
    ),
    "captioning": TaskEntry(
        "dlseq.tasks.captioning.captioner",
        "Captioner",
        "dlseq.tasks.captioning.presets",
        "sentences about pictures, in English or Korean, with attention over places",
        "dlseq.tasks.captioning.gallery",
    ),
    "activities": TaskEntry(
        "dlseq.tasks.activities.recognition",
        "ActivityRecognizer",
        "dlseq.tasks.activities.presets",
        "activities in clips: walks left, jumps, grows, meets another",
        "dlseq.tasks.activities.gallery",
    ),
    "genes": TaskEntry(
        "dlseq.tasks.genes.finding",
        "GeneFinder",
        "dlseq.tasks.genes.presets",
        "genes in DNA: exons and introns on both strands",
        "dlseq.tasks.genes.gallery",
    ),
    "speech": TaskEntry(
        "dlseq.tasks.speech.recognition",
        "SpeechRecognizer",
        "dlseq.tasks.speech.presets",
        "spoken digits and commands in English, French and Korean, by synthetic voices",
        "dlseq.tasks.speech.gallery",
    ),
    "questions": TaskEntry(
        "dlseq.tasks.questions.answering",
        "QuestionAnswerer",
        "dlseq.tasks.questions.presets",
        "answers to questions about drawn scenes, with two looks at the picture",
        "dlseq.tasks.questions.gallery",
    ),
}
OPTIONS = {
    "file": "--data",
    "locales": "--locale",
    "examples": "--examples",
    "lower": "--lower",
    "unweighted": "--unweighted",
}
"""Fields of a preset's `data` that the command line can set, with its options."""


def load_task(name: str) -> type:
    """Import the class of a task.

    Raises:
        DlseqError: There is no such task.
    """
    entry = _entry(name)
    return getattr(importlib.import_module(entry.module), entry.class_name)


def presets_of(name: str) -> dict[str, Preset]:
    """Return the presets of a task by name, without loading TensorFlow.

    Raises:
        DlseqError: There is no such task.

    Example:
        >>> sorted(presets_of("names"))
        ['dinosaurs', 'english']
    """
    return _presets_module(name).PRESETS


def find_preset(task: str, name: str | None = None, *, training: dict | None = None, **options) -> Preset:
    """Return a preset of a task, with its data and training settings replaced where others are given.

    Args:
        task: Name of the task.
        name: Name of the preset. Defaults to `None`, the one that suits the data.
        training: Fields of `TrainingConfig` to replace; `None` values are ignored. Defaults to `None`.
        **options: Fields of the preset's `data` to replace: `file`, `locales`, `examples`, `lower`, `unweighted`. A
            task need not have all of them. Empty values are ignored.

    Raises:
        DlseqError: There is no such task or preset.
        DataError: The task does not take one of the options, or two of them exclude each other.

    Example:
        >>> preset = find_preset("dates", examples=500, training={"seed": 3})
        >>> preset.data.examples, preset.training.seed, preset.training.epochs
        (500, 3, 10)
        >>> find_preset("dates", "mars")
        Traceback (most recent call last):
        ...
        dlseq.errors.DlseqError: Unknown preset of task dates. Expected one of: course, world, file, demo. Received: ...
    """
    module = _presets_module(task)
    options = {field: value for field, value in options.items() if value not in (None, (), False)}
    _check_options(task, module, options)
    name = name or module.default_preset(**options)
    if name not in module.PRESETS:
        raise DlseqError(
            f"Unknown preset of task {task}. Expected one of: {', '.join(module.PRESETS)}. Received: {name}."
        )
    preset = module.PRESETS[name]
    changes = {field: value for field, value in (training or {}).items() if value is not None}
    return dataclasses.replace(
        preset,
        data=dataclasses.replace(preset.data, **options),
        training=dataclasses.replace(preset.training, **changes),
    )


def _check_options(task, module, options):
    data = next(iter(module.PRESETS.values())).data
    accepted = [field.name for field in dataclasses.fields(data) if field.name in OPTIONS]
    for option in options:
        if option not in accepted:
            raise DataError(
                f"Invalid option for task {task}. Expected one of: {', '.join(OPTIONS[field] for field in accepted)}. "
                f"Received: {OPTIONS.get(option, option)}."
            )
    if "file" in options and ("locales" in options or "examples" in options):
        other = OPTIONS["locales" if "locales" in options else "examples"]
        raise DataError(f"Expected --data or {other}, because --data replaces the drawn data. Received: both.")


def _entry(name) -> TaskEntry:
    if name not in TASKS:
        raise DlseqError(f"Unknown task. Expected one of: {', '.join(TASKS)}. Received: {name}.")
    return TASKS[name]


def _presets_module(name) -> ModuleType:
    return importlib.import_module(_entry(name).presets)
