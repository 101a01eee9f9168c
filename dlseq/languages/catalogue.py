"""Translation of messages when they are shown, by catalogues in the PO format of gettext.

Messages are made and compared in English, and results are stored in English. The message of a catalogue may have fields
in braces; it then also fits a text in which the fields are filled: `{} has shape {}` fits `a has shape (3, 4)`. Fields
of the translation are filled with the same values, which are translated themselves if the catalogue has
them. A text of two messages, one after the other, is translated piece by piece.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from string import Formatter

from dlseq.errors import DataError
from dlseq.languages.choice import SOURCE_LANGUAGE

__all__ = ["Translator", "fields_of", "get_translator", "read_messages"]

SENTENCE_END = re.compile(r"(?<=[.?!]) ")
RESTORE = "Restore it, or choose the language en."


def read_messages(path: Path) -> dict[str, str]:
    """Read the messages of a PO file that have a translation. Fuzzy ones, which wait for a translator, are left out.

    Args:
        path: the file, in UTF-8.

    Returns:
        English message -> translation.

    Raises:
        DataError: the file cannot be read or parsed, or a translation has other fields than its message.
    """
    from babel.messages.pofile import PoFileError, read_po

    try:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
    except (OSError, PoFileError, UnicodeDecodeError) as error:
        raise DataError(
            f"Cannot read the translations in {path}: {error}. Expected a PO file in UTF-8. {RESTORE}"
        ) from None
    messages = {entry.id: entry.string for entry in catalog if entry.id and entry.string and not entry.fuzzy}
    for message, translation in messages.items():
        if "{" in message and not _fits(message, translation):
            raise DataError(
                f"Cannot read the translations in {path}. Expected the fields of {message!r}. Received: "
                f"{translation!r}. {RESTORE}"
            )
    return messages


def fields_of(text: str) -> list[str]:
    """Return the names of the fields in braces of a message; those without a name count from 0.

    Example:
        >>> fields_of("{} of {}: {reason}"), fields_of("{1}, {0}")
        (['0', '1', 'reason'], ['1', '0'])
    """
    names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    unnamed = iter(range(len(names)))
    return [name or str(next(unnamed)) for name in names]


class Translator:
    """A function from an English text to its translation.

    Args:
        messages: English message -> translation, see `read_messages`.

    Example:
        >>> translate = Translator({"{} returned {}": "{0}의 반환값: {1}", "nothing (None)": "없음(None)"})
        >>> translate("rnn_forward returned nothing (None)"), translate("another text")
        ('rnn_forward의 반환값: 없음(None)', 'another text')
    """

    def __init__(self, messages: Mapping[str, str]):
        self._messages = dict(messages)
        templates = sorted((message for message in messages if "{" in message), key=_fixed_length, reverse=True)
        self._patterns = [(_pattern(message), messages[message]) for message in templates]  # the most specific first

    def __call__(self, text: str) -> str:
        """Return the translation of a text; the text itself if there is none."""
        found = self._find(text, {})
        return text if found is None else found

    def _find(self, text, known):
        """Return the translation or None. Pieces recur in many splits of a text: `known` has those found so far."""
        if text not in known:
            known[text] = next(self._translations(text, known), None)
        return known[text]

    def _translations(self, text, known):
        """Yield translations: of the text as it is, of two pieces, of a message with fields."""
        if text in self._messages:
            yield self._messages[text]
        for end in SENTENCE_END.finditer(text):
            first = self._find(text[: end.start()], known)
            second = None if first is None else self._find(text[end.end() :], known)
            if second is not None:
                yield f"{first} {second}"
        for pattern, translation in self._patterns:
            if found := pattern.fullmatch(text):
                yield self._fill(translation, found.groupdict(), known)

    def _fill(self, translation, groups, known):
        values = {name.removeprefix("field_"): self._find(text, known) or text for name, text in groups.items()}
        positional = [values[str(number)] for number in range(len(values)) if str(number) in values]
        return translation.format(*positional, **{name: values[name] for name in values if not name.isdigit()})


def _fits(message, translation):
    """Return True if a message with fields can be a pattern, and its translation can be filled."""
    try:
        names = fields_of(message)
        values = {name: "" for name in names if not name.isdigit()}
        translation.format(*[""] * (len(names) - len(values)), **values)
    except (AttributeError, IndexError, KeyError, ValueError):
        return False
    return all(name.isdigit() or name.isidentifier() for name in names)


def _fixed_length(message):
    return sum(len(literal) for literal, _, _, _ in Formatter().parse(message))


def _pattern(message):
    """Compile the pattern of the texts that a message with fields fits."""
    names, known, parts = iter(fields_of(message)), set(), []
    for literal, field, _, _ in Formatter().parse(message):
        parts.append(re.escape(literal))
        if field is not None:
            name = next(names)
            parts.append(f"(?P=field_{name})" if name in known else f"(?P<field_{name}>.+?)")
            known.add(name)
    return re.compile("".join(parts), re.DOTALL)


def get_translator(language: str, paths: Iterable[Path] = ()) -> Callable[[str], str]:
    """Return a function that translates messages.

    Args:
        language: one of `dlseq.languages.LANGUAGES`.
        paths: catalogues besides that of the package, such as those of exercises. A missing file is an empty one.

    Returns:
        A `Translator`; for English, `str`.

    Raises:
        DataError: a catalogue cannot be parsed.

    Example:
        >>> get_translator("ko")("hint:"), get_translator("en")("hint:")
        ('힌트:', 'hint:')
    """
    if language == SOURCE_LANGUAGE:
        return str
    return _read_translator(language, tuple(path for path in paths if path.is_file()))


@cache
def _read_translator(language, paths):
    with resources.as_file(resources.files("dlseq.languages")) as folder:
        own = [folder / f"{language}.po", folder / f"{language}_typer.po"]
        messages = [read_messages(path) for path in (*paths, *own)]
    return Translator({message: text for part in reversed(messages) for message, text in part.items()})
