"""Notebooks as learners bring them along from the well-known course: its imports, its older calls, its clutter.

The graded functions are those of our solutions, spelled as in older releases of the libraries where that is the point.
"""

import ast
from pathlib import Path

import pytest

from dlseq.course.exercises import get_exercise
from dlseq.course.layout import Course
from dlseq.grading.judge.client import JudgeProcess
from dlseq.grading.judge.messages import GradingJob, JudgeSettings

ROOT = Path(__file__).parents[2]
CLUTTER_BEFORE = [
    "!pip install -q something",
    "from google.colab import drive\ndrive.mount('/content/drive')",
    "get_ipython().magic('matplotlib inline')\n%load_ext autoreload",
    "import no_such_package as nsp",
    "name = input('your name? ')",
]
CLUTTER_AFTER = [
    "?? np.dot\n```",
    "x = np.zeros((3,\n",
    "assert False",
    "exit()",
    "nsp.plot()",
    "while True:\n    pass",
    "1 / 0",
]


def functions_of(exercise, *names):
    """Return the texts of functions of a solution."""
    text = Course(ROOT).solution(exercise).read_text("utf-8")
    found = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    return [ast.unparse(found[name]) for name in names]


def grade(exercise, cells, time_limit=30.0):
    """Grade the cells of a notebook; return the results of the functions in it, by function, and the notes."""
    settings = JudgeSettings(str(ROOT), (get_exercise(exercise).name,), time_limit=time_limit)
    job = GradingJob("brought", exercise, tuple((f"cell {number}", text) for number, text in enumerate(cells, 1)), 5)
    with JudgeProcess(settings) as judge:
        ((name, results),) = judge.run([job])
        notes = judge.notes[name]
    functions = {}
    for result in results:
        functions.setdefault(result.function, []).append(result)
    return functions, notes


def lost(results):
    return [(result.test, result.status, result.message) for result in results if result.status != "passed"]


RECURRENT = ["rnn_cell_forward", "rnn_forward", "lstm_cell_forward", "lstm_forward"]
RECURRENT += ["rnn_cell_backward", "rnn_backward", "lstm_cell_backward", "lstm_backward"]


@pytest.fixture(scope="module")
def recurrent():
    """The notebook of the NumPy assignment with clutter, an endless cell, and two functions that are wrong."""
    answers = functions_of("recurrent_network", *RECURRENT)
    answers[5] = "def rnn_backward(da, caches):\n    gradients = None\n    return gradients"
    answers[7] = answers[7].replace("np.", "npp.", 1)
    trial = "rnn_cell_forward(np.ones((3, 1)), np.ones((5, 1)), {})\nrnn_cell_forward_tests(rnn_cell_forward)"
    imports = "import numpy as np\nfrom rnn_utils import *\nfrom public_tests import *"
    return grade(
        "recurrent_network", [*CLUTTER_BEFORE, imports, *answers[:2], trial, *answers[2:], *CLUTTER_AFTER], 2.0
    )


def test_right_functions_of_a_cluttered_notebook_have_full_marks(recurrent):
    functions, _ = recurrent
    right = [name for name in RECURRENT if name not in ("rnn_backward", "lstm_backward")]
    assert {name: lost(functions[name]) for name in right} == {name: [] for name in right}


def test_a_placeholder_is_not_started_and_a_slip_is_explained(recurrent):
    functions, _ = recurrent
    assert {result.status for result in functions["rnn_backward"]} == {"not started"}
    visible = [result for result in functions["lstm_backward"] if not result.hidden]
    assert all("name 'npp' is not defined" in result.message and "spelling" in result.hint for result in visible)


def test_the_endless_cell_is_named(recurrent):
    _, notes = recurrent
    assert "was interrupted after 1 seconds" in notes[0] and len(notes) == 6


@pytest.mark.slow
def test_a_model_that_reads_dinos_txt_has_full_marks():
    functions = functions_of("name_generation", "clip", "sample", "optimize", "model")
    older = functions[3].replace("[name.strip() for name in data_x]", "[n.lower().strip() for n in open('dinos.txt')]")
    assert older != functions[3]
    cells = [
        "import numpy as np\nfrom utils import *\nimport random",
        "data = open('dinos.txt', 'r').read().lower()\nchars = sorted(set(data))\nvocab_size = len(chars)",
        "char_to_ix = {ch: i for i, ch in enumerate(chars)}\nix_to_char = dict(enumerate(chars))",
        *functions[:3],
        older,
        "parameters = model(data, ix_to_char, char_to_ix)",
    ]
    results, notes = grade("name_generation", cells)
    assert [lost(results[name]) for name in ("clip", "sample", "optimize", "model")] == [[], [], [], []]
    assert notes == ()


@pytest.mark.slow
def test_a_date_model_in_the_spelling_of_keras_2_has_full_marks():
    attention, model = functions_of("date_normalization", "one_step_attention", "modelf")
    older = model.replace("post_activation_LSTM_cell(context,", "post_activation_LSTM_cell(inputs=context,")
    older = older.replace(
        "LSTM(n_a, return_sequences=True)", "LSTM(n_a, return_sequences=True, input_shape=(m, Tx, 2 * n_a))"
    )
    assert "inputs=context" in older and "input_shape=(m" in older
    imports = """
from keras.layers import Bidirectional, Concatenate, Dot, Input, LSTM
from keras.layers.core import RepeatVector, Dense, Activation
from keras.models import load_model, Model
from keras.optimizers import Adam
import keras.backend as K
import numpy as np
from nmt_utils import *
"""
    data = """
m = 10000
dataset, human_vocab, machine_vocab, inv_machine_vocab = load_dataset(m)
Tx, Ty, n_a, n_s = 30, 10, 32, 64
"""
    layers = """
repeator = RepeatVector(Tx)
concatenator = Concatenate(axis=-1)
densor1 = Dense(10, activation="tanh")
densor2 = Dense(1, activation="relu")
activator = Activation(softmax, name="attention_weights")
dotor = Dot(axes=1)
post_activation_LSTM_cell = LSTM(n_s, return_state=True)
output_layer = Dense(len(machine_vocab), activation=softmax)
"""
    trials = """
model = modelf(Tx, Ty, n_a, n_s, len(human_vocab), len(machine_vocab))
model.compile(optimizer=Adam(lr=0.005, decay=0.01), loss="categorical_crossentropy")
model.load_weights("models/model.h5")
attention_map = plot_attention_map(model)
"""
    (rows,) = functions_of("date_normalization", "attention_map")
    results, _ = grade("date_normalization", [imports, data, layers, attention, older, trials, "import keras", rows])
    names = ("one_step_attention", "modelf", "attention_map")
    assert {name: lost(results[name]) for name in names} == {name: [] for name in names}


MUSIC = [
    "import IPython\nfrom music21 import *\nfrom grammar import *\nfrom data_utils import *\nfrom outputs import *",
    "import numpy as np\nimport tensorflow as tf\nfrom tensorflow.keras.models import Model\n"
    "from tensorflow.keras.layers import Dense, Input, LSTM, Reshape, RepeatVector\n"
    "from tensorflow.keras.utils import to_categorical",
    "X, Y, n_values, indices_values, chords = load_music_utils('data/original_metheny.mid')\nn_a = 64",
    "n_values = 90\nreshaper = Reshape((1, n_values))\nLSTM_cell = LSTM(n_a, return_state=True)\n"
    "densor = Dense(n_values, activation='softmax')",
    """
def djmodel(Tx, LSTM_cell, densor, reshaper):
    X = Input(shape=(Tx, densor.units))
    a0, c0 = (Input(shape=(LSTM_cell.units,), name=name) for name in ("a0", "c0"))
    a, c, outputs = a0, c0, []
    for t in range(Tx):
        x = reshaper(X[:, t, :])
        _, a, c = LSTM_cell(inputs=x, initial_state=[a, c])
        outputs.append(densor(a))
    return Model(inputs=[X, a0, c0], outputs=outputs)
""",
    "model = djmodel(30, LSTM_cell, densor, reshaper)\nmodel.fit([X, a0, c0], list(Y), epochs=100)",
    """
def music_inference_model(LSTM_cell, densor, Ty=100):
    x0, a0, c0 = (Input(shape=shape) for shape in ((1, densor.units), (LSTM_cell.units,), (LSTM_cell.units,)))
    x, a, c, outputs = x0, a0, c0, []
    for t in range(Ty):
        _, a, c = LSTM_cell(x, initial_state=[a, c])
        out = densor(a)
        outputs.append(out)
        x = tf.math.argmax(out, axis=-1)
        x = RepeatVector(1)(tf.one_hot(x, densor.units))
    return Model(inputs=[x0, a0, c0], outputs=outputs)
""",
    """
def predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer):
    pred = inference_model.predict([x_initializer, a_initializer, c_initializer])
    indices = np.argmax(pred, axis=-1)
    return to_categorical(indices.ravel(), num_classes=x_initializer.shape[2]), indices
""",
    "results, indices = predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer)",
]


@pytest.mark.slow
def test_the_notebook_of_the_music_assignment_has_full_marks():
    """It had 0: it has no `toy_layers`, and Keras 3 takes no Keras tensors in functions of TensorFlow."""
    results, _ = grade("music_generation", MUSIC)
    names = ("djmodel", "music_inference_model", "predict_and_sample")
    assert {name: lost(results[name]) for name in names} == {name: [] for name in names}
