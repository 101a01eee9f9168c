"""Recurrent language model of melodies: parts of notes, places in bars, and repetition of what was heard."""

import keras
import numpy as np
from keras import ops

from dlseq.data.music.melodies import MODES, TICKS_PER_BEAT, parse_notes
from dlseq.networks.language_model import NEVER, LanguageModel
from dlseq.text.vocabulary import Vocabulary

__all__ = ["MAX_STEPS", "MelodyNetwork"]

MAX_STEPS = 256  # that the state of `step` holds; a melody has fewer
MAX_MATCH = 8  # equal symbols before two places, more count as so many
WIDEST_INTERVAL = 13  # semitones, wider ones count as so many
HALF_BEAT = TICKS_PER_BEAT // 2
PLACES = {"beat": (1, TICKS_PER_BEAT), "two_bars": (HALF_BEAT, 16), "three_beats": (HALF_BEAT, 6)}
"""Places in time as unit and period: within a beat, within eight beats and within three, in half beats."""
LONGEST_PHRASE = 23  # notes, later ones count as this one
MIN_PROBABILITY = 1e-12  # probability, so that a logarithm is finite


@keras.saving.register_keras_serializable(package="dlseq")
class MelodyNetwork(LanguageModel):
    """A language model of notes that reads their parts, counts beats, and repeats what it has heard.

    All inputs follow from the symbols before: nothing is known of a melody but its mode and its notes so far.

    1. Input: the embedding of the symbol, plus those of its pitch, duration and end of phrase, of the places in time
       of `PLACES`, and of the number of notes since the last end of a phrase.
    2. The LSTMs of `LanguageModel`.
    3. Logits: one for each symbol, plus one for its pitch, its duration, its end of phrase, and its interval from the
       note before. So a rare note shares what is known of its parts.
    4. Repetition: a softmax over the earlier steps and one logit for "something else". The logit of a step is learned
       for the number of equal symbols before both places; its symbol is the one that followed there. The probability
       of a symbol is the weight of the steps that it followed, plus the last weight times its softmax of 3.
    5. A symbol that is not in the vocabulary has the probability `unknown_share` at every step (Turing's estimate is
       the share of symbols that occur once).

    Args:
        vocabulary: `Vocabulary.to_config()`, of notes in the notation of `dlseq.data.music` and of modes.
        unknown_share: Probability of the unknown symbol, in (0, 1). Defaults to `0.003`.
        **sizes: `embedding_units`, `units`, `depth`, `embedding_dropout`, `dropout` and `metadata` of `LanguageModel`.

    Call arguments:
        inputs: Integers `(B, T)`: padded sequences, each with its end token.

    Returns:
        Log-probabilities `(B, T, V)`, which are logits as well. Those of a step depend on the inputs before it only.

    Raises:
        ValueError: a size is not positive, or `unknown_share` is out of range.

    Reference:
        Bilmes and Kirchhoff, 2003, "Factored language models and generalized parallel backoff" (parts of symbols).
        Merity et al., 2016, "Pointer sentinel mixture models", arXiv:1609.07843 (repetition).

    Example:
        >>> vocabulary = Vocabulary(["major", "C4:1", "E4:1", "G4:2^"], level="word")
        >>> network = MelodyNetwork(vocabulary.to_config(), embedding_units=4, units=8)
        >>> log_probs = network(vocabulary.encode_rows([["major", "C4:1", "G4:2^"]], eos=True))
        >>> tuple(log_probs.shape)
        (1, 4, 7)
        >>> bool(ops.all(ops.isclose(ops.sum(ops.exp(log_probs), axis=-1), 1.0)))
        True
    """

    def __init__(self, vocabulary, unknown_share=0.003, **sizes):
        super().__init__(vocabulary, **sizes)
        if not 0 < unknown_share < 1:
            raise ValueError(
                f"MelodyNetwork expected `unknown_share` between 0 and 1. Received: unknown_share={unknown_share}"
            )
        self.unknown_share = unknown_share
        notes = _notes(self.vocabulary)
        self._ticks = np.array([note.ticks if note else 0 for note in notes], "int32")  # (V,)
        self._ends = np.array([int(note.ends_phrase) if note else 0 for note in notes], "int32")
        self._parts = {
            "pitch": _positions([note and ("rest" if note.pitch is None else note.pitch) for note in notes]),
            "duration": _positions([note and note.ticks for note in notes]),
            "end": _positions([note and note.ends_phrase for note in notes]),
        }
        self._intervals = _intervals([note and note.pitch for note in notes])  # (V, V)
        width, options = self.sizes["embedding_units"], {"dtype": self.dtype_policy}
        counts = {name: int(positions.max()) + 1 for name, positions in self._parts.items()}
        periods = {name: period for name, (_, period) in PLACES.items()}
        self.inputs_of_parts = {
            name: keras.layers.Embedding(
                count,
                width,
                embeddings_initializer=keras.initializers.RandomNormal(stddev=0.3),
                name=f"embedding_{name}",
                **options,
            )
            for name, count in {**counts, **periods, "phrase": LONGEST_PHRASE + 1}.items()
        }
        dense = {"dtype": self.logits.dtype_policy, "use_bias": False}
        self.logits_of_parts = {
            name: keras.layers.Dense(count, name=f"logits_{name}", **dense) for name, count in counts.items()
        }
        self.logits_of_intervals = keras.layers.Dense(2 * WIDEST_INTERVAL + 2, name="logits_interval", **dense)
        self.novelty = keras.layers.Dense(1, name="novelty", dtype=self.logits.dtype_policy)
        self.match_logits = self.add_weight(
            shape=(MAX_MATCH + 1,),
            initializer=lambda shape, dtype=None: ops.cast(np.linspace(-4, 1, MAX_MATCH + 1), dtype),
            name="match_logits",
        )
        for embedding in self.inputs_of_parts.values():
            embedding.build((None, None))
        for layer in (*self.logits_of_parts.values(), self.logits_of_intervals, self.novelty):
            layer.build((None, None, self.sizes["units"]))

    def call(self, inputs, training=False):
        inputs = ops.cast(inputs, "int32")
        steps = ops.shape(inputs)[1]
        read = ops.concatenate([ops.full_like(inputs[:, :1], self.start_id), inputs[:, :-1]], axis=1)  # (B, T)
        numbers = ops.arange(steps, dtype="int32")
        until = numbers[:, None] >= numbers[None, :]  # (T, T)
        ends = ops.where(until, (numbers * ops.take(self._ends, read))[:, None, :], 0)  # (B, T, T)
        since = numbers - ops.max(ends, axis=-1)
        ticks = ops.cumsum(ops.take(self._ticks, read), axis=1)
        features = self.embedding_dropout(self._read(read, ticks, since), training=training)  # (B, T, D)
        for lstm, dropout in zip(self.lstms, self.dropouts, strict=True):
            features = dropout(lstm(features, training=training), training=training)
        same = ops.cast(read[:, :, None] == read[:, None, :], "int32")  # (B, T, T)
        matches = same
        for _ in range(MAX_MATCH - 1):
            matches = same * (1 + ops.pad(matches[:, :-1, :-1], ((0, 0), (1, 0), (1, 0))))
        is_earlier = ops.logical_and(numbers[:, None] > numbers[None, :], numbers[None, :] > 0)  # 0 gave the mode
        following = ops.one_hot(inputs, len(self.vocabulary), dtype=self.logits.compute_dtype)  # (B, T, V)
        return self._log_probs(features, read, matches, is_earlier, following)

    def initial_state(self, batch_size):
        """Return the initial state: those of the LSTMs, places, and the memory of `MAX_STEPS` symbols."""
        zeros, memory = ops.zeros((batch_size,), "int32"), ops.zeros((batch_size, MAX_STEPS), "int32")
        places = {"time": zeros, "ticks": zeros, "since": zeros - 1, "read": memory, "matches": memory}
        return super().initial_state(batch_size), places

    def step(self, tokens, state):
        """Compute one step, following the step protocol of `dlseq.decoding`; see `LanguageModel.step`."""
        state, places = state
        tokens, time = ops.cast(tokens, "int32"), places["time"]
        numbers = ops.arange(MAX_STEPS, dtype="int32")
        read = ops.where(numbers == time[:, None], tokens[:, None], places["read"])  # (B, L)
        same = ops.cast(read == tokens[:, None], "int32")
        matches = same * ops.minimum(1 + ops.pad(places["matches"][:, :-1], ((0, 0), (1, 0))), MAX_MATCH)
        ticks = places["ticks"] + ops.take(self._ticks, tokens)
        since = ops.where(ops.take(self._ends, tokens) > 0, 0, places["since"] + 1)
        features, new_state = self._read(tokens, ticks, since), []
        for lstm, (hidden, cell) in zip(self.lstms, state, strict=True):
            features, cell = lstm.step(features, hidden, cell)
            new_state.append((features, cell))
        is_earlier = ops.logical_and(numbers < time[:, None], numbers > 0)[:, None]  # (B, 1, L)
        following = ops.pad(read[:, 1:], ((0, 0), (0, 1)))
        following = ops.one_hot(following, len(self.vocabulary), dtype=self.logits.compute_dtype)  # (B, L, V)
        log_probs = self._log_probs(features[:, None], tokens[:, None], matches[:, None], is_earlier, following)
        places = {"time": time + 1, "ticks": ticks, "since": since, "read": read, "matches": matches}
        return log_probs[:, 0], (new_state, places)

    def prepared_step(self):
        """Return `step`: the input is no row of one table, so nothing is computed beforehand."""
        return self.step

    def _read(self, symbols, ticks, since):
        """Return the inputs `(..., D)` of symbols: their parts, and places in time and in the phrase, `(...)` each."""
        places = {name: ticks // unit % period for name, (unit, period) in PLACES.items()}
        places["phrase"] = ops.minimum(since, LONGEST_PHRASE)
        places.update({name: ops.take(part, symbols) for name, part in self._parts.items()})
        return self.embedding(symbols) + sum(self.inputs_of_parts[name](places[name]) for name in self.inputs_of_parts)

    def _log_probs(self, features, read, matches, is_earlier, following):
        """Return log-probabilities `(B, T, V)`.

        Args:
            features: Outputs of the LSTMs, `(B, T, U)`.
            read: The last symbols, `(B, T)`.
            matches: Numbers of equal symbols before both places, `(B, T, I)`, for `I` earlier steps.
            is_earlier: Whether a step can be repeated, broadcast to `(B, T, I)`.
            following: One-hot symbols that followed each earlier step, `(B, I, V)`.
        """
        logits = self.logits(features)  # (B, T, V)
        for name, layer in self.logits_of_parts.items():
            logits = logits + ops.take(layer(features), self._parts[name], axis=-1)
        intervals = ops.take(self._intervals, read, axis=0)  # (B, T, V)
        logits = logits + ops.take_along_axis(self.logits_of_intervals(features), intervals, axis=-1)
        ids = np.arange(len(self.vocabulary))
        logits = logits + NEVER * ops.cast(np.isin(ids, (Vocabulary.pad_id, Vocabulary.unk_id)), logits.dtype)
        is_earlier = ops.logical_and(is_earlier, following[:, None, :, Vocabulary.unk_id] == 0)  # (B, T, I)
        weights = ops.where(is_earlier, ops.take(self.match_logits, matches), NEVER)
        weights = ops.softmax(ops.concatenate([weights, self.novelty(features)], axis=-1))
        known = ops.matmul(weights[:, :, :-1], following) + weights[:, :, -1:] * ops.softmax(logits)
        is_unknown = ops.cast(ids == Vocabulary.unk_id, logits.dtype)
        probabilities = (1 - self.unknown_share) * known + self.unknown_share * is_unknown
        return ops.log(ops.maximum(probabilities, MIN_PROBABILITY))

    def get_config(self):
        return {**super().get_config(), "unknown_share": self.unknown_share}


def _notes(vocabulary):
    """Return the note of each id, `None` for modes and the special symbols."""
    special = [None] * (len(vocabulary) - len(vocabulary.symbols))
    return special + [None if symbol in MODES else parse_notes(symbol)[0] for symbol in vocabulary.symbols]


def _positions(values):
    """Return the place of each value among the different ones, from 1; 0 for `None`."""
    kinds = {value: place for place, value in enumerate(sorted({*values} - {None}, key=str), 1)}
    return np.array([0 if value is None else kinds[value] for value in values], "int32")


def _intervals(pitches):
    """Return the interval from each symbol to each other, from 1, `(V, V)`; 0 where one of both has no pitch."""
    has_pitch = np.array([pitch is not None for pitch in pitches])
    pitches = np.array([pitch or 0 for pitch in pitches])
    steps = np.clip(pitches[None, :] - pitches[:, None], -WIDEST_INTERVAL, WIDEST_INTERVAL) + WIDEST_INTERVAL + 1
    return np.where(has_pitch[:, None] & has_pitch[None, :], steps, 0).astype("int32")
