"""Speed of translation: target words per second in training, and sentences per second with a beam of width 8.

Training baselines, of the sizes of the shipped French model: plain Keras `fit` with `keras.layers.LSTM`, and a decoder
that runs one step at a time within `keras.layers.RNN`, each step with `AdditiveAttention`, as Keras's users write it;
and the loop of the usual PyTorch tutorial, a batch and one decoder step at a time (`torch_tutorial.py`; the rows are
left out where PyTorch is not installed). Both twice: as their users run them, on arrays padded to the longest sentence
in random batches, and on our own batches of similar length. The first epoch, which traces, is not counted.

The row of matrix products is a bound, not a side: words per second if training were nothing but the products with the
weights (six operations for each weight but embeddings and each word), at the rate of a large product on this machine.

Decoding baseline: the same search in the same compiled graph, one sentence per call. All times are CPU time, in turns.

    python benchmarks/translation_speed.py
    python benchmarks/translation_speed.py --pairs 500 --rounds 1
"""

import importlib.util
import statistics
import time

import keras
import numpy as np
from clocks import EpochClock
from keras import ops
from report import Table, argument_parser, format_range, write_json

from dlseq.data.translations import translation_pairs
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.translation.presets import PRESETS
from dlseq.tasks.translation.translator import Translator
from dlseq.training.batching import bucketed_batches
from dlseq.training.config import TrainingConfig
from dlseq.training.losses_metrics import MaskedCrossEntropy

BATCH_SIZE = 40
BEAM_WIDTH = 8
TUTORIAL_BATCHES = 16  # enough for a rate
BOUND = "matrix products alone, a bound"
PRODUCT_SIZE = 1024


@keras.saving.register_keras_serializable(package="benchmark")
class DecoderCell(keras.layers.Layer):
    """One step of a decoder with additive attention: the state is the query, the LSTM reads word and context."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.memory = None
        self.state_size, self.output_size = [units, units], 2 * units
        self.query = keras.layers.Dense(units)
        self.attention = keras.layers.AdditiveAttention()
        self.lstm = keras.layers.LSTMCell(units)

    def build(self, word_shape):
        self.query.build((None, self.units))
        self.attention.build([(None, 1, self.units), (None, None, self.units)])
        self.lstm.build((None, word_shape[-1] + self.units))

    def call(self, word, states):
        """Return `[hidden; context]` and the next states; the attribute `memory`, `(B, Tx, units)`, is set before."""
        context = self.attention([ops.expand_dims(self.query(states[0]), 1), self.memory])[:, 0]
        hidden, states = self.lstm(ops.concatenate([word, context], axis=-1), states)
        return ops.concatenate([hidden, context], axis=-1), states


def step_by_step_network(translator, sizes):
    """Return a Keras model of the same sizes whose decoder runs one step at a time."""
    network, units = translator.network, sizes["decoder_units"]
    source, target = (keras.Input((None,), dtype="int32", name=name) for name in ("source", "target"))
    embedded = keras.layers.Embedding(len(network.source_vocabulary), sizes["units"])(source)
    memory = keras.layers.Bidirectional(keras.layers.LSTM(sizes["recurrent_units"], return_sequences=True))(embedded)
    memory = keras.layers.Dense(units)(memory)
    previous = keras.layers.Lambda(lambda ids: ops.pad(ids[:, :-1], ((0, 0), (1, 0))))(target)
    words = keras.layers.Embedding(len(network.target_vocabulary), units)(previous)
    decoder = keras.layers.RNN(DecoderCell(units), return_sequences=True)
    hidden = keras.layers.Dense(units, activation="tanh")(StepByStep(decoder)([words, memory]))
    return keras.Model({"source": source, "target": target}, keras.layers.Dense(len(network.target_vocabulary))(hidden))


class StepByStep(keras.layers.Layer):
    """Run an RNN whose cell reads a memory, which Keras's RNN cannot pass on."""

    def __init__(self, rnn):
        super().__init__()
        self.rnn = rnn

    def build(self, input_shape):
        self.rnn.build(input_shape[0])

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], 2 * self.rnn.cell.units)

    def call(self, inputs):
        """Return the outputs `(B, Ty, 2 * units)` of words `(B, Ty, E)` over a memory `(B, Tx, units)`."""
        words, self.rnn.cell.memory = inputs
        return self.rnn(words)


def product_rate() -> float:
    """Return operations per CPU second of a large matrix product."""
    factors = ops.ones((PRODUCT_SIZE, PRODUCT_SIZE)), ops.ones((PRODUCT_SIZE, PRODUCT_SIZE))
    ops.matmul(*factors)
    began, count = time.process_time(), 20
    for _ in range(count):
        ops.convert_to_numpy(ops.matmul(*factors))
    return count * 2 * PRODUCT_SIZE**3 / (time.process_time() - began)


def training_rates(pairs, rounds) -> dict[str, list[float]]:
    """Return target words per second of training, for each side and round."""
    sizes = dict(PRESETS["fr-en"].sizes)
    translator = Translator.build(pairs, seed=0, **sizes)
    inputs, y = translator.encode(pairs)
    x = {name: inputs[name] for name in ("source", "target")}
    words = int((y != 0).sum())
    baseline = step_by_step_network(translator, sizes)
    baseline.compile(keras.optimizers.Adam(0.002), loss=MaskedCrossEntropy())
    steps = len(pairs) // BATCH_SIZE
    weights = [weight for weight in translator.network.weights if "embedding" not in weight.path]
    operations = 6 * sum(int(np.prod(weight.shape)) for weight in weights)  # a word

    def ours(clock):
        translator.fit(pairs, pairs[:10], TrainingConfig(epochs=2, batch_size=BATCH_SIZE), callbacks=[clock])

    def keras_fit(clock):
        baseline.fit(x, y, batch_size=BATCH_SIZE, epochs=2, verbose=0, callbacks=[clock])

    def keras_fit_our_batches(clock):
        batches = bucketed_batches(x, y, BATCH_SIZE, steps, seed=0)
        baseline.fit(batches, epochs=2, steps_per_epoch=steps, verbose=0, callbacks=[clock])

    fits = {
        "ours": ours,
        "Keras fit, one decoder step at a time": keras_fit,
        "Keras fit, one decoder step at a time, our batches": keras_fit_our_batches,
    }
    rates: dict[str, list[float]] = {name: [] for name in fits}
    for _ in range(rounds):
        for name, fit in fits.items():
            clock = EpochClock()
            fit(clock)
            rates[name].append(words * steps * BATCH_SIZE / len(pairs) / clock.cpu_seconds[1])
        if importlib.util.find_spec("torch"):
            from torch_tutorial import tutorial_rate

            vocabularies = len(translator.network.source_vocabulary), len(translator.network.target_vocabulary)
            similar = bucketed_batches(x, y, BATCH_SIZE, steps, seed=0).take(TUTORIAL_BATCHES)
            rows = np.random.default_rng(0).permutation(len(y))[: TUTORIAL_BATCHES * BATCH_SIZE]
            rows = rows[: len(rows) // BATCH_SIZE * BATCH_SIZE].reshape(-1, BATCH_SIZE)
            for name, batches in {
                "PyTorch tutorial loop": [(x["source"][batch], y[batch]) for batch in rows],
                "PyTorch tutorial loop, our batches": [(batch["source"], target) for batch, target in similar],
            }.items():
                rates.setdefault(name, []).append(tutorial_rate(batches, vocabularies, sizes))
        rates.setdefault(BOUND, []).append(product_rate() / operations)
    return rates


def decoding_rates(sentences, rounds) -> dict[str, list[float]]:
    """Return sentences per second with a beam, all at once and one at a time."""
    translator = Translator.load(pretrained("translation-fr-en"))
    texts = [pair.source for pair in translation_pairs(sentences, "fr", split="test", seed=1)]
    some = texts[: max(1, sentences // 10)]

    def together():
        return [translation.target for translation in translator.translate(texts, beam_width=BEAM_WIDTH)]

    def alone():
        return [translator.translate([text], beam_width=BEAM_WIDTH)[0].target for text in some]

    differing = sum(a != b for a, b in zip(together(), alone(), strict=False))  # traces the graphs of both
    if differing > max(1, len(some) // 50):  # rounding can decide between equal scores
        raise RuntimeError(f"The benchmark is invalid: {differing} of {len(some)} translations differ.")
    rates: dict[str, list[float]] = {"ours, all at once": [], "one sentence at a time": []}
    for _ in range(rounds):
        for name, method, count in zip(rates, (together, alone), (len(texts), len(some)), strict=True):
            began = time.process_time()
            method()
            rates[name].append(count / (time.process_time() - began))
    return rates


def main() -> None:
    """Time all sides in turns and print their rates."""
    parser = argument_parser("Speed of training and of beam search of a translator.")
    parser.add_argument("--pairs", type=int, default=2000, help="training pairs (default: %(default)s)")
    parser.add_argument("--sentences", type=int, default=1000, help="sentences to translate (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    pairs = translation_pairs(arguments.pairs, "fr", seed=0)
    figures = {}
    for title, rates in (
        ("Target words per second in training", training_rates(pairs, arguments.rounds)),
        (f"Sentences per second, beam of width {BEAM_WIDTH}", decoding_rates(arguments.sentences, arguments.rounds)),
    ):
        ours = statistics.median(next(iter(rates.values())))
        table = Table(title, ["side", "per CPU second", "from … to", "ours is faster by"])
        for name, values in rates.items():
            median = statistics.median(values)
            table.add(name, f"{median:,.0f}", format_range(values, ",.0f"), f"{ours / median:.1f}")
        table.print(f"Medians of {arguments.rounds} rounds, in turns.")
        figures[title] = rates
    write_json(arguments.json, figures)


if __name__ == "__main__":
    main()
