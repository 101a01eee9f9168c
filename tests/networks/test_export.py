"""Exported networks and layers compute what the model computed: SavedModel, LiteRT and ONNX."""

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlseq.decoding import greedy_search
from dlseq.errors import DlseqError
from dlseq.layers import LSTM, AttentionLayer, TextEncoder, unfused
from dlseq.layers.attention import SCORES
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.networks.language_model import LanguageModel
from dlseq.text.vocabulary import Vocabulary

LETTERS, DIGITS = Vocabulary("abcdef"), Vocabulary("0123")
SOURCE, TARGET = LETTERS.encode_batch(["abc", "f", "ddeea"]), DIGITS.encode_batch(["012", "33", "210"], eos=True)
TOLERANCE = {"atol": 1e-4, "rtol": 0}

LOAD = """
import sys
import numpy as np

sys.modules["dlseq"] = sys.modules["keras"] = None  # importing them raises ImportError
import tensorflow as tf

served = tf.saved_model.load(sys.argv[1])
given = np.load(sys.argv[2])
network = {name: tf.constant(given[name]) for name in ("source", "target")}
np.savez(sys.argv[3], network=served.serve(network), decoded=served.decode(network["source"]))
"""


@pytest.fixture(scope="module")
def network():
    """An encoder-decoder with a bidirectional LSTM, called once."""
    keras.utils.set_random_seed(1)
    encoder = TextEncoder(len(LETTERS), 8, depth=1, recurrent_units=4)
    network = EncoderDecoder(encoder, DIGITS.to_config(), source=LETTERS.to_config(), decoder_units=8)
    network({"source": SOURCE, "target": TARGET})
    return network


@pytest.fixture(scope="module")
def language_model():
    keras.utils.set_random_seed(2)
    return LanguageModel(LETTERS.to_config(), embedding_units=4, units=6, depth=2)


@pytest.fixture(scope="module")
def functional():
    """A functional model of attention layers with each score between LSTMs, with a mask, and its inputs."""
    keras.utils.set_random_seed(3)
    ids, memory = keras.Input((5,), dtype="int32"), keras.Input((7, 6))
    states = LSTM(4, return_sequences=True)(keras.layers.Embedding(9, 3, mask_zero=True)(ids))
    both = keras.layers.Bidirectional(LSTM(3, return_sequences=True))(memory)
    contexts = [AttentionLayer(4, score=score)([states, both]) for score in SCORES]
    model = keras.Model([ids, memory], keras.layers.Concatenate()(contexts))
    given = [
        np.array([[1, 2, 3, 0, 0], [4, 5, 6, 7, 8]], "int32"),
        np.random.default_rng(3).normal(size=(2, 7, 6)).astype("float32"),
    ]
    return model, given, np.asarray(model(given))


def decode_function(network):
    """Return greedy decoding as a function of the source, for any batch and length."""
    return lambda source: (
        network.decode(
            source, lambda *args, **sizes: greedy_search(*args, **sizes, end_id=Vocabulary.eos_id), max_length=6
        ).ids
    )


def run_lite(path, *inputs):
    """Run a LiteRT model of fixed sizes whose inputs are told apart by their shapes and types."""
    runner = tf.lite.Interpreter(str(path)).get_signature_runner()
    details = runner.get_input_details()
    names = {(tuple(detail["shape"]), np.dtype(detail["dtype"])): name for name, detail in details.items()}
    return runner(**{names[array.shape, array.dtype]: array for array in inputs})


@pytest.mark.slow
def test_saved_model_runs_where_dlseq_is_not_installed(network, tmp_path):
    """The new process cannot import dlseq or Keras; the SavedModel has the forward pass and the greedy search."""
    archive = keras.export.ExportArchive()
    archive.track(network)
    signature = network.input_signature()
    archive.add_endpoint("serve", network, input_signature=signature)
    archive.add_endpoint("decode", decode_function(network), input_signature=[signature[0]["source"]])
    archive.write_out(str(tmp_path / "saved"), verbose=False)
    np.savez(tmp_path / "given.npz", source=SOURCE[:2], target=TARGET[:2])
    arguments = [str(tmp_path / name) for name in ("saved", "given.npz", "found.npz")]
    process = subprocess.run(
        [sys.executable, "-I", "-c", LOAD, *arguments], capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr[-3000:]
    found = np.load(tmp_path / "found.npz")
    np.testing.assert_allclose(found["network"], network({"source": SOURCE[:2], "target": TARGET[:2]}), **TOLERANCE)
    np.testing.assert_array_equal(found["decoded"], decode_function(network)(SOURCE[:2]))


@pytest.mark.slow
def test_networks_export_right_after_their_first_call(network, language_model, tmp_path):
    """Both said that they had never been called, for `built` was set without Keras's records of the build."""
    network.export(tmp_path / "network", verbose=False)
    language_model.export(tmp_path / "names", verbose=False)
    served = tf.saved_model.load(str(tmp_path / "network"))
    given = {"source": tf.constant(SOURCE[1:, :3]), "target": tf.constant(TARGET[1:, :2])}
    np.testing.assert_allclose(served.serve(given), network(given), **TOLERANCE)
    names = tf.saved_model.load(str(tmp_path / "names"))
    np.testing.assert_allclose(names.serve(tf.constant(SOURCE)), language_model(SOURCE), **TOLERANCE)


def test_networks_that_are_not_built_say_so(tmp_path):
    network = EncoderDecoder(keras.layers.Dense(7), DIGITS.to_config())
    with pytest.raises(DlseqError, match=r"EncoderDecoder.export needs the network's weights.*Call the network once"):
        network.export(tmp_path / "network")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_encoder_decoder_runs_in_lite(network, tmp_path):
    signature = network.input_signature(batch_size=3, source_length=5, target_length=4)
    network.export(tmp_path / "network.tflite", format="litert", input_signature=signature, verbose=False)
    [found] = run_lite(tmp_path / "network.tflite", SOURCE, TARGET).values()
    np.testing.assert_allclose(found, network({"source": SOURCE, "target": TARGET}), **TOLERANCE)


@pytest.mark.slow
def test_functional_models_of_the_layers_run_in_lite(functional, tmp_path):
    model, given, expected = functional
    specs = [keras.InputSpec(shape=x.shape, dtype=x.dtype.name) for x in given]
    model.export(str(tmp_path / "model.tflite"), format="litert", input_signature=[specs], verbose=False)
    [found] = run_lite(tmp_path / "model.tflite", *given).values()
    np.testing.assert_allclose(found, expected, **TOLERANCE)


@pytest.mark.slow
def test_greedy_search_runs_in_lite(network):
    with unfused():
        graph = tf.function(decode_function(network)).get_concrete_function(tf.TensorSpec((3, 5), "int32"))
    content = tf.lite.TFLiteConverter.from_concrete_functions([graph]).convert()
    interpreter = tf.lite.Interpreter(model_content=content)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], SOURCE)
    interpreter.invoke()
    found = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    np.testing.assert_array_equal(found, decode_function(network)(SOURCE))


class TestOnnx:
    """Files for onnxruntime, with open batch and lengths."""

    @pytest.fixture(autouse=True)
    def packages(self):
        for package in ("onnx", "onnxruntime", "tf2onnx"):
            pytest.importorskip(package, reason="ONNX needs the extra `export`")

    def run(self, path, **inputs):
        import onnxruntime

        session = onnxruntime.InferenceSession(str(path))
        assert {given.name for given in session.get_inputs()} == set(inputs)
        return session.run(None, inputs)[0]

    @pytest.mark.slow
    def test_encoder_decoder(self, network, tmp_path):
        network.export(tmp_path / "network.onnx", format="onnx", verbose=False)
        for rows in (3, 1):
            found = self.run(tmp_path / "network.onnx", source=SOURCE[:rows], target=TARGET[:rows])
            np.testing.assert_allclose(found, network({"source": SOURCE[:rows], "target": TARGET[:rows]}), **TOLERANCE)

    @pytest.mark.slow
    def test_language_model(self, language_model, tmp_path):
        language_model.export(tmp_path / "names.onnx", format="onnx", verbose=False)
        np.testing.assert_allclose(self.run(tmp_path / "names.onnx", ids=SOURCE), language_model(SOURCE), **TOLERANCE)

    @pytest.mark.slow
    def test_functional_models_of_the_layers(self, functional, tmp_path):
        """tf2onnx wrote the kernel into a file that onnxruntime refuses, and Keras called that a success."""
        model, given, expected = functional
        model.export(str(tmp_path / "model.onnx"), format="onnx", verbose=False)
        names = [tensor.name for tensor in model.inputs]
        found = self.run(tmp_path / "model.onnx", **dict(zip(names, given, strict=True)))
        np.testing.assert_allclose(found, expected, **TOLERANCE)

    def test_no_file_is_written_that_onnx_does_not_know(self, tmp_path):
        class Exotic(keras.layers.Dense):
            def call(self, inputs):
                return tf.math.lgamma(super().call(inputs))

        network = EncoderDecoder(Exotic(7), DIGITS.to_config(), decoder_units=4)
        network({"source": np.ones((3, 5, 4), "float32"), "target": TARGET})
        with pytest.raises(DlseqError, match=r"Cannot export the network as ONNX: .*Lgamma"):
            network.export(tmp_path / "network.onnx", format="onnx")
        assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_code_of_the_page_prints_what_its_comments_say(tmp_path, monkeypatch):
    """All blocks of docs/export.md, one after the other, in an empty folder."""
    for package in ("onnx", "onnxruntime", "tf2onnx"):
        pytest.importorskip(package, reason="ONNX needs the extra `export`")
    text = Path(__file__).parents[2].joinpath("docs/export.md").read_text("utf-8")
    code = "\n".join(re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "docs/export.md", "exec"), {})  # noqa: S102  (our own page)
    expected = re.findall(r"^print\(.*\)  # (.*)$", code, re.MULTILINE)
    assert len(expected) >= 3
    assert printed.getvalue().splitlines() == expected
