"""Shadow modules in the submission: `numpy.py`, `keras/`, `json.py`, `random.py`, `pytest.py`, `dlseq/`."""

from building import Attack

NAMES = ("numpy", "json", "random", "pytest", "re", "os", "collections", "matplotlib", "pickle")
FOLDERS = ("keras/__init__.py", "dlseq/__init__.py", "dlseq/grading/compare.py", "tests/graded/test_language_model.py")
EVIL = """
open("OUTSIDE/shadow", "w").write("x")
raise SystemExit(0)
"""
SHADOW = """
import sys, types
class Yes(types.ModuleType):
    def __getattr__(self, name):
        return lambda *_, **__: True
"""
FINDER = """
class Finder:
    def find_spec(self, name, path=None, target=None):
        sys.modules[name] = Yes(name)
        return None
sys.meta_path.insert(0, Finder())
"""
ATTACKS = [
    Attack("beside the answer", files=dict.fromkeys([*(f"{name}.py" for name in NAMES), *FOLDERS], EVIL)),
    Attack(
        "in the scratch space, first on the path",
        after="""
        import sys
        for name in ("numpy", "json", "struct", "pickle", "dlseq"):
            open(f"/scratch/{name}.py", "w").write("raise SystemExit(0)")
        sys.path.insert(0, "/scratch")
        """,
    ),
    Attack(
        "in sys.modules",
        after=SHADOW
        + "for name in ('json', 'math', 'dlseq.testing.assertions', 'dlseq.grading.plugin.outcomes', 'pytest'):\n"
        "    sys.modules[name] = Yes(name)",
    ),
    Attack("by a finder of its own", after=SHADOW + FINDER, may_lose=True),
]
