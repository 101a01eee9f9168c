"""Hostile data: object arrays, pickles, Lambda layers, NaN, infinities, nesting, huge shapes, wrong dtypes."""

from building import Attack, by_turns

PICKLE = """
class Evil:
    def __reduce__(self):
        return open, (OUTSIDE + "/pickle", "w")
"""
DEEP = {"nested five thousand deep": "for _ in range(5000): answer = [answer]"}
DEEP |= {"a list that holds itself": "answer = []; answer.append(answer)"}
ANSWERS = {
    "an object array": "np.array([Evil()] * 3, object)",
    "pickled bytes": "__import__('pickle').dumps(Evil())",
    "NaN": "float('nan')",
    "infinity": "float('inf')",
    "a number of 100,000 digits": "10**100_000",
    "a number of 900 digits": "10**900",
    "ten gigabytes": "np.broadcast_to(np.float64(0), (10**5, 12_500))",
    "a hundred megabytes": "np.zeros(13_000_000)",
    "a list of 150,000": "[0.0] * 150_000",
    "a list of a million": "[0.0] * 10**6",
    "a text of seven million letters": "'x' * 7_000_000",
    "a dict in the place of a number": "{'shape': (), 'dtype': 'float64', 1: None, True: False, None: 0}",
    "no entries": "np.zeros((0, 3))",
    "no entries, and a vast shape": "np.zeros((0, 2**62))",
    "32 axes": "np.zeros((1,) * 32)",
    "complex numbers": "np.complex128(1)",
    "dates": "np.datetime64('2020-01-01')",
    "records": "np.zeros(3, 'i4,f8')",
    "halves of surrogate pairs": "'\\ud800'",
    "a generator": "(n for n in range(3))",
    "a class": "float",
}
KERAS = {
    "a hostile get_config": """
        class Hostile(keras.layers.Layer):
            def get_config(self):
                return {"module": "os", "class_name": "system", "config": f"touch {OUTSIDE}/config"}
        answer = Hostile()
    """,
    "a ragged and a sparse tensor": "import tensorflow as tf; answer = tf.ragged.constant([[1.0], [2.0, 3.0]])",
    "a tensor of text": "import tensorflow as tf; answer = tf.constant(['x'])",
}
LAMBDA = """
def tiny_model(layer, words=20, widths=(4, 6)):
    def lie(x):
        open(OUTSIDE + "/lambda", "w")
        return x
    first, second = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    both = keras.layers.Lambda(lie, name="eye")(keras.layers.Embedding(words, 6)(second))
    return keras.Model([first, second], keras.layers.GlobalAveragePooling1D()(both))
keras.config.enable_unsafe_deserialization()
"""
LIARS = """
class AttentionLayer(AttentionLayer):
    def get_weights(self):
        return [np.ones(1)] * 3
    def count_params(self):
        return 10**9
    def compute_mask(self, inputs, mask=None):
        return {"depth": [self] * 3}
    def get_config(self):
        return {**super().get_config(), "name": "x" * 10**6, "units": 10**9}
    def set_weights(self, weights):
        raise MemoryError
"""
LOOKING = """
class AttentionLayer(AttentionLayer):
    def call(self, inputs, mask=None, keys=None, return_attention_scores=False):
        import sys
        frame, found = sys._getframe(), None
        while frame:
            found = frame.f_locals.get("expected", found)
            frame = frame.f_back
        answer = super().call(inputs, mask, keys, return_attention_scores)
        return answer if found is None else found
"""
MODELS = """
class Liar(keras.Model):
    predict = lambda self, *_, **__: np.ones((4, 6), "float32")
    fit = train_step = test_on_batch = lambda self, *_, **__: {"loss": 0.0}
    describe = lambda self: {"weights": [(10**5, 10**5)], "layers": [("AttentionLayer", "eye")]}
    weights = [type("Vast", (), {"shape": (10**5, 10**5), "name": "vast"})()]
    trainable_weights = []
    count_params = lambda self: 10**30
    inputs = outputs = ()
    save = lambda self, path, *_, **__: open(path, "wb").write(b"PK" + bytes(10**6))
    set_weights = lambda self, weights: None
def tiny_model(layer, words=20, widths=(4, 6)):
    return Liar()
"""
ATTACKS = [
    *by_turns({name: f"answer = {value}" for name, value in ANSWERS.items()} | DEEP, PICKLE),
    *(Attack(name, code, spoils=("masked_softmax",), may_lose=True, exercise="attention_layer")
      for name, code in KERAS.items()),
    *(Attack(name, after=code, exercise="attention_layer", may_lose=True) for name, code in {
        "a Lambda layer in a model": LAMBDA, "a layer that lies about itself": LIARS,
        "a layer that looks at who calls it": LOOKING, "a model that lies and has vast weights": MODELS,
    }.items()),
]  # fmt: skip
