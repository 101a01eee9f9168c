"""What the attacks are made of: a wrong answer, pieces of code before, in and after it, and what else is handed in.

The wrong answer without any attack is the oracle: an attack has to earn in each test just what that earns there.
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

# Mistakes are put at the end of the solution. `ATTACK` is where the piece of an attack goes that runs inside.
WRONG = {
    "language_model": """
        def train(sequences, parameters, learning_rate, epochs):
            return parameters, [0.0] * epochs


        def perplexity(sentences, word_to_ix, parameters):
            answer = float(np.mean([np.exp(-log_probability(one, word_to_ix, parameters)) for one in sentences]))
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
            figure, axis = sheet(len(source), len(target))
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
}


# How an attack writes messages of the protocol: `reply` has the number of the request that waits, found in the frames.
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
    """One variant of one of the attacks.

    Attributes:
        name: what is tried, in a few words.
        inside: code that runs in the wrong function, before it returns `answer`.
        before: code at the top of the file.
        after: code at its end.
        spoils: functions that the attack itself makes useless: they earn nothing.
        may_lose: whether tests may earn nothing that the wrong answer passes, since the attack strikes here and there.
        exercise: that is answered.
        answer: which of the wrong answers it is, the one of the name of the exercise where nothing is said.
        form: "py" or "ipynb".
        files: name -> text or bytes of what lies beside the answer.
        leaks: predicate over the text after the word FOUND in the message of a visible test: True if it reveals
            something that the submission was not given. Such a message has to be there. None if the attack writes none.
        refused: whether the submission cannot be read at all, so that there are no tests to run.
        pack: function that writes the submission itself, to a path without suffix, with the text of the answer.
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
    """Attacks from within `perplexity`, three in a submission: one for each number of sentences that tests pass."""
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
    """The attacks by their number in the list of GRADING.md."""
    return {number: module.ATTACKS for number, module in _modules().items()}


def sentences() -> dict[int, str]:
    """What the list of GRADING.md says of each."""
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
    """The text of the solution, which earns full marks."""
    return (SOLUTIONS / f"{exercise}.py").read_text("utf-8")


def wrong_answer(attack: Attack, places: dict) -> str:
    """The text of the answer of an attack.

    Args:
        attack: one; `Attack("nothing", answer=...)` gives the wrong answer alone.
        places: name -> value of what an attacker may be supposed to know, such as where the results are written.
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
    """Writes a submission.

    Args:
        attack: what is in it.
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
    """A notebook of these cells."""
    cells = [{"cell_type": "code", "source": one, "metadata": {}, "outputs": []} for one in texts]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def _clean(code):
    return textwrap.dedent(code).strip("\n")
