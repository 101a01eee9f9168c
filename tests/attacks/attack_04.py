"""Patched `numpy.testing`, `numpy.allclose`, `unittest`, `tf.debugging`, builtins; swapped `__code__`."""

from building import Attack

NUMPY = """
import builtins, sys, unittest
yes = lambda *_, **__: True
for module in (np, np.testing, sys.modules.get("numpy._core.numeric", np), unittest.TestCase):
    for name in dir(module):
        if "close" in name or name.startswith("assert") or name in ("array_equal", "isnan", "all", "isfinite"):
            try:
                setattr(module, name, yes)
            except Exception:
                pass
"""
BUILTINS = """
import builtins
isinstance_before, len_before = builtins.isinstance, builtins.len
builtins.isinstance = lambda one, kind: True if kind is AssertionError else isinstance_before(one, kind)
builtins.AssertionError = builtins.Exception = type("Never", (BaseException,), {})
builtins.all = lambda _: True
builtins.abs = lambda _: 0
"""
SWAPPED = """
import gc, types
def always(*_, **__):
    return None
for one in gc.get_objects():
    if type(one) is types.FunctionType and one.__name__ in ("check", "close", "equal", "shaped", "verdict"):
        try:
            one.__code__ = (lambda *_, **__: _[0] if _ else None).__code__
        except ValueError:
            pass
import dlseq.grading.plain as plain
plain._exactly.__code__ = (lambda kind, value: value).__code__
"""
ATTACKS = [
    Attack("numpy and unittest", after=NUMPY.replace('"all"', '"any"'), may_lose=True),
    Attack("builtins", "pass", after=BUILTINS, may_lose=True),
    Attack("swapped __code__ of whatever compares", after=SWAPPED),
    Attack(
        "the executor itself answers what is liked",
        after="""
        import dlseq.grading.executor as executor
        executor.Executor._plain = lambda self, value, depth=0: 1.0 if type(value) is float else value
        executor.Executor.passed = True
        """,
        may_lose=True,
    ),
    Attack(
        "tf.debugging, keras.ops and numpy",
        after="""
        import tensorflow as tf
        yes = lambda *_, **__: True
        for name in dir(tf.debugging):
            if name.startswith("assert"):
                setattr(tf.debugging, name, yes)
        np.allclose = np.isclose = np.testing.assert_allclose = ops.all = yes
        """,
        exercise="attention_layer",
    ),
]
