"""Tab completion of names: exercises, tasks, presets, locales, corpora, models. No Keras, Faker or Babel is loaded.

`dlseq --install-completion` sets it up in bash, zsh, fish and PowerShell.
"""

import ast
import importlib.util
import pkgutil
from pathlib import Path

import typer

import dlseq

__all__ = [
    "complete_corpus",
    "complete_exercise",
    "complete_format",
    "complete_language",
    "complete_locale",
    "complete_model",
    "complete_part",
    "complete_preset",
    "complete_task",
]

CORPORA = ("dinosaurs", "english")
PACKAGE = Path(dlseq.__file__).parent


def complete_exercise(incomplete: str) -> list[tuple[str, str]]:
    """Return exercises and their titles."""
    from dlseq.course.exercises import EXERCISES

    return _beginning(incomplete, {exercise.name: exercise.title for exercise in EXERCISES})


def complete_language(incomplete: str) -> list[tuple[str, str]]:
    """Return the languages of the course."""
    from dlseq.languages.choice import LANGUAGES

    return _beginning(incomplete, LANGUAGES)


def complete_task(incomplete: str) -> list[tuple[str, str]]:
    """Return tasks and their descriptions."""
    from dlseq.tasks.registry import TASKS

    return _beginning(incomplete, {name: entry.description for name, entry in TASKS.items()})


def complete_preset(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the presets of the task on the command line, or of all tasks."""
    from dlseq.tasks.registry import TASKS, presets_of

    task = _task(context)
    presets = [preset for name in ([task] if task in TASKS else TASKS) for preset in presets_of(name).values()]
    return _beginning(incomplete, {preset.name: preset.description for preset in presets})


def complete_locale(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the locales of the task on the command line, or of all tasks."""
    task = _task(context)
    found = {"dates": _date_locales, "entities": _entity_locales, "names": _name_locales}
    names = [name for key, locales in found.items() if key == task or task not in found for name in locales()]
    return _beginning(incomplete, dict.fromkeys(sorted(names), ""))


def complete_corpus(incomplete: str) -> list[tuple[str, str]]:
    """Return the corpora of names."""
    return _beginning(incomplete, dict.fromkeys([*CORPORA, *_name_locales()], ""))


def complete_model(incomplete: str) -> list[tuple[str, str]]:
    """Return the shipped models."""
    from dlseq.tasks.pretrained import shipped_models

    return _beginning(incomplete, dict.fromkeys(shipped_models(), ""))


def complete_part(incomplete: str) -> list[tuple[str, str]]:
    """Return the parts that `dlseq doctor` examines."""
    from dlseq.checking.doctor import PARTS

    return _beginning(incomplete, dict.fromkeys(PARTS, ""))


def complete_format(incomplete: str) -> list[tuple[str, str]]:
    """Return the formats of reports."""
    from dlseq.grading.reports import FORMATS

    return _beginning(incomplete, dict.fromkeys(FORMATS, ""))


def _task(context):
    """Return the task on the command line; behind an option without its value it is among the unparsed arguments."""
    return context.params.get("task") or next(iter(context.args), None)


def _beginning(incomplete, helps):
    return [(name, text) for name, text in helps.items() if name.startswith(incomplete)]


def _name_locales():
    """Return Faker's locales with names, from the folder of its modules: importing Faker takes longer than a key."""
    faker = importlib.util.find_spec("faker")
    folders = [] if faker is None else [f"{place}/providers/person" for place in faker.submodule_search_locations]
    return sorted(module.name for module in pkgutil.iter_modules(folders))


def _date_locales():
    nodes = _nodes("data/dates/presets.py", ast.Assign)
    (names,) = [node.value for node in nodes if getattr(node.targets[0], "id", "") == "_WORLD_LOCALE_NAMES"]
    return ast.literal_eval(names).split()


def _entity_locales():
    nodes = _nodes("data/entities/locales.py", ast.Call)
    return [ast.literal_eval(node.args[0]) for node in nodes if getattr(node.func, "id", "") == "EntityLocale"]


def _nodes(file, kind):
    """Return nodes of the syntax tree of a module of dlseq, without importing the module, which loads Babel."""
    return [node for node in ast.walk(ast.parse((PACKAGE / file).read_text("utf-8"))) if isinstance(node, kind)]
