"""How many names are sampled per second, 10,000 at a time?

Baselines, with the weights of the same model (`name_by_name.py`): one name at a time and one call of the model a
character, in NumPy as the course teaches it; and with Keras's `predict` for each character, which is so slow that it is
measured on few names and scaled. The NumPy loop is checked against the model before the clock starts.

Ours is `NameGenerator.generate`: `dlseq.decoding.sample` with `num_samples`, which reads each distinct prefix once. It
runs from nothing to a list of names with their log-probabilities; its graph is made before the clock starts. What
making it takes is printed too. Beside it stands `sample` with a row for each name, in one graph.

    python benchmarks/sampling_speed.py
    python benchmarks/sampling_speed.py --rounds 1 --model names.keras
"""

import functools
import statistics
import time
from pathlib import Path

import numpy as np
from name_by_name import NumpySampler, PredictSampler
from report import Table, argument_parser, format_range, write_json

from dlseq.decoding import compiled, sample
from dlseq.tasks.name_generation import NameGenerator
from dlseq.tasks.pretrained import pretrained
from dlseq.text.vocabulary import Vocabulary

NAMES = 10_000
PREDICT_NAMES = 10
CALLS = 4  # of ours in a turn, each of all names, so that a turn of ours is nearly as long as one of NumPy's
MAX_LENGTH = 40


def main() -> None:
    """Lets the ways take turns, for each shipped model, and prints names per second."""
    parser = argument_parser(f"Names sampled per second, {NAMES:,} names.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--names", type=int, default=NAMES)
    parser.add_argument("--model", type=Path, nargs="+", help="saved models (default: the shipped ones)")
    arguments = parser.parse_args()
    paths = arguments.model or [pretrained("names-english"), pretrained("names-dinosaurs")]
    table = Table(
        f"{arguments.names:,} names, each with its log-probability",
        ["model and way", "names per second", "seconds", "from … to", "times NumPy"],
    )
    figures = {}
    for path in paths:
        generator = NameGenerator.load(path)
        ways, cold = ways_of(generator, arguments.names)
        seconds = {name: [] for name in ways}
        for turn in range(arguments.rounds):
            for name, (draw, share) in ways.items():
                seconds[name].append(timed(functools.partial(draw, turn)) / share)
        medians = {name: statistics.median(times) for name, times in seconds.items()}
        for name, median in medians.items():
            table.add(
                *(f"{path.stem}: {name}", f"{arguments.names / median:,.1f}", f"{median:.3f}"),
                *(format_range(seconds[name], ".3f"), f"{medians['NumPy'] / median:.1f}"),
            )
        table.add(f"{path.stem}: ours, the first time", f"{arguments.names / cold:,.1f}", f"{cold:.3f}", "", "")
        figures[path.stem] = {"seconds": medians, "cold": cold, "ratio": medians["NumPy"] / medians["ours"]}
    table.print(
        f"Medians of {arguments.rounds} turns. NumPy: {arguments.names // 10:,} names, scaled; predict: "
        f"{PREDICT_NAMES} names, scaled; ours: {CALLS} calls of {arguments.names:,} each. A name of English has 6 "
        "characters or so, a dinosaur's 12."
    )
    write_json(arguments.json, {"names": arguments.names, **figures})


def ways_of(generator: NameGenerator, names: int) -> tuple[dict, float]:
    """The ways as `name: (draw(turn), the share of `names` that it draws)`, warm, and the seconds of our first time."""
    in_numpy, with_predict = NumpySampler(generator.network), PredictSampler(generator.network)
    check_agreement(generator, in_numpy)
    with_predict.name(0, MAX_LENGTH)
    cold = timed(lambda: generator.generate(names, seed=1_000_003))
    generator.generate(names, seed=1_000_004)
    few = max(names // 10, 1)
    ways = {
        "NumPy": (lambda turn: [in_numpy.name(97 * n + turn, MAX_LENGTH) for n in range(few)], few / names),
        "predict": (
            lambda turn: [with_predict.name(n + turn, MAX_LENGTH) for n in range(PREDICT_NAMES)],
            PREDICT_NAMES / names,
        ),
        "sample, one graph": (sample_in_one_graph(generator, names), 1),
        "ours": (lambda turn: [generator.generate(names, seed=CALLS * turn + n) for n in range(CALLS)], CALLS),
    }
    return ways, cold


def sample_in_one_graph(generator: NameGenerator, names: int):
    """Return a function of a seed that draws all names by `sample`, a row each, in one compiled graph."""
    network = generator.network

    @compiled
    def draw(tokens, seed):
        state = network.initial_state(names)
        options = {"end_id": Vocabulary.eos_id, "suppress_ids": (Vocabulary.pad_id, Vocabulary.unk_id)}
        decoded = sample(network.prepared_step(), state, tokens, max_length=MAX_LENGTH, seed=seed, **options)
        return decoded.ids, decoded.log_probs

    tokens = np.full(names, network.start_id, np.int32)
    draw(tokens, np.int32(1_000_003))
    return lambda turn: [np.asarray(x) for x in draw(tokens, np.int32(turn))]


def check_agreement(generator: NameGenerator, in_numpy: NumpySampler) -> None:
    """Makes sure that the baseline is right: its log-probability of a name is the model's."""
    name = generator.generate(1, seed=0).names[0]
    ids = [*generator.network.vocabulary.encode(name).tolist(), Vocabulary.eos_id]
    state, log_prob = (np.zeros((in_numpy.units, 1)), np.zeros((in_numpy.units, 1))), 0.0
    for token, following in zip([Vocabulary.eos_id, *ids], ids, strict=False):
        probabilities, state = in_numpy.step(token, state)
        log_prob += np.log(probabilities[following])
    if abs(log_prob - generator.log_prob(name)) > 0.01:  # the unknown character has no share of theirs
        raise RuntimeError(f"NumPy gives {name!r} {log_prob:.4f}, the model {generator.log_prob(name):.4f}")


def timed(function) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
