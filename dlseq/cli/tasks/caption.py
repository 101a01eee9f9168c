"""`dlseq caption`: write captions for images with a trained model."""

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.status import keras_status
from dlseq.cli.tasks.texts import check_map_path, is_page, print_json, printable, short_percent
from dlseq.errors import DlseqError

SHIPPED = {"en": "captioning-scenes", "ko": "captioning-scenes-ko"}
SHOWN_PIXELS = 384  # of a picture in a page or figure


@app.command()
def caption(
    images: list[Path] = typer.Argument(
        metavar="IMAGE...", show_default=False, help="PNG, JPEG or WebP files of any size."
    ),
    language: str = typer.Option("en", metavar="LANGUAGE", help="Language of the shipped model: en or ko."),
    model: Path = typer.Option(
        None, metavar="FILE", help="Your own model, made by dlseq train captioning, instead of a shipped one."
    ),
    beam_width: int = typer.Option(1, min=1, help="Width of the beam search; 1 is greedy search."),
    alternatives: int = typer.Option(0, min=0, metavar="N", help="Print N other captions of each image too."),
    plot: Path = typer.Option(
        None,
        metavar="FILE",
        help="Draw one picture once per word, bright where the model looked (PNG, SVG or PDF), or all (an HTML page).",
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object per image, attention included."),
) -> None:
    """Write a caption for each image.

    The shipped models know scenes of one to four drawn things, as `dlseq scenes` draws them, and not photographs. A
    caption with a probability below one half is printed as a guess.
    """
    if alternatives >= beam_width:
        raise DlseqError(
            f"Invalid option --alternatives. Expected less than the beam width, {beam_width}. "
            f"Received: {alternatives}. Add --beam-width {alternatives + 1}."
        )
    if language not in SHIPPED:
        raise DlseqError(f"Invalid option --language. Expected one of: {', '.join(SHIPPED)}. Received: {language}.")
    from dlseq.data.images import read_image

    shown = [read_image(path, SHOWN_PIXELS) for path in images]  # refused before Keras is loaded
    if plot is not None:
        check_map_path(plot, images, "image")
    with keras_status("Describing"):
        from dlseq.tasks.captioning.captioner import Captioner
        from dlseq.tasks.pretrained import pretrained

        captioner = Captioner.load(model or pretrained(SHIPPED[language]))
        captions = captioner.caption([captioner.read(path) for path in images], beam_width=beam_width)
        if plot is not None:
            draw_attention(captions, shown, plot)
    for path, found in zip(images, captions, strict=True):
        show_caption(str(path), found, alternatives, as_json)


def show_caption(path: str, caption, alternatives: int = 0, as_json: bool = False) -> None:
    """Print one caption with its probability, or as one JSON object."""
    others = caption.alternatives[:alternatives]
    if as_json:
        fields = {"file": path, "caption": caption.text, "probability": round(caption.probability, 6)}
        fields |= {"sure": caption.is_sure, "complete": caption.is_complete, "words": caption.words}
        fields |= {"alternatives": [{"caption": text, "probability": round(value, 6)} for text, value in others]}
        weights = caption.attention
        print_json(fields | {"attention": None if weights is None else weights.round(5).tolist()})
        return
    console = Console(soft_wrap=True, highlight=False)
    notes = [] if caption.is_sure else ["a guess: perhaps no picture of the kind that the model knows"]
    notes += [] if caption.is_complete else ["cut at the maximal length"]
    note = f"   ({'; '.join(notes)})" if notes else ""
    style = "bold" if caption.is_sure else "yellow"
    line = f"[{style}]{escape(printable(caption.text))}[/][dim]{escape(note)}[/]"
    console.print(f"{short_percent(caption.probability):>6}  {escape(printable(path))}: {line}")
    for text, probability in others:
        console.print(f"{short_percent(probability):>6}  [dim]{escape(printable(text))}[/]")


def draw_attention(captions, shown, path: Path) -> None:
    """Draw the attention of captions into a page, or that of a single one into a figure.

    Args:
        captions: captions.
        shown: their pictures with more pixels.
        path: file to write.
    """
    from dlseq.plots import image_attention, image_attention_page, save_figure

    examples = [caption.example(image) for caption, image in zip(captions, shown, strict=True)]
    if is_page(path):
        image_attention_page(examples, "Attention of an image captioner").save(path)
        return
    (example,) = examples
    save_figure(image_attention(example), path)
