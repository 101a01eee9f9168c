"""Baseline of date normalization: the recipe with which this task has long been taught, in our own code.

It is the graph of exercise 4. A bidirectional LSTM encodes the text; then, for each of the ten output characters, the
same Keras layers are applied: attention from the decoder state, one step of an LSTM, a softmax. No output is fed back.
The settings are the recipe's own: text cut or padded to 30 characters, one-hot inputs, 32 and 64 units, energies from
Dense 10 tanh and Dense 1 ReLU, batches of 100, Adam at 0.005, divided by `1 + 0.01 n` after `n` steps, as the `decay`
of Keras was at the time. (If `n` were epochs, it would learn far faster: 99 % after 8 epochs of the same 10,000 pairs.)
Free choices favor its speed: no metrics in `fit`, no progress bar, and a `predict` batch of 1,000.

    python benchmarks/original_recipe.py             # exact match by epoch, 10,000 pairs
    python benchmarks/original_recipe.py --epochs 5

Baseline of: time_to_99.py, training_speed.py and decoding_speed.py, which import it.
"""

import time
from collections.abc import Sequence

import keras
import numpy as np
from report import Table, argument_parser, write_json

from dlseq.data.dates import DatePair, date_pairs
from dlseq.text.normalize import normalize_text
from dlseq.text.vocabulary import Vocabulary

TX, TY = 30, 10
ENCODER_UNITS, DECODER_UNITS = 32, 64
BATCH_SIZE = 100
WRITTEN = "-0123456789"


class OriginalRecipe:
    """Layers of the recipe, shared by the training model and by the two models that decode step by step.

    Args:
        pairs: Pairs to train on, whose characters are the vocabulary.
        seed: Seed of the initial weights and of the order of training.

    Example:
        >>> pairs = date_pairs(100, "course", seed=1)
        >>> recipe = OriginalRecipe(pairs, seed=0)
        >>> _ = recipe.fit(pairs, epochs=1)
        >>> len(recipe.normalize([pair.text for pair in pairs])[0])
        10
    """

    def __init__(self, pairs: Sequence[DatePair], seed: int = 0):
        keras.utils.set_random_seed(seed)
        self.vocabulary = Vocabulary.from_texts(normalize_text(pair.text) for pair in pairs)
        self.one_hot = np.delete(np.eye(len(self.vocabulary), dtype="float32"), Vocabulary.eos_id, axis=1)
        layers = keras.layers
        self.encoder = layers.Bidirectional(layers.LSTM(ENCODER_UNITS, return_sequences=True))
        self.repeat = layers.RepeatVector(TX)
        self.concatenate = layers.Concatenate(axis=-1)
        self.energy_hidden = layers.Dense(10, activation="tanh")
        self.energy = layers.Dense(1, activation="relu")
        self.softmax_over_time = layers.Softmax(axis=1, name="attention_weights")
        self.weigh = layers.Dot(axes=1)
        self.decoder = layers.LSTM(DECODER_UNITS, return_state=True)
        self.write = layers.Dense(len(WRITTEN), activation="softmax")
        self.model = self.training_model()

    def one_step(self, memory, hidden, cell):
        """Return probabilities `(B, V)` and the next states, from the memory `(B, Tx, 2 n_a)` and states `(B, n_s)`."""
        repeated = self.repeat(hidden)  # (B, Tx, n_s)
        energies = self.energy(self.energy_hidden(self.concatenate([memory, repeated])))  # (B, Tx, 1)
        context = self.weigh([self.softmax_over_time(energies), memory])  # (B, 1, 2 n_a)
        hidden, _, cell = self.decoder(context, initial_state=[hidden, cell])
        return self.write(hidden), hidden, cell

    def training_model(self) -> keras.Model:
        """Return the unrolled graph, from one-hot text and two zero states to a list of ten softmaxes."""
        text = keras.Input((TX, self.one_hot.shape[1]))
        first = [keras.Input((DECODER_UNITS,), name="s0"), keras.Input((DECODER_UNITS,), name="c0")]
        memory, (hidden, cell), outputs = self.encoder(text), first, []
        for _ in range(TY):
            output, hidden, cell = self.one_step(memory, hidden, cell)
            outputs.append(output)
        model = keras.Model([text, *first], outputs)
        rate = keras.optimizers.schedules.InverseTimeDecay(0.005, decay_steps=1, decay_rate=0.01)
        model.compile(optimizer=keras.optimizers.Adam(rate), loss="categorical_crossentropy")
        return model

    def decoding_models(self) -> tuple[keras.Model, keras.Model]:
        """Return the same layers as two models: text to memory, and one step from memory and states."""
        text = keras.Input((TX, self.one_hot.shape[1]))
        memory = keras.Input((TX, 2 * ENCODER_UNITS))
        states = [keras.Input((DECODER_UNITS,)), keras.Input((DECODER_UNITS,))]
        return keras.Model(text, self.encoder(text)), keras.Model([memory, *states], self.one_step(memory, *states))

    def inputs(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Return one-hot texts `(N, Tx, V)` and two zero states `(N, n_s)`."""
        one_hot = self.one_hot[self.vocabulary.encode_batch([normalize_text(text)[:TX] for text in texts], length=TX)]
        zeros = np.zeros((len(texts), DECODER_UNITS), dtype="float32")
        return [one_hot, zeros, zeros]

    def outputs(self, pairs: Sequence[DatePair]) -> list[np.ndarray]:
        """Return the ISO dates as one-hot arrays `(N, V)`, one for each of the ten characters."""
        ids = np.array([[WRITTEN.index(character) for character in pair.iso] for pair in pairs])  # (N, Ty)
        return list(np.eye(len(WRITTEN), dtype="float32")[ids].swapaxes(0, 1))

    def fit(self, pairs: Sequence[DatePair], epochs: int, callbacks: Sequence = ()) -> keras.callbacks.History:
        """Train with the recipe's settings."""
        return self.model.fit(
            self.inputs([pair.text for pair in pairs]),
            self.outputs(pairs),
            epochs=epochs,
            batch_size=BATCH_SIZE,
            verbose=0,
            callbacks=list(callbacks),
        )

    def normalize(self, texts: Sequence[str]) -> list[str]:
        """Convert dates with the whole graph in one `predict`."""
        predicted = self.model.predict(self.inputs(texts), batch_size=1000, verbose=0)  # Ty x (N, V)
        return written(np.argmax(predicted, axis=-1).T)

    def evaluate(self, pairs: Sequence[DatePair]) -> float:
        """Return the exact match of pairs."""
        texts = self.normalize([pair.text for pair in pairs])
        return float(np.mean([text == pair.iso for text, pair in zip(texts, pairs, strict=True)]))


def written(ids: np.ndarray) -> list[str]:
    """Return ids `(N, Ty)` as texts."""
    return ["".join(row) for row in np.array(list(WRITTEN))[ids]]


def main() -> None:
    """Train the recipe and print its exact match after each epoch."""
    parser = argument_parser("The original recipe, trained on `course` dates.")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    pairs = date_pairs(arguments.pairs, "course", split="train", seed=arguments.seed)
    held_out = date_pairs(2000, "course", split="test", seed=arguments.seed)
    recipe = OriginalRecipe(pairs, arguments.seed)
    table = Table("The original recipe on held-out course dates", ["epoch", "seconds so far", "exact match"])
    epochs, started = [], time.perf_counter()

    def show(epoch, logs=None):
        seconds = time.perf_counter() - started
        epochs.append({"epoch": epoch + 1, "seconds": seconds, "exact_match": recipe.evaluate(held_out)})
        table.add(epoch + 1, f"{seconds:.1f}", f"{epochs[-1]['exact_match']:.2%}")

    recipe.fit(pairs, arguments.epochs, [keras.callbacks.LambdaCallback(on_epoch_end=show)])
    table.print("Seconds include the evaluation of 2,000 pairs after each epoch but the last.")
    write_json(arguments.json, {"pairs": arguments.pairs, "seed": arguments.seed, "epochs": epochs})


if __name__ == "__main__":
    main()
