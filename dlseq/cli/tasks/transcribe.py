"""`dlseq transcribe`: the words of recordings."""

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.status import keras_status
from dlseq.cli.tasks.texts import check_map_path, is_page, print_json, printable, short_percent
from dlseq.errors import DataError

SHIPPED = {"ctc": "speech-words", "attention": "speech-attention"}
"""Shipped models by their decoders."""


@app.command()
def transcribe(
    files: list[Path] = typer.Argument(
        metavar="FILE...", show_default=False, help="WAV files of any sampling rate, at most a minute each."
    ),
    language: str = typer.Option(
        None,
        metavar="CODE",
        help=r"The language that is spoken: en, fr or ko. Words of two languages can sound alike. \[default: any]",
    ),
    decoder: str = typer.Option(
        None,
        metavar="NAME",
        help="The shipped model: ctc, which marks words at steps of the sound, or attention, which writes word by word "
        r"and looks at the sound for each. \[default: ctc]",
    ),
    plot: Path = typer.Option(
        None,
        metavar="FILE",
        help="Draw the spectrogram of one recording with its words at their places (PNG, SVG or PDF), or all (an HTML "
        "page); with attention, where each word looks.",
    ),
    model: Path = typer.Option(
        None, metavar="FILE", help="Your own model, made by dlseq train speech, instead of the shipped one."
    ),
    as_json: bool = typer.Option(
        False, "--json", help="Print one JSON object per recording, with the place of each word in seconds."
    ),
) -> None:
    """Transcribe spoken digits and commands in English, French and Korean.

    The shipped model has learned 81 words from synthetic voices. A text of less than three quarters is a guess,
    and a recording without words as (nothing heard).
    """
    from dlseq.data.speech import read_speech

    shipped = shipped_name(decoder, model)
    recordings = [read_speech(path) for path in files]  # refused before Keras is loaded
    if plot is not None:
        check_map_path(plot, files, "recording")
    with keras_status("Transcribing"):
        from dlseq.tasks.pretrained import pretrained
        from dlseq.tasks.speech.recognition import SpeechRecognizer

        recognizer = SpeechRecognizer.load(model or pretrained(shipped))
        transcripts = recognizer.transcribe(recordings, language=language)
        if plot is not None:
            draw_transcripts(transcripts, plot)
    for path, transcript in zip(files, transcripts, strict=True):
        show_transcript(str(path), transcript, as_json)


def shipped_name(decoder: str | None, model: Path | None) -> str:
    """Return the name of the shipped model with a decoder."""
    if decoder is not None and model is not None:
        raise DataError(
            "Expected --decoder for a shipped model, or --model; your own has the decoder that it was trained with. "
            "Received: both."
        )
    if decoder is not None and decoder not in SHIPPED:
        raise DataError(f"Unknown decoder. Expected one of: {', '.join(SHIPPED)}. Received: {decoder}.")
    return SHIPPED[decoder or "ctc"]


def show_transcript(path: str, transcript, as_json: bool = False) -> None:
    """Print the text of a recording with its probability, or as one JSON object."""
    from dlseq.tasks.speech.transcript import NOTHING

    if as_json:
        words = [
            {"word": word.word, "start": round(word.start, 2), "end": round(word.end, 2)} for word in transcript.words
        ]
        others = [{"text": text, "probability": round(chance, 6)} for text, chance in transcript.alternatives]
        fields = {"file": path, "text": transcript.text, "language": transcript.language}
        fields |= {"probability": round(transcript.probability, 6), "sure": transcript.sure}
        print_json(fields | {"words": words, "alternatives": others})
        return
    note, style = "", "bold"
    if not transcript.text:
        style = "dim"
    elif not transcript.sure:
        style, other = "yellow", transcript.alternatives[0] if transcript.alternatives else None
        note = f"   (a guess; or {other[0] or NOTHING}: {short_percent(other[1])})" if other else "   (a guess)"
    line = f"[{style}]{escape(printable(transcript.text or NOTHING))}[/][dim]{escape(printable(note))}[/]"
    Console(soft_wrap=True, highlight=False).print(
        f"{short_percent(transcript.probability):>6}  {escape(printable(path))}: {line}"
    )


def draw_transcripts(transcripts, path: Path) -> None:
    """Draw the transcripts of recordings into a page, or that of a single one into a figure."""
    from dlseq.plots import StepWords, save_figure, spectrogram, step_page
    from dlseq.tasks.speech.transcript import NOTHING, PAGE_TITLE, PAGE_WORDS

    if is_page(path):
        step_page([transcript.example() for transcript in transcripts], PAGE_TITLE, StepWords(**PAGE_WORDS)).save(path)
        return
    (transcript,) = transcripts
    words = [(word.word, word.start, word.end) for word in transcript.words]
    title = None if words else f"{NOTHING} {short_percent(transcript.probability)}"
    options = {"attention": transcript.attention, "step_seconds": transcript.step_seconds}
    save_figure(spectrogram(transcript.levels, words, title=title, **options), path)
