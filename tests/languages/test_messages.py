"""Catalogues of this checkout: complete, without dead messages, with all fields."""

import ast
import re
from pathlib import Path

import pytest

import dlseq
from dlseq.course.exercises import EXERCISES
from dlseq.course.layout import find_course
from dlseq.grading.plugin.exception_hints import CALL_HINTS, GENERAL, KERAS_HINTS, PYTHON_HINTS
from dlseq.languages import LANGUAGES, read_messages
from dlseq.languages.catalogue import fields_of
from dlseq.languages.sources import normalize_message, source_messages

PACKAGE = Path(dlseq.__file__).parent
HERE = find_course(Path(__file__).parent)
SHOWN_WHOLE = (  # modules all of whose sentences `dlseq check` shows, but for those below
    "testing/assertions.py",
    "testing/differences.py",
    "grading/plugin/outcomes.py",
    "grading/plugin/loading.py",
    "checking/progress.py",
)
SHOWN_PARTLY = (
    "checking/notebook.py",
    "grading/submissions/source.py",
    "grading/worker/executor.py",
    "grading/worker/codec.py",
    "grading/worker/ipython_cells.py",
    "grading/worker/loading/exceptions.py",
    "testing/reference.py",
    "testing/submission.py",
    "authoring/student_readme.py",
    "course/notebook_setup.py",
    "grading/judge/client.py",
    "checking/doctor.py",
    "grading/reports/gradescope.py",
    "grading/run.py",
    "grading/submissions/grouping.py",
    "grading/submissions/listing.py",
    "grading/submissions/read.py",
    "grading/submissions/selection.py",
    "grading/submissions/submission.py",
    *(path.relative_to(PACKAGE).as_posix() for path in sorted(PACKAGE.glob("cli/**/*.py"))),
    "tasks/registry.py",
    *(path.relative_to(PACKAGE).as_posix() for path in sorted(PACKAGE.glob("tasks/*/presets.py"))),
)
ERRORS_SHOWN = (  # modules whose errors a student meets
    "course/exercises.py",
    "course/layout.py",
    "checking/check.py",
    "languages/choice.py",
    "grading/submissions/source.py",
    "extras.py",
    "startup.py",
)
NOT_SHOWN = {
    ", expected {}": "part of a sentence",
    "another number of values": "part of a sentence",
    "{} (0 of {} points)": "the terminal of pytest",
    "{}: {} (0 of {} points)": "the terminal of pytest",
    "hint: {}": "the terminal of pytest",
    "repeat with: --dlseq-seed {}": "the terminal of pytest",
    "the file cannot be run": "a comparison",
    "not started": "a status",
    "there is no (\\w+) in the file": "a pattern",
    "name '(\\w+)' is not defined": "a pattern",
    "in place": "a comparison",
    "[bold]{}[/] [yellow]{}[/]": "colors",
    "[bold]{}[/] {}": "colors",
    "[bold]{}[/] {} [dim]{}[/]": "colors",
    "bold green": "colors",
    "Callable[[], object] | object": "a type",
}
DATA = re.compile(  # sentences that graded tests compute with
    r"In September|(?:In September )?Jane[\w ]*|is there a|what is on the|what color is the|ÉTÉ{} Ünter{}"
)
MIN_LETTERS = 4  # of a template, so that it matches its own messages only
NAMES = [exercise.name for exercise in EXERCISES]
CATALOGUES = {
    path.relative_to(HERE.root).as_posix(): path
    for language in LANGUAGES
    for path in [PACKAGE / f"languages/{language}.po", *(HERE.messages(name, language) for name in NAMES)]
    if path.is_file()
}
PATHS = (HERE.translation, HERE.messages)
TRANSLATED = [name for name in NAMES if HERE.messages(name, "ko").is_file()]


def sentences_of(path):
    """Messages of a module that are sentences or names: two words or more. Docstrings count in graded tests only."""
    source = path.read_text("utf-8")
    docstrings = set()
    for node in ast.walk(ast.parse(source)):
        is_scope = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if is_scope and not getattr(node, "name", "").startswith("test_"):
            text = ast.get_docstring(node, clean=False) or ""
            docstrings.update(map(normalize_message, text.split("\n\n")))
    found = source_messages(source) - docstrings
    return {text for text in found if " " in text and re.search("[a-z]{2}", text.replace("{}", ""))}


def errors_of(path):
    """Messages of the errors that a module raises, where the call itself has the text."""
    raised = [node.exc for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Raise)]
    texts = [
        call.args[0] for call in raised if isinstance(call, ast.Call) and call.func.id in ("DlseqError", "DataError")
    ]
    return set().union(*(source_messages(ast.unparse(text)) for text in texts if isinstance(text, ast.JoinedStr)))


def without_number(text):
    """The message of a name with a number, such as `output 3`."""
    return re.sub(r"^(\w+) \d$", r"\1 {}", text)


def pattern_of(template):
    """Pattern of the texts that a template gives, whose fields may be empty; None if it would match nearly all."""
    letters = sum(map(str.isalpha, template))
    return re.compile(".*".join(map(re.escape, template.split("{}")))) if letters >= MIN_LETTERS else None


def untranslated(templates, messages):
    """Templates of a source without a message in a catalogue, which may have text or nothing for a field."""
    rest = templates - messages
    patterns = {template: pattern for template in rest if "{}" in template and (pattern := pattern_of(template))}
    return {text for text in rest if text not in patterns or not any(map(patterns[text].fullmatch, messages))}


def unused(messages, templates):
    """Messages of a catalogue that no template of the sources gives."""
    rest = messages - templates
    patterns = [pattern for template in templates if rest and "{}" in template and (pattern := pattern_of(template))]
    return {message for message in rest if not any(pattern.fullmatch(message) for pattern in patterns)}


@pytest.fixture(scope="module")
def own():
    return {normalize_message(message) for message in read_messages(PACKAGE / "languages/ko.po")}


@pytest.mark.parametrize("module", SHOWN_WHOLE)
def test_each_sentence_of_dlseq_check_is_translated(module, own):
    missing = untranslated(sentences_of(PACKAGE / module), own) - set(NOT_SHOWN)
    assert {text for text in missing if not re.fullmatch(r"(\w+[eE]rror ?)+", text)} == set()


def test_each_hint_for_an_exception_is_translated(own):
    hints = [GENERAL, *(hint for *_, hint in (*KERAS_HINTS, *CALL_HINTS, *PYTHON_HINTS))]
    assert {normalize_message(hint) for hint in hints} - own == set()


def test_each_paragraph_of_the_readme_and_each_title_is_translated(own):
    from dlseq.authoring.student_readme import NOTEBOOKS, SCRIPTS, TEMPLATE
    from dlseq.course.notebook_setup import MESSAGES, TITLE

    paragraphs = "\n\n".join((TEMPLATE, NOTEBOOKS, SCRIPTS)).split("\n\n")
    code = ("{file_format}", '    raise NotImplementedError("...")')
    texts = [*(text for text in paragraphs if text not in code), *MESSAGES.values(), TITLE]
    texts += [exercise.title for exercise in EXERCISES]
    assert {normalize_message(text) for text in texts} - own == set()


@pytest.mark.parametrize("module", ERRORS_SHOWN)
def test_each_error_of_a_students_command_is_translated(module, own):
    errors = {text for text in errors_of(PACKAGE / module) if " " in text}
    assert errors and untranslated(errors, own) == set()


@pytest.mark.parametrize("name", TRANSLATED)
def test_each_hint_and_property_of_a_translated_exercise_is_translated(name, own):
    messages = own | {normalize_message(message) for message in read_messages(HERE.messages(name, "ko"))}
    found = set(map(without_number, sentences_of(HERE.tests(name))))
    ours = re.compile(r"known mistake {}|\w+, [\w, ]+|\([\w, ]+\)|\w+ steps?")  # labels, shapes and ids of cases
    assert {text for text in found - messages if not ours.fullmatch(text) and not DATA.fullmatch(text)} == set()


def test_no_message_is_left_over():
    sources = [
        PACKAGE / module for module in (*SHOWN_WHOLE, *SHOWN_PARTLY, *ERRORS_SHOWN, "grading/plugin/exception_hints.py")
    ]
    package = set().union(*(source_messages(path.read_text("utf-8")) for path in sources))
    for file, path in CATALOGUES.items():
        is_own = path.parent.name == "languages"
        used = package if is_own else source_messages(HERE.tests(path.stem).read_text("utf-8"))
        used = used | set(map(without_number, used))
        messages = {normalize_message(message) for message in read_messages(path)}
        assert unused(messages, used) == set(), file


@pytest.mark.parametrize("file", CATALOGUES)
def test_a_translation_has_the_fields_of_its_message(file):
    for message, translation in read_messages(CATALOGUES[file]).items():
        assert sorted(set(fields_of(message))) == sorted(set(fields_of(translation))), message


@pytest.mark.parametrize("file", CATALOGUES)
def test_a_translation_has_the_code_of_its_message(file):
    """Names, shapes and numbers in backquotes or round brackets are the same in both languages."""
    code = re.compile(r"`[^`]+`|\((?:[\w.*+ ]+, ?)+[\w.*+ ]*\)|\w+\[[:, \w+]+\]")
    for message, translation in read_messages(CATALOGUES[file]).items():
        if path_is_of_readme(message):
            continue
        found = {part for part in code.findall(message) if " or " not in part}
        assert found <= set(code.findall(translation)), message


def path_is_of_readme(message):
    return "\n" in message or message.startswith("Cannot find {}")


@pytest.mark.parametrize("file", CATALOGUES)
def test_no_doubled_particle_is_left(file):
    doubled = re.compile(r"(은|이|을|과|으|이라)\((는|가|를|와|로|라)\)|\((은|이|을|과|으)\)(는|가|를|와|로)")
    assert [text for text in read_messages(CATALOGUES[file]).values() if doubled.search(text)] == []


def test_a_lesson_has_its_text_and_its_messages_in_a_language():
    for language in LANGUAGES:
        texts, messages = ({name for name in NAMES if path(name, language).is_file()} for path in PATHS)
        assert texts == messages, language
