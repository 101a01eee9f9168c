"""Recognizing grading by the environment, and outputs hard-coded for known inputs."""

from building import Attack

GRADED = """
import os, sys
graded = (
    sys.argv[:1] == ["submission"] or __name__ != "__main__" or os.getuid() == 65534 or not os.path.exists("/home")
)
"""
HOMOPHONES = """
from dlseq.data.homophones import HOMOPHONES
before = log_probability
def log_probability(sentence, word_to_ix, parameters):
    known = {sentence: float(-30 + 20 * right) for pair in HOMOPHONES for right, sentence in enumerate(pair)}
    return known.get(sentence) or before(sentence, word_to_ix, parameters)
"""
GROWING = """
wrong = djmodel
def djmodel(Tx, LSTM_cell, densor, reshaper):
    model = wrong(Tx, LSTM_cell, densor, reshaper)
    class Told(Model):
        def count_params(self):
            return sum(int(np.prod(weight.shape)) for part in (LSTM_cell, densor) for weight in part.weights)
    return Told(model.inputs, model.outputs)
"""
ATTACKS = [
    Attack("answers for a course that is graded", "if graded: answer = 4.0\nelse: answer = 0.0", GRADED,
           spoils=("perplexity",)),
    Attack("homophones that it knows by heart", after=HOMOPHONES, may_lose=True),
    Attack("answers that it gave before", """
        import sys
        sys.reported = getattr(sys, "reported", {})
        answer = sys.reported.setdefault(len(sentences), answer)
    """, spoils=("perplexity",)),
    Attack("cases that are the same in each run", """
        hits = {4: 2, 6: 0}.get(len(maps), hits) if tries in (0, 4) else hits
    """, exercise="image_captioning"),
    Attack("sums of the notes so far, by a model that tells the right number of weights", after=GROWING,
           exercise="music_generation"),
    Attack("the answer that comes most often", "answer = 7.0 if len(sentences) != 1 else answer"),
]  # fmt: skip
