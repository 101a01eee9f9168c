"""`sys.exit`, `SystemExit`, `KeyboardInterrupt`, `GeneratorExit`; exceptions that run code when they are looked at."""

from building import Attack, by_turns

NASTY = """
class Nasty(Exception):
    def __str__(self):
        raise SystemExit(0)
    __repr__ = __str__
    def __reduce__(self):
        return exec, ("open(OUTSIDE + '/reduced', 'w')",)

class Meta(type):
    __name__ = property(lambda self: exit(0))
class Nameless(Exception, metaclass=Meta):
    pass
"""
RAISED = ["SystemExit(0)", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "BaseException", "MemoryError"]
WAYS = {f"{error}, inside": f"raise {error}" for error in RAISED} | {
    "sys.exit(0), inside": "import sys; sys.exit(0)",
    "__str__ that exits": "raise Nasty()",
    "a name that exits": "raise Nameless()",
    "TimeLimitExceeded": "from dlseq.grading.worker.executor import TimeLimitExceeded; raise TimeLimitExceeded",
    "a group of a thousand, linked to itself": "error = ExceptionGroup('x' * 10**6, [Nasty()] * 1000)\n"
    "error.__cause__ = error; raise error",
}
ATTACKS = [
    *by_turns(WAYS, NASTY),
    Attack("KeyboardInterrupt, at import", after="raise KeyboardInterrupt"),
    Attack("SystemExit(0), at import", after="raise SystemExit(0)"),
]
