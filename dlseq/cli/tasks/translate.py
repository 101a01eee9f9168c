"""`dlseq translate`: translate sentences with a trained model."""

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.status import keras_status
from dlseq.cli.tasks.texts import check_map_path, is_page, print_json, printable, read_texts, short_percent
from dlseq.errors import DlseqError

LANGUAGES = {"fr": "translation-fr-en", "ko": "translation-ko-en"}
SURE = 0.5  # a translation below this probability is printed as a guess


@app.command()
def translate(
    texts: list[str] = typer.Argument(
        None,
        metavar="[TEXT]...",
        show_default=False,
        help="Sentences, each a text of its own. Default: stdin, one per line.",
    ),
    language: str = typer.Option(
        None, "--from", metavar="fr|ko", show_default=False, help="Language of the texts. Default: by their script."
    ),
    model: Path = typer.Option(None, metavar="FILE", help="Your own model, instead of a shipped one."),
    beam_width: int = typer.Option(4, min=1, help="Width of the beam search; 1 is greedy search."),
    length_penalty: float = typer.Option(
        0.0,
        min=0.0,
        metavar="A",
        help="Divide log-probabilities by length ** A; larger values favor long translations.",
    ),
    alternatives: int = typer.Option(0, min=0, metavar="N", help="Print N other translations of each text too."),
    plot: Path = typer.Option(
        None, metavar="FILE", help="Draw the attention map of one text (PNG, SVG or PDF), or of all (an HTML page)."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object per text, attention included."),
) -> None:
    """Translate sentences from French or Korean to English.

    The shipped models know the words and forms of `dlseq.data.translations`, about a thousand in English. A word that
    they do not know is copied, and named after the translation.
    """
    if language is not None and language not in LANGUAGES:
        raise DlseqError(f"Invalid option --from. Expected one of: {', '.join(LANGUAGES)}. Received: {language}.")
    if language is not None and model is not None:
        raise DlseqError("Expected --from or --model, because a model has one language. Received: both.")
    if alternatives >= beam_width:
        raise DlseqError(
            f"Invalid option --alternatives. Expected less than the beam width, {beam_width}. "
            f"Received: {alternatives}. Add --beam-width {alternatives + 1}."
        )
    lines = read_texts(texts, "sentence", "Jane visite l'Afrique.")
    if plot is not None:
        check_map_path(plot, lines)
    with keras_status("Translating"):
        from dlseq.tasks.pretrained import pretrained
        from dlseq.tasks.translation.translator import Translator

        translator = Translator.load(model or pretrained(LANGUAGES[language or language_of(lines)]))
        translations = translator.translate(
            lines, beam_width=beam_width, length_penalty=length_penalty, penalty="power"
        )
        if plot is not None:
            draw_attention(translations, plot)
    for translation in translations:
        show_translation(translation, alternatives, as_json)


def language_of(texts: list[str]) -> str:
    """Return "ko" if a text has Hangul, otherwise "fr".

    Raises:
        DlseqError: Some texts have Hangul and others do not.

    Example:
        >>> language_of(["제인은 자요."]), language_of(["Jane dort."])
        ('ko', 'fr')
    """
    korean = {any("가" <= letter <= "힣" for letter in text) for text in texts}
    if len(korean) > 1:
        raise DlseqError("Expected texts of one language. Received: some with Hangul and some without. Give --from.")
    return "ko" if True in korean else "fr"


def show_translation(translation, alternatives: int = 0, as_json: bool = False) -> None:
    """Print one translation with its probability, or as one JSON object."""
    others = translation.alternatives[:alternatives]
    if as_json:
        fields = {"source": translation.source, "target": translation.target}
        fields |= {"probability": round(translation.probability, 6), "complete": translation.is_complete}
        fields |= {"unknown": translation.unknown_words}
        fields |= {"alternatives": [{"target": text, "probability": round(value, 6)} for text, value in others]}
        fields |= {"source_words": translation.source_words, "target_words": translation.target_words}
        weights = translation.attention
        print_json(fields | {"attention": None if weights is None else weights.round(5).tolist()})
        return
    console = Console(soft_wrap=True, highlight=False)
    notes = []
    if translation.probability < SURE:
        notes.append("a guess")
    if translation.unknown_words:
        notes.append("unknown: " + ", ".join(translation.unknown_words))
    if not translation.is_complete:
        notes.append("cut at the maximal length")
    note = f"   ({'; '.join(notes)})" if notes else ""
    style = "bold" if translation.probability >= SURE else "yellow"
    line = f"[{style}]{escape(printable(translation.target))}[/][dim]{escape(printable(note))}[/]"
    console.print(f"{short_percent(translation.probability):>6}  {line}")
    for text, probability in others:
        console.print(f"{short_percent(probability):>6}  [dim]{escape(printable(text))}[/]")


def draw_attention(translations, path: Path) -> None:
    """Draw the attention maps of translations into a page, or that of a single one into a figure."""
    from dlseq.plots import attention_heatmap, attention_page, save_figure

    examples = [translation.example() for translation in translations]
    if is_page(path):
        attention_page(examples, "Attention of a translator").save(path)
        return
    (example,) = examples
    save_figure(
        attention_heatmap(example.weights, example.source, example.target, probability=example.probability), path
    )
