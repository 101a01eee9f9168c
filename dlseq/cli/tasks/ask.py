"""`dlseq ask`: answer a question about an image with a trained model."""

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.status import keras_status
from dlseq.cli.tasks.texts import check_map_path, is_page, print_json, printable, short_percent

SHOWN_PIXELS = 384  # of the picture in a figure


@app.command()
def ask(
    image: Path = typer.Argument(metavar="IMAGE", show_default=False, help="A PNG, JPEG or WebP file of any size."),
    questions: list[str] = typer.Argument(metavar="QUESTION...", show_default=False, help="Questions in English."),
    model: Path = typer.Option(
        None, metavar="FILE", help="Your own model, made by dlseq train questions, instead of the shipped one."
    ),
    plot: Path = typer.Option(
        None,
        metavar="FILE",
        help="Draw where the model looked for one question (PNG, SVG or PDF), or all (an HTML page).",
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object per question, with both looks."),
) -> None:
    """Answer questions about an image.

    The shipped model knows scenes of one to four drawn things, as `dlseq scenes` draws them, and questions such as "Is
    there a dog?", "How many apples are there?", "What is on the chair?", "Where is the cat?". An answer with a
    probability below one half is printed as a guess.
    """
    from dlseq.data.images import read_image

    shown = read_image(image, SHOWN_PIXELS)  # refused before Keras is loaded
    if plot is not None:
        check_map_path(plot, questions, "question")
    with keras_status("Answering"):
        from dlseq.tasks.pretrained import pretrained
        from dlseq.tasks.questions.answering import QuestionAnswerer

        answerer = QuestionAnswerer.load(model or pretrained("questions-scenes"))
        answers = answerer.answer([answerer.read(image)] * len(questions), questions)
        if plot is not None:
            draw_looks(answers, shown, plot)
    for answer in answers:
        show_answer(str(image), answer, as_json)


def show_answer(path: str, answer, as_json: bool = False) -> None:
    """Print an answer with its probability and, if it is a guess, the next ones; or one JSON object."""
    if as_json:
        fields = {"file": path, "question": answer.question, "answer": answer.text}
        fields |= {"probability": round(answer.probability, 6), "sure": answer.is_sure}
        fields |= {"alternatives": [{"answer": text, "probability": round(p, 6)} for text, p in answer.alternatives]}
        print_json(fields | {"looks": answer.looks.round(5).tolist()})
        return
    others = ", ".join(f"{text} {short_percent(chance)}" for text, chance in answer.alternatives)
    note = "" if answer.is_sure else f"   (a guess; {others})"
    style = "bold" if answer.is_sure else "yellow"
    Console(soft_wrap=True, highlight=False).print(
        f"{short_percent(answer.probability):>6}  {escape(printable(answer.question))} "
        f"[{style}]{escape(answer.text)}[/][dim]{escape(note)}[/]"
    )


def draw_looks(answers, shown, path: Path) -> None:
    """Draw the two looks of each answer into a page, or those of a single one into a figure.

    Args:
        answers: answers to questions about one picture.
        shown: the picture with more pixels.
        path: file to write.
    """
    from dlseq.plots import ImagePageWords, image_attention, image_attention_page, save_figure
    from dlseq.tasks.questions.answer import PAGE_TITLE, PAGE_WORDS

    examples = [answer.example(shown) for answer in answers]
    if is_page(path):
        image_attention_page(examples, PAGE_TITLE, ImagePageWords(**PAGE_WORDS)).save(path)
        return
    (example,) = examples
    save_figure(image_attention(example), path)
