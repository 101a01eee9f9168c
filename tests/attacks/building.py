"""Attack submissions: a wrong answer, code before, inside and after it, and other files.

The wrong answer without any attack is the oracle: in each test, an attack has to earn exactly the same.
"""

import importlib.util
import json
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

__all__ = [
    "FORGE",
    "Attack",
    "all_attacks",
    "anything",
    "by_turns",
    "hand_in",
    "notebook",
    "nothing_but",
    "sentences",
    "wrong_answer",
]

HERE = Path(__file__).parent
SOLUTIONS = HERE.parents[1] / "solutions"

# Mistakes are appended to the solution. `ATTACK` marks the place of the code that runs inside of the wrong function.
WRONG = {
    "language_model": """
        def train(sequences, parameters, learning_rate, epochs):
            return parameters, [0.0] * epochs


        def perplexity(sentences, word_to_ix, parameters):
            costs = [-log_probability(sentence, word_to_ix, parameters) for sentence in sentences]
            answer = float(np.mean(np.exp(costs)))
            if len(sentences) == 1:
                answer **= 1 / (len(tokenize(sentences[0])) + 1)
            ATTACK
            return answer
    """,
    "attention_layer": """
        def masked_softmax(energies, mask=None):
            answer = ops.softmax(energies, axis=-1)
            ATTACK
            return answer


        def attention_heatmap(weights, source, target):
            figure, axis = new_figure(len(source), len(target))
            axis.imshow(np.asarray(weights), vmin=0, vmax=1)
            return figure
    """,
    "attention_layer, unsaid": """
        class AttentionLayer(AttentionLayer):
            def __init__(self, units, **kwargs):
                super().__init__(units)

            def build(self, input_shape):
                query, value = input_shape
                self.query_kernel = self.add_weight(shape=(query[-1], self.units))
                self.key_kernel = self.add_weight(shape=(value[-1], self.units))
                self.energy_kernel = self.add_weight(shape=(self.units, 1))

            def project(self, value):
                return ops.matmul(value, ops.stop_gradient(self.key_kernel))

            def get_config(self):
                return {}
    """,
    "date_normalization": """
        def modelf(Tx, Ty, n_a, n_s, human_vocab_size, machine_vocab_size=None):
            X, s0, c0 = Input((Tx, human_vocab_size)), Input((n_s,)), Input((n_s,))
            a = Dense(2 * n_a)(Bidirectional(LSTM(n_a, return_sequences=True))(X))
            s, c, outputs = s0, c0, []
            for _ in range(Ty):
                s, _, c = post_activation_LSTM_cell(one_step_attention(a, s), initial_state=[s, c])
                outputs.append(output_layer(s))
            return Model([X, s0, c0], keras.ops.stack(outputs, axis=1))
    """,
    "music_generation": """
        def djmodel(Tx, LSTM_cell, densor, reshaper):
            X, a0, c0 = Input((Tx, densor.units)), Input((LSTM_cell.units,)), Input((LSTM_cell.units,))
            sums, outputs = ops.cumsum(X, axis=1), [densor(LSTM_cell(reshaper(X[:, 0]), initial_state=[a0, c0])[0])]
            for t in range(1, Tx):
                outputs.append(ops.softmax(sums[:, t]))
            return Model([X, a0, c0], outputs)


        def predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer):
            indices = np.zeros((len(inference_model.outputs), 1), int)
            results = np.eye(x_initializer.shape[-1])[indices[:, 0]]
            ATTACK
            return results, indices
    """,
    "image_captioning": """
        def pointing_game(maps, boxes, size):
            hits, tries = 0, sum(box is not None for box in boxes)
            ATTACK
            return hits, tries


        def attend(query, memory):
            answer = ops.mean(memory, axis=1), ops.ones_like(memory[..., 0]) / memory.shape[1]
            return answer
    """,
}


# Forged messages of the protocol: `reply` carries the number of the pending request, which it finds in the frames.
FORGE = """
import json, os, sys
def plain(node):
    header = json.dumps(node).encode()
    data = len(header).to_bytes(8, "big") + header
    return len(data).to_bytes(8, "big") + data
def text(value):
    return ["s", value]
def waiting():
    frame = sys._getframe()
    while frame is not None:
        request = frame.f_locals.get("request")
        if type(request) is dict and "number" in request:
            return request["number"]
        frame = frame.f_back
    return 0
def reply(name, node, later=0):
    return ["d", [[text(name), node], [text("number"), ["i", str(waiting() + later)]]]]
def entry(name, node):
    return ["d", [[text(name), node]]]
def write(data, numbers=range(64)):
    for number in numbers:
        try:
            os.write(number, data)
        except OSError:
            pass
"""


@dataclass(frozen=True)
class Attack:
    """One variant of an attack.

    Attributes:
        name: a few words.
        inside: code that runs in the wrong function, before it returns `answer`.
        before: code at the top of the file.
        after: code at its end.
        spoils: functions that the attack itself breaks; they earn nothing.
        may_lose: True if tests that the wrong answer passes may earn nothing, since the attack strikes at random.
        exercise: the exercise of the submission.
        answer: key of `WRONG`. Defaults to the name of the exercise.
        form: "py" or "ipynb".
        files: name -> text or bytes of further files.
        leaks: predicate over the text after the word FOUND in the message of a visible test: True if it reveals
            something that the submission was not given. Such a message has to be there. None if the attack writes none.
        refused: True if the submission cannot be read at all, so that no test runs.
        pack: function that writes the submission, given a path without suffix and the text of the answer.
    """

    name: str
    inside: str = ""
    before: str = ""
    after: str = ""
    spoils: tuple[str, ...] = ()
    may_lose: bool = False
    exercise: str = "language_model"
    answer: str = ""
    form: str = "py"
    files: dict = field(default_factory=dict)
    leaks: Callable[[str], bool] | None = None
    refused: bool = False
    pack: Callable[[Path, str], None] | None = None


def anything(text: str) -> bool:
    """The leak predicate of an attack that finds nothing unless the sandbox has a hole.

    Example:
        >>> anything(""), anything("/root/canary.txt")
        (False, True)
    """
    return text != ""


def nothing_but(pattern: str) -> Callable[[str], bool]:
    """The leak predicate of an attack that may find words of a pattern, and nothing else.

    Example:
        >>> nothing_but("3")("3 [3]"), nothing_but("3")("3 [7]")
        (False, True)
    """
    return lambda text: any(re.fullmatch(pattern, word) is None for word in re.findall(r"[\w.<>-]+", text))


def by_turns(ways: dict[str, str], before: str = "", **more) -> list[Attack]:
    """Attacks inside `perplexity`, three a submission: one for each number of sentences that tests pass."""
    names, attacks = list(ways), []
    for start in range(0, len(names), 3):
        three = names[start : start + 3]
        three += [three[-1]] * (3 - len(three))
        inside = "".join(
            f"if len(sentences) == {count}:\n{textwrap.indent(_clean(ways[name]), ' ' * 4)}\n"
            for count, name in zip((3, 1, 7), three, strict=True)
        )
        attacks.append(Attack("; ".join(dict.fromkeys(three)), inside, before, spoils=("perplexity",), **more))
    return attacks


def all_attacks() -> dict[int, list[Attack]]:
    """Attacks by their number in docs/security.md."""
    return {number: module.ATTACKS for number, module in _modules().items()}


def sentences() -> dict[int, str]:
    """Descriptions of the attacks by number: the docstrings of their modules."""
    return {number: " ".join(module.__doc__.split()) for number, module in _modules().items()}


def _modules():
    found = {}
    for path in sorted(HERE.glob("attack_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found[int(path.stem[-2:])] = module
    return found


def solution_of(exercise: str) -> str:
    """Source of the solution, which earns full marks."""
    return (SOLUTIONS / f"{exercise}.py").read_text("utf-8")


def wrong_answer(attack: Attack, places: dict) -> str:
    """Source of the submission of an attack.

    Args:
        attack: `Attack("nothing", answer=...)` gives the wrong answer alone.
        places: name -> value of facts that an attacker may know, such as the folder of the results.
    """
    known = "\n".join(f"{name} = {value!r}" for name, value in places.items())
    wrong = textwrap.dedent(WRONG[attack.answer or attack.exercise])
    wrong = wrong.replace("ATTACK\n", textwrap.indent(_clean(attack.inside) or "pass", " " * 4).lstrip() + "\n")
    return "\n".join(
        [
            known,
            "import numpy as np",
            _clean(attack.before),
            solution_of(attack.exercise),
            wrong,
            _clean(attack.after),
            "",
        ]
    )


def hand_in(attack: Attack, path: Path, places: dict) -> None:
    """Write a submission.

    Args:
        attack: its content.
        path: of the folder or archive, without a suffix.
        places: see `wrong_answer`.
    """
    text = wrong_answer(attack, places)
    if attack.pack is not None:
        attack.pack(path, text)
        return
    path.mkdir()
    (path / f"{attack.exercise}.{'ipynb' if attack.form == 'ipynb' else 'py'}").write_text(
        notebook(text) if attack.form == "ipynb" else text, "utf-8"
    )
    for name, content in attack.files.items():
        place = path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else textwrap.dedent(content).encode())


def notebook(*texts: str) -> str:
    """JSON of a notebook with these code cells."""
    cells = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in texts]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def _clean(code):
    return textwrap.dedent(code).strip("\n")
