"""`dlseq music`: generate a melody with a trained model and write it as MIDI, sound or picture."""

import secrets
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.status import keras_status
from dlseq.cli.tasks.texts import check_plot_path, is_page, print_json
from dlseq.errors import DlseqError
from dlseq.files import atomic_write, check_writable

SUFFIXES = (".mid", ".wav")
MIN_TEMPO, MAX_TEMPO = 20, 300


@app.command()
def music(
    out: Path = typer.Option(None, metavar="FILE", help="The file to write: .mid or .wav."),
    key: str = typer.Option("C", metavar="KEY", help="Tonic, such as G, F# or Bb."),
    mode: str = typer.Option("major", metavar="MODE", help="major or minor."),
    start: str = typer.Option("", metavar="NOTES", help="First notes, such as 'G4 A4:0.5 B4:0.5 G4:2'."),
    genre: str = typer.Option("chorale", metavar="NAME", help="chorale: the data has no other."),
    temperature: float = typer.Option(0.8, metavar="T", help="Below 1 for probable notes, above 1 for rare ones."),
    top_p: float = typer.Option(None, metavar="P", help="Draw from the most probable notes of this mass."),
    tempo: float = typer.Option(90, metavar="N", help="Quarter notes per minute, 20 to 300."),
    seed: int = typer.Option(None, metavar="N", help=r"The same seed draws the same melody. \[default: random]"),
    plot: Path = typer.Option(None, metavar="FILE", help="Draw the piano roll: PNG, SVG, PDF or an HTML page."),
    model: Path = typer.Option(None, metavar="FILE", help="Your own model, made by dlseq train music."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object."),
) -> None:
    """Generate a melody like those of Bach's chorales, by key, mode and first notes.

    A phrase ends at ^. The longest run of notes that stands in a chorale too is named below the melody.
    """
    from dlseq.data.music import load_chorales, longest_copy, parse_notes, parse_tonic

    _check_options(out, genre, tempo, plot)
    tonic, notes = parse_tonic(key), parse_notes(start)
    seed = secrets.randbelow(2**31) if seed is None else seed
    with keras_status("Composing"):
        from dlseq.tasks.music.generation import MelodyGenerator, check_arguments
        from dlseq.tasks.pretrained import pretrained

        check_arguments(mode, tonic, temperature=temperature, top_p=top_p, seed=seed)
        generator = MelodyGenerator.load(model or pretrained("music-chorales"))
        drawn = generator.generate(mode, tonic, notes, temperature=temperature, top_p=top_p, seed=seed)
        if out is not None:
            write_tune(drawn.melody, out, tempo)
        if plot is not None:
            draw_melody(drawn, plot, f"{key} {mode}, seed {seed}")
        length, name = longest_copy(drawn.melody, load_chorales())
    show_melody(drawn, {"key": key, "seed": seed, "copied_notes": length, "copied_from": name}, as_json)


def _check_options(out, genre, tempo, plot):
    """Refuse, before a model is loaded, what cannot be written or played."""
    if genre != "chorale":
        raise DlseqError(
            f"Invalid option --genre. Expected chorale, because the corpus has no other genre. Received: {genre}. "
            "Choose --key, --mode and --start instead."
        )
    if out is not None and out.suffix.lower() not in SUFFIXES:
        raise DlseqError(f"Cannot write {out}: expected a name that ends in .mid or .wav. Received: {out.suffix!r}.")
    if out is not None:
        check_writable(out)
    if not MIN_TEMPO <= tempo <= MAX_TEMPO:
        raise DlseqError(f"Invalid option --tempo. Expected {MIN_TEMPO} to {MAX_TEMPO}. Received: {tempo:g}.")
    if plot is not None:
        check_plot_path(plot)


def write_tune(melody, path: Path, tempo: float) -> None:
    """Write a melody as MIDI or sound, by the suffix of the path."""
    from dlseq.data.music import midi_bytes, wave_bytes

    to_bytes = midi_bytes if path.suffix.lower() == ".mid" else wave_bytes
    with atomic_write(path) as partial:
        partial.write_bytes(to_bytes(melody, beats_per_minute=tempo))


def draw_melody(drawn, path: Path, title: str) -> None:
    """Draw a generated melody into a figure, or into a page with the notes that the model expected."""
    from dlseq.plots import StepWords, piano_roll, save_figure, step_page
    from dlseq.tasks.music.result import PAGE_TITLE, PAGE_WORDS

    if is_page(path):
        step_page([drawn.example(title)], PAGE_TITLE, StepWords(**PAGE_WORDS)).save(path)
        return
    save_figure(piano_roll(drawn.melody, title=title), path)


def show_melody(drawn, report: dict, as_json: bool) -> None:
    """Print the notes of a generated melody, a line for each phrase, or one JSON object."""
    melody, phrases = drawn.melody, [[]]
    for note in melody.notes:
        phrases[-1].append(str(note))
        if note.ends_phrase:
            phrases.append([])
    if as_json:
        fields = {"mode": melody.mode, "notes": list(map(str, melody.notes)), "log_prob": round(drawn.log_prob, 5)}
        print_json(report | fields | {"ended": drawn.ended})
        return
    console = Console(soft_wrap=True, highlight=False)
    for phrase in filter(None, phrases):
        console.print(f"[bold]{escape(' '.join(phrase))}[/]")
    copied = f"{report['copied_notes']} notes in a row as in {report['copied_from']}"
    ending = "" if drawn.ended else ", cut"
    console.print(
        f"[dim]{report['key']} {melody.mode}, {len(melody.notes)} notes{ending}; {copied}; seed {report['seed']}[/]"
    )
