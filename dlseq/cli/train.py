"""`dlseq train`: one command for all tasks."""

import shlex
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.completion import complete_locale, complete_preset, complete_task
from dlseq.cli.status import load_keras
from dlseq.files import check_writable
from dlseq.tasks.registry import TASKS, find_preset, load_task, presets_of

__all__ = ["command_line", "train_command"]


def preset_list() -> str:
    """Return the tasks and their presets as text for the command's help."""
    lines = []
    for task, entry in TASKS.items():
        lines.append(f"[bold]{task}[/]: {entry.description}")
        for preset in presets_of(task).values():
            size = getattr(preset.data, "examples", None)
            examples = "" if size is None or preset.name == "file" else f"{size:,} examples, "
            lines.append(f"  {preset.name}: {preset.description} ({examples}{preset.training.epochs} epochs)")
    return "\n\n".join(lines)


@app.command(
    "train",
    help="Train a model and save it as one .keras file, with its score in a .json file beside it. Ctrl-C keeps the "
    f"best epoch so far.\n\nTasks and presets:\n\n{preset_list()}",
)
def train_command(
    task: str = typer.Argument(
        metavar="TASK", show_default=False, help=f"One of: {', '.join(TASKS)}.", autocompletion=complete_task
    ),
    preset: str = typer.Option(
        None,
        metavar="NAME",
        help=r"Data, sizes and settings. \[default: the first of the task, or by --data]",
        autocompletion=complete_preset,
    ),
    data: Path = typer.Option(
        None,
        metavar="FILE",
        help="Your own data: for dates a CSV with the columns text,iso; for names one per line, or columns such as "
        "name,count; for entities a CoNLL file; for sentiment a CSV with the columns text,stars; "
        "for music a table with the columns key and notes; "
        "for translation English sentences, a tab and their translations; for captioning a CSV with the columns "
        "file,caption; for activities a CSV with the columns file,activity; for speech one with file,text; "
        "for genes a FASTA file with a GFF or BED file of the same name beside it.",
    ),
    locale: list[str] = typer.Option(
        None,
        metavar="NAME",
        help="Draw data of this locale, such as fr_FR; repeatable for dates and entities.",
        autocompletion=complete_locale,
    ),
    examples: int = typer.Option(
        None, min=10, help=r"Number of examples to draw for training, not for names. \[default: the preset's]"
    ),
    lower: bool = typer.Option(False, "--lower", help="Convert the data to lower case, for names."),
    unweighted: bool = typer.Option(
        False, "--unweighted", help="Ignore the counts of names in --data, and learn each name alike."
    ),
    epochs: int = typer.Option(None, min=1, help=r"Maximal number of epochs. \[default: the preset's]"),
    seconds: float = typer.Option(None, min=0, help="Time limit; the best epoch so far is kept."),
    patience: int = typer.Option(
        None, min=1, help=r"Stop after so many epochs without improvement. \[default: the preset's]"
    ),
    seed: int = typer.Option(0, min=0, help="Seed of the data, the initial weights, the batches and dropout."),
    out: Path = typer.Option(None, metavar="FILE", help=r"The model file to write. \[default: TASK.keras]"),
    resume: bool = typer.Option(False, "--resume", help="Continue the interrupted run that was to write --out."),
) -> None:
    """Train the task's network from a preset, print its score and save both."""
    settings = find_preset(
        task,
        preset,
        file=data,
        locales=tuple(locale or ()),
        examples=examples,
        lower=lower,
        unweighted=unweighted,
        training={"epochs": epochs, "seconds": seconds, "patience": patience, "seed": seed},
    )
    out = check_writable(out or Path(f"{task}.keras"), ".keras")
    options = {"preset": settings.name, "data": data, "locale": locale, "examples": examples, "lower": lower}
    options |= {
        "unweighted": unweighted,
        "epochs": epochs,
        "seconds": seconds,
        "patience": patience,
        "seed": seed,
        "out": out.name,
    }
    load_keras()
    from dlseq.tasks.training import train
    from dlseq.training.progress_bar import TrainingProgress

    task_class = load_task(task)
    command = command_line(task, options)
    with TrainingProgress(f"{task} ({settings.name})", {task_class.monitor: task_class.monitor_label}) as progress:
        trained = train(task_class, settings, out=out, resume=resume, command=command, callbacks=[progress])
    console = Console(highlight=False)
    run = trained.run
    console.print(f"{run.stopped} after {run.seconds:.0f} s; best epoch: {run.best_epoch}")
    for name, value in trained.score.items():
        text = f"{value:.2%}" if "match" in name or "share" in name else f"{value:.4f}"
        console.print(f"{name.replace('_', ' ')} on {len(trained.splits.test):,} held-out examples: [bold]{text}[/]")
    console.print(f"saved as {escape(str(out))}, score in {escape(str(out.with_suffix('.json')))}")


def command_line(task: str, options: dict) -> str:
    """Return the command with the options that are set, to be saved with the model.

    Example:
        >>> command_line("names", {"preset": "english", "epochs": None, "lower": True, "out": "my names.keras"})
        "dlseq train names --preset english --lower --out 'my names.keras'"
    """
    words = ["dlseq", "train", task]
    for name, value in options.items():
        for item in value if isinstance(value, list) else [value]:
            if item is True:
                words.append(f"--{name}")
            elif item is not None and item is not False:
                words += [f"--{name}", str(item)]
    return shlex.join(words)
