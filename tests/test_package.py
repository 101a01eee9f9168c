"""Looking at the package costs nothing: no framework is loaded before it is needed."""

import subprocess
import sys

import pytest

import dlseq

HEAVY = ("tensorflow", "keras", "jax", "torch", "matplotlib", "faker", "babel")


def loaded_by(program):
    """The heavy packages that a fresh interpreter has loaded after a program, and its CPU seconds."""
    report = (
        "import sys, resource, atexit\n"
        "def tell():\n"
        "    use = resource.getrusage(resource.RUSAGE_SELF)\n"
        f"    print('\\n', *[name for name in {HEAVY!r} if name in sys.modules], '|', use.ru_utime + use.ru_stime)\n"
        "atexit.register(tell)\n"
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
def test_import_and_help_load_no_framework_and_take_no_second(program):
    heavy, seconds = loaded_by(program)
    assert heavy == []
    assert seconds < 1


def test_data_text_metrics_and_plots_know_no_framework():
    heavy, _ = loaded_by("import dlseq.data.dates, dlseq.data.names, dlseq.text.vocabulary, dlseq.metrics, dlseq.plots")
    assert not set(heavy) & {"tensorflow", "keras", "jax", "torch"}


def test_every_public_name_resolves():
    for name in dlseq.__all__:
        assert getattr(dlseq, name).__doc__


def test_a_name_that_is_not_there_says_what_is():
    with pytest.raises(AttributeError, match=r"expected one of .*AttentionLayer"):
        dlseq.AttentionLair  # noqa: B018
