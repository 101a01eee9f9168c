"""Lengths beyond training, by decoder: BLEU against length, twice as long, alignment error rate, CPU time.

The grammar of the lesson (about 70 words, clauses joined by "and" and "but") is learned in seconds, so that several
decoders can be compared in one run: without attention (the last state of the reversed source alone), Luong's decoder,
which computes all steps at once, those whose state reads the context, with and without scores by location, and two that
are trained with the gold alignments of the grammar: Luong's with a loss of the attention ("guided"), and
`AlignedDecoder` ("aligned"). Each is trained on the same sentences, for as many epochs; the CPU time of the training is
in the table. `--plot` draws BLEU against length of all of them.

    python benchmarks/translation_lengths.py --decoders none aligned --max-words 30 50 --pairs 15000 --plot lengths.png
    python benchmarks/translation_lengths.py --max-words 20
"""

import time
from pathlib import Path

from report import Table, argument_parser, require_packages, write_json
from translation import alignment_scores

from dlseq import metrics
from dlseq.course.given.encoder_decoder import lesson_pairs
from dlseq.tasks.translation.translator import Translator
from dlseq.training.config import TrainingConfig

SIZES = {"units": 48, "depth": 1, "kernel_size": 3, "recurrent_units": 48, "keep_embedding": True, "decoder_units": 64}
DECODERS = {
    "none": {"attention": False, "units": 48, "recurrent_units": 80, "decoder_units": 96},
    "luong": SIZES,
    "feeding": {**SIZES, "feeding": "luong"},
    "feeding-location": {**SIZES, "feeding": "luong", "location_size": 15},
    "bahdanau": {**SIZES, "feeding": "bahdanau", "score": "additive"},
    "guided": {**SIZES, "guidance": 0.5},
    "aligned": {**SIZES, "feeding": "aligned", "guidance": 0.5},
    "bahdanau-location": {**SIZES, "feeding": "bahdanau", "score": "additive", "location_size": 15},
}
LABELS = {
    "none": "without attention",
    "luong": "Luong",
    "feeding": "Luong, input feeding",
    "feeding-location": "Luong, input feeding, location",
    "bahdanau": "Bahdanau",
    "bahdanau-location": "Bahdanau, location",
    "guided": "Luong, guided",
    "aligned": "aligned",
}
COLORS = ("#b4453c", "#0b6aa2", "#3f8f5b", "#8a5aa8", "#c98a1b", "#3a3f4b", "#5c7f1c", "#1c7f7a")
VALIDATION = 200
SEED = 100  # of the held-out sentences


def main() -> None:
    """Train the decoders and print their scores."""
    parser = argument_parser("Scores of decoders on sentences longer than those of training, in a small grammar.")
    parser.add_argument("--decoders", nargs="+", choices=DECODERS, default=list(DECODERS))
    parser.add_argument("--max-words", type=int, nargs="+", default=[20], help="longest target in training")
    parser.add_argument("--pairs", type=int, default=6000, help="pairs to train on (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=4, help="epochs of a training (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the trainings")
    parser.add_argument("--sentences", type=int, default=60, help="held-out sentences of a length")
    parser.add_argument("--plot", type=Path, help="draw BLEU against length")
    arguments = parser.parse_args()
    require_packages(parser, "translation", "sacrebleu")

    figures = []
    for max_words in arguments.max_words:
        for decoder in arguments.decoders:
            figures.append(measured(decoder, max_words, arguments))
            print(figures[-1], flush=True)
    table = Table("Exact match by length", ["decoder, words of training", "up to", "twice", "AER", "CPU s", "weights"])
    for scores in figures:
        twice, error = scores["exact_match_twice_as_long"], scores["alignment_error_rate"]
        cells = [f"{scores['exact_match']:.1%}", f"{twice:.1%}", "-" if error is None else f"{error:.3f}"]
        name = f"{LABELS[scores['decoder']]}, {scores['max_words']}"
        table.add(name, *cells, f"{scores['cpu_seconds']:.0f}", f"{scores['parameters']:,}")
    table.print(f"{arguments.pairs:,} pairs, {arguments.epochs} epochs")
    write_json(arguments.json, {"decoders": figures})
    if arguments.plot:
        draw(figures, arguments.plot)


def measured(decoder, max_words, arguments) -> dict:
    """Train a decoder and return its scores by name."""
    pairs = lesson_pairs(arguments.pairs + VALIDATION, seed=arguments.seed, max_words=max_words)
    translator = Translator.build(pairs, **DECODERS[decoder])
    config = TrainingConfig(epochs=arguments.epochs, batch_size=40, learning_rate=0.01, seed=arguments.seed)
    started = time.process_time()
    run = translator.fit(pairs[VALIDATION:], pairs[:VALIDATION], config)
    seconds = time.process_time() - started
    held_out = lesson_pairs(2 * arguments.sentences, "test", seed=SEED, max_words=max_words)
    by_length = [
        {"words": words, **scored(translator, words, arguments.sentences)}
        for words in sorted({*range(5, 65, 5), max_words, 2 * max_words})
    ]
    return {
        "decoder": decoder,
        "max_words": max_words,
        "exact_match": translator.score(held_out)["exact_match"],
        "exact_match_twice_as_long": next(x["exact_match"] for x in by_length if x["words"] == 2 * max_words),
        "alignment_error_rate": alignment_scores(translator, held_out)["alignment_error_rate"],
        "loss": run.history["loss"][-1],
        "cpu_seconds": seconds,
        "parameters": translator.network.count_params(),
        "by_length": by_length,
    }


def scored(translator, words, count) -> dict:
    """Return BLEU and exact match on held-out sentences of a number of words, two more or less."""
    pairs = lesson_pairs(count, "test", seed=SEED + words, min_words=max(4, words - 2), max_words=words + 2)
    found = [translation.target for translation in translator.translate([pair.source for pair in pairs])]
    targets = [pair.target for pair in pairs]
    return {"bleu": metrics.bleu(found, targets).value, "exact_match": metrics.exact_match(found, targets)}


def draw(figures, path) -> None:
    """Draw BLEU against length, a curve for each training."""
    from dlseq.plots.style import (
        GRID_COLOR,
        MUTED_COLOR,
        draw_text,
        figure_style,
        fit_figure,
        new_figure,
        remove_frame,
        save_figure,
    )

    with figure_style():
        figure, axes = new_figure(5.2, 3.0)
        remove_frame(axes)
        names = list(dict.fromkeys(scores["decoder"] for scores in figures))
        lengths = list(dict.fromkeys(scores["max_words"] for scores in figures))
        for scores in figures:
            words, bleu = zip(*((x["words"], x["bleu"]) for x in scores["by_length"]), strict=True)
            color = COLORS[names.index(scores["decoder"])]
            style = ("-", "--", ":")[lengths.index(scores["max_words"]) % 3]
            axes.plot(words, bleu, style, color=color, linewidth=2)
        labels = [f"{LABELS[scores['decoder']]}, trained up to {scores['max_words']} words" for scores in figures]
        for row, (scores, label) in enumerate(zip(figures, labels, strict=True)):
            color = COLORS[names.index(scores["decoder"])]
            mark = ("—", "– –", "···")[lengths.index(scores["max_words"]) % 3]
            place = {"xycoords": "axes fraction", "va": "baseline"}
            draw_text(axes, f"{mark}  {label}", (0, 0), size=9, offset=(0, -48 - 14 * row), color=color, **place)
        axes.set_ylim(0, 103)
        axes.grid(axis="y", color=GRID_COLOR, linewidth=0.6)
        axes.tick_params(labelsize=9, labelcolor=MUTED_COLOR, labelfontfamily=["Dlseq Latin"], length=0)
        draw_text(axes, "BLEU", (0, 1), size=12, offset=(0, 10), xycoords="axes fraction")
        place = {"xycoords": "axes fraction", "ha": "right"}
        draw_text(axes, "words", (1, 0), size=9, offset=(0, -26), color=MUTED_COLOR, **place)
        fit_figure(figure)
    save_figure(figure, path)


if __name__ == "__main__":
    main()
