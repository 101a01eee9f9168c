"""The n-gram baseline against arithmetic by hand and against a version that counts by scanning."""

import itertools
import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlseq.baselines import ngram
from dlseq.errors import DlseqError

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "ngram.py"

NAMES = ["anna", "hannah", "ana", "nan", "naan"]


def scanned_probability(names, order, symbol, history):
    """The mixture written out as a weighted sum, each count found by walking over all of training."""
    padded = [["<s>"] * (order - 1) + list(name) + ["</s>"] for name in names]
    vocabulary = {symbol for name in names for symbol in name} | {"</s>", "<unk>"}
    total, left = 0.0, 1.0
    for length in range(order - 1, -1, -1):
        context = list(history[len(history) - length :])
        seen = [
            line[place]
            for line in padded
            for place in range(order - 1, len(line))
            if line[place - length : place] == context
        ]
        if not seen:
            continue
        weight = len(seen) / (len(seen) + len(set(seen)))
        total += left * weight * seen.count(symbol) / len(seen)
        left *= 1 - weight
    return total + left / len(vocabulary)


@pytest.mark.parametrize("order", range(1, 7))
def test_probabilities_over_the_vocabulary_sum_to_one_in_seen_and_unseen_contexts(order):
    model = ngram.WittenBell(order).fit(NAMES)
    alphabet = [ngram.START, "a", "n", "z"]
    for history in itertools.product(alphabet, repeat=order - 1):
        total = math.fsum(model.probability(symbol, history) for symbol in model.vocabulary)
        assert total == pytest.approx(1, abs=1e-12), history


def test_order_one_by_hand():
    """Training "ab", "a": a twice, b once, the end twice, 5 in all and 3 kinds; V = 4 with the unknown.

    P(a) = P(end) = (2 + 3/4) / 8 = 11/32, P(b) = (1 + 3/4) / 8 = 7/32, and an unknown has (3/4) / 8 = 3/32.
    """
    model = ngram.WittenBell(1).fit(["ab", "a"])
    expected = {"a": 11 / 32, ngram.END: 11 / 32, "b": 7 / 32, ngram.UNKNOWN: 3 / 32}
    assert {symbol: model.probability(symbol, ()) for symbol in model.vocabulary} == pytest.approx(expected)
    assert model.probability("z", ()) == pytest.approx(3 / 32)
    nats = -(math.log(7 / 32) + math.log(3 / 32) + math.log(11 / 32)) / 3
    assert model.nats_per_symbol(["bz"]) == pytest.approx(nats)


def test_order_two_by_hand_knows_how_names_begin_and_end():
    """Training "ab": order 1 gives every symbol but the unknown (1 + 3/4) / 6 = 7/24; every bigram was seen once.

    So P(a | start) = P(b | a) = P(end | b) = (1 + 7/24) / 2 = 31/48.
    """
    model = ngram.WittenBell(2).fit(["ab"])
    assert model.nats_per_symbol(["ab"]) == pytest.approx(-math.log(31 / 48))


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(st.text("abc", max_size=6), min_size=1, max_size=6),
    order=st.integers(1, 5),
    data=st.data(),
)
def test_the_same_as_scanning_all_of_training_for_every_count(names, order, data):
    model = ngram.WittenBell(order).fit(names)
    history = tuple(data.draw(st.lists(st.sampled_from(["<s>", *"abcz"]), min_size=order - 1, max_size=order - 1)))
    for symbol in [*"abcz", ngram.END]:
        expected = scanned_probability(names, order, symbol, history)
        if symbol not in model.vocabulary:
            expected = scanned_probability(names, order, ngram.UNKNOWN, history)
        assert model.probability(symbol, history) == pytest.approx(expected, rel=1e-12)


def test_the_score_is_the_scanned_chain_rule_over_characters_and_one_end_a_name():
    held_out = ["hanna", "nz"]
    log_probs = []
    for name in held_out:
        history = ["<s>", "<s>"]
        for symbol in [*name, "</s>"]:
            known = symbol if symbol != "z" else "<unk>"
            log_probs.append(math.log(scanned_probability(NAMES, 3, known, history[-2:])))
            history.append(symbol)
    assert len(log_probs) == 9
    assert ngram.WittenBell(3).fit(NAMES).nats_per_symbol(held_out) == pytest.approx(-sum(log_probs) / 9)


def test_given_symbols_are_read_and_not_scored():
    model = ngram.WittenBell(2).fit(NAMES)
    scored = [("n", ("a",)), ("a", ("n",)), (ngram.END, ("a",))]
    expected = -sum(math.log(model.probability(*step)) for step in scored) / 3
    assert model.nats_per_symbol(["ana"], skip=1) == pytest.approx(expected)


def test_best_of_orders_picks_the_lowest_of_all_that_were_asked_for():
    best = ngram.best_of_orders(NAMES, ["hanna", "nana"], orders=[1, 2, 3])
    assert list(best.by_order) == [1, 2, 3]
    assert best.nats_per_symbol == min(best.by_order.values()) == best.by_order[best.order]
    assert best.by_order[2] == ngram.WittenBell(2).fit(NAMES).nats_per_symbol(["hanna", "nana"])


def test_what_cannot_be_counted_is_refused_in_a_sentence():
    with pytest.raises(DlseqError, match="Received: order=0"):
        ngram.WittenBell(0)
    with pytest.raises(DlseqError, match="at least one sequence to count"):
        ngram.WittenBell(2).fit([])
    with pytest.raises(DlseqError, match="at least one sequence to score"):
        ngram.WittenBell(2).fit(NAMES).nats_per_symbol([])


def test_the_script_prints_a_row_for_each_seed_and_refuses_an_unknown_corpus(tmp_path):
    corpus = tmp_path / "names.txt"
    corpus.write_text("\n".join(NAMES), encoding="utf-8")
    run = [sys.executable, SCRIPT]
    table = subprocess.run([*run, corpus, "--seeds", "0", "7"], capture_output=True, text=True, check=True).stdout
    assert "5 names" in table
    assert [line.split()[0] for line in table.splitlines()[1:]] == ["seed", "0", "7"]
    refused = subprocess.run([*run, "no_SUCH"], capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "Unknown corpus 'no_SUCH'" in refused.stderr
    assert "Traceback" not in refused.stderr
