"""Trust in a reading: facts in the text that lower the probability of a network."""

from dlseq.data.dates.presets import WORLD_LOCALES
from dlseq.data.dates.reading.normalization import NormalizedDate
from dlseq.data.dates.reading.weekdays import contradicts_weekday

__all__ = ["trust"]

OTHER_CALENDAR_FACTOR = 0.02  # on a Gregorian reading of a date of another calendar
WRONG_WEEKDAY_FACTOR = 1 / 3  # on a day whose weekday is not the one in the text


def trust(date: NormalizedDate, iso: str) -> float:
    """Return the factor on the network's probability of a reading, at most 1.

    Args:
        date: the text.
        iso: the reading.

    Example:
        >>> from dlseq.data.dates.reading.normalization import trace_date
        >>> date = trace_date("Monday 20 July 1991")
        >>> trust(date, "1992-07-20"), round(trust(date, "1991-07-20"), 3)  # a Monday, a Saturday
        (1.0, 0.333)
    """
    factor = OTHER_CALENDAR_FACTOR if date.doubt else 1.0
    return factor * (WRONG_WEEKDAY_FACTOR if contradicts_weekday(date.shown, iso, WORLD_LOCALES) else 1.0)
