"""What several tests share, made once a session."""

import os
import signal

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pytest

# A shell that starts the tests in the background has them ignore Ctrl-C, and some tests are about just that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def course_pairs():
    """Date pairs of the course preset: 1,500 to train on and 300 whose dates are not among them."""
    from dlseq.data.dates import date_pairs

    return (
        date_pairs(1_500, "course", split="train", seed=1),
        date_pairs(300, "course", split="validation", seed=1),
    )


@pytest.fixture(scope="session")
def normalizer(course_pairs):
    """A small date normaliser that has been trained for a moment: it knows something, and not everything."""
    from dlseq.models.date_normalizer import DateNormalizer

    train, validation = course_pairs
    model = DateNormalizer.build(train, units=32, decoder_units=32, seed=0)
    model.train(train, validation, epochs=4, batch_size=25)
    return model
