"""Answers of the model of visual questions on held-out scenes, on pairs never seen together and in a style never seen.

Baselines on the same questions, in the same run:

- question only: the same network with a gray image, trained as the preset `question-only` says;
- most frequent answer of the training questions.

Pointing: the share of questions whose first look is brightest within the box of what the question names, and whose
second look is brightest within the box of what the answer is about, each grown by half a place of the grid. Beside it
the share of all places that are within these boxes, which is what a look at random would have.

    python benchmarks/visual_questions.py --model mine.keras
    python benchmarks/visual_questions.py
"""

import time
from collections import Counter
from pathlib import Path

import numpy as np
from report import Table, argument_parser, write_json

from dlseq.data.scenes import QUESTION_KINDS, draw_questions
from dlseq.metrics.pointing import pointing_hits
from dlseq.tasks.questions.answering import QuestionAnswerer
from dlseq.tasks.registry import find_preset
from dlseq.tasks.training import train

SETS = {"held-out scenes": ("test", "noto"), "pairs never together": ("pairs", "noto"), "style": ("test", "fluent")}
QUESTIONS, SEED_OFFSET = 4_000, 1_000
MIN_EXACT, MAX_QUESTION_ONLY = 0.97, 0.60


def pointing(answers, questions, size) -> dict[str, list[float]]:
    """Return, for both looks, the share of hits, and that of looks at random."""
    found = {"hits": [], "uniform": []}
    for look, region in enumerate(("named_region", "answer_region")):
        pairs = [(a.looks[look], box) for a, q in zip(answers, questions, strict=True) if (box := getattr(q, region))]
        maps, boxes = (np.stack(column) for column in zip(*pairs, strict=True))
        found["hits"].append(float(pointing_hits(maps, boxes, size).mean()))
        places = np.eye(maps[0].size).reshape(-1, 1, *maps[0].shape)  # (P, 1, H', W'), one place each
        shares = [pointing_hits(np.broadcast_to(place, maps.shape), boxes, size).mean() for place in places]
        found["uniform"].append(float(np.mean(shares)))
    return found


def ask(model, questions):
    """Return the answers of a model."""
    return model.answer([q.scene.image for q in questions], [q.text for q in questions])


def exact(answers, questions) -> float:
    """Return the share of right answers."""
    return float(np.mean([answer.text == q.answer for answer, q in zip(answers, questions, strict=True)]))


def measure(seed: int, path: Path | None) -> dict:
    """Load or train the models of a seed, and return their figures."""
    started = time.process_time()
    if path is None:
        model = train(QuestionAnswerer, find_preset("questions", training={"seed": seed})).model
    else:
        model = QuestionAnswerer.load(path)
    seconds = None if path is not None else time.process_time() - started
    trained = train(QuestionAnswerer, find_preset("questions", "question-only", training={"seed": seed}))
    guess = Counter(question.answer for question in trained.splits.train).most_common(1)[0][0]
    figures = {"seed": seed, "cpu_seconds": seconds, "sets": {}}
    for name, (split, style) in SETS.items():
        questions = draw_questions(QUESTIONS, seed + SEED_OFFSET, split, style)
        answers = ask(model, questions)
        kinds = {
            kind: exact(*zip(*[(a, q) for a, q in zip(answers, questions, strict=True) if q.kind == kind], strict=True))
            for kind in QUESTION_KINDS
        }
        figures["sets"][name] = {
            "ours": exact(answers, questions),
            "question only": exact(ask(trained.model, questions), questions),
            "most frequent": float(np.mean([q.answer == guess for q in questions])),
            "kinds": kinds,
            "pointing": pointing(answers, questions, model.image_size),
        }
    return figures


def main() -> None:
    """Print the exact answers of each side on each set of questions."""
    parser = argument_parser("Exact answers to questions about pictures.", seeds=[0])
    parser.add_argument("--model", type=Path, help="measure this model, without training one")
    arguments = parser.parse_args()
    runs = [measure(seed, arguments.model) for seed in arguments.seeds]
    sides = ["ours", "question only", "most frequent"]
    table = Table(f"Exact answers, {QUESTIONS:,} questions a set", ["questions", "seed", *sides, "look 1", "look 2"])
    notes = []
    for run in runs:
        for name, figures in run["sets"].items():
            looks = [f"{share:.1%}" for share in figures["pointing"]["hits"]]
            table.add(name, run["seed"], *(f"{figures[side]:.1%}" for side in sides), *looks)
            notes.append(f"{name}: " + ", ".join(f"{kind} {share:.1%}" for kind, share in figures["kinds"].items()))
        uniform = run["sets"]["held-out scenes"]["pointing"]["uniform"]
        notes.append("Looks at random would hit in " + " and ".join(f"{share:.1%}" for share in uniform) + ".")
    table.print(*notes, f"Bars: ours {MIN_EXACT:.0%}, question only at most {MAX_QUESTION_ONLY:.0%}.")
    write_json(arguments.json, {"runs": runs})


if __name__ == "__main__":
    main()
