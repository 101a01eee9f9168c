"""Translation: exact match by split, BLEU by length, twice the length of training, and attention against gold.

Without `--train`, the shipped models are measured. With it, a model is trained first: up to `--max-words` words, with
the sizes of the preset, for at most `--seconds`; with `--no-attention` a decoder that reads the last state of the
reversed source alone, with as many parameters. The baseline of the alignment error rate is the diagonal: target word
`t` with source word `round(t Tx / Ty)`.

    python benchmarks/translation.py --language fr
    python benchmarks/translation.py --language ko --train --max-words 30 --seconds 180
    python benchmarks/translation.py --train --max-words 30 --no-attention
"""

import dataclasses
from pathlib import Path

from report import Table, argument_parser, require_packages, write_json

from dlseq import metrics
from dlseq.data.translations import LANGUAGES, split_words, translation_pairs
from dlseq.errors import DataError
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.registry import find_preset
from dlseq.tasks.training import train
from dlseq.tasks.translation.translator import Translator
from dlseq.tasks.translation.words import source_words

LENGTHS = range(5, 65, 5)
NO_ATTENTION_SIZES = {"attention": False, "units": 128, "recurrent_units": 176, "decoder_units": 208}
SEED = 100  # of the held-out sentences


def main() -> None:
    """Measure one model and print its scores."""
    parser = argument_parser("Scores of a translator on held-out sentences, compositions and lengths.")
    parser.add_argument("--language", choices=LANGUAGES, default="fr")
    parser.add_argument("--model", type=Path, help="a saved translator (default: the shipped one)")
    parser.add_argument("--train", action="store_true", help="train a model instead")
    parser.add_argument("--max-words", type=int, default=50, help="longest target in training (default: %(default)s)")
    parser.add_argument("--seconds", type=float, help="time limit of the training")
    parser.add_argument("--epochs", type=int, help="epochs of the training (default: the preset's)")
    parser.add_argument("--no-attention", action="store_true", help="train a decoder of the last state alone")
    parser.add_argument("--seed", type=int, default=0, help="of the training")
    parser.add_argument("--sentences", type=int, default=1000, help="held-out sentences of a split")
    parser.add_argument("--out", type=Path, help="save the trained model here")
    arguments = parser.parse_args()
    require_packages(parser, "translation", "sacrebleu")

    figures = {"language": arguments.language, "max_words": arguments.max_words}
    if arguments.train:
        translator, figures["training"] = trained(arguments)
    else:
        path = arguments.model or pretrained(f"translation-{arguments.language}-en")
        translator, figures["model"] = Translator.load(path), path.stem
    figures["parameters"] = translator.network.count_params()
    figures |= scores(translator, arguments.language, arguments.max_words, arguments.sentences)

    table = Table(f"{arguments.language}-en, trained up to {arguments.max_words} words", ["figure", "value"])
    for name in ("exact_match", "exact_match_compositions", "exact_match_twice_as_long"):
        value = figures[name]
        table.add(name.replace("_", " "), "-" if value is None else f"{value:.2%}")
    for score in figures["bleu_by_length"]:
        table.add(f"BLEU at {score['words']} words, {score['sentences']} sentences", f"{score['bleu']:.1f}")
    for name in ("alignment_error_rate", "alignment_error_rate_of_the_diagonal"):
        if figures[name] is not None:
            table.add(name.replace("_", " "), f"{figures[name]:.3f}")
    notes = [f"{figures['parameters']:,} parameters", figures["bleu_signature"]]
    if arguments.train:
        notes.append(f"{figures['training']['seconds']:.0f} s of training: {figures['training']['stopped']}")
    table.print(*notes)
    write_json(arguments.json, figures)


def trained(arguments) -> tuple[Translator, dict]:
    """Train a model and return it with a record of its training."""
    settings = {"epochs": arguments.epochs, "seconds": arguments.seconds, "seed": arguments.seed}
    preset = find_preset("translation", f"{arguments.language}-en", training=settings)
    preset = dataclasses.replace(preset, data=dataclasses.replace(preset.data, max_words=arguments.max_words))
    if arguments.no_attention:
        preset = dataclasses.replace(preset, sizes=NO_ATTENTION_SIZES)
    result = train(Translator, preset, out=arguments.out)
    losses = result.run.history.get("loss", [])
    return result.model, {
        "seconds": result.run.seconds,
        "stopped": result.run.stopped,
        "loss": losses[-1] if losses else None,
        "sizes": dict(preset.sizes),
    }


def scores(translator, language, max_words, sentences) -> dict:
    """Return all scores of a translator, by name."""
    short = min(30, max_words)
    held_out = translation_pairs(sentences, language, split="test", seed=SEED, max_words=short)
    compositions = translation_pairs(sentences, language, split="compositions", seed=SEED, max_words=short)
    figures = {
        "exact_match": translator.score(held_out)["exact_match"],
        "exact_match_compositions": translator.score(compositions)["exact_match"],
        "exact_match_twice_as_long": None,
    }
    twice = pairs_of_length(2 * max_words, language, sentences // 5)
    if twice:
        figures["exact_match_twice_as_long"] = translator.score(twice)["exact_match"]
    by_length = [(words, pairs_of_length(words, language, sentences // 5)) for words in LENGTHS]
    figures["bleu_by_length"] = []
    for words, pairs in by_length:
        found = translator.translate([pair.source for pair in pairs])
        score = metrics.bleu([translation.target for translation in found], [pair.target for pair in pairs])
        exact = metrics.exact_match([translation.target for translation in found], [pair.target for pair in pairs])
        figures["bleu_by_length"].append(
            {"words": words, "sentences": len(pairs), "bleu": score.value, "exact_match": exact}
        )
        figures["bleu_signature"] = score.signature
    return figures | alignment_scores(translator, held_out)


def pairs_of_length(words, language, count):
    """Return held-out pairs whose target has a number of words, two more or less; none if the grammar has none."""
    try:
        return translation_pairs(
            count, language, split="test", seed=SEED + words, min_words=max(3, words - 2), max_words=words + 2
        )
    except DataError:
        return []


def alignment_scores(translator, pairs) -> dict:
    """Return the alignment error rate of the attention of right translations, and that of the diagonal."""
    found, diagonal, sure, possible = [], [], [], []
    for pair, translation in zip(pairs, translator.translate([pair.source for pair in pairs]), strict=True):
        if translation.target != pair.target or translation.attention is None:
            continue
        columns = word_numbers(pair.source)
        targets = len(split_words(pair.target))
        links = metrics.attention_links(translation.attention, targets)
        found.append({(row, columns[column]) for row, column in links})
        sources = max(columns) + 1
        diagonal.append({(row, round(row * (sources - 1) / max(1, targets - 1))) for row in range(targets)})
        sure.append(pair.alignment)
        linked = {row for row, _ in pair.alignment}
        possible.append({(row, column) for row in set(range(targets)) - linked for column in range(sources)})
    if not found:
        return {"alignment_error_rate": None, "alignment_error_rate_of_the_diagonal": None}
    return {
        "alignment_error_rate": metrics.alignment_error_rate(found, sure, possible),
        "alignment_error_rate_of_the_diagonal": metrics.alignment_error_rate(diagonal, sure, possible),
    }


def word_numbers(source):
    """Return the number of the word of `split_words` that each word of the network is part of."""
    spans = split_words(source)
    return [
        next(number for number, (start, end) in enumerate(spans) if start <= word.start < end)
        for word in source_words(source)
    ]


if __name__ == "__main__":
    main()
