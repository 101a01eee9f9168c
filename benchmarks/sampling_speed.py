"""Throughput of sampling: names per CPU second, 10,000 names at a time.

Baselines with the same weights (`name_by_name.py`), one name at a time and one model call per character: a NumPy loop,
and Keras's `predict`, which is timed on a few names and scaled. The NumPy loop is validated against the model first.

Ours: `NameGenerator.generate`, which calls `dlseq.decoding.sample` with `num_samples` and processes each distinct
prefix once. It returns a list of names with their log-probabilities. Its graph is traced before the timing; the first
call, which includes the tracing, has a row of its own. A further method is `sample` with one row per name in one graph.

    python benchmarks/sampling_speed.py
    python benchmarks/sampling_speed.py --rounds 1 --model names.keras
"""

import functools
from pathlib import Path

import numpy as np
from name_by_name import NumpySampler, PredictSampler
from report import SPEED_COLUMNS, Table, argument_parser, write_json
from timing import Seconds, speeds, timed

from dlseq.decoding import compiled, sample
from dlseq.tasks.names.generation import NameGenerator
from dlseq.tasks.pretrained import pretrained
from dlseq.text.vocabulary import Vocabulary

NAMES = 10_000
PREDICT_NAMES = 10
GENERATE_CALLS = 4  # per round, which then takes about as long as a round of NumPy
MAX_LENGTH = 40


def main() -> None:
    """Time all methods for each model and print the names per CPU second."""
    parser = argument_parser(f"Names sampled per second, {NAMES:,} names.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--names", type=int, default=NAMES)
    parser.add_argument("--model", type=Path, nargs="+", help="saved models (default: the pretrained ones)")
    arguments = parser.parse_args()
    paths = arguments.model or [pretrained("names-english"), pretrained("names-dinosaurs")]
    table = Table(
        f"{arguments.names:,} names, each with its log-probability",
        ["model and method", *SPEED_COLUMNS, "times NumPy", "times predict"],
    )
    figures = {}
    for path in paths:
        generator = NameGenerator.load(path)
        methods, cold = make_methods(generator, arguments.names)
        seconds = {name: [] for name in methods}
        for round_ in range(arguments.rounds):
            for name, (draw, share) in methods.items():
                seconds[name].append(timed(functools.partial(draw, round_)) / share)
        methods_figures = speeds(seconds, arguments.names, {"times NumPy": "NumPy", "times predict": "predict"})
        table.add_speeds(methods_figures, prefix=f"{path.stem}: ")
        table.add(f"{path.stem}: ours, first call", f"{arguments.names / cold.cpu:,.1f}", f"{cold.cpu:.3f}", *[""] * 4)
        figures[path.stem] = {"CPU seconds of our first call": cold.cpu, "methods": methods_figures}
    table.print(
        f"Medians of {arguments.rounds} rounds. NumPy: {arguments.names // 10:,} names, scaled; predict: "
        f"{PREDICT_NAMES} names, scaled; ours: {GENERATE_CALLS} calls of {arguments.names:,} names each. English "
        "names have about 6 characters, dinosaur names 12."
    )
    write_json(arguments.json, {"names": arguments.names, **figures})


def make_methods(generator: NameGenerator, names: int) -> tuple[dict, Seconds]:
    """Return traced methods, `{name: (draw(round), sampled names / names)}`, and the seconds of the first call."""
    in_numpy, with_predict = NumpySampler(generator.network), PredictSampler(generator.network)
    check_agreement(generator, in_numpy)
    with_predict.name(0, MAX_LENGTH)
    cold = timed(lambda: generator.generate(names, seed=1_000_003))
    generator.generate(names, seed=1_000_004)
    few = max(names // 10, 1)
    methods = {
        "NumPy": (lambda round_: [in_numpy.name(97 * n + round_, MAX_LENGTH) for n in range(few)], few / names),
        "predict": (
            lambda round_: [with_predict.name(n + round_, MAX_LENGTH) for n in range(PREDICT_NAMES)],
            PREDICT_NAMES / names,
        ),
        "sample, one graph": (sample_in_one_graph(generator, names), 1),
        "ours": (
            lambda round_: [generator.generate(names, seed=GENERATE_CALLS * round_ + n) for n in range(GENERATE_CALLS)],
            GENERATE_CALLS,
        ),
    }
    return methods, cold


def sample_in_one_graph(generator: NameGenerator, names: int):
    """Return a function of a seed that samples one row per name in one compiled graph."""
    network = generator.network

    @compiled
    def draw(tokens, seed):
        state = network.initial_state(names)
        options = {"end_id": Vocabulary.eos_id, "suppress_ids": (Vocabulary.pad_id, Vocabulary.unk_id)}
        decoded = sample(network.prepared_step(), state, tokens, max_length=MAX_LENGTH, seed=seed, **options)
        return decoded.ids, decoded.log_probs

    tokens = np.full(names, network.start_id, np.int32)
    draw(tokens, np.int32(1_000_003))
    return lambda seed: [np.asarray(x) for x in draw(tokens, np.int32(seed))]


def check_agreement(generator: NameGenerator, in_numpy: NumpySampler) -> None:
    """Validate the baseline: its log-probability of a name equals that of the model."""
    name = generator.generate(1, seed=0).names[0]
    ids = [*generator.network.vocabulary.encode(name).tolist(), Vocabulary.eos_id]
    state, log_prob = (np.zeros((in_numpy.units, 1)), np.zeros((in_numpy.units, 1))), 0.0
    for token, following in zip([Vocabulary.eos_id, *ids], ids, strict=False):
        probabilities, state = in_numpy.step(token, state)
        log_prob += np.log(probabilities[following])
    if abs(log_prob - generator.log_prob(name)) > 0.01:  # the baseline suppresses the unknown character
        raise RuntimeError(
            f"The baseline is invalid: log-probability {log_prob:.4f} of {name!r} in NumPy, "
            f"{generator.log_prob(name):.4f} in the model."
        )


if __name__ == "__main__":
    main()
