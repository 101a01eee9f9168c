"""Attacks of docs/security.md, each graded by the real command between honest submissions.

An attack is a wrong answer with code that tries to obtain full marks for it. In every test it has to earn exactly
what the wrong answer earns, or nothing if the attack breaks the function.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from dlseq.grading.sandbox.sandbox import Sandbox, SandboxError

sys.path.insert(0, str(Path(__file__).parents[1] / "attacks"))
import host_memory
import running

pytestmark = pytest.mark.slow
GROUPS = running.groups()
CASES = [
    pytest.param((group, place), id=f"{number}: {attack.name}")
    for group, attacks in GROUPS.items()
    for place, (number, attack) in enumerate(attacks)
]
# Words of the solution and of hidden tests, which no submission is given; each stands in a line of its own there.
SOURCES = ("predicted = sum(", "shifted = z - z.max", "test_language_model", "one?!...", "draw_judge")
BROKEN = {  # functions that the wrong answer has in part
    "attention_layer": ("masked_softmax",),
    "attention_layer, unsaid": ("AttentionLayer",),
    "date_normalization": ("one_step_attention", "modelf"),
    "image_captioning": ("attend", "pointing_game"),
    "language_model": ("perplexity",),
    "music_generation": ("djmodel", "predict_and_sample"),
}
SHOWN = ("message", "hint", "place")


@pytest.fixture(scope="module")
def sandboxed():
    """Skip where no sandbox can be set up."""
    try:
        with Sandbox(["numpy"]) as sandbox:
            sandbox.start_worker().close()
    except SandboxError as error:
        pytest.skip(str(error).split(" (", 1)[0])


@pytest.fixture(scope="module")
def outcomes(sandboxed):
    return running.grade_attacks(GROUPS)


@pytest.fixture
def attacked(request, outcomes):
    """One attack: the outcome of its group, the name of its submission, the attack, and its test results."""
    group, place = request.param
    outcome = outcomes[group]
    name = list(outcome.attacks)[place]
    return outcome, name, outcome.attacks[name][1], records(outcome, name)


def records(outcome, name):
    return {record["test"]: record for record in outcome.results[name]["exercises"][0]["tests"]}


def expected(outcome, attack):
    """Points of the wrong answer by test; nothing where the attack breaks the function."""
    spoilt = lambda record: record["function"] in attack.spoils or "*" in attack.spoils  # noqa: E731
    return {
        test: 0.0 if spoilt(record) else record["earned"]
        for test, record in records(outcome, outcome.wrong_of(attack)).items()
    }


@pytest.mark.parametrize("attacked", CASES, indirect=True)
def test_an_attack_earns_what_the_wrong_answer_earns(attacked):
    outcome, name, attack, found = attacked
    if attack.refused:
        assert found == {} and outcome.results[name]["exercises"][0]["problem"] != ""
        return
    earned, wanted = {test: record["earned"] for test, record in found.items()}, expected(outcome, attack)
    assert found.keys() == wanted.keys()
    if attack.may_lose:
        assert {test: points for test, points in earned.items() if points > wanted[test]} == {}
    else:
        assert earned == wanted
    assert outcome.results[name]["exercises"][0]["seconds"] < 60


@pytest.mark.parametrize("attacked", CASES, indirect=True)
def test_nothing_that_was_not_given_comes_back(attacked):
    _, _, attack, found = attacked
    shown = [record[part] for record in found.values() for part in SHOWN]
    assert all(text.isprintable() and len(text) < 1000 for text in shown)
    for secret in (running.CANARY, str(running.SEED), *SOURCES):
        assert [text for text in shown if secret in text] == []
    messages = [(record["message"], record["hidden"]) for record in found.values() if "FOUND" in record["message"]]
    assert [message for message, hidden in messages if hidden] == []
    if attack.leaks is not None:
        assert messages, "the attack's message did not arrive, so nothing can be said of what is in it"
        assert [message for message, _ in messages if attack.leaks(message.split("FOUND", 1)[1].strip())] == []
    assert [text for record in found.values() if record["hidden"] for text in SHOWN if "1000" in record[text]] == []


@pytest.mark.parametrize("group", GROUPS)
def test_honest_submissions_between_the_attacks_earn_full_marks(outcomes, group):
    outcome = outcomes[group]
    honest = outcome.honest()
    assert {name: outcome.results[name]["earned"] for name in honest} == dict.fromkeys(honest, 100.0)
    order = [name for name in outcome.order if name not in outcome.attacks or not outcome.attacks[name][1].refused]
    assert order == sorted(order), "they were not graded in the order that puts attacks between them"
    assert order[0] in honest and order[-1] in honest and len(honest) >= 2


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_happens_outside(outcomes, group):
    outcome = outcomes[group]
    assert outcome.harm == []
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", outcome.output + outcome.reports)
    assert "<script>alert" not in outcome.reports
    assert running.CANARY not in outcome.output + outcome.reports


@pytest.mark.parametrize("group", GROUPS)
def test_a_wrong_answer_earns_something_and_not_everything(outcomes, group):
    for answer, name in outcomes[group].wrong.items():
        wrong = records(outcomes[group], name).values()
        assert 20 < sum(record["earned"] for record in wrong) < 95
        assert {record["earned"] > 0 for record in wrong if record["function"] in BROKEN[answer]} == {True, False}


@pytest.mark.parametrize("number", host_memory.NUMBERS)
def test_the_host_is_as_it_was_after_each_bomb(number, sandboxed):
    """Semaphores, pipes and pages of dead processes once held gigabytes that no process owned."""
    command = [sys.executable, host_memory.__file__, str(number), "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=1800)
    changes = [json.loads(line) for line in done.stdout.splitlines()]
    assert [change["attack"] for change in changes if change["held"] > host_memory.MAX_HELD_BYTES] == []
    assert [change["attack"] for change in changes if change["processes"]] == []
    assert len(changes) == len(running.all_attacks()[number]) and done.returncode == 0


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs /dev/shm")
def test_memory_and_processes_that_stay_are_seen():
    """The measurement itself: a file in memory, which no process owns, and a process that nobody waits for."""

    def is_file_seen():
        before = host_memory.held_bytes()
        with tempfile.NamedTemporaryFile(dir="/dev/shm") as file:
            file.write(bytes(3 * host_memory.MAX_HELD_BYTES))
            file.flush()
            return host_memory.held_bytes() - before > host_memory.MAX_HELD_BYTES

    assert any(is_file_seen() for _ in range(5))  # a process of another test can free its own meanwhile
    code = "import host_memory, os, subprocess, sys, time\nhost_memory.adopt_orphans()\n"
    code += "subprocess.run(['sh', '-c', 'sleep 30 & echo'], check=True)\nprint(len(host_memory.children()))"
    folder = str(Path(host_memory.__file__).parent)
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]
