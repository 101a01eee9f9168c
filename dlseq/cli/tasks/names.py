"""`dlseq names`: generate or score names with a trained model."""

import json
import secrets
import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.completion import complete_corpus
from dlseq.cli.status import load_keras, status
from dlseq.cli.tasks.texts import check_plot_path, is_page
from dlseq.errors import DlseqError

SHIPPED = {"dinosaurs": "names-dinosaurs", "english": "names-english", "en": "names-english"}
MAX_TRAINING_SECONDS = 60  # for a corpus without a shipped model
SPLIT_LABELS = {"train": "training", "validation": "validation", "test": "test"}


@app.command()
def names(
    words: list[str] = typer.Argument(
        None,
        metavar="[NAME]...",
        show_default=False,
        help="Names for --score or --plot. Default for --score: one per line from stdin.",
    ),
    count: int = typer.Option(10, "-n", "--count", metavar="N", help="Number of names to draw."),
    corpus: str = typer.Option(
        None,
        metavar="NAME|FILE",
        help="dinosaurs (the default), english, a Faker locale, or a file, as for dlseq train names --data.",
        autocompletion=complete_corpus,
    ),
    start: str = typer.Option("", metavar="TEXT", help="Beginning of all names."),
    temperature: float = typer.Option(1.0, metavar="T", help="Below 1 for probable names, above 1 for rare ones."),
    top_k: int = typer.Option(None, metavar="K", help="Draw from the K most probable characters only."),
    top_p: float = typer.Option(None, metavar="P", help="Draw from the most probable characters of this mass."),
    seed: int = typer.Option(None, metavar="N", help=r"The same seed draws the same names. \[default: random]"),
    model: Path = typer.Option(None, metavar="FILE", help="Your own model, made by dlseq train names."),
    score: bool = typer.Option(False, "--score", help="Print the log-probabilities of the given names."),
    plot: Path = typer.Option(
        None,
        metavar="FILE",
        help="Draw the next-character probabilities along the first name (PNG, SVG or PDF), or all (an HTML page).",
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object."),
) -> None:
    """Generate names, or score given ones.

    Each name is printed with its log-probability in nats, end token included, and with the split of the corpus that
    contains it.
    """
    words = _words(words, score, plot)
    if model is not None and corpus is not None:
        raise DlseqError("Expected --model or --corpus, because a model has a corpus. Received: both.")
    if plot is not None:
        check_plot_path(plot)
    load_keras()
    from dlseq.tasks.names.generation import check_sampling_arguments

    seed = secrets.randbelow(2**31) if seed is None else seed
    check_sampling_arguments(count, temperature=temperature, top_k=top_k, top_p=top_p, seed=seed)
    generator = _generator(model, corpus or "dinosaurs")
    with status("Scoring" if words else "Generating"):
        if words:
            scored = list(zip(words, generator.log_probs(words).tolist(), strict=True))
        else:
            options = {"temperature": temperature, "top_k": top_k, "top_p": top_p, "seed": seed}
            generated = generator.generate(count, start, **options)
            scored = list(zip(generated.names, generated.log_probs.tolist(), strict=True))
        if plot is not None:
            draw_expectations(generator, scored, plot)
    show_names(generator, scored, None if words else seed, as_json)


def _words(words, score, plot):
    """Return the given names, for --score by default those of standard input."""
    if words and not (score or plot):
        raise DlseqError(
            f"Expected --score or --plot with the name {words[0]!r}. Received: neither. To generate names like it, "
            "use --start."
        )
    if score and not words:
        if sys.stdin.isatty():
            raise DlseqError("Expected names to score, as arguments or one per line on standard input. Received: none.")
        words = [line for line in sys.stdin.read().splitlines() if line.strip()]
        if not words:
            raise DlseqError("Invalid standard input. Expected one name per line. Received: nothing.")
    words = list(words or ())
    if not all(word.strip() for word in words):
        raise DlseqError("Expected a name. Received: an empty text.")
    return words


def _generator(model, corpus):
    """Return the model of a file, a shipped model, or a newly trained one."""
    from dlseq.tasks.names.generation import NameGenerator

    if model is None and corpus not in SHIPPED:
        return _train_on(corpus)
    from dlseq.tasks.pretrained import pretrained

    with status("Loading the model"):
        return NameGenerator.load(model or pretrained(SHIPPED[corpus]))


def _train_on(corpus):
    """Return a model that is trained on a locale or file for at most a minute, with its progress on standard error."""
    from dlseq.tasks.names.generation import NameGenerator
    from dlseq.tasks.registry import find_preset
    from dlseq.tasks.training import train
    from dlseq.training.progress_bar import TrainingProgress

    source, option = ({"file": corpus}, "--data") if Path(corpus).is_file() else ({"locales": (corpus,)}, "--locale")
    preset = find_preset("names", **source, training={"seconds": MAX_TRAINING_SECONDS})
    console = Console(stderr=True, highlight=False)
    labels = {NameGenerator.monitor: NameGenerator.monitor_label}
    with TrainingProgress(f"names ({corpus})", labels, console=console) as progress:
        model = train(NameGenerator, preset, callbacks=[progress]).model
    console.print(f"[dim]To save such a model: dlseq train names {option} {escape(corpus)} --out FILE[/]")
    return model


def show_names(generator, scored: list[tuple[str, float]], seed: int | None, as_json: bool) -> None:
    """Print names with their log-probabilities and the splits that contain them, and the counts per split."""
    from dlseq.data.names import novelty

    corpus = generator.corpus
    counts = None if corpus is None else novelty([name for name, _ in scored], corpus)._asdict()
    found = [None if corpus is None else _split_with(name, corpus) for name, _ in scored]
    if as_json:
        lines = [
            {"name": name, "log_prob": round(log_prob, 5), "found": split}
            for (name, log_prob), split in zip(scored, found, strict=True)
        ]
        print(json.dumps({"names": lines, "novelty": counts, "seed": seed}, ensure_ascii=False, indent=1))
        return
    console = Console(soft_wrap=True, highlight=False)
    width = max(len(name) for name, _ in scored)
    for (name, log_prob), split in zip(scored, found, strict=True):
        note = f"   in {SPLIT_LABELS[split]}" if split in SPLIT_LABELS else ""
        console.print(f"[bold]{escape(name)}[/]{' ' * (width - len(name))}  {log_prob:8.2f}[dim]{note}[/]")
    report = [] if counts is None else [f"{counts['train']} in training, {counts['validation']} in validation"]
    report += [] if counts is None else [f"{counts['test']} in test, {counts['new']} new"]
    report += [] if seed is None else [f"seed {seed}"]
    if report:
        console.print(f"[dim]{', '.join(report)}[/]")


def _split_with(name, corpus):
    return next((split for split, names in corpus._asdict().items() if name in names), "new")


def draw_expectations(generator, scored: list[tuple[str, float]], path: Path) -> None:
    """Draw the next-character probabilities along names into a page, or those along the first one into a figure."""
    from dlseq.plots import attention_page, next_token_tree, save_figure
    from dlseq.tasks.names.gallery import WORDS, expectation_example

    if is_page(path):
        examples = [expectation_example(generator, name, log_prob) for name, log_prob in scored]
        attention_page(examples, "Names", WORDS).save(path)
        return
    name = scored[0][0]
    save_figure(next_token_tree(generator.expectations(name), title=name), path)
