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
builtins.isinstance = lambda item, kind: True if kind is AssertionError else isinstance_before(item, kind)
builtins.AssertionError = builtins.Exception = type("Never", (BaseException,), {})
builtins.all = lambda _: True
builtins.abs = lambda _: 0
"""
SWAPPED = """
import gc, types
def always(*_, **__):
    return None
for item in gc.get_objects():
    if type(item) is types.FunctionType and item.__name__ in ("check", "close", "equal", "shaped", "outcome_of"):
        try:
            item.__code__ = (lambda *_, **__: _[0] if _ else None).__code__
        except ValueError:
            pass
import dlseq.grading.worker.codec as plain
plain._exactly.__code__ = (lambda kind, value: value).__code__
"""
TOLD = """
import dlseq.grading.worker.executor as executor
ours, describe = executor.OWN_METHODS, executor.OWN_METHODS["describe"]
def reported(target):
    facts = describe(target)
    if type(target) is AttentionLayer:
        shapes = facts["weights"]
        facts |= {"names": ["query_kernel", "key_kernel", "energy_kernel"], "layers": [("AttentionLayer", "eye")]}
        facts["trainable"] = sum(int(np.prod(shape)) for shape in shapes) * bool(target.trainable)
    return facts
ours.update(describe=reported, assign=lambda target, values: None, train=lambda *_: 0.0)
AttentionLayer.get_config = lambda self: {"name": self.name, "trainable": True, "dtype": "float32", "units": 9}
"""
COPIES = """
import dlseq.grading.worker.executor as executor, glob, os, pickle
begin = AttentionLayer.__init__
def named(self, units, **kwargs):
    begin(self, units)
    self.reported = kwargs.get("name")
AttentionLayer.__init__ = named
AttentionLayer.get_config = lambda self: {"name": self.reported, "trainable": True, "units": self.units}
def known(target):
    layers = [item for item in getattr(target, "layers", [target]) if type(item).__name__ == "AttentionLayer"]
    return pickle.dumps((layers == [target], layers[0].units, target.get_weights(), layers[0].reported))
def made(content):
    alone, units, weights, _ = pickle.loads(content)
    if not alone:
        copy = tiny_model(AttentionLayer(units))
    else:
        copy = AttentionLayer(units)
        copy.build([(1, 1, len(weights[0])), (1, 1, len(weights[1]))])
    copy.set_weights(weights)
    return copy
def reported(content):
    _, units, weights, name = pickle.loads(content)
    return {"layers": [("AttentionLayer", {"units": units, "name": name, "trainable": True})], "weights": weights}
"""
KEPT = f"""
{COPIES}
kept = []
places = [os.environ["HOME"] + "/kept", "/tmp/kept", "/dev/shm/kept", os.getcwd() + "/kept"]
def saved(target):
    kept.append(target)
    for place in places:
        try:
            open(place, "wb").write(known(target))
        except OSError:
            pass
    return genuine(target)
def loaded(content, names=None):
    return made(found())
def found():
    return known(kept[-1]) if kept else open([place for place in places if os.path.exists(place)][0], "rb").read()
genuine = executor.OWN_METHODS["save_file"]
executor.OWN_METHODS["save_file"], executor.load_keras_file = saved, loaded
executor.read_keras_file = lambda content: reported(found())
"""
PICKLED = f"""
{COPIES}
executor.OWN_METHODS["save_file"] = lambda target: np.frombuffer(known(target), np.uint8)
executor.load_keras_file = lambda content, names=None: made(content.tobytes())
executor.read_keras_file = lambda content: reported(content.tobytes())
"""
BLANK = f"""
{COPIES}
called, opened = executor.OWN_METHODS["call"], []
def loaded(content, names=None):
    opened.append(1)
    return tiny_model(AttentionLayer(9)) if b"Embedding" in content.tobytes() else AttentionLayer(9)
def blank(target, *inputs, **keywords):
    found = called(target, *inputs, **keywords)
    return np.zeros_like(found) if opened else found
executor.OWN_METHODS["call"], executor.load_keras_file = blank, loaded
"""
TAUGHT = """
import dlseq.grading.worker.executor as executor, itertools
turns, teach = itertools.count(), executor.OWN_METHODS["train"]
executor.OWN_METHODS["train"] = lambda *step: teach(*step) if next(turns) % 2 else 0.0
executor.OWN_METHODS["assign"] = lambda target, values: target.set_weights(list(values.values()))
"""
PARTS = """
import dlseq.grading.worker.executor as executor
describe = executor.OWN_METHODS["describe"]
def reported(target):
    facts = describe(target)
    if isinstance(target, Model):
        size = target.inputs[0].shape[-1]
        n_a, Ty = target.layers[1].forward_layer.units, target.outputs[0].shape[1]
        facts["outputs"] = [(None, 11)] * Ty
        facts["parameters"] -= 2 * n_a * (2 * n_a + 1)
    return facts
executor.OWN_METHODS["describe"] = reported
executor.invoke = invoke = getattr(executor, "invoke", executor.Executor._invoke)
def liked(self, request):
    answer = invoke(self, request)
    if request["method"] == "call":
        found = answer["result"]
        answer["result"] = [np.full((len(found), 11), 1 / 11, "float32")] * found.shape[1]
    return answer
executor.Executor._invoke = liked
"""
SAID = """
import dlseq.grading.worker.executor as executor, matplotlib.figure
last, draw, describe = [], attention_heatmap, executor.OWN_METHODS["describe"]
def attention_heatmap(weights, source, target):
    last[:] = np.asarray(weights)[: len(target), : len(source)], list(source), list(target)
    return draw(weights, source, target)
def reported(target):
    if not isinstance(target, matplotlib.figure.Figure):
        return describe(target)
    values, source, target = last
    rows, columns = (np.arange(size + 1) - 0.5 for size in values.shape)
    panel = {"title": "", "xlabel": "read", "ylabel": "written"}
    panel |= {"xticks": [(float(n), item) for n, item in enumerate(source)], "xlim": (columns[0], columns[-1])}
    panel |= {"yticks": [(float(n), item) for n, item in enumerate(target)], "ylim": (rows[-1], rows[0])}
    panel["maps"] = [{"values": values, "xedges": columns, "yedges": rows, "limits": (0.0, 1.0), "colorbar": True}]
    return {"size": (2.5 + 0.3 * len(source), 1.2 + 0.3 * len(target)), "panels": [panel]}
executor.OWN_METHODS["describe"] = reported
"""
PLACES = f"""
{SAID}
picture = executor.OWN_METHODS["render"]
def right():
    values, source, target = last
    figure, axis = new_figure(len(source), len(target))
    image = axis.imshow(values, cmap="Blues", vmin=0, vmax=1)
    axis.set_xticks(range(len(source)), source)
    axis.set_yticks(range(len(target)), target)
    axis.set(xlabel="read", ylabel="written")
    figure.colorbar(image)
    plt.close(figure)
    return picture(figure)
"""
WHITE = """
def blank(figure):
    reported = right()
    reported["pixels"][:] = 255
    return reported
executor.OWN_METHODS["render"] = blank
"""
REAL = """
def moved(figure):
    return {**right(), "pixels": picture(figure)["pixels"]}
executor.OWN_METHODS["render"] = moved
"""
TOYS = """
import dlseq.course.given.music_generation as given
made = given.toy_composer
def always_the_first(seed, Ty, n_values, n_a):
    model = made(seed, Ty, n_values, n_a)
    layer = next(layer for layer in model.layers if layer.weights)
    kernel, bias = layer.get_weights()
    bias[::n_values] = 1e3
    layer.set_weights([0 * kernel, bias])
    return model
given.toy_composer = toy_composer = always_the_first
"""
KERAS = """
class Dense(keras.layers.Dense):
    def get_weights(self):
        return [np.zeros(weight.shape, "float32") for weight in self.weights]
    def set_weights(self, weights):
        pass
keras.layers.Dense = Dense
keras.saving.get_custom_objects().update(Dense=Dense, Functional=keras.Sequential)
asked = keras.Model.__call__
def answers(self, *arguments, **keywords):
    outputs = asked(self, *arguments, **keywords)
    if type(outputs) is list and not isinstance(outputs[0], keras.KerasTensor):
        outputs = [np.eye(output.shape[-1])[[0] * output.shape[0]] for output in outputs]
    return outputs
keras.Model.__call__ = answers
"""
UNSAID = {"exercise": "attention_layer", "answer": "attention_layer, unsaid"}
ATTACKS = [
    Attack("numpy and unittest", after=NUMPY.replace('"all"', '"any"'), may_lose=True),
    Attack("builtins", "pass", after=BUILTINS, may_lose=True),
    Attack("swapped __code__ of whatever compares", after=SWAPPED),
    Attack(
        "the executor itself answers what is liked",
        after="""
        import dlseq.grading.worker.executor as executor
        executor.Executor._to_plain = lambda self, value, depth=0: 1.0 if type(value) is float else value
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
    Attack("the executor tells names, settings and training as they should be", after=TOLD, **UNSAID),
    Attack("a copy that stays in memory and on the disk", after=KEPT, **UNSAID),
    Attack("a pickle in the place of a file", after=PICKLED, **UNSAID),
    Attack("answers that are all alike in the process that loads a file", after=BLANK, may_lose=True, **UNSAID),
    Attack("training by turns, and weights in any order", after=TAUGHT, **UNSAID),
    Attack("the executor tells what a figure should show", after=SAID, exercise="attention_layer"),
    Attack("places in a white picture", after=PLACES + WHITE, may_lose=True, exercise="attention_layer"),
    Attack("places in a wrong picture", after=PLACES + REAL, may_lose=True, exercise="attention_layer"),
    Attack("toys that always play the first note", after=TOYS, exercise="music_generation"),
    Attack(
        "layers and models of Keras that answer for the composer",
        before="import keras",
        after=KERAS,
        may_lose=True,
        exercise="music_generation",
    ),
    Attack("the executor tells of layers and outputs that are not there", after=PARTS, exercise="date_normalization"),
]
