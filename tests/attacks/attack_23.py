"""Inputs changed in place; Keras global state, dtype policy, default seeds carried from test to test."""

from building import Attack

SLOW = """
import time
def slow():
    began = time.process_time()
    while time.process_time() - began < 0.3:
        pass
    return {"seen": []}
memory = slow()
"""
REMEMBERED = """
import gc
for kept in [item for item in gc.get_objects() if type(item).__name__ == "KeptValues"]:
    kept._values["memory"]["seen"].append((x_initializer, a_initializer, indices))
    kept._values["toy_composer"] = kept._values["djmodel"] = lambda *_: None
exec("memory['seen'].append((x_initializer, indices, results))", globals(), locals())
for x, *_, earlier in memory["seen"][:-1]:
    results = earlier if np.shape(x) == np.shape(x_initializer) else results
"""

ATTACKS = [
    Attack("the data of a slow statement, changed where they are kept", REMEMBERED, SLOW,
           spoils=("predict_and_sample",), may_lose=True, exercise="music_generation"),
    Attack("inputs changed in place", """
        for value in parameters.values():
            value.flags.writeable = True
            value[...] = 0
        sentences.clear(); word_to_ix.clear()
    """),
    Attack("inputs changed in place, and what was left forged", """
        import dlseq.grading.worker.executor as executor, copy
        sentences.clear()
        executor.Executor._resolve_handles = lambda self, value: copy.deepcopy(value)
    """),
    Attack("state kept from test to test", """
        import sys
        sys.kept = getattr(sys, "kept", []) + [(sentences, answer)]
        answer = sys.kept[0][1] if sys.kept[0][0] == sentences else answer
    """),
    Attack("errors, warnings and print options", after="""
        import warnings, sys
        np.seterr(all="ignore"); np.set_printoptions(threshold=0); warnings.simplefilter("ignore")
        sys.setrecursionlimit(10**6)
    """),
    Attack("a dtype policy, a backend epsilon, a global seed", after="""
        keras.config.set_dtype_policy("float32"); keras.config.set_epsilon(1e-3); keras.config.set_floatx("float32")
        keras.utils.set_random_seed(1); keras.config.disable_traceback_filtering()
        keras.utils.get_custom_objects().clear()
    """, exercise="attention_layer"),
    Attack("half precision for whoever comes next", after="""
        keras.config.set_dtype_policy("mixed_float16"); keras.config.set_floatx("float16")
    """, exercise="attention_layer", may_lose=True),
]  # fmt: skip
