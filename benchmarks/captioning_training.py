"""Training of a captioner: scenes per second, and captions right after as long a training, against plain Keras.

Baseline: the same image encoder, an attention and an LSTM cell of the same sizes in `keras.Model.fit`, with a decoder
layer that is called once for each word. It learns from captions alone, end to end. Ours: `Captioner.fit`, which learns
what is at each place first, with `--joint-epochs` then captions with the encoder; then captions train the decoder
alone, over memories that are computed once, all words of a caption at once.

First the rates of both with captions, in turns; the first epoch of each turn, which traces, is not counted. To each
epoch of ours belongs its share of the time that the memories took, over the epochs of the preset.
With `--times`, both are then trained and caption the same held-out scenes, of one view each: ours in its stages, with
the epochs given, the baseline for so many times the CPU seconds of ours, with the same optimizer, whose rate falls to
zero over them.

    python benchmarks/captioning_training.py
    python benchmarks/captioning_training.py --times 3 --place-epochs 4 --epochs 1
"""

import dataclasses
import statistics
import time

import keras
import numpy as np
from clocks import EpochClock
from keras import ops
from report import Table, argument_parser, format_range, write_json

from dlseq.data.scenes import draw_scenes, is_right
from dlseq.layers import ConvolutionalFeatures, ImageEncoder
from dlseq.tasks.captioning.captioner import Captioner
from dlseq.tasks.captioning.presets import PRESETS
from dlseq.tasks.training import train
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.batching import bucketed_batches
from dlseq.training.config import TrainingConfig
from dlseq.training.fit import build_optimizer
from dlseq.training.losses_metrics import MaskedCrossEntropy

PRESET = PRESETS["scenes"]
BATCH_SIZE, RATE = PRESET.training.batch_size, PRESET.training.learning_rate
HELD_OUT_SEED = 1_000


class DecoderStep(keras.layers.Layer):
    """One step of a decoder: the LSTM reads the word and the last context, its state asks the memory."""

    def __init__(self, vocabulary_size, units):
        super().__init__()
        self.units = units
        self.lstm = keras.layers.LSTMCell(units)
        self.query = keras.layers.Dense(units)
        self.attention = keras.layers.Attention()
        self.combine = keras.layers.Dense(units, activation="tanh")
        self.logits = keras.layers.Dense(vocabulary_size)

    def build(self, word_shape, memory_shape, state_shape):
        self.lstm.build((None, 2 * self.units))
        self.query.build((None, self.units))
        self.combine.build((None, 2 * self.units))
        self.logits.build((None, self.units))

    def call(self, word, memory, state):
        """Return logits `(B, V)` and the next state: hidden, cell and context, each `(B, units)`."""
        hidden, cell, context = state
        hidden, (_, cell) = self.lstm(ops.concatenate([word, context], axis=-1), [hidden, cell])
        context = self.attention([ops.expand_dims(self.query(hidden), 1), memory])[:, 0]
        logits = self.logits(self.combine(ops.concatenate([hidden, context], axis=-1)))
        return logits, [hidden, cell, context]


def word_by_word_network(sizes, vocabulary_size, image_size, length) -> keras.Model:
    """Return a Keras model of the same sizes that calls its decoder layer once for each word of a caption."""
    image = keras.Input((image_size, image_size, 3), dtype="uint8", name="source")
    target = keras.Input((length,), dtype="int32", name="target")
    features = ConvolutionalFeatures(**{name: sizes[name] for name in ("filters", "strides", "jitter")})
    encoder = ImageEncoder(features, units=sizes["units"], context_layers=sizes["context_layers"])
    units = sizes["decoder_units"]
    memory = keras.layers.Dense(units)(encoder(image))
    previous = keras.layers.Lambda(
        lambda ids: ops.pad(ids[:, :-1], ((0, 0), (1, 0)), constant_values=Vocabulary.eos_id)
    )(target)
    words = keras.layers.Embedding(vocabulary_size, units)(previous)
    nothing = keras.layers.Lambda(lambda memory: ops.zeros_like(memory[:, 0]))(memory)
    step, state, logits = DecoderStep(vocabulary_size, units), [nothing] * 3, []
    for index in range(length):
        logits_of_word, state = step(words[:, index], memory, state)
        logits.append(logits_of_word)
    return keras.Model({"source": image, "target": target}, ops.stack(logits, axis=1))


def compiled_baseline(captioner, length, steps) -> keras.Model:
    """Return the baseline with the sizes of a captioner, with the optimizer of our training over so many steps."""
    network = word_by_word_network(PRESET.sizes, len(captioner.network.target_vocabulary), captioner.image_size, length)
    network.compile(build_optimizer(RATE, steps), loss=MaskedCrossEntropy())
    return network


def batches(captioner, scenes, steps):
    """Return the batches of our training, with captions of one length: the graph is unrolled over the words."""
    ids = captioner.encode(scenes)[1]
    x = {"source": captioner.pixels([scene.image for scene in scenes]), "target": ids}
    return bucketed_batches(x, ids, BATCH_SIZE, steps, seed=0, width_multiple=ids.shape[1])


def training_rates(examples, rounds) -> dict[str, list[float]]:
    """Return scenes per CPU second of the stage of captions, for each side and round."""
    scenes = draw_scenes(examples, seed=0)
    captioner = Captioner.build(scenes, seed=0, language="en", **PRESET.sizes)
    captioner.network.metadata |= {"place_epochs": 0, "joint_epochs": 0}  # the last stage alone
    steps = examples // BATCH_SIZE
    baseline = compiled_baseline(captioner, captioner.encode(scenes)[1].shape[1], steps)
    config = TrainingConfig(epochs=2, batch_size=BATCH_SIZE, learning_rate=RATE)

    def ours(clock):
        captioner.fit(scenes, scenes[:10], config, callbacks=[clock])

    def plain(clock):
        baseline.fit(batches(captioner, scenes, steps), epochs=2, steps_per_epoch=steps, verbose=0, callbacks=[clock])

    captioner.encode(scenes)  # traces
    started = time.process_time()
    captioner.encode(scenes)
    share = (time.process_time() - started) / PRESET.training.epochs
    rates = {"ours": [], "Keras fit, a decoder layer called once a word": []}
    for _ in range(rounds):
        for found, fit, before in zip(rates.values(), (ours, plain), (share, 0.0), strict=True):
            clock = EpochClock()
            fit(clock)
            found.append(steps * BATCH_SIZE / (before + clock.cpu_seconds[1]))
    return rates


def right_shares(arguments, rate) -> dict[str, dict]:
    """Train both sides and return the CPU seconds of each with the share of captions that are right."""
    preset = dataclasses.replace(
        PRESET,
        sizes={
            **PRESET.sizes,
            **{"place_epochs": arguments.place_epochs, "joint_epochs": arguments.joint_epochs},
        },
        training=dataclasses.replace(PRESET.training, epochs=arguments.epochs),
    )
    held_out = draw_scenes(arguments.scenes, seed=HELD_OUT_SEED, split="test")
    started = time.process_time()
    captioner = train(Captioner, preset).model
    seconds = time.process_time() - started
    captions = [caption.words for caption in captioner.caption([scene.image for scene in held_out], views=1)]
    shares = {"ours": {"cpu_seconds": seconds, "right": right_share(held_out, captions)}}

    scenes = PRESET.data.load(0).train
    steps = int(arguments.times * seconds * rate / BATCH_SIZE)
    length = captioner.encode(scenes)[1].shape[1]
    baseline = compiled_baseline(captioner, length, steps)
    started = time.process_time()
    baseline.fit(batches(captioner, scenes, steps), epochs=1, steps_per_epoch=steps, verbose=0)
    seconds = time.process_time() - started
    captions = baseline_captions(baseline, captioner, held_out, length)
    shares["Keras fit"] = {"cpu_seconds": seconds, "right": right_share(held_out, captions)}
    return shares


def baseline_captions(baseline, captioner, scenes, length) -> list[tuple[str, ...]]:
    """Return captions of greedy search: the model reads its own words so far, once for each word."""
    images = captioner.pixels([scene.image for scene in scenes])
    ids = np.zeros((len(scenes), length), np.int32)
    for index in range(length):
        logits = baseline.predict({"source": images, "target": ids}, batch_size=250, verbose=0)
        ids[:, index] = logits[:, index].argmax(axis=-1)
    symbols = captioner.network.target_vocabulary.symbols
    captions = []
    for row in ids:
        ends = np.flatnonzero(row == Vocabulary.eos_id)
        words = row[: ends[0]] if len(ends) else row
        captions.append(tuple(symbols[index - Vocabulary.eos_id - 1] for index in words if index > Vocabulary.eos_id))
    return captions


def right_share(scenes, captions) -> float:
    return float(np.mean([is_right(scene, caption) for scene, caption in zip(scenes, captions, strict=True)]))


def main() -> None:
    """Print the rates of both sides, and what both have learned."""
    parser = argument_parser("Training of a captioner against plain Keras.")
    parser.add_argument("--examples", type=int, default=2_000, help="scenes of an epoch of the rates")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--times", type=float, help="train both, the baseline for so many times the seconds of ours")
    parser.add_argument("--place-epochs", type=int, default=4, help="of ours with --times (default: %(default)s)")
    parser.add_argument("--joint-epochs", type=int, default=0, help="of ours with --times (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=1, help="of ours with --times (default: %(default)s)")
    parser.add_argument("--scenes", type=int, default=1_000, help="held-out scenes to caption with --times")
    arguments = parser.parse_args()

    rates = training_rates(arguments.examples, arguments.rounds)
    medians = [statistics.median(values) for values in rates.values()]
    table = Table(
        "Scenes per CPU second, stage of captions", ["side", "a CPU second", "from … to", "ours is faster by"]
    )
    for (name, values), median in zip(rates.items(), medians, strict=True):
        table.add(name, f"{median:,.0f}", format_range(values, ",.0f"), f"{medians[0] / median:.1f}")
    table.print(f"Medians of {arguments.rounds} rounds, in turns.")

    shares = {} if arguments.times is None else right_shares(arguments, medians[1])
    if shares:
        table = Table(f"Captions of {arguments.scenes} held-out scenes", ["side", "CPU seconds", "right"])
        for name, row in shares.items():
            table.add(name, f"{row['cpu_seconds']:,.0f}", f"{row['right']:.1%}")
        table.print()
    write_json(arguments.json, {"rates": rates, "trained": shares})


if __name__ == "__main__":
    main()
