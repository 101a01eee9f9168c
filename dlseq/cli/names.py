"""`dlseq names` and `dlseq train names`."""

import json
import secrets
import shlex
import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app, train
from dlseq.errors import DlseqError
from dlseq.startup import import_keras

SHIPPED = {"dinosaurs": "names-dinosaurs", "english": "names-english", "en": "names-english"}
SECONDS = 60  # of training for a corpus without a shipped model
PARTS = {"train": "training"}


@app.command()
def names(
    words: list[str] = typer.Argument(
        None,
        metavar="[NAME]...",
        show_default=False,
        help="For --score or --plot. --score without any: one a line from stdin.",
    ),
    count: int = typer.Option(10, "-n", "--count", metavar="N", help="How many names to draw."),
    corpus: str = typer.Option(
        None, metavar="NAME|FILE", help="dinosaurs (the default), english, a Faker locale, or a file, one name a line."
    ),
    start: str = typer.Option("", metavar="TEXT", help="What all names begin with."),
    temperature: float = typer.Option(1.0, metavar="T", help="Below 1 for more usual names, above 1 for wilder ones."),
    top_k: int = typer.Option(None, metavar="K", help="Draw from the K most probable characters only."),
    top_p: float = typer.Option(None, metavar="P", help="Draw from the fewest characters with this share."),
    seed: int = typer.Option(None, metavar="N", help=r"A seed draws the same names each time. \[default: a new one]"),
    model: Path = typer.Option(None, metavar="FILE", help="A model of your own, made by dlseq train names."),
    score: bool = typer.Option(False, "--score", help="Give the log-probabilities of the names that follow."),
    plot: Path = typer.Option(
        None, metavar="FILE", help="Draw what the model expected along a name, given or drawn: PNG, SVG or PDF."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object."),
) -> None:
    """Invent names, or say how likely some are.

    Beside each name stands its log-probability in nats, its end included, and whether the model's corpus has it.
    """
    words = _words(words, score, plot)
    if model is not None and corpus is not None:
        raise DlseqError("expected --model or --corpus, received both; a model knows the corpus that it learned from")
    if plot is not None:
        from dlseq.plots import check_figure_path

        check_figure_path(plot)
    import_keras()
    from dlseq.tasks.name_generation import check_draw

    seed = secrets.randbelow(2**31) if seed is None else seed
    check_draw(count, temperature=temperature, top_k=top_k, top_p=top_p, seed=seed)
    generator = _generator(model, corpus or "dinosaurs")
    if words:
        scored = list(zip(words, generator.log_probs(words).tolist(), strict=True))
    else:
        options = {"temperature": temperature, "top_k": top_k, "top_p": top_p, "seed": seed}
        made = generator.generate(count, start, **options)
        scored = list(zip(made.names, made.log_probs.tolist(), strict=True))
    if plot is not None:
        draw_tree(generator, scored[0][0], plot)
    show_names(generator, scored, None if words else seed, as_json)


@train.command("names")
def train_names_command(
    corpus: str = typer.Option(
        "dinosaurs", metavar="NAME|FILE", help="dinosaurs, english, a Faker locale, or a file with one name a line."
    ),
    lower: bool = typer.Option(False, "--lower", help="Write every name in small letters first."),
    epochs: int = typer.Option(None, min=1, help=r"Passes over the names at the most. \[default: 30 or 40, by size]"),
    seconds: float = typer.Option(None, min=0, help="End after so many seconds, with the best so far."),
    seed: int = typer.Option(0, min=0, help="Of the split, the weights and the order of the batches."),
    out: Path = typer.Option(Path("names.keras"), metavar="FILE", help="Where the model goes; its score beside it."),
    resume: bool = typer.Option(False, "--resume", help="Go on with the run that was cut short while making --out."),
) -> None:
    """Train a name generator. Ctrl-C keeps the best so far."""
    from dlseq.files import check_writable

    check_writable(out, ".keras")
    import_keras()
    from dlseq.tasks.name_presets import train_names
    from dlseq.training.progress_bar import TrainingProgress

    asked = {"corpus": corpus, "seed": seed, "epochs": epochs, "seconds": seconds, "out": out.name}
    options = [word for name, value in asked.items() if value is not None for word in (f"--{name}", str(value))]
    result = train_names(
        corpus,
        lower=lower,
        epochs=epochs,
        seed=seed,
        out=out,
        seconds=seconds,
        resume=resume,
        command=shlex.join(["dlseq", "train", "names", *options, *["--lower"] * lower]),
        callbacks=[TrainingProgress(f"names ({corpus})", {"val_nats": "nats per character"})],
    )
    console = Console(highlight=False)
    run = result.training
    console.print(f"{run.stopped} after {run.seconds:.0f} s; best epoch: {run.best_epoch}")
    console.print(f"nats per character on {len(result.split.test):,} held-out names: [bold]{result.nats:.4f}[/]")
    console.print(f"saved as {escape(str(out))}, score in {escape(str(out.with_suffix('.json')))}")


def _words(words, score, plot):
    """The names that were given, one a line on standard input where --score has none."""
    if words and not (score or plot):
        raise DlseqError(f"what to do with {words[0]!r}? Add --score for its probability, or --start for names like it")
    if score and not words:
        if sys.stdin.isatty():
            raise DlseqError("--score expects names, as arguments or one a line on standard input")
        words = [line for line in sys.stdin.read().splitlines() if line.strip()]
        if not words:
            raise DlseqError("standard input is empty: --score expects one name a line")
    words = list(words or ())
    if not all(word.strip() for word in words):
        raise DlseqError("expected a name, received an empty text")
    return words


def _generator(model, corpus):
    """The model of a file, a shipped one, or one that is trained here and now."""
    from dlseq.tasks.name_generation import NameGenerator

    if model is not None:
        return NameGenerator.load(model)
    if corpus in SHIPPED:
        from dlseq.tasks.pretrained import pretrained

        return NameGenerator.load(pretrained(SHIPPED[corpus]))
    from dlseq.tasks.name_presets import train_names
    from dlseq.training.progress_bar import TrainingProgress

    console = Console(stderr=True, highlight=False)
    progress = TrainingProgress(f"names ({corpus})", {"val_nats": "nats per character"}, console=console)
    generator = train_names(corpus, seconds=SECONDS, callbacks=[progress]).generator
    console.print(f"[dim]To keep such a model: dlseq train names --corpus {escape(corpus)} --out FILE[/]")
    return generator


def show_names(generator, scored: list[tuple[str, float]], seed: int | None, as_json: bool) -> None:
    """Prints names with their log-probabilities and where the corpus has them, and the sums."""
    from dlseq.data.names import novelty
    from dlseq.tasks.name_presets import split_of

    split = split_of(generator)
    counts = None if split is None else novelty([name for name, _ in scored], split)._asdict()
    found = [None if split is None else _place(name, split) for name, _ in scored]
    if as_json:
        lines = [
            {"name": name, "log_prob": round(log_prob, 5), "found": place}
            for (name, log_prob), place in zip(scored, found, strict=True)
        ]
        print(json.dumps({"names": lines, "novelty": counts, "seed": seed}, ensure_ascii=False, indent=1))
        return
    console = Console(soft_wrap=True, highlight=False)
    width = max(len(name) for name, _ in scored)
    for (name, log_prob), place in zip(scored, found, strict=True):
        note = "" if place in (None, "new") else f"   in {PARTS.get(place, place)}"
        console.print(f"[bold]{escape(name)}[/]{' ' * (width - len(name))}  {log_prob:8.2f}[dim]{note}[/]")
    report = [] if counts is None else [f"{counts['train']} in training, {counts['validation']} in validation"]
    report += [] if counts is None else [f"{counts['test']} in test, {counts['new']} new"]
    report += [] if seed is None else [f"seed {seed}"]
    if report:
        console.print(f"[dim]{', '.join(report)}[/]")


def _place(name, split):
    return next((part for part, names in split._asdict().items() if name in names), "new")


def draw_tree(generator, name: str, path: Path) -> None:
    """Writes the tree of next-character probabilities along a name."""
    from dlseq.plots import next_token_tree, save_figure

    save_figure(next_token_tree(generator.expectations(name), title=name), path)
