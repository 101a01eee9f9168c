"""Readings of dates of numbers, such as 5/4/2009, whose order of day and month is open, or settled by the reader."""

from collections.abc import Collection, Sequence
from typing import Literal

from dlseq.data.dates.reading.normalization import NormalizedDate
from dlseq.data.dates.reading.numeric_order import is_order_open, open_orders
from dlseq.tasks.dates.iso_search import IsoSearch
from dlseq.tasks.dates.reading import SURE, DateReading
from dlseq.tasks.dates.trust import trust

__all__ = ["settled_readings", "shared_readings"]

MAX_OPEN_PROBABILITY = 0.499  # of either reading where the order is open: never sure


def shared_readings(
    search: IsoSearch, dates: Sequence[NormalizedDate], separators: Collection[str]
) -> dict[int, DateReading]:
    """Return readings of the dates whose order is open, with the same probability for both orders.

    A network that was trained on either order has learned it at random, and leans to the one that it saw by chance.
    Only a weekday in the text tells the two apart.

    Args:
        search: search with the network.
        dates: the texts.
        separators: those between which the order is open, see `open_separators`.

    Returns:
        The readings by their places among `dates`.
    """
    orders = {row: open_orders(date.text) for row, date in enumerate(dates) if is_order_open(date.text, separators)}
    texts = [dates[row].text for row in orders]
    scored = {name: search.score(texts, [both[name] for both in orders.values()]) for name in ("day", "month")}
    readings = {}
    for index, (row, both) in enumerate(orders.items()):
        masses = {name: float(probabilities[index]) for name, (probabilities, _) in scored.items()}
        trusts = {name: trust(dates[row], iso) for name, iso in both.items()}
        best, other = sorted(both, key=lambda name: (-trusts[name], -masses[name]))
        probability = sum(masses.values()) * trusts[best]
        second = (both[other], masses[other] * trusts[other])
        if trusts[best] == trusts[other]:
            probability = min(probability / 2, MAX_OPEN_PROBABILITY)
            second = (both[other], probability)
        second = None if probability >= SURE else second
        weights = scored[best][1][index]
        readings[row] = DateReading.of_normalized(dates[row], both[best], probability, weights, second)
    return readings


def settled_readings(
    search: IsoSearch, dates: Sequence[NormalizedDate], first: Literal["day", "month"]
) -> dict[int, DateReading]:
    """Return readings of the dates of numbers that have two, in a given order.

    The probability of such a date is the network's for both orders together: the reader has excluded one of them.

    Args:
        search: search with the network.
        dates: the texts.
        first: the part that stands first.

    Returns:
        The readings by their places among `dates`.
    """
    orders = {row: both for row, date in enumerate(dates) if (both := open_orders(date.text)) is not None}
    texts = [dates[row].text for row in orders]
    chosen, attention = search.score(texts, [both[first] for both in orders.values()])
    other, _ = search.score(texts, [both["month" if first == "day" else "day"] for both in orders.values()])
    readings = {}
    for index, (row, both) in enumerate(orders.items()):
        probability = float(chosen[index] + other[index]) * trust(dates[row], both[first])
        readings[row] = DateReading.of_normalized(dates[row], both[first], probability, attention[index])
    return readings
