"""Added, renamed or duplicate tests; `skip` and `xfail` raised from the submission; nothing collected."""

from building import Attack, by_turns

TESTS = """
import sys
pytestmark = []
def test_perplexity(*_):
    pass
test_perplexity_of_other_sentences = test_words = test_training = test_perplexity
__test__ = True
def pytest_generate_tests(metafunc):
    metafunc.parametrize([], [])
def pytest_collection_modifyitems(items):
    items.clear()
pytest_plugins = ["nothing"]
collect_ignore_glob = ["*"]
"""
RAISED = {
    "skip": "import pytest; pytest.skip('not today', allow_module_level=True)",
    "xfail": "import pytest; pytest.xfail('it is known')",
    "exit": "import pytest; pytest.exit('done', 0)",
    "unittest.SkipTest": "import unittest; raise unittest.SkipTest('not today')",
}
NAMED = """
class {name}(BaseException):
    pass
{name}.__module__, {name}.__qualname__ = "_pytest.outcomes", "{name}"
raise {name}("not today")
"""
CALLED = ("Skipped", "XFailed", "Exit", "Mismatch", "NotImplementedError")
ATTACKS = [
    Attack("tests in the answer", after=TESTS, files={"test_language_model.py": TESTS, "tests/test_x.py": TESTS}),
    *by_turns({f"{name}, inside": code for name, code in RAISED.items()}),
    *by_turns({f"exceptions called {name}": NAMED.format(name=name) for name in CALLED}),
    Attack("skip, at import", after=RAISED["unittest.SkipTest"]),
    Attack("no functions at all", after="globals().clear()", spoils=("*",)),
]  # fmt: skip
