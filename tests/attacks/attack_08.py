"""Importing the reference from the installed package or from the source tree."""

from building import Attack, anything

IMPORT = """
import importlib, sys
def imported(*names):
    found = []
    for name in names:
        try:
            module = importlib.import_module(name)
            found.append(f"CANARY {module.__name__} {getattr(module, '__file__', '')}")
        except BaseException as error:
            if not isinstance(error, ImportError):
                found.append(type(error).__name__)
    return found
"""
TELL = "raise ValueError('FOUND ' + ' '.join(imported({}))[:400])"
NAMES = (
    "'solutions.language_model', 'tests.graded.test_language_model', 'dlseq.networks.language_model', "
    "'dlseq.testing.reference', 'dlseq.grading.plugin', 'dlseq.decoding', 'dlseq.grading.judge.client', "
    "'dlseq.authoring.prove'"
)
ATTACKS = [
    Attack("from the installed package", TELL.format(NAMES), IMPORT, spoils=("perplexity",), leaks=anything),
    Attack(
        "from the source tree",
        f"sys.path[:0] = [ROOT, ROOT + '/solutions', ROOT + '/tests/graded', CLASS, OUT]; "
        f"{TELL.format(NAMES + ', ' + repr('test_language_model') + ', ' + repr('perplexities'))}",
        IMPORT,
        spoils=("perplexity",),
        leaks=anything,
    ),
    Attack(
        "its perplexity, wherever it is",
        """
        import importlib.util
        for path in (ROOT + "/solutions/language_model.py", CLASS + "/n00x00/language_model.py"):
            try:
                spec = importlib.util.spec_from_file_location("theirs", path)
                theirs = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(theirs)
                answer = theirs.perplexity(sentences, word_to_ix, parameters)
            except OSError:
                pass
        """,
    ),
]
