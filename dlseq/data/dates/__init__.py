"""Date pairs: dates as people write them beside the ISO date, drawn with Faker and written with Babel."""

from dlseq.data.dates.csv_file import read_date_csv, split_by_date
from dlseq.data.dates.generator import HumanDateProvider, date_pairs, field_spans
from dlseq.data.dates.pairs import SPLITS, DatePair, split_for_date
from dlseq.data.dates.presets import PRESETS, DatePreset, preset_for

__all__ = [
    "PRESETS",
    "SPLITS",
    "DatePair",
    "DatePreset",
    "HumanDateProvider",
    "date_pairs",
    "field_spans",
    "preset_for",
    "read_date_csv",
    "split_by_date",
    "split_for_date",
]
