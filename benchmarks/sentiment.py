"""Exact stars of the sentiment classifier on held-out reviews and on held-out combinations of negation and word.

Baselines on the same training reviews, in the same run:

- bag of words: logistic regression on the counts of the words, with Adam, with the weights of its best epoch on
  the validation reviews, in at most the CPU seconds of ours; it ends earlier if none of five epochs is better;
- most frequent number of stars.

Training is that of `dlseq train sentiment --preset grammar`; its CPU seconds are those of this process, drawing the
reviews included. The share of attention is that on opinion words and negations, against their share of the words.

    python benchmarks/sentiment.py
    python benchmarks/sentiment.py --shipped
"""

import resource
from collections import Counter

import keras
import numpy as np
from report import Table, argument_parser, format_range, write_json

from dlseq.baselines.bag_of_words import BagOfWords
from dlseq.data.reviews import reviews
from dlseq.data.reviews.lexicon import OPINION_WORDS
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.registry import find_preset
from dlseq.tasks.sentiment.classification import SentimentClassifier
from dlseq.tasks.training import train

SPLITS = {"test": 0.95, "combinations": 0.90}
"""Test splits, each with its bar."""
MIN_DIFFERENCE = 0.15  # to the bag of words
TEST_REVIEWS, TEST_SEED_OFFSET = 4_000, 1_000
MAX_CPU_SECONDS = 180  # 90 seconds on two cores
NEGATIONS = """not hardly scarcely nothing anything far never no way nobody one isn't wasn't didn't but although though
however"""


class CpuLimit(keras.callbacks.Callback):
    """End of a training after some CPU seconds, with the weights of its best epoch."""

    def __init__(self, seconds):
        super().__init__()
        self.seconds = seconds

    def on_train_begin(self, logs=None):
        self.started = cpu_seconds()

    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = self.model.stop_training or cpu_seconds() - self.started > self.seconds


def cpu_seconds() -> float:
    """Return the CPU time of this process, of all threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def attention_share(model, examples) -> tuple[float, float]:
    """Return the share of attention on opinion words and negations, and their share of the words."""
    shares = []
    for reading in model.read([review.text for review in examples]):
        telling = [word for word in reading.words if _is_telling(word.text.lower())]
        shares.append((sum(word.weight for word in telling), len(telling) / len(reading.words)))
    return tuple(float(share) for share in np.mean(shares, axis=0))


def _is_telling(word):
    forms = {word, word.removesuffix("d"), word.removesuffix("ed"), word.removesuffix("ted")}
    return bool(forms & OPINION_WORDS) or word in NEGATIONS.split()


def measure(seed: int, shipped: bool) -> dict:
    """Train all sides, and return the scores of a seed by split and side."""
    preset = find_preset("sentiment", "grammar", training={"seed": seed})
    before = cpu_seconds()
    if shipped:
        model, splits = SentimentClassifier.load(pretrained("sentiment-grammar")), preset.data.load(seed)
        seconds = MAX_CPU_SECONDS / 2
    else:
        trained = train(SentimentClassifier, preset)
        model, splits, seconds = trained.model, trained.splits, cpu_seconds() - before
    examples = [review for review in splits.train if review.stars is not None]
    baseline = BagOfWords(examples, splits.validation, seed=seed, callbacks=[CpuLimit(seconds)])
    scores = {}
    for split in SPLITS:
        held_out = reviews(TEST_REVIEWS, split, seed=seed + TEST_SEED_OFFSET)
        stars = Counter(review.stars for review in held_out)
        scores[split] = {"ours": model.score(held_out)["exact_match"], "bag of words": baseline.exact_match(held_out)}
        scores[split]["most frequent"] = max(stars.values()) / TEST_REVIEWS
    share, uniform = attention_share(model, held_out[:1000])
    figures = {"seed": seed, "cpu_seconds": None if shipped else seconds, "exact": scores}
    return {**figures, "attention_share": share, "uniform_share": uniform}


def main() -> None:
    """Print the exact stars of each side on each split."""
    parser = argument_parser("Exact stars of reviews.", seeds=[0])
    parser.add_argument("--shipped", action="store_true", help="measure the shipped model, without training it")
    arguments = parser.parse_args()
    runs = [measure(seed, arguments.shipped) for seed in arguments.seeds]
    sides = ["ours", "bag of words", "most frequent"]
    table = Table(f"Exact stars, {TEST_REVIEWS:,} reviews a split", ["split", "seed", *sides, "bar"])
    for run in runs:
        for split, bar in SPLITS.items():
            table.add(split, run["seed"], *(f"{run['exact'][split][side]:.2%}" for side in sides), f"{bar:.0%}")
    notes = [
        f"Attention on opinion words and negations: {run['attention_share']:.1%}, uniform: {run['uniform_share']:.1%}."
        for run in runs
    ]
    if not arguments.shipped:
        seconds = [run["cpu_seconds"] for run in runs]
        notes.append(f"CPU seconds of drawing and training: {format_range(seconds)}; bar: {MAX_CPU_SECONDS}.")
    below = min(run["exact"][split]["ours"] - run["exact"][split]["bag of words"] for run in runs for split in SPLITS)
    table.print(*notes, f"The bag of words is at least {below:.1%} below; bar: {MIN_DIFFERENCE:.0%}.")
    write_json(arguments.json, {"runs": runs, "least_below": below, "max_cpu_seconds": MAX_CPU_SECONDS})


if __name__ == "__main__":
    main()
