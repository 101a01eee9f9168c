"""F1 of the entity recognizer on held-out names, held-out templates, and both.

Baselines on the same training texts, in the same run:

- gazetteer: the longest phrases of the training texts that were entities there, with the label they had most often,
  and e-mail addresses by a regular expression;
- most frequent tag: each token gets the BIO tag that it had most often in training.

Both ignore case. An entity counts only with first character, last character and kind right (`dlseq.metrics.entity_f1`).
Training is that of `dlseq train entities --preset world`; its CPU seconds are those of this process, drawing the texts
included.

    python benchmarks/entities.py
    python benchmarks/entities.py --shipped
"""

import resource

from report import Table, argument_parser, format_range, write_json

from dlseq.baselines.gazetteer import Gazetteer, MostFrequentTag
from dlseq.data.entities import tagged_texts
from dlseq.metrics import entity_f1
from dlseq.tasks.entities.recognition import EntityRecognizer
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.registry import find_preset
from dlseq.tasks.training import train

SPLITS = {"names": 0.97, "templates": 0.90, "both": None}
"""Test splits, each with its bar."""
TEST_TEXTS, TEST_SEED_OFFSET = 4_000, 1_000
MAX_CPU_SECONDS = 180  # 90 seconds on two cores


def score(find, examples) -> float:
    """Return the F1 score of a function from a text to its entities."""
    return entity_f1([find(example.text) for example in examples], [example.entities for example in examples])


def measure(seed: int, shipped: bool) -> dict:
    """Train, and return the scores of a seed by split and side."""
    preset = find_preset("entities", "world", training={"seed": seed})
    before = cpu_seconds()
    if shipped:
        model, examples = EntityRecognizer.load(pretrained("entities-world")), preset.data.load(seed).train
    else:
        trained = train(EntityRecognizer, preset)
        model, examples = trained.model, trained.splits.train
    seconds = cpu_seconds() - before
    baselines = {"gazetteer": Gazetteer(examples), "most frequent tag": MostFrequentTag(examples)}
    scores = {}
    for split in SPLITS:
        held_out = tagged_texts(TEST_TEXTS, split, seed=seed + TEST_SEED_OFFSET)
        scores[split] = {name: score(baseline.find, held_out) for name, baseline in baselines.items()}
        scores[split]["ours"] = model.score(held_out)["entity_f1"]
    return {"seed": seed, "cpu_seconds": None if shipped else seconds, "f1": scores}


def cpu_seconds() -> float:
    """Return the CPU time of this process, of all threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print F1 of each side on each split."""
    parser = argument_parser("F1 of entities with held-out names and templates.", seeds=[0])
    parser.add_argument("--shipped", action="store_true", help="measure the shipped model, without training")
    arguments = parser.parse_args()
    runs = [measure(seed, arguments.shipped) for seed in arguments.seeds]
    sides = ["ours", "gazetteer", "most frequent tag"]
    table = Table(f"F1 of entities, {TEST_TEXTS:,} texts of 16 locales a split", ["split", "seed", *sides, "bar"])
    for run in runs:
        for split, bar in SPLITS.items():
            scores = [f"{run['f1'][split][side]:.2%}" for side in sides]
            table.add(split, run["seed"], *scores, "" if bar is None else f"{bar:.0%}")
    notes = []
    if not arguments.shipped:
        seconds = [run["cpu_seconds"] for run in runs]
        notes = [f"CPU seconds of drawing and training: {format_range(seconds)}; bar: {MAX_CPU_SECONDS}."]
    table.print(*notes)
    write_json(arguments.json, {"runs": runs, "max_cpu_seconds": MAX_CPU_SECONDS})


if __name__ == "__main__":
    main()
