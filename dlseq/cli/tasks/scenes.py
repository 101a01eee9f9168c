"""`dlseq scenes`: draw scenes with captions into a folder."""

from pathlib import Path

import typer

from dlseq.cli.app import app
from dlseq.cli.status import status
from dlseq.files import check_new_folder


@app.command()
def scenes(
    out: Path = typer.Option(..., metavar="DIR", help="Write the pictures and captions.csv into this new folder."),
    number: int = typer.Option(8, "-n", "--number", min=1, max=100_000, help="Number of scenes."),
    seed: int = typer.Option(0, help="Seed of the draw."),
    split: str = typer.Option(
        "train", help="train, validation, test, or pairs of things never together in the others."
    ),
    style: str = typer.Option("noto", help="Style of the drawings: noto or fluent."),
    size: int = typer.Option(64, help="Side of the pictures in pixels."),
    language: str = typer.Option("en", help="Language of the captions: en or ko."),
    questions: bool = typer.Option(False, "--questions", help="Write questions.csv with questions and answers too."),
) -> None:
    """Draw scenes of things on, under and beside each other, with their captions.

    The same seed draws the same scenes on any day. The folder can be used wherever a folder of pictures with a CSV file
    of captions can.
    """
    check_new_folder(out)
    from dlseq.data.scenes import ask_questions, draw_scenes, write_questions, write_scenes

    with status("Drawing scenes"):
        drawn = draw_scenes(number, seed, split, style, size, language)
        path = write_scenes(out, drawn)
    print(f"Wrote {number} scenes and {path}")
    if questions:
        print(f"Wrote {write_questions(out, drawn, list(ask_questions(drawn, seed)))}")
