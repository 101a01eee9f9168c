"""The name generator: scoring and drawing names. Its training is tested in test_all_tasks.py."""

import itertools
import json

import numpy as np
import pytest
from keras import ops

from dlseq.data.names import load_names, split_names
from dlseq.decoding.draws.counter_rng import key_from_seed, uniform
from dlseq.errors import DataError, DlseqError
from dlseq.networks.language_model import LanguageModel
from dlseq.networks.lm_scoring import SequenceScorer
from dlseq.tasks.names.generation import NameGenerator
from dlseq.tasks.names.presets import NameData
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.registry import find_preset
from dlseq.text.vocabulary import Vocabulary

NAMES = ["anna", "hanna", "nana", "johanna", "ann", "hans", "johann", "jan", "jana", "hannah", "joan", "nan"]
SIZES = {"embedding_units": 6, "units": 12}


def step_by_step(generator, name, unknown=True):
    """Return the log-probability of a name by `step`; without the unknown symbol if `unknown` is false."""
    network = generator.network
    token, state, total = network.start_id, network.initial_state(1), 0.0
    for following in network.vocabulary.encode(name, eos=True).tolist():
        logits, state = network.step(np.array([token], "int32"), state)
        weights = np.exp(np.asarray(logits[0], "float64") - float(ops.max(logits)))
        weights[Vocabulary.unk_id] *= unknown
        total += float(np.log(weights[following] / weights.sum()))
        token = following
    return total


# log-probabilities


@pytest.mark.parametrize("name", ["anna", "h", "", "johannahannah", "zzz", "jxn"])
def test_log_prob_is_the_sum_over_steps(generator, name):
    assert generator.log_prob(name) == pytest.approx(step_by_step(generator, name), abs=1e-4)


def test_a_name_scores_the_same_alone_and_in_a_batch(generator):
    many = [*NAMES, "j" * 60, *NAMES * 5]  # enough for the compiled way
    np.testing.assert_allclose(generator.log_probs(many), [generator.log_prob(name) for name in many], atol=1e-4)


def test_the_probabilities_of_all_strings_sum_to_one():
    """Strings that end up to a length, and prefixes longer than it."""
    generator = NameGenerator.build(["ab", "b"], seed=1, **SIZES)
    score = SequenceScorer(generator.network)
    shares = []
    for longest in range(1, 6):
        strings = [s for n in range(longest + 1) for s in itertools.product((1, 3, 4), repeat=n)]
        ids = np.zeros((len(strings), longest + 1), np.int32)
        for row, string in zip(ids, strings, strict=True):
            row[: len(string) + 1] = [*string, Vocabulary.eos_id]
        longer = np.array(list(itertools.product((1, 3, 4), repeat=longest + 1)))
        ended, going_on = (np.exp(score(rows).astype("float64")).sum() for rows in (ids, longer))
        assert ended + going_on == pytest.approx(1, abs=1e-5)
        shares.append(ended)
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1


def test_padding_has_no_probability(generator):
    logits, _ = generator.network.step(np.array([2], "int32"), generator.network.initial_state(1))
    assert float(ops.softmax(logits)[0, Vocabulary.pad_id]) == 0


def test_the_score_counts_end_tokens_and_weighs_characters_equally(generator):
    names = ["ann", "johanna"]
    expected = -(generator.log_prob("ann") + generator.log_prob("johanna")) / (4 + 8)
    assert generator.score(names)["nats_per_character"] == pytest.approx(expected, rel=1e-5)


def test_expectations_multiply_to_the_probability_of_the_name(generator):
    for name in ("hanna", "hé"):
        steps = generator.expectations(name)
        assert [chosen for chosen, _ in steps] == [*name, "<eos>"]
        total = sum(np.log(dict(candidates)[chosen]) for chosen, candidates in steps)
        assert total == pytest.approx(generator.log_prob(name), abs=1e-4)
        assert all(sum(p for _, p in candidates) == pytest.approx(1, abs=1e-5) for _, candidates in steps)


# sampling


@pytest.mark.parametrize(
    ("count", "options"),  # few names are drawn eagerly, many in a graph
    [
        (12, {}),
        (12, {"temperature": 1.7, "prefix": "han"}),
        (12, {"top_k": 3, "top_p": 0.9}),
        (150, {"temperature": 0.6}),
        (150, {"top_k": 2, "prefix": "jo"}),
        (150, {"top_p": 0.8}),
    ],
)
def test_a_drawn_name_comes_with_the_log_prob_of_the_name(generator, options, count):
    names, log_probs, ended = generator.generate(count, seed=5, max_length=40, **options)
    assert ended.any()
    np.testing.assert_allclose(log_probs[ended], generator.log_probs(names)[ended], atol=2e-4)


def test_the_log_prob_of_a_cut_name_has_no_end_token(generator):
    names, log_probs, ended = generator.generate(60, seed=2, max_length=2)
    cut = np.flatnonzero(~ended)
    assert len(cut)
    for row in cut[:5]:
        assert len(names[row]) == 2
        _, _, expected = generator.network.prefill(generator.network.vocabulary.encode(names[row]))
        assert log_probs[row] == pytest.approx(expected, abs=1e-4)


def test_names_are_drawn_in_proportion_to_their_probabilities(generator):
    """Chi-squared test over the 30 most frequent names and a class of all others."""
    drawn = generator.generate(20_000, seed=11).names
    names, counts = np.unique(drawn, return_counts=True)
    common = np.argsort(-counts)[:30]
    probabilities = np.exp([step_by_step(generator, name, unknown=False) for name in ["", *names[common].tolist()]])
    expected = probabilities[1:] / (1 - probabilities[0]) * len(drawn)
    observed = np.append(counts[common], len(drawn) - counts[common].sum())
    expected = np.append(expected, len(drawn) - expected.sum())
    assert ((observed - expected) ** 2 / expected).sum() < 70  # 30 degrees of freedom; the 99.995 % point is 68.8


def test_every_name_begins_with_the_prefix(generator):
    names = generator.generate(40, prefix="han", seed=1).names
    assert all(name.startswith("han") for name in names)
    assert len(set(names)) > 3


def test_names_with_a_prefix_follow_the_conditional_distribution(generator):
    """P(name | prefix) is P(name) / P(prefix), estimated by names drawn without a prefix."""
    free = [name for name in generator.generate(20_000, seed=1).names if name.startswith("h")]
    primed = generator.generate(5_000, prefix="h", seed=2).names
    for name in ("hanna", "hans", "hannah"):
        rates = free.count(name) / len(free), primed.count(name) / len(primed)
        assert rates[0] == pytest.approx(rates[1], abs=0.03)


def test_the_seed_determines_the_names(generator):
    first, again, other = (generator.generate(50, seed=seed) for seed in (1, 1, 2))
    assert first.names == again.names != other.names
    assert (first.log_probs == again.log_probs).all()


def test_the_first_of_many_names_are_those_of_a_small_draw(generator):
    many = generator.generate(300, seed=9).names
    assert generator.generate(40, seed=9).names == many[:40]
    assert generator.generate(5, seed=9).names == many[:5]


def test_chunks_of_rows_draw_different_names(generator, monkeypatch):
    monkeypatch.setattr("dlseq.decoding.draws.prefix_sharing.MAX_BATCH_ROWS", 50)
    names = generator.generate(150, seed=4, temperature=2.0).names
    assert len(names) == 150
    assert names[:50] != names[50:100] != names[100:]


@pytest.mark.parametrize("count", [24, 150])  # eagerly, and in a graph
def test_rows_with_shared_prefixes_equal_separate_rows(generator, count):
    """The network reads each name whole; NumPy inverts the distribution of each step at the row's own number."""
    drawn = generator.generate(count, seed=8, max_length=6)
    ids = generator.network.vocabulary.encode_batch(drawn.names, eos=True)
    logits = np.asarray(generator.network(ids))  # (N, T, V)
    active = list(range(count))
    for time in range(6):
        numbers = np.asarray(uniform(key_from_seed(8), np.array(active, "int32"), np.int32(time))).tolist()
        for row, number in zip(active, numbers, strict=True):
            first = Vocabulary.eos_id + (time == 0)  # no name is empty
            known = logits[row, time, first:]
            cumulated = np.exp(known - known.max(), dtype="float64").cumsum()
            target = number * cumulated[-1]
            expected = first + int(np.searchsorted(cumulated, target, side="right"))
            assert expected == ids[row, time] or abs(cumulated - target).min() < 1e-4 * cumulated[-1]
        active = [row for row in active if len(drawn.names[row]) > time]


def test_temperature_towards_zero_is_greedy(generator):
    network = generator.network
    token, state, ids = network.start_id, network.initial_state(1), []
    while token != Vocabulary.eos_id or not ids:
        logits, state = network.step(np.array([token], "int32"), state)
        token = int(np.argmax(np.asarray(logits[0]) - 1e9 * (np.arange(len(network.vocabulary)) == 1)))
        ids.append(token)
        if len(ids) == 30:
            break
    greedy = network.vocabulary.decode(ids)
    assert set(generator.generate(20, temperature=1e-4, max_length=30, seed=0).names) == {greedy}


def test_the_unknown_character_is_never_drawn(generator):
    wild = generator.generate(500, temperature=30.0, seed=0, max_length=10)
    assert not any("\ufffd" in name for name in wild.names)


def test_one_graph_serves_all_sampling_arguments(generator, monkeypatch):
    traced = []
    step = LanguageModel.prepared_step
    monkeypatch.setattr(LanguageModel, "prepared_step", lambda network: traced.append(network) or step(network))
    fresh = NameGenerator(generator.network)
    for n, options in (
        (100, {"seed": 1, "temperature": 1.2, "top_p": 0.9}),
        (120, {"seed": 2, "temperature": 0.5, "top_p": 0.7}),
        (1000, {"seed": 3, "top_k": 3}),
        (64, {"seed": 6}),
    ):
        fresh.generate(n, max_length=8, **options)
    assert len(traced) == 1


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"n": 0}, "`n`"),
        ({"n": 1, "temperature": 0.0}, "`temperature`"),
        ({"n": 1, "temperature": -1.0}, "`temperature`"),
        ({"n": 1, "top_k": 0}, "`top_k`"),
        ({"n": 1, "top_p": 0.0}, "`top_p`"),
        ({"n": 1, "top_p": 1.1}, "`top_p`"),
        ({"n": 1, "seed": -1}, "`seed`"),
        ({"n": 1, "prefix": "haß"}, "'ß'"),
        ({"n": 1, "prefix": "hanna", "max_length": 5}, "`max_length`"),
    ],
)
def test_arguments_out_of_range_are_named(generator, arguments, part):
    with pytest.raises(DlseqError, match=part):
        generator.generate(**arguments)


def test_names_are_composed_and_in_lower_case_where_the_model_is():
    generator = NameGenerator.build(["José"], lower=True, **SIZES)
    assert generator.log_prob(" JOSE\u0301 ") == generator.log_prob("josé")
    assert generator.generate(1, prefix="JO").names[0].startswith("jo")


def test_logits_depend_on_earlier_characters_only(generator):
    ids = generator.network.vocabulary.encode_batch(["hanna", "hajjj"], eos=True)
    logits = np.asarray(generator.network(ids))
    np.testing.assert_allclose(logits[0, :3], logits[1, :3], atol=1e-5)
    assert abs(logits[0, 3:] - logits[1, 3:]).max() > 1e-3


def test_a_model_of_no_names_is_refused():
    with pytest.raises(DataError, match="at least one name"):
        NameGenerator.build(["", " "])


@pytest.mark.parametrize("sizes", [{"units": 0}, {"depth": 0}, {"embedding_units": -1}])
def test_sizes_below_one_are_refused(sizes):
    with pytest.raises(ValueError, match="positive"):
        LanguageModel(Vocabulary("ab").to_config(), **sizes)


@pytest.mark.parametrize("count", [20, 4000])  # eagerly, and in a graph
def test_no_name_is_empty(count):
    """One of 5,000 dinosaurs was the empty text. Here nine of ten would be."""
    generator = NameGenerator.build(["ab", "b"], seed=1, **SIZES)
    network = generator.network
    network.logits.bias.assign([0.0, 0.0, 4.0, 0.0, 0.0])  # padding, unknown, end, a, b
    assert np.exp(generator.log_prob("")) > 0.9
    names, log_probs, ended = generator.generate(count, seed=3, max_length=40)
    assert "" not in names
    np.testing.assert_allclose(log_probs[ended], generator.log_probs(names)[ended], atol=2e-4)
    for options in ({"top_k": 1}, {"top_p": 0.01}, {"temperature": 0.01}):
        assert "" not in generator.generate(count, **options).names


def test_names_follow_the_distribution_given_that_they_are_not_empty():
    generator = NameGenerator.build(["ab", "b"], seed=1, **SIZES)
    generator.network.logits.bias.assign([0.0, 0.0, 2.0, 0.0, 0.0])
    drawn = generator.generate(20_000, seed=5).names
    total = 1 - np.exp(step_by_step(generator, "", unknown=False))
    for name in ("a", "b", "ab"):
        expected = np.exp(step_by_step(generator, name, unknown=False)) / total
        assert drawn.count(name) / len(drawn) == pytest.approx(expected, abs=5 * (expected / len(drawn)) ** 0.5)


def test_a_prefix_may_be_a_whole_name(generator):
    assert "anna" in generator.generate(300, prefix="anna", seed=1).names


# data and shipped models


def test_the_corpus_of_a_preset_is_split_without_overlap():
    splits = NameGenerator.load_data(NameData("dinosaurs", lower=True), seed=3)
    assert tuple(splits) == tuple(split_names(load_names("dinosaurs", lower=True), seed=3))


@pytest.fixture
def counted_names(tmp_path):
    """A file of 20 names of which one is as frequent as all others together."""
    path = tmp_path / "counts.csv"
    rows = [f"{'abcdefghijklmnopqrst'[n]}nna,F,{190 if n == 0 else 10}" for n in range(20)]
    path.write_text("Name,Sex,Count\n" + "\n".join(rows), encoding="utf-8")
    return path


def test_names_are_learned_in_proportion_to_their_counts(counted_names):
    weighted = NameGenerator.load_data(NameData(file=counted_names), seed=1)
    alike = NameGenerator.load_data(NameData(file=counted_names, unweighted=True), seed=1)
    assert [sorted(set(part)) for part in weighted] == [sorted(part) for part in alike]
    (part,) = (part for part in weighted if "anna" in part)
    others = len(set(part)) - 1
    assert part.count("anna") > len(part) / 3 > others
    generator = NameGenerator.build(alike.train, **SIZES)
    assert generator.metadata(weighted)["names"] == alike._asdict()


@pytest.mark.parametrize("names", ["Anna\nBo\nCleo\n", "Anna\n" * 40, "Anna,5\nBo,9\n"])
def test_too_few_different_names_are_refused(tmp_path, names):
    """Three names trained on one of them and gave `M`, `yyMryyry` and empty names."""
    path = tmp_path / "names.txt"
    path.write_text(names, encoding="utf-8")
    with pytest.raises(DataError, match=r"at least 10 different names to learn from\. Received: [123], Anna"):
        NameGenerator.load_data(NameData(file=path), seed=0)


def test_small_corpora_get_the_preset_with_the_smaller_model(tmp_path):
    (tmp_path / "names.txt").write_text("\n".join(NAMES), encoding="utf-8")
    small, large = find_preset("names", file=tmp_path / "names.txt"), find_preset("names", locales=("en",))
    assert small.sizes["units"] < large.sizes["units"]
    assert find_preset("names", "english", file=tmp_path / "names.txt").sizes == large.sizes


def test_more_than_one_locale_is_refused():
    with pytest.raises(DataError, match=r"one locale of names. Received: fr_FR, de_DE"):
        find_preset("names", locales=("fr_FR", "de_DE"))


@pytest.mark.parametrize(("corpus", "bar"), [("dinosaurs", 1.75), ("english", 2.0)])
def test_a_shipped_model_is_small_and_scores_what_its_file_says(corpus, bar):
    path = pretrained(f"names-{corpus}")
    generator = NameGenerator.load(path)
    report = json.loads(path.with_suffix(".json").read_text())
    assert path.stat().st_size < 1_000_000
    splits = generator.corpus
    assert sorted([*splits.train, *splits.validation, *splits.test]) == load_names(corpus)
    assert generator.score(splits.test)["nats_per_character"] == pytest.approx(report["nats_per_character"], abs=1e-3)
    assert report["nats_per_character"] < bar
    assert report["command"].startswith(f"dlseq train names --preset {corpus}")
