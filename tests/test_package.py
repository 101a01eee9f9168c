"""Package import: no deep-learning framework is loaded before it is needed."""

import subprocess
import sys

import pytest

import dlseq

HEAVY = ("tensorflow", "keras", "jax", "torch", "matplotlib", "faker", "babel")


def loaded_by(program):
    """Return the heavy packages that a fresh interpreter has loaded after a program, and its CPU seconds."""
    report = (
        "import sys, resource, atexit\n"
        "def report():\n"
        "    use = resource.getrusage(resource.RUSAGE_SELF)\n"
        f"    print('\\n', *[name for name in {HEAVY!r} if name in sys.modules], '|', use.ru_utime + use.ru_stime)\n"
        "atexit.register(report)\n"
    )
    done = subprocess.run([sys.executable, "-c", report + program], capture_output=True, text=True, check=True)
    names, seconds = done.stdout.splitlines()[-1].split("|")
    return names.split(), float(seconds)


@pytest.mark.parametrize(
    "program",
    [
        "import dlseq",
        "import sys; sys.argv = ['dlseq', '--help']; from dlseq.cli import main; main()",
        "import sys; sys.argv = ['dlseq', 'dates', '--help']; from dlseq.cli import main; main()",
        "import sys; sys.argv = ['dlseq', '--version']; from dlseq.cli import main; main()",
    ],
)
def test_import_and_help_are_fast_and_load_no_framework(program):
    heavy, seconds = loaded_by(program)
    assert heavy == []
    assert seconds < 1


def test_data_text_metrics_and_plots_load_no_framework():
    heavy, _ = loaded_by("import dlseq.data.dates, dlseq.data.names, dlseq.text.vocabulary, dlseq.metrics, dlseq.plots")
    assert not set(heavy) & {"tensorflow", "keras", "jax", "torch"}


def test_public_names_resolve():
    for name in dlseq.__all__:
        assert getattr(dlseq, name).__doc__


def test_an_unknown_name_lists_the_public_ones():
    with pytest.raises(AttributeError, match=r"Expected one of .*AttentionLayer"):
        dlseq.AttentionLair  # noqa: B018
