"""Dates as people write them, paired with ISO dates: drawn with Faker, written with Babel."""

from dlseq.data.dates.generator import *  # noqa: F403
