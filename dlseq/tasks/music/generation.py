"""Task of music generation: melodies like those of a corpus, each with its probability."""

import dataclasses
import itertools
from collections import Counter
from collections.abc import Sequence

import numpy as np
from keras import ops

from dlseq import metrics
from dlseq.data.music import MODES, Melody, Note, parse_notes, split_by_tune
from dlseq.decoding import sample
from dlseq.decoding._validation import check_integer, check_number
from dlseq.errors import DataError
from dlseq.networks.lm_scoring import SequenceScorer
from dlseq.tasks.base import Task
from dlseq.tasks.music.network import MelodyNetwork
from dlseq.tasks.music.presets import MelodyData
from dlseq.tasks.music.result import END, GeneratedMelody
from dlseq.tasks.preset import Splits
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.losses_metrics import MaskedCrossEntropy, NatsPerSymbol

__all__ = ["MelodyGenerator", "check_arguments"]

MAX_NOTES = 200  # of a melody that is generated, learned or scored
PITCH_CLASSES = 12
EXPECTED_NOTES = 6  # at each step of a melody


class MelodyGenerator(Task):
    """Language model of the notes of a melody, which follow its mode.

    The network reads the melody in the key of C: first the mode, then for each note its pitch, duration and whether a
    phrase ends with it, as one symbol. The mode is given, so it does not count in losses and scores.
    `MelodyGenerator.build` takes the arguments of `MelodyNetwork` as sizes.

    Args:
        network: A `MelodyNetwork`; `build` makes a new one, `load` reads one from a file.

    Example:
        >>> tune = Melody("a", 7, "major", parse_notes("G4 A4 B4 G4:2^"))
        >>> generator = MelodyGenerator.build([tune], units=8)
        >>> generator.generate(key=2, start=parse_notes("D5"), seed=1).melody.notes[0]
        Note(pitch=74, ticks=8, ends_phrase=False)
    """

    network_class = MelodyNetwork
    monitor, mode, monitor_label = "val_nats", "min", "nats per note"

    def __init__(self, network: MelodyNetwork):
        super().__init__(network)
        self._scorer = SequenceScorer(network)

    @classmethod
    def load_data(cls, data: MelodyData, *, seed: int) -> Splits:
        return Splits(*split_by_tune(data.load(), seed=seed))

    @classmethod
    def build_network(cls, examples: Sequence[Melody], **sizes) -> MelodyNetwork:
        rows = [_symbols(melody)[1:] for melody in examples]
        counts = Counter(itertools.chain.from_iterable(rows))
        once = sum(count == 1 for count in counts.values())
        sizes = {"unknown_share": max(once, 1) / (counts.total() + 1)} | sizes  # Turing's estimate
        vocabulary = Vocabulary([*MODES, *Vocabulary.from_texts(rows, level="word").symbols], level="word")
        return MelodyNetwork(vocabulary.to_config(), **sizes)

    def encode(self, examples: Sequence[Melody]) -> tuple:
        """Return ids `(N, T)` of mode, notes and end token; and as targets the same without the modes.

        Raises:
            DataError: A melody is empty or too long.
        """
        for position, melody in enumerate(examples):
            if not 1 <= len(melody.notes) <= MAX_NOTES:
                received = f"{len(melody.notes)} notes" if melody.notes else "an empty melody"
                raise DataError(f"Expected 1 to {MAX_NOTES} notes at position {position}. Received: {received}.")
        ids = self.network.vocabulary.encode_rows([_symbols(melody) for melody in examples], eos=True)
        targets = ids.copy()
        targets[:, 0] = Vocabulary.pad_id
        return ids, targets

    def compile_arguments(self) -> dict:
        return {"loss": MaskedCrossEntropy(), "metrics": [NatsPerSymbol()]}

    def score(self, examples: Sequence[Melody]) -> dict[str, float]:
        """Return `nats_per_note`, the cross-entropy of notes and ends given the modes: less is better."""
        lengths = np.array([len(melody.notes) + 1 for melody in examples])
        return {"nats_per_note": metrics.nats_per_symbol(self.log_probs(examples), lengths)}

    def metadata(self, splits: Splits) -> dict:
        """Return the names of the melodies in each part."""
        return {"melodies": {part: [melody.name for melody in each] for part, each in splits._asdict().items()}}

    def log_probs(self, melodies: Sequence[Melody]) -> np.ndarray:
        """Return the log-probabilities of melodies given their modes, end included, in nats, `(N,)`.

        Notes that are not in the vocabulary are one unknown symbol.

        Raises:
            DataError: A melody is empty or too long.
        """
        ids, _ = self.encode(melodies)
        of_mode = {mode: self.network.prefill(self._ids([mode]))[2] for mode in {melody.mode for melody in melodies}}
        return self._scorer(ids) - np.array([of_mode[melody.mode] for melody in melodies], np.float32)

    def generate(
        self,
        mode: str = "major",
        key: int = 0,
        start: Sequence[Note] = (),
        *,
        temperature: float = 1.0,
        top_p: float | None = None,
        seed: int = 0,
        max_notes: int = 100,
    ) -> GeneratedMelody:
        """Draw a melody.

        Args:
            mode: "major" or "minor".
            key: Pitch class of the tonic, 0 for C.
            start: First notes, in that key.
            temperature: Divisor of the logits, above 0: below 1 for more probable notes.
            top_p: Probability mass of the most probable notes to draw from, in (0, 1]. Defaults to `None`, all.
            seed: Seed of the draw, 0 or more.
            max_notes: Notes after which the melody is cut, the given ones included, at most 200.

        Returns:
            A melody that has more notes than `start`. Its log-probability is that of the model itself, whatever the
            temperature.

        Raises:
            DataError: A note of `start` is not in the vocabulary.
            DlseqError: An argument is out of range.
        """
        check_arguments(mode, key, temperature=temperature, top_p=top_p, seed=seed)
        check_integer("max_notes", max_notes, len(start) + 1)
        if max_notes > MAX_NOTES:
            raise DataError(f"Expected at most {MAX_NOTES} notes. Received: max_notes={max_notes}.")
        given = Melody("generated", key, mode, tuple(start))
        vocabulary = self.network.vocabulary
        symbols = _symbols(given)
        for note, symbol in zip(start, symbols[1:], strict=True):
            if symbol not in vocabulary:
                raise DataError(f"Unknown note: the model has never seen {note} in this key. Take another first note.")
        token, state, log_prob = self.network.prefill(self._ids(symbols))
        drawn = sample(
            self.network.step,
            state,
            [token],
            num_samples=1,
            max_length=max_notes - len(start),
            end_id=Vocabulary.eos_id,
            pad_id=Vocabulary.pad_id,
            suppress_ids=(Vocabulary.pad_id, Vocabulary.unk_id, *self._ids(list(MODES)).tolist()),
            min_length=1,
            temperature=temperature,
            top_p=top_p,
            seed=seed,
        )
        words = vocabulary.decode(drawn.ids[0]).split()
        tail = Melody("generated", 0, mode, parse_notes(" ".join(words))).from_relative(key)
        log_prob += float(drawn.log_probs[0]) - self.network.prefill(self._ids([mode]))[2]
        melody = dataclasses.replace(given, notes=(*given.notes, *tail.notes))
        ended = bool((drawn.ids == Vocabulary.eos_id).any())
        return GeneratedMelody(melody, log_prob, ended, self.expectations(melody, ended))

    def expectations(self, melody: Melody, ended: bool = True) -> list[list[tuple[str, float]]]:
        """Return the notes that the model expects in place of each note of a melody, and in place of its end.

        Args:
            melody: A melody of at most 200 notes.
            ended: Whether the melody ends. Defaults to True; otherwise nothing is returned for its end.

        Returns:
            For each note, and for the end, pairs of a note in the key of the melody, or "end", and its probability:
            the six most probable ones, and the melody's own if the model knows it, most probable first.

        Raises:
            DataError: The melody is empty or too long.
        """
        ids = self.encode([melody])[0]  # (1, 1 + T + 1) with the mode and the end
        steps = slice(1, None if ended else -1)
        probabilities = ops.convert_to_numpy(ops.softmax(self.network(ids)[0], axis=-1))[steps]
        symbols = ["", "", END, *self.network.vocabulary.symbols]
        excluded = [Vocabulary.pad_id, Vocabulary.unk_id, *self._ids(list(MODES)).tolist()]
        expected = []
        for own, row in zip(ids[0, steps].tolist(), probabilities, strict=True):
            order = [index for index in np.argsort(-row, kind="stable").tolist() if index not in excluded]
            kept = [index for place, index in enumerate(order) if place < EXPECTED_NOTES or index == own]
            expected.append([(_in_key(symbols[index], melody), float(row[index])) for index in kept])
        return expected

    def _ids(self, symbols):
        return self.network.vocabulary.encode_rows([symbols])[0]


def check_arguments(mode, key, *, temperature=1.0, top_p=None, seed=0) -> None:
    """Raise an error if an argument of `MelodyGenerator.generate` is out of range.

    Raises:
        DlseqError: With a message about the first such argument.

    Example:
        >>> check_arguments("dorian", 2)
        Traceback (most recent call last):
        ...
        dlseq.errors.DataError: Invalid value for argument `mode`. Expected major or minor. Received: 'dorian'.
    """
    if mode not in MODES:
        raise DataError(f"Invalid value for argument `mode`. Expected major or minor. Received: {mode!r:.40}.")
    check_integer("key", key, 0)
    if key >= PITCH_CLASSES:
        raise DataError(f"Invalid value for argument `key`. Expected 0 to 11. Received: key={key}.")
    check_integer("seed", seed, 0)
    check_number("temperature", temperature, above=0)
    if top_p is not None:
        check_number("top_p", top_p, above=0, at_most=1)


def _symbols(melody):
    """Return mode and notes in the key of C as symbols, see `Note.__str__`."""
    return [melody.mode, *map(str, melody.relative().notes)]


def _in_key(symbol, melody):
    """Return a note, which stands in the key of C, in the key of a melody; the end stays as it is."""
    if symbol == END:
        return symbol
    return str(Melody("note", 0, melody.mode, parse_notes(symbol)).from_relative(melody.tonic).notes[0])
