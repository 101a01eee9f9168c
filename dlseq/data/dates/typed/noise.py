"""Typing noise: one letter or mark dropped, doubled or exchanged with its neighbor, or a space too many."""

from collections.abc import Callable

__all__ = ["NOISE_KINDS", "typing_noise"]

SHARES = {"dropped": 0.32, "doubled": 0.12, "exchanged": 0.36, "space": 0.2}
NOISE_KINDS = tuple(SHARES)


def typing_noise(text: str, random: Callable[[], float]) -> str:
    """Make one typing error, none of which changes a digit.

    Args:
        text: the text.
        random: a source of numbers in [0, 1).

    Returns:
        The text with the error, or unchanged where there is no place for it.

    Example:
        >>> import random
        >>> draw = random.Random(5).random
        >>> [typing_noise("20 July 1969", draw) for _ in range(4)]
        ['20 Juyl 1969', '20 Jul y1969', '20 Jul y1969', '20 Jly 1969']
    """
    number = random()
    for kind, share in SHARES.items():
        if number < share:
            return _NOISES[kind](text, random)
        number -= share
    return text


def _places(text: str) -> list[int]:
    """Return the indices of all characters but digits."""
    return [index for index, character in enumerate(text) if not character.isdigit()]


def _dropped(text, random):
    places = _places(text)
    if not places:
        return text
    index = places[int(random() * len(places))]
    return text[:index] + text[index + 1 :]


def _doubled(text, random):
    places = _places(text)
    if not places:
        return text
    index = places[int(random() * len(places))]
    return text[:index] + text[index] + text[index:]


def _exchanged(text, random):
    places = [index for index in _places(text) if index + 1 < len(text) and not text[index + 1].isdigit()]
    if not places:
        return text
    index = places[int(random() * len(places))]
    return text[:index] + text[index + 1] + text[index] + text[index + 2 :]


def _space(text, random):
    index = 1 + int(random() * (len(text) - 1))
    return text[:index] + " " + text[index:]


_NOISES = {"dropped": _dropped, "doubled": _doubled, "exchanged": _exchanged, "space": _space}
