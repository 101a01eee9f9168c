"""`dlseq sentiment`: read the stars of reviews with a trained model."""

from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from dlseq.cli.app import app
from dlseq.cli.status import keras_status
from dlseq.cli.tasks.texts import check_map_path, is_page, print_json, printable, read_texts, short_percent

SHOWN_WEIGHT = 0.1  # words with more attention are printed bold
MAX_REASONS = 3


@app.command()
def sentiment(
    texts: list[str] = typer.Argument(
        None, metavar="[TEXT]...", show_default=False, help="Reviews. Default: stdin, one per line."
    ),
    plot: Path = typer.Option(
        None,
        metavar="FILE",
        help="Draw the attention over the words of one text (PNG, SVG or PDF), or of all (an HTML page).",
    ),
    model: Path = typer.Option(
        None, metavar="FILE", help="Your own model, made by dlseq train sentiment, instead of the shipped one."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object per text, with the attention."),
) -> None:
    """Read reviews and print 1 to 5 stars.

    The stars are printed with their probability, below one half as a guess, and with the words that had most of the
    model's attention.
    """
    lines = read_texts(texts, "review", "There is nothing to like in this movie.")
    if plot is not None:
        check_map_path(plot, lines)
    with keras_status("Reading"):
        from dlseq.tasks.pretrained import pretrained
        from dlseq.tasks.sentiment.classification import SentimentClassifier

        readings = SentimentClassifier.load(model or pretrained("sentiment-grammar")).read(lines)
        if plot is not None:
            draw_words(readings, plot)
    for reading in readings:
        show_stars(reading, as_json)


def stars_in_words(stars: int) -> str:
    """Return a number of stars with its noun.

    Example:
        >>> stars_in_words(1), stars_in_words(4)
        ('1 star', '4 stars')
    """
    return f"{stars} star{'s' * (stars != 1)}"


def show_stars(reading, as_json: bool = False) -> None:
    """Print the stars of a text, its words and those with most attention, or one JSON object."""
    if as_json:
        words = [
            {"start": word.start, "end": word.end, "text": word.text, "attention": round(word.weight, 5)}
            for word in reading.words
        ]
        fields = {"text": reading.text, "stars": reading.stars, "probability": round(reading.probability, 6)}
        fields |= {"probabilities": [round(chance, 6) for chance in reading.probabilities], "sure": reading.sure}
        print_json(fields | {"words": words})
        return
    text, end = Text(), 0
    for word in reading.words:
        text.append(printable(reading.text[end : word.start]))
        text.append(printable(word.text), "bold" if word.weight >= SHOWN_WEIGHT else "dim")
        end = word.end
    stars = Text(f"{stars_in_words(reading.stars):<7}", "bold" if reading.sure else "yellow")
    reasons = ", ".join(f"{printable(word.text)} {word.weight:.0%}" for word in reading.reasons(MAX_REASONS))
    note = f"   ({'' if reading.sure else 'a guess; '}{reasons})"
    percent = f"  {short_percent(reading.probability):>6}  "
    console = Console(soft_wrap=True, highlight=False)
    console.print(stars.append(percent, "default not bold").append(text).append(note, "dim"))


def draw_words(readings, path: Path) -> None:
    """Draw the attention over the words of reviews into a page, or that of a single one into a figure."""
    from dlseq.plots import PageWords, attention_heatmap, attention_page, save_figure
    from dlseq.tasks.sentiment.reading import PAGE_TITLE, PAGE_WORDS

    if is_page(path):
        examples = [reading.example() for reading in readings]
        attention_page(examples, PAGE_TITLE, PageWords(**PAGE_WORDS)).save(path)
        return
    (reading,) = readings
    title = reading.text if len(reading.text) <= 80 else f"{reading.text[:79]}…"
    example = reading.example()
    figure = attention_heatmap(
        example.weights, example.source, example.target, title=title, probability=reading.probability
    )
    save_figure(figure, path)
