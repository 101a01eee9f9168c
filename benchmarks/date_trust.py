"""Trust in the dates of the shipped model: right, confidently wrong and calibrated, for each kind of text.

An answer is *confident* with a probability of at least one half. Every confident answer to a text that is no date is
wrong; where the order of day and month is open, either reading is right. The kinds are those of `date_texts.py`.
The reliability plot compares the probability with the share of right answers in 15 bins; their mean distance, weighted
by the texts in a bin, is the expected calibration error (Guo et al., 2017, "On calibration of modern neural networks").

Baselines: `dateparser` and `dateutil` on a sample of the same strings, with their best settings: three required fields,
no guesses from today's date, and the same rule for two-digit years. For them every answer is confident, and the texts
whose order is open are left out. Speed is in strings per CPU second. The parsers come with
`pip install -e ".[bench]"`.

    python benchmarks/date_trust.py                              # 5 minutes
    python benchmarks/date_trust.py --size 0.2 --no-parsers      # a quick look
    python benchmarks/date_trust.py --plot docs/reliability.png
"""

import datetime
import random
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from date_texts import Case, cases
from report import Table, argument_parser, require_packages, write_json

from dlseq.tasks.dates.normalization import DateNormalizer
from dlseq.tasks.pretrained import pretrained

CONFIDENT = 0.5
BINS = 15
SAMPLE_PER_KIND = 250  # strings for the parsers


def read(normalizer: DateNormalizer, found: list[Case]) -> tuple[list[str], np.ndarray]:
    """Return the dates that the model reads, and their probabilities `(N,)`."""
    isos, probabilities = [], []
    for first in range(0, len(found), 10_000):
        readings = normalizer.read([case.text for case in found[first : first + 10_000]])
        isos += [reading.iso for reading in readings]
        probabilities += [reading.probability for reading in readings]
    return isos, np.array(probabilities)


def is_right(case: Case, iso: str) -> bool:
    """Return True if a date is one of those that the text may be read as."""
    return iso in case.isos


def exists(iso: str) -> bool:
    """Return True for a date of the calendar."""
    try:
        datetime.date.fromisoformat(iso)
    except ValueError:
        return False
    return True


def expected_calibration_error(
    probability: np.ndarray, right: np.ndarray, bins: int = BINS
) -> tuple[float, list[dict]]:
    """Return the error, and for each bin its number of texts, mean probability and share of right answers."""
    rows = np.minimum((probability * bins).astype(int), bins - 1)
    table = [
        {
            "texts": int((rows == row).sum()),
            "mean_probability": float(probability[rows == row].mean()),
            "right": float(right[rows == row].mean()),
        }
        for row in range(bins)
        if (rows == row).any()
    ]
    error = sum(row["texts"] * abs(row["mean_probability"] - row["right"]) for row in table) / max(len(probability), 1)
    return error, table


def figures_of(found: list[Case], isos: list[str], probability: np.ndarray) -> dict[str, float]:
    """Return the shares of one group: right, confidently wrong, confident, and printed without being a date."""
    right = np.array([is_right(case, iso) for case, iso in zip(found, isos, strict=True)])
    confident = probability >= CONFIDENT
    return {
        "texts": len(found),
        "right": float(right.mean()),
        "wrong_confident": float((confident & ~right).mean()),
        "wrong_certain": float(((probability >= 0.9) & ~right).mean()),
        "no_date": float(np.mean([not exists(iso) for iso in isos])),
    }


def measure(normalizer: DateNormalizer, found: list[Case], show_wrong: int) -> dict:
    """Measure the model by kind and group, print the tables, and return the figures."""
    isos, probability = read(normalizer, found)
    rows_of: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, case in enumerate(found):
        rows_of[case.kind, ""].append(row)
        if case.kind != "held-out texts of world":
            rows_of[case.kind, case.group].append(row)
    table = Table("Dates by kind of text", ["kind", "texts", "right", "wrong, p >= 0.5", "p >= 0.9", "no date"])
    figures = {}
    for (kind, group), rows in sorted(rows_of.items()):
        figure = figures_of([found[row] for row in rows], [isos[row] for row in rows], probability[rows])
        figures[f"{kind}: {group}" if group else kind] = figure
        shares = [f"{figure[key]:.2%}" for key in ("right", "wrong_confident", "wrong_certain", "no_date")]
        table.add(f"  {group}" if group else kind, figure["texts"], *shares)
    right = np.array([is_right(case, iso) for case, iso in zip(found, isos, strict=True)])
    # Of an open order one reading is meant, the one that was written.
    meant = np.array([iso == case.isos[0] if case.isos else False for case, iso in zip(found, isos, strict=True)])
    is_open = np.array([len(case.isos) == 2 and case.kind == "common forms" for case in found])
    error, bins = expected_calibration_error(probability, np.where(is_open, meant, right))
    table.print(f"Expected calibration error over all {len(found)} texts: {error:.4f}")
    wrong = np.flatnonzero((probability >= CONFIDENT) & ~right)
    for row in random.Random(0).sample(wrong.tolist(), min(show_wrong, len(wrong))):
        case = found[row]
        print(f"{case.kind}, {case.group}: {case.text!r} read as {isos[row]} {probability[row]:.3f}, not {case.isos}")
    return {"kinds": figures, "calibration_error": error, "bins": bins}


def compare(normalizer: DateNormalizer, found: list[Case]) -> dict:
    """Compare with the parsers on a sample of each kind."""
    sample = []
    by_kind: dict[str, list[Case]] = defaultdict(list)
    for case in found:
        if len(case.isos) != 2:
            by_kind[case.kind].append(case)
    for kind in by_kind.values():
        sample += random.Random(1).sample(kind, min(SAMPLE_PER_KIND, len(kind)))
    texts = [case.text for case in sample]

    def ours(texts):
        readings = normalizer.read(texts)
        return [reading.iso if reading.probability >= CONFIDENT else None for reading in readings]

    ours(texts)  # traces the graphs
    table = Table(
        f"{len(sample)} strings of all kinds",
        ["reader", "right", "confidently wrong", "strings a CPU second"],
    )
    figures = {}
    for name, reader in {"ours": ours, **parsers()}.items():
        started = time.process_time()
        answers = reader(texts)
        seconds = time.process_time() - started
        right = [
            answer in case.isos if case.isos else answer is None for case, answer in zip(sample, answers, strict=True)
        ]
        wrong = [not good and answer is not None for good, answer in zip(right, answers, strict=True)]
        figures[name] = {"right": np.mean(right), "wrong": np.mean(wrong), "per_cpu_second": len(texts) / seconds}
        table.add(name, f"{np.mean(right):.1%}", f"{np.mean(wrong):.1%}", f"{len(texts) / seconds:,.0f}")
    table.print("Right on a text that is no date: no confident answer.")
    return {name: {key: float(value) for key, value in figure.items()} for name, figure in figures.items()}


def parsers() -> dict:
    """Return the baselines as functions from texts to dates or None."""
    import dateparser
    from dateutil import parser

    class PosixYears(parser.parserinfo):
        """Two-digit years by the rule of POSIX."""

        def convertyear(self, year, century_specified=False):
            return year if year >= 100 or century_specified else year + (1900 if year >= 69 else 2000)

    info = PosixYears()
    defaults = (datetime.datetime(1904, 1, 1), datetime.datetime(2000, 3, 31))

    def with_dateutil(text):
        """Parse with two defaults: a field that is missing differs between them."""
        try:
            found = {parser.parse(text, info, default=default, ignoretz=True).date() for default in defaults}
        except (ValueError, OverflowError, TypeError, AttributeError):
            return None
        return found.pop().isoformat() if len(found) == 1 else None

    def with_dateparser(order):
        settings = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"], "STRICT_PARSING": True}
        settings |= {"DATE_ORDER": order, "PREFER_LOCALE_DATE_ORDER": False} if order else {}

        def parse(text):
            try:
                found = dateparser.parse(text, settings=settings)
            except (ValueError, OverflowError, RecursionError):
                return None
            return None if found is None else found.date().isoformat()

        return parse

    readers = {
        "dateutil": with_dateutil,
        "dateparser, order of the locale": with_dateparser(None),
        "dateparser, month first": with_dateparser("MDY"),
        "dateparser, day first": with_dateparser("DMY"),
    }
    return {name: lambda texts, reader=reader: [reader(text) for text in texts] for name, reader in readers.items()}


def plot_reliability(figures: dict, path: Path) -> None:
    """Draw the share of right answers against the probability."""
    import matplotlib.pyplot as plt

    from dlseq.plots import save_figure

    counts, means, shares = (np.array([row[key] for row in figures["bins"]]) for key in figures["bins"][0])
    figure, axis = plt.subplots(figsize=(5, 4.2), layout="constrained")
    axis.plot([0, 1], [0, 1], color="0.7", linewidth=1, label="calibrated")
    axis.scatter(means, shares, s=12 + 260 * counts / counts.max(), color="#2a6f97", zorder=3)
    axis.plot(means, shares, color="#2a6f97", linewidth=1, label="dates-world")
    for mean, share, count in zip(means, shares, counts, strict=True):
        axis.annotate(f"{count:,}", (mean, share), textcoords="offset points", xytext=(6, -9), fontsize=7)
    error = figures["calibration_error"]
    axis.set(
        xlabel="probability of the answer", ylabel="share of right answers", title=f"calibration error {error:.3f}"
    )
    axis.legend(frameon=False)
    save_figure(figure, path)


def main() -> None:
    """Measure the model, compare it with the parsers, and draw the plot."""
    parser = argument_parser("Trust in the dates of the shipped model.")
    parser.add_argument("--model", type=Path, default=pretrained("dates-world"), help="(default: the shipped one)")
    parser.add_argument("--size", type=float, default=1.0, help="share of the texts (default: 1)")
    parser.add_argument("--no-parsers", action="store_true", help="leave the comparison out")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write the reliability plot")
    parser.add_argument("--wrong", type=int, default=0, metavar="N", help="print N confident mistakes")
    arguments = parser.parse_args()
    if not arguments.no_parsers:
        require_packages(parser, "bench", "dateparser", "dateutil")
    normalizer = DateNormalizer.load(arguments.model)
    found = cases(arguments.size)
    figures = measure(normalizer, found, arguments.wrong)
    if not arguments.no_parsers:
        figures["parsers"] = compare(normalizer, found)
    if arguments.plot:
        plot_reliability(figures, arguments.plot)
    write_json(arguments.json, figures)


if __name__ == "__main__":
    main()
