"""Modules that notebooks of the well-known course assignments import, by the names that they use there.

Interfaces alone are those of the course; the code is our own. A notebook that was solved there can be handed in here.
"""

import importlib
import importlib.abc
import importlib.util
import sys

__all__ = ["AssignmentModules", "install_assignment_modules"]

PACKAGE = "dlseq.course.given.assignment_modules"
MODULES = {  # name in a notebook -> module of this package
    "rnn_utils": "rnn_helpers",
    "utils": "name_helpers",
    "cllm_utils": "name_helpers",
    "nmt_utils": "date_helpers",
    "music_utils": "music_helpers",
    "data_utils": "music_helpers",
    "emo_utils": "sentence_helpers",
    "preprocess": "passing_tests",
    "grammar": "passing_tests",
    "qa": "passing_tests",
    "outputs": "passing_tests",
    "public_tests": "passing_tests",
    "test_utils": "passing_tests",
    "testing_utils": "passing_tests",
    "dlai_tools": "passing_tests",
    "dlai_tools.testing_utils": "passing_tests",
    "shakespeare_utils": "passing_tests",
}
SUBSTITUTES = {  # packages that are replaced only where they are not installed
    "tqdm": "progress_bars",
    "tqdm.auto": "progress_bars",
    "tqdm.notebook": "progress_bars",
    "termcolor": "progress_bars",
}


class AssignmentModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of assignments.

    Args:
        names: name in a notebook -> module of this package.
    """

    def __init__(self, names: dict[str, str]):
        self.names = names

    def find_spec(self, fullname, path=None, target=None):
        """Return the spec of a module by its name in a notebook; None for other modules."""
        return importlib.util.spec_from_loader(fullname, self) if fullname in self.names else None

    def create_module(self, spec):
        """Return None: Python makes the module."""

    def exec_module(self, module):
        """Give the module the names of ours."""
        own = importlib.import_module(f"{PACKAGE}.{self.names[module.__name__]}")
        module.__path__ = []  # a package: `import tqdm.auto` imports both
        for name, value in vars(own).items():
            if not name.startswith("__") or name in ("__getattr__", "__all__"):
                setattr(module, name, value)
        if hasattr(own, "find_test"):
            module.__getattr__ = own.find_test


def install_assignment_modules(first: bool = False) -> None:
    """Make the modules importable. A second call does nothing.

    Args:
        first: True to find them before all others, in a process of a submission's own. By default a module of the same
            name that is installed has precedence.

    Example:
        >>> install_assignment_modules()
        >>> import cllm_utils
        >>> cllm_utils.get_sample([1, 0], {0: "!", 1: "a"})
        'A!'
    """
    if any(isinstance(finder, AssignmentModules) for finder in sys.meta_path):
        return
    sys.meta_path.insert(0 if first else len(sys.meta_path), AssignmentModules(MODULES))
    sys.meta_path.append(AssignmentModules(SUBSTITUTES))
