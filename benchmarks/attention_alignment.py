"""Alignment of attention: the share of it on the field that is being written.

For each field of an ISO date (year: characters 0 to 3, month: 5 and 6, day: 8 and 9), the share of the attention on the
characters of this field in the text, averaged over the field's characters and over 5,000 held-out dates. Baseline:
uniform attention over the text, whose share is the field's length by the text's. "Peak" is the share of output
characters whose position of greatest weight lies in the field.

Only unambiguous forms count: the month contains a letter, and the year has four digits, so that no character could
belong to another field. Output characters without a counterpart in the text count too: the 0 of 03 for "3 may" has no
position to attend to; so the note under the table separates days of one and two digits.

A convolution encodes neighboring characters too, so a model may attend to a position beside the field; the column
"within 1" widens the field by a character on each side, for the model and for uniform attention.

    python benchmarks/attention_alignment.py                       # a model trained on `course` in this run
    python benchmarks/attention_alignment.py --model FILE          # a saved model, on `world`
    python benchmarks/attention_alignment.py --model FILE --preset course
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from accuracy import TEST_SEED, trained_on_course
from report import Table, argument_parser, write_json

from dlseq.data.dates import DatePair, date_pairs, field_spans
from dlseq.data.dates.reading.characters import visible_text
from dlseq.tasks.dates.normalization import DateNormalizer

FIELDS = {"year": slice(0, 4), "month": slice(5, 7), "day": slice(8, 10)}
MEASURES = ("share", "uniform", "share_within_1", "uniform_within_1", "peak")


def unambiguous(pairs: Sequence[DatePair]) -> list[tuple[DatePair, dict[str, tuple[int, int]]]]:
    """Return the pairs of unambiguous form, with the spans of their fields in the normal form of the text.

    Example:
        >>> named = DatePair("3 may 1979", "1979-05-03", "d MMMM y", "en_US")
        >>> numeric = DatePair("3 05 79", "1979-05-03", "d MM yy", "en_US")
        >>> [(pair.text, spans) for pair, spans in unambiguous([named, numeric])]
        [('3 may 1979', {'day': (0, 1), 'month': (2, 5), 'year': (6, 10)})]
    """
    kept = []
    for pair in pairs:
        spans = field_spans(pair)
        if spans is None or visible_text(pair.text) != pair.text:  # normalizing moves the spans
            continue
        year, month = (pair.text[slice(*spans[field])] for field in ("year", "month"))
        if sum(map(str.isdecimal, year)) == 4 and any(map(str.isalpha, month)):
            kept.append((pair, spans))
    return kept


def measure(weights: np.ndarray, spans: dict[str, tuple[int, int]]) -> np.ndarray:
    """Return `MEASURES` of each field, `(3, 5)`, from attention weights `(10, Tx)`.

    Example:
        >>> weights = np.eye(10)
        >>> measure(weights, {"year": (0, 4), "month": (5, 7), "day": (9, 10)})[:, [0, 1, 4]].round(2).tolist()
        [[1.0, 0.4, 1.0], [1.0, 0.2, 1.0], [0.5, 0.1, 0.5]]
    """
    length, figures = weights.shape[1], []
    for field, steps in FIELDS.items():
        first, end = spans[field]
        wide_first, wide_end = max(first - 1, 0), min(end + 1, length)
        peaks = weights[steps].argmax(axis=1)
        figures.append(
            [
                weights[steps, first:end].sum(axis=1).mean(),
                (end - first) / length,
                weights[steps, wide_first:wide_end].sum(axis=1).mean(),
                (wide_end - wide_first) / length,
                ((first <= peaks) & (peaks < end)).mean(),
            ]
        )
    return np.array(figures)


def written_digits(spans: dict[str, tuple[int, int]]) -> int:
    """Return the number of characters of the day in the text."""
    first, end = spans["day"]
    return end - first


def main() -> None:
    """Train or load a model, test it, and print a row for each field."""
    parser = argument_parser("The share of attention on the field being written.")
    parser.add_argument("--model", type=Path, help="a saved model (default: one is trained on `course` now)")
    parser.add_argument("--preset", choices=["course", "world"], help="(default: world with --model, else course)")
    parser.add_argument("--strings", type=int, default=5000, help="drawn; the unambiguous ones count (default: 5000)")
    parser.add_argument("--seed", type=int, default=0, help="of the model that is trained (default: 0)")
    arguments = parser.parse_args()
    preset = arguments.preset or ("world" if arguments.model else "course")

    chosen = unambiguous(date_pairs(arguments.strings, preset, split="test", seed=TEST_SEED))
    normalizer = DateNormalizer.load(arguments.model) if arguments.model else trained_on_course(arguments.seed)[0]
    readings = normalizer.read([pair.text for pair, _ in chosen])
    each = [measure(reading.attention, spans) for reading, (_, spans) in zip(readings, chosen, strict=True)]
    figures = np.mean(each, axis=0)  # (3, 5)
    right = np.mean([reading.iso == pair.iso for reading, (pair, _) in zip(readings, chosen, strict=True)])

    day_digits = {
        digits: float(
            np.mean(
                [row[2, 0] for row, (_, spans) in zip(each, chosen, strict=True) if written_digits(spans) == digits]
            )
        )
        for digits in sorted({written_digits(spans) for _, spans in chosen})
        if digits <= 2
    }
    name = arguments.model.name if arguments.model else "a model trained in this run"
    table = Table(
        f"Attention on the field being written: {name}, {preset}",
        ["field", "share", "uniform", "times", "within 1", "uniform", "peak"],
    )
    for field, row in zip((*FIELDS, "mean"), (*figures, figures.mean(axis=0)), strict=True):
        share, uniform, wide, wide_uniform, peak = row
        narrow = (f"{share:.1%}", f"{uniform:.1%}", f"{share / uniform:.1f}")
        table.add(field, *narrow, f"{wide:.1%}", f"{wide_uniform:.1%}", f"{peak:.1%}")
    table.print(
        f"{len(chosen)} of {arguments.strings} strings are in unambiguous forms; exact match {right:.2%}.",
        "Share on the day by its number of characters: "
        + ", ".join(f"{digits}: {share:.1%}" for digits, share in day_digits.items()),
    )
    fields = {
        field: dict(zip(MEASURES, map(float, row), strict=True)) for field, row in zip(FIELDS, figures, strict=True)
    }
    write_json(arguments.json, {"preset": preset, "fields": fields, "strings": len(chosen), "right": float(right)})


if __name__ == "__main__":
    main()
