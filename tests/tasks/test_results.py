"""Results as the output of a notebook cell: markup that a text of theirs cannot leave."""

import html

import numpy as np
import pytest

from dlseq.data.dna import DnaSequence, Gene
from dlseq.data.music import Melody, parse_notes
from dlseq.tasks.activities.reading import ActivityReading
from dlseq.tasks.captioning.result import Caption
from dlseq.tasks.dates.reading import DateReading
from dlseq.tasks.entities.recognition import FoundEntity, TextEntities
from dlseq.tasks.genes.reading import FoundGene, SequenceGenes
from dlseq.tasks.music.result import GeneratedMelody
from dlseq.tasks.names.generation import GeneratedNames
from dlseq.tasks.questions.answer import Answer
from dlseq.tasks.sentiment.reading import StarReading, WordAttention
from dlseq.tasks.speech.transcript import HeardWord, Transcript
from dlseq.tasks.translation.result import Translation

BAD = "<b>&"
IMAGE = np.zeros((8, 8, 3), np.uint8)
GENE = Gene(((0, 6),), "+", BAD)
NOTES, RESTS = (Melody("a", 0, "major", parse_notes(text)) for text in ("C4 E4", "r r"))
RESULTS = {
    "date": DateReading(BAD, "2", 0.5, np.full((1, 4), 0.25)),
    "translation": Translation(BAD, BAD, 0.5, (BAD,), (BAD,), np.ones((1, 1))),
    "caption": Caption(IMAGE, BAD, (BAD,), 0.5, np.ones((1, 1, 1)), ((BAD, 0.1),)),
    "answer": Answer(BAD, BAD, 0.5, ((BAD, 0.1),), np.ones((2, 1, 1)), IMAGE),
    "stars": StarReading(BAD, 1, 0.2, (0.2,) * 5, (WordAttention(0, 4, BAD, 1.0),)),
    "entities": TextEntities(BAD, (FoundEntity(0, 4, BAD, BAD, 0.9),), 1.0),
    "activity": ActivityReading(BAD, 0.5, (BAD, "b"), np.full((2, 2), 0.5), IMAGE[None].repeat(2, 0)),
    "genes": SequenceGenes(DnaSequence(BAD, "ATGTAA", (GENE,)), (FoundGene(GENE, 0.9),), np.zeros((6, 2))),
    "melody": GeneratedMelody(NOTES, -2.0, False, [[(BAD, 0.5)]] * 2),
    "rests": GeneratedMelody(RESTS, -2.0, False, [[(BAD, 0.5)]] * 2),
    "transcript": Transcript(
        BAD, 0.5, "", (HeardWord(BAD, 0.0, 0.1, ((BAD, 0.5),)),), (), np.zeros((20, 40), np.uint8)
    ),
    "names": GeneratedNames([BAD], np.array([-1.0]), np.array([True])),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_shows_itself_in_a_notebook(name):
    shown = RESULTS[name]._repr_html_()
    inner = html.unescape(shown.split('"')[1]) if shown.startswith("<iframe") else shown
    assert shown.startswith("<iframe srcdoc=" if name not in ("rests", "names") else ("<p>", "<table>"))
    assert BAD not in inner
    assert html.escape(BAD) in inner or name in ("rests", "date", "melody")


def test_alternatives_and_looks_are_on_the_page_of_an_answer():
    page = html.unescape(RESULTS["answer"]._repr_html_())
    assert ">Other answers</h3>" in page and ">first look</span>" in page and "Looks at the picture" in page


def test_a_clip_shows_the_activities_by_their_final_probability():
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8]])
    example = ActivityReading("b", 0.8, ("a", "b"), probabilities, IMAGE[None].repeat(2, 0)).example()
    assert example.choices == [[("b", 0.1), ("a", 0.9)], [("b", 0.8), ("a", 0.2)]]
