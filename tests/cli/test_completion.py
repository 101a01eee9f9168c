"""Tab completion through the shells' protocol: names of all kinds, and no framework loaded."""

import os
import subprocess
import sys

import pytest
import typer.main

from dlseq.cli import app, completion
from dlseq.course.exercises import EXERCISES
from dlseq.data.dates.presets import WORLD_LOCALES
from dlseq.data.entities.locales import LOCALES
from dlseq.data.names.locales import locales
from dlseq.tasks.pretrained import shipped_models
from dlseq.tasks.registry import TASKS, presets_of

EXERCISE_NAMES = [exercise.name for exercise in EXERCISES]


@pytest.fixture
def completed(monkeypatch, capsys):
    """Return what a shell is offered for the last of some words."""

    def run(*words):
        monkeypatch.setenv("_DLSEQ_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", " ".join(["dlseq", *words]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        with pytest.raises(SystemExit):
            app(prog_name="dlseq")
        return capsys.readouterr().out.split()

    return run


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["check", ""], EXERCISE_NAMES),
        (["check", "beam_search", "rec"], ["recurrent_network"]),
        (["prove", "at"], ["attention_layer"]),
        (["release", "out", "--exercise", "l"], ["language_model"]),
        (["grade", "a", "--exercise", "l"], ["language_model"]),
        (["grade", "a", "--format", "c"], ["canvas"]),
        (["gradescope", "a", "--exercise", "l"], ["language_model"]),
        (["train", ""], list(TASKS)),
        (["train", "dates", "--preset", ""], list(presets_of("dates"))),
        (["train", "names", "--preset", "eng"], ["english"]),
        (["train", "dates", "--locale", ""], sorted(WORLD_LOCALES)),
        (["train", "entities", "--locale", ""], sorted(LOCALES)),
        (["train", "names", "--locale", ""], sorted(locales())),
        (["train", "names", "--locale", "fr_F"], ["fr_FR"]),
        (["names", "--corpus", ""], ["dinosaurs", "english", *sorted(locales())]),
        (["gallery", "--model", ""], shipped_models()),
        (["doctor", "--require", "sand"], ["sandbox"]),
        (["check", "zzz"], []),
    ],
)
def test_names_are_completed(completed, words, offered):
    assert completed(*words) == offered


def test_presets_of_all_tasks_are_offered_before_a_task(completed):
    assert set(completed("train", "--preset", "")) == {name for task in TASKS for name in presets_of(task)}


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("dlseq check rec", "recurrent_network"),
        ("dlseq train dates --locale ko", "ko_KR"),
        ("dlseq names --corpus ko", "ko_KR"),
        ("dlseq train dates --preset w", "world"),
    ],
)
def test_a_shell_gets_its_answer_without_a_framework(line, offered):
    words = line.split()
    environment = {"_DLSEQ_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    program = (
        "import atexit, sys\n"
        "heavy = {'tensorflow', 'keras', 'jax', 'torch', 'faker', 'babel', 'matplotlib'}\n"
        "atexit.register(lambda: print(heavy & set(sys.modules), file=sys.stderr))\n"
        "from dlseq.cli import app\napp(prog_name='dlseq')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == [offered] and done.stderr.strip() == "set()"


def test_every_argument_that_names_something_is_completed():
    """A new command is found here, by arguments that are called like an exercise, task, preset, locale or corpus."""
    kinds = {"EXERCISE": "complete_exercise", "task": "complete_task", "preset": "complete_preset"}
    kinds |= {"locale": "complete_locale", "corpus": "complete_corpus"}
    missing = []
    for name, command in typer.main.get_command(app).commands.items():
        for parameter in command.params:
            words = {parameter.name, *(option.strip("-") for option in parameter.opts)}
            words |= (
                {"EXERCISE"} if "--exercise" in parameter.opts or "EXERCISE" in (parameter.metavar or "") else set()
            )
            for word in words & set(kinds):
                assert hasattr(completion, kinds[word])
                if parameter._custom_shell_complete is None:
                    missing.append(f"dlseq {name}: {parameter.name}")
    assert missing == []
