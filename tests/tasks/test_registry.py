"""Registry of tasks: presets are found without TensorFlow, and bad options are refused."""

import subprocess
import sys

import pytest

from dlseq.errors import DataError, DlseqError
from dlseq.tasks.registry import TASKS, find_preset, load_task, presets_of


def test_presets_are_found_without_a_framework():
    program = (
        "import sys; from dlseq.tasks.registry import *\n"
        "for task in TASKS: presets_of(task), find_preset(task)\n"
        "print(sorted({'keras', 'tensorflow'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("function", [load_task, presets_of, find_preset])
def test_an_unknown_task_is_refused_with_a_list(function):
    with pytest.raises(DlseqError, match=f"Expected one of: {', '.join(TASKS)}"):
        function("chess")


@pytest.mark.parametrize("task", TASKS)
def test_an_unknown_preset_is_refused_with_a_list(task):
    with pytest.raises(DlseqError, match=f"Expected one of: {', '.join(presets_of(task))}. Received: mars"):
        find_preset(task, "mars")


def test_an_option_that_a_task_does_not_take_is_refused():
    with pytest.raises(DataError, match=r"--locale, --data, --lower, --unweighted\. Received: --examples"):
        find_preset("names", examples=100)
    with pytest.raises(DataError, match="Received: --lower"):
        find_preset("dates", lower=True)


@pytest.mark.parametrize("options", [{"locales": ("fr_FR",)}, {"examples": 500}])
def test_a_file_and_drawn_data_exclude_each_other(options):
    with pytest.raises(DataError, match="Received: both"):
        find_preset("dates", file="mine.csv", **options)


def test_given_settings_replace_those_of_the_preset():
    preset = find_preset("dates", "world", locales=("fr_FR",), training={"epochs": 2, "patience": None})
    assert preset.data.locales == ("fr_FR",)
    assert preset.data.examples == 200_000
    assert preset.training.epochs == 2
    assert preset.training.batch_size == presets_of("dates")["world"].training.batch_size
