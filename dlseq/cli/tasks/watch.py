"""`dlseq watch` and `dlseq clips`: recognize activities in clips, and draw clips."""

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.status import counted, keras_status
from dlseq.cli.tasks.texts import check_map_path, is_page, print_json, printable, short_percent
from dlseq.files import check_new_folder


@app.command()
def watch(
    clips: list[Path] = typer.Argument(
        metavar="CLIP...", show_default=False, help="Animated GIF, WebP or PNG files of any size and length."
    ),
    plot: Path = typer.Option(
        None,
        metavar="FILE",
        help="Draw the frames of one clip with the probabilities after each (PNG, SVG or PDF), or all (an HTML page).",
    ),
    model: Path = typer.Option(
        None, metavar="FILE", help="Your own model, made by dlseq train activities, instead of the shipped one."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object per clip, with all probabilities."),
) -> None:
    """Recognize the activity of each clip: walks left, jumps, grows, meets another, ...

    The shipped model knows clips of one drawn thing that moves beside another, as `dlseq clips` draws them. An answer
    of less than one half is printed as a guess.
    """
    from dlseq.data.clips import read_clip

    frames = [read_clip(path) for path in clips]  # refused before Keras is loaded
    if plot is not None:
        check_map_path(plot, clips, "clip")
    with keras_status("Recognizing"):
        from dlseq.tasks.activities.recognition import ActivityRecognizer
        from dlseq.tasks.pretrained import pretrained

        recognizer = ActivityRecognizer.load(model or pretrained("activities-drawn"))
        if recognizer.network.frame_shape != frames[0].shape[1:3]:
            frames = [read_clip(path, size=recognizer.network.frame_shape[0]) for path in clips]
        readings = recognizer.recognize(frames)
        if plot is not None:
            draw_activities(readings, plot)
    for path, reading in zip(clips, readings, strict=True):
        show_activity(str(path), reading, as_json)


def show_activity(path: str, reading, as_json: bool = False) -> None:
    """Print the activity of a clip with its probability, or as one JSON object."""
    chances = dict(zip(reading.activities, map(float, reading.probabilities[-1]), strict=True))
    if as_json:
        fields = {"file": path, "activity": reading.activity, "probability": round(reading.probability, 6)}
        print_json(fields | {"sure": reading.sure, "probabilities": {name: round(p, 6) for name, p in chances.items()}})
        return
    second = sorted(chances, key=chances.get)[-2]
    note = "" if reading.sure else f"   (a guess; or {second}: {short_percent(chances[second])})"
    style = "bold" if reading.sure else "yellow"
    line = f"[{style}]{escape(printable(reading.activity))}[/][dim]{escape(note)}[/]"
    Console(soft_wrap=True, highlight=False).print(
        f"{short_percent(reading.probability):>6}  {escape(printable(path))}: {line}"
    )


def draw_activities(readings, path: Path) -> None:
    """Draw the frames and probabilities of clips into a page, or those of a single one into a figure."""
    from dlseq.plots import StepWords, clip_probabilities, save_figure, step_page
    from dlseq.tasks.activities.reading import PAGE_TITLE, PAGE_WORDS

    if is_page(path):
        step_page([reading.example() for reading in readings], PAGE_TITLE, StepWords(**PAGE_WORDS)).save(path)
        return
    (reading,) = readings
    save_figure(clip_probabilities(reading.frames, reading.probabilities, reading.activities), path)


@app.command()
def clips(
    out: Path = typer.Option(..., metavar="DIR", help="Write the GIF files and activities.csv into this new folder."),
    number: int = typer.Option(10, "-n", "--number", min=1, max=100_000, help="Number of clips."),
    seed: int = typer.Option(0, help="Seed of the draw."),
    split: str = typer.Option("train", help="train, validation, or test with things that the others do not have."),
    style: str = typer.Option("noto", help="Style of the drawings: noto or fluent."),
) -> None:
    """Draw clips of things that walk, jump, rock, grow, meet, ..., as GIF files with a CSV file of their activities.

    The same seed draws the same clips on any day. The CSV file can be given to `dlseq train activities --data`.
    """
    check_new_folder(out)
    from dlseq.data.clips import draw_clips, write_clips

    drawn = counted(draw_clips(number, seed, split, style), "Writing clips", number)
    path = write_clips(out, drawn)
    print(f"Wrote {number} clips and {path}")
