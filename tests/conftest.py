"""Fixtures that several folders of tests share, made once a session."""

import contextlib
import gc
import os
import shutil
import signal
import subprocess
import sys
import textwrap

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["LC_ALL"] = "C.UTF-8"  # messages in English, whatever the language of the machine
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy comes: more of them wait by spinning
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes start; each would compile the package anew

import pytest

sys.dont_write_bytecode = False

# A shell that starts the tests in the background makes them ignore Ctrl-C, and some tests send one.
signal.signal(signal.SIGINT, signal.default_int_handler)

with contextlib.suppress(ImportError):  # grading does not need Hypothesis
    from hypothesis import settings

    settings.register_profile("any machine", deadline=None)  # a busy machine is slow
    settings.load_profile("any machine")

# TensorFlow keeps so many objects that garbage collection took a fifth of the time.
gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish(session):
    """Exclude all imported objects from garbage collection, and plugins of others from pytest in new processes."""
    gc.collect()
    gc.freeze()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = (
        "1"  # nearly two CPU seconds each: Hypothesis, Faker, anyio with trio
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With pytest-xdist a process takes one file after another, in their order: files share what they set up, and no
    test that forks comes after one that runs TensorFlow."""
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


@pytest.fixture
def submit():
    """Make a `Submission` of the text of a file, run in this process."""
    from dlseq.grading.worker.executor import Executor
    from dlseq.testing.submission import InProcessTransport, Submission

    def make(text, file="answer.py"):
        return Submission(InProcessTransport(Executor([(file, text)])))

    return make


@pytest.fixture
def run_on_backend():
    """A function that runs Python code, with arguments, in a new process with another backend of Keras."""

    def run(backend, code, *arguments):
        process = subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            env={**os.environ, "KERAS_BACKEND": backend},
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 0, process.stderr[-3000:]

    return run


@pytest.fixture(scope="session")
def course_pairs():
    """Date pairs of the course preset: 1,500 to train on and 300 whose dates are not among them."""
    from dlseq.data.dates import date_pairs

    return (
        date_pairs(1_500, "course", split="train", seed=1),
        date_pairs(300, "course", split="validation", seed=1),
    )


@pytest.fixture(scope="session")
def trained_normalizer(course_pairs):
    """A small date normalizer trained for a few epochs: the model, its score before, and the training run."""
    from dlseq.tasks.dates.normalization import DateNormalizer
    from dlseq.training.config import TrainingConfig

    train, validation = course_pairs
    model = DateNormalizer.build(train, units=32, decoder_units=32, seed=0)
    before = model.score(validation)
    return model, before, model.fit(train, validation, TrainingConfig(epochs=4, batch_size=25))


@pytest.fixture(scope="session")
def normalizer(trained_normalizer):
    """The model of `trained_normalizer`."""
    return trained_normalizer[0]


CHROMIUM_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --window-size=1200,900"
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Headless Chromium without a network, driven by Selenium."""
    chromium, driver = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.skip("needs Chromium: apt-get install chromium chromium-driver")
    webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium: pip install 'dlseq[dev]'")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND"
    for flag in (*CHROMIUM_FLAGS.split(), nowhere, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(driver))
    yield driver
    driver.quit()


@pytest.fixture
def open_page(browser):
    """Function that opens an HTML file in the browser and waits until it is complete."""
    from selenium.webdriver.support.ui import WebDriverWait

    def run(path):
        browser.get(path.as_uri())
        there = "return document.readyState === 'complete' && location.href === arguments[0]"
        WebDriverWait(browser, 30).until(lambda browser: browser.execute_script(there, path.as_uri()))

    return run


SOLUTION = '''
# %% [markdown]
# # Doubling

# %%
import numpy as np

### BEGIN SOLUTION
def secret_helper(number):
    return number * 2
### END SOLUTION

# %%
def double(x):
    """Doubles an array."""
    ### BEGIN SOLUTION
    doubled_array = secret_helper(x)
    return doubled_array
    ### END SOLUTION


# %%
def double_sum(x):
    """The sum of a doubled array."""
    ### BEGIN SOLUTION
    return float(double(x).sum())
    ### END SOLUTION
'''

GRADED = '''
"""Graded tests of a small exercise."""

import numpy as np
import pytest

from dlseq.testing import close, unchanged

UNSEEN_SIZE = 17


@pytest.mark.points(40, of="double")
@pytest.mark.hint("Twice as much.")
@pytest.mark.parametrize("size", [1, 3])
def test_double(submission, reference, rng, size):
    """Every value is doubled."""
    x = rng.normal(size=size)
    known = [("It is not a square.", lambda: x**2), ("Nothing happened.", lambda: reference.call("double", x) / 2)]
    close(submission.call("double", x), reference.call("double", x), "y", known=known)


@pytest.mark.points(30, of="double_sum")
@pytest.mark.hint("Add up.")
def test_sum(submission, reference, rng):
    """The doubled values are added up."""
    x = rng.normal(size=4)
    expected = reference.expected("by hand", lambda: 2 * float(x.sum()))
    close(submission.call("double_sum", x), expected, "s")


# a comment that belongs to the hidden test
@pytest.mark.hidden
@pytest.mark.points(30, of="double")
@pytest.mark.hint("Any size will do, and x stays as it was.")
def test_hidden_doubling(submission, reference, rng):
    """Arrays of any size are doubled."""
    x = rng.normal(size=UNSEEN_SIZE)
    value, (after,) = submission.call_with_inputs("double", x)
    close(value, reference.call("double", x), "y")
    unchanged(after, x, "x")
'''

MISTAKES = """
from dlseq.authoring.mistakes import Mistake

MISTAKES = [
    Mistake("squares", "double", ("double", "double_sum"), "not a square", ("secret_helper(x)", "x**2")),
    Mistake("does nothing", "double", ("double", "double_sum"), "Nothing happened", body="return x"),
    Mistake("changes x", "double", ("double",), "in place", body="x *= 2\\nreturn x"),
    Mistake("takes the mean", "double_sum", ("double_sum",), "Add up", (".sum()", ".mean()")),
]
EQUIVALENT = {}
"""

NAME = "recurrent_network"  # the course knows exercises by name; this small one borrows it


@pytest.fixture
def small_course(tmp_path):
    """A course of one exercise in its own folder: a solution, visible and hidden tests, and mistakes."""
    from dlseq.authoring.release import refresh_stubs
    from dlseq.course.layout import Course

    course = Course(tmp_path / "course")
    for path, text in (
        (course.solution(NAME), SOLUTION),
        (course.tests(NAME), GRADED),
        (course.mistakes / f"{NAME}.py", MISTAKES),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip())
    refresh_stubs(course)
    return course


@pytest.fixture
def course(small_course):
    return small_course


@pytest.fixture
def change():
    """Replace text in a file that contains it."""

    def replace(path, old, new):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return replace
