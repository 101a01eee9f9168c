"""Objects equal to everything; subclasses of `ndarray`, `str`, `float`, `list`, `dict`; fake tensors."""

from building import Attack, by_turns

LIARS = """
class Equal:
    __eq__ = __lt__ = __gt__ = __le__ = __ge__ = __bool__ = lambda *_: True
    __ne__ = lambda *_: False
    __hash__ = lambda self: 0
    __float__ = __abs__ = __sub__ = __rsub__ = lambda *_: 0.0
    __array__ = lambda self, *_, **__: np.zeros(())
    __array_ufunc__ = lambda self, *_, **__: np.True_
    __array_function__ = lambda self, *_, **__: np.True_
    shape, dtype, ndim, size = (), np.dtype(float), 0, 1
    __class__ = property(lambda self: float)

def liar(kind):
    names = dict(__eq__=lambda *_: True, __ne__=lambda *_: False, __hash__=lambda self: 0)
    return type("Liar", (kind,), names | dict(__array_ufunc__=lambda *_, **__: np.True_))
"""
KINDS = {"float": "answer", "str": "'x'", "list": "[1]", "dict": "{'x': 1}", "tuple": "(1,)", "int": "1"}
KINDS |= {"np.float64": "answer"}
WAYS = {f"a subclass of {kind}": f"answer = liar({kind})({value})" for kind, value in KINDS.items()} | {
    "equal to everything": "answer = Equal()",
    "a subclass of ndarray": "answer = np.zeros(()).view(liar(np.ndarray))",
    "a masked array": "answer = np.ma.masked_all(())",
    "a Handle": "from dlseq.grading.worker.codec import Handle; answer = Handle('model', 0)",
}
ATTACKS = [
    *by_turns(WAYS, LIARS),
    Attack(
        "a fake tensor, whose numpy() looks at who asks",
        """
        class Fake(keras.Variable):
            def __array__(self, *a, **k):
                import sys
                frame = sys._getframe()
                while frame:
                    if "expected" in frame.f_locals:
                        return frame.f_locals["expected"]
                    frame = frame.f_back
                return super().__array__(*a, **k)
            numpy = value = __array__
        answer = Fake(answer)
        """,
        exercise="attention_layer",
        spoils=("masked_softmax",),
        may_lose=True,
    ),
    Attack("a symbolic tensor", "answer = keras.KerasTensor(answer.shape)", spoils=("masked_softmax",), may_lose=True,
           exercise="attention_layer"),
]  # fmt: skip
