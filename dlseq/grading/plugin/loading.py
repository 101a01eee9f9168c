"""Loading of a submission before a test, within a limit of its own, and notes on statements that failed.

Notes are those of the first load of a run, which happens before the submission is given any input: nothing in them can
carry one.
"""

from dataclasses import dataclass

from dlseq.grading.plugin.options import exercise_of, full_time_limit, function_of, is_graded, session_key

__all__ = ["LoadNote", "graded_names", "listed_notes", "load_submission", "note_on", "sentence_of"]

MAX_STATEMENT_SECONDS = 5.0
STATEMENTS_PER_LIMIT = 0.5  # limit of one statement, in time limits of a test
MAX_FILE_SECONDS = 20.0
FILE_LIMITS = 2.0  # limit of all statements together, in time limits of a test; only definitions are run after it
GUARD_FACTOR = 3.0  # of the limit of all statements, after which the worker is killed
MAX_NOTES = 100
MAX_NAMES = 50  # of a note
MAX_TEXT_CHARS = 200
MAX_LISTED = 5
LISTED_FIRST = ("TimeLimit", "NotRun", "SyntaxError", "IndentationError", "NoCode")  # these cost time, or a whole cell

ENDLESS = "the code outside of functions does not come to an end; keep trials and trainings out of the file"
REMEDIES = (  # (kinds of exception, words of its message, remedy); the first that fits
    ("TimeLimit", "", "Code outside of functions runs when the file is loaded: leave trainings and endless loops out."),
    ("NotRun", "", "The code before it took too long together: leave trainings and downloads out of the file."),
    ("ModuleNotFoundError ImportError", "google.colab", "Colab is not there when a file is graded."),
    (
        "ModuleNotFoundError ImportError",
        "",
        "Only the packages of the course are installed. Paste the functions that you need from it into the file.",
    ),
    ("SystemExit", "", "The statements after it are run all the same."),
    ("AssertionError", "", "The statements after it are run all the same."),
    ("EOFError", "", "input() has nobody to answer it: write the value into the file."),
    ("FileNotFoundError", "", "Files beside the submission are not there when it is graded."),
    ("BdbQuit", "", "A debugger has no terminal here: take the breakpoint out."),
    ("URLError ConnectionError HTTPError gaierror MaxRetryError", "", "There is no network when a file is graded."),
    ("SyntaxError IndentationError TabError", "", "Correct the line, or delete the cell if it is no code."),
)


@dataclass(frozen=True)
class LoadNote:
    """A statement that failed, or a cell that is no Python.

    Attributes:
        kind: name of the exception; "TimeLimit" if it was interrupted, "NotRun" if it was left out after that, "NoCode"
            for code in a cell of another type.
        message: of the exception; the seconds of a time limit; the type of the cell.
        place: such as "cell 2, line 3".
        names: that it would have defined; "*" for those of a star import.
    """

    kind: str
    message: str
    place: str
    names: frozenset[str]


def graded_names(items, exercise: str) -> tuple[str, ...]:
    """Return the functions and classes that the collected tests of an exercise grade."""
    graded = (item for item in items if is_graded(item) and exercise_of(item) == exercise)
    return tuple(dict.fromkeys(function_of(item) for item in graded))


def load_submission(transport, item):
    """Load the code of a submission, and keep the notes of the first load in the session.

    Args:
        transport: to the submission. One without `load` loads at its first request.
        item: the test.

    Returns:
        The transport, or one that answers every request with the reason why the code cannot be loaded.
    """
    from dlseq.grading.sandbox.timeout import timeout
    from dlseq.grading.worker.executor import TimeLimitExceeded

    session, time_limit = item.config.stash[session_key], full_time_limit(item)
    if session.load_failure:
        return _FailedTransport("ImportFailed", session.load_failure)
    if not hasattr(transport, "load"):
        return transport
    file_seconds = min(FILE_LIMITS * time_limit, MAX_FILE_SECONDS)
    fields = {
        "skip": list(session.interrupted_statements),
        "statement_seconds": min(STATEMENTS_PER_LIMIT * time_limit, MAX_STATEMENT_SECONDS),
        "file_seconds": file_seconds,
    }
    try:
        with timeout(GUARD_FACTOR * file_seconds, session.submission_pids, session.all_submission_pids) as seconds:
            reply = transport.load(fields)
            session.limits_used[exercise_of(item)] += seconds() / time_limit
    except TimeLimitExceeded:
        getattr(transport, "close", lambda: None)()
        session.load_failure = ENDLESS
        return _FailedTransport("ImportFailed", ENDLESS)
    result = reply.get("value", {}).get("result") if type(reply) is dict and type(reply.get("value")) is dict else None
    if type(result) is dict:
        indices = result.get("interrupted")
        if type(indices) is list:
            session.interrupted_statements |= {index for index in indices[:MAX_NOTES] if type(index) is int}
        if session.load_notes is None:
            session.load_notes = _parse_notes(result.get("notes"))
    elif type(reply) is dict and type(reply.get("error")) is dict and reply["error"].get("kind") == "Lost":
        reason = reply["error"].get("message")
        return _FailedTransport("Lost", reason if type(reason) is str else "")
    return transport


class _FailedTransport:
    """A transport to code that cannot be loaded."""

    def __init__(self, kind, message):
        self.reply = {"error": {"kind": kind, "message": message, "place": ""}}

    def request(self, request):
        return self.reply

    def restart(self):
        """Nothing runs."""


def _parse_notes(notes):
    """Rebuild notes from a worker's reply, which may be forged."""
    from dlseq.grading.sanitize import for_terminal
    from dlseq.testing.submission import PLACE_PATTERN

    parsed = []
    for note in notes[:MAX_NOTES] if type(notes) is list else ():
        if type(note) is not dict:
            continue
        kind, message, place = (
            for_terminal(note[name][:MAX_TEXT_CHARS]) if type(note.get(name)) is str else ""
            for name in ("kind", "message", "place")
        )
        names = note["names"][:MAX_NAMES] if type(note.get("names")) is list else []
        known = frozenset(name for name in names if type(name) is str and (name == "*" or name.isidentifier()))
        if kind.isidentifier() and PLACE_PATTERN.fullmatch(place):
            parsed.append(LoadNote(kind, message, place, known))
    return tuple(parsed)


def note_on(notes, name: str) -> LoadNote | None:
    """Return the note on the statement that would have defined a name, or a star import that may have."""
    own = [note for note in notes or () if name in note.names]
    stars = [note for note in notes or () if "*" in note.names]
    return (own or stars or [None])[-1]


def sentence_of(note: LoadNote) -> str:
    """Return place, cause and remedy.

    Example:
        >>> sentence_of(LoadNote("ModuleNotFoundError", "No module named 'fastai'", "cell 1, line 2", frozenset()))[:77]
        "cell 1, line 2 failed with ModuleNotFoundError: No module named 'fastai'. Onl"
        >>> sentence_of(LoadNote("NoCode", "markdown", "cell 4, line 1", frozenset({"f"})))
        'cell 4 is a markdown cell, which is not run. Change its type to Code.'
        >>> sentence_of(LoadNote("TimeLimit", "5", "cell 9, line 1", frozenset()))[:54]
        'cell 9, line 1 was interrupted after 5 seconds. Code o'
    """
    if note.kind == "NoCode":
        cell = note.place.partition(",")[0]
        return f"{cell} is a {note.message} cell, which is not run. Change its type to Code."
    detail = f": {note.message.rstrip('.')}" if note.message else ""
    sentence = {
        "TimeLimit": f"{note.place} was interrupted after {note.message} seconds.",
        "NotRun": f"{note.place} was not run.",
    }.get(note.kind, f"{note.place} failed with {note.kind}{detail}.")
    fitting = (text for kinds, words, text in REMEDIES if note.kind in kinds.split() and words in note.message)
    remedy = next(fitting, "")
    return f"{sentence} {remedy}" if remedy else sentence


def listed_notes(notes) -> list[str]:
    """Return sentences for the owner of a submission on statements that failed, the weightiest first.

    Example:
        >>> notes = [LoadNote("SystemExit", "", f"cell {number}, line 1", frozenset()) for number in range(1, 8)]
        >>> listed_notes([*notes, LoadNote("TimeLimit", "5", "cell 9, line 2", frozenset())])[::5]
        ['cell 9, line 2 was interrupted after 5 seconds. Code outside ...', '3 more statements failed. They ...']
    """
    order = {kind: rank for rank, kind in enumerate(LISTED_FIRST)}
    ranked = sorted(notes or (), key=lambda note: order.get(note.kind, len(order)))
    sentences = [sentence_of(note) for note in ranked[:MAX_LISTED]]
    more = len(ranked) - MAX_LISTED
    return sentences + ([f"{more} more statements failed. They cost nothing by themselves."] if more > 0 else [])
