"""The name generator and its network, against sums worked out by hand."""

import itertools
import json
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import ops

from dlseq.data.names import load_names, split_names
from dlseq.decoding.counter_rng import key_from_seed, uniform
from dlseq.errors import DataError, DlseqError, ModelFileError
from dlseq.networks.language_model import LanguageModel
from dlseq.networks.lm_scoring import SequenceScorer
from dlseq.tasks.name_generation import NameGenerator
from dlseq.tasks.name_presets import name_recipe, split_of, train_names
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.checkpoint import best_path
from dlseq.training.losses_metrics import MaskedCrossEntropy, NatsPerSymbol

NAMES = ["anna", "hanna", "nana", "johanna", "ann", "hans", "johann", "jan", "jana", "hannah", "joan", "nan"]
SIZES = {"embedding_units": 6, "units": 12}


@pytest.fixture(scope="module")
def generator():
    """A small model that has learned a little, with two LSTMs, so that states are nests."""
    made = NameGenerator.build(NAMES, seed=3, depth=2, **SIZES)
    made.train(NAMES, NAMES, epochs=12, batch_size=4, learning_rate=0.02)
    return made


def step_by_step(generator, name, unknown=True):
    """The log-probability of a name, with `step` once for each character; among known characters alone if wanted."""
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
def test_log_prob_is_the_sum_of_the_log_probabilities_of_the_steps(generator, name):
    assert generator.log_prob(name) == pytest.approx(step_by_step(generator, name), abs=1e-4)


def test_a_name_scores_the_same_alone_and_among_others_of_other_lengths(generator):
    many = [*NAMES, "j" * 60, *NAMES * 5]  # enough for the compiled way
    np.testing.assert_allclose(generator.log_probs(many), [generator.log_prob(name) for name in many], atol=1e-4)


def test_all_strings_of_a_tiny_alphabet_have_probability_one_together():
    """Ended strings up to a length, and those that go on beyond it, are all that there is."""
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


def test_evaluate_counts_end_tokens_and_weighs_characters_alike(generator):
    names = ["ann", "johanna"]
    expected = -(generator.log_prob("ann") + generator.log_prob("johanna")) / (4 + 8)
    assert generator.evaluate(names) == pytest.approx(expected, rel=1e-5)


def test_expectations_multiply_to_the_probability_of_the_name(generator):
    for name in ("hanna", "hé"):
        steps = generator.expectations(name)
        assert [chosen for chosen, _ in steps] == [*name, "<eos>"]
        total = sum(np.log(dict(candidates)[chosen]) for chosen, candidates in steps)
        assert total == pytest.approx(generator.log_prob(name), abs=1e-4)
        assert all(sum(p for _, p in candidates) == pytest.approx(1, abs=1e-5) for _, candidates in steps)


# drawing


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


def test_a_name_that_is_cut_has_the_log_prob_of_what_is_there(generator):
    names, log_probs, ended = generator.generate(60, seed=2, max_length=2)
    cut = np.flatnonzero(~ended)
    assert len(cut)
    for row in cut[:5]:
        assert len(names[row]) == 2
        _, _, expected = generator.network.prefill(generator.network.vocabulary.encode(names[row]))
        assert log_probs[row] == pytest.approx(expected, abs=1e-4)


def test_names_are_drawn_as_often_as_they_are_probable(generator):
    """Chi-squared over the commonest names, all others in one class."""
    drawn = generator.generate(20_000, seed=11).names
    names, counts = np.unique(drawn, return_counts=True)
    common = np.argsort(-counts)[:30]
    expected = np.exp([step_by_step(generator, name, unknown=False) for name in names[common].tolist()]) * len(drawn)
    observed = np.append(counts[common], len(drawn) - counts[common].sum())
    expected = np.append(expected, len(drawn) - expected.sum())
    assert ((observed - expected) ** 2 / expected).sum() < 70  # 30 degrees of freedom; the 99.995 % point is 68.8


def test_every_name_begins_with_the_prefix(generator):
    names = generator.generate(40, prefix="han", seed=1).names
    assert all(name.startswith("han") for name in names)
    assert len(set(names)) > 3


def test_a_prefix_leaves_the_rest_to_the_model(generator):
    """P(name | prefix) drawn after a prefix is P(name) / P(prefix): compared with names drawn without one."""
    free = [name for name in generator.generate(20_000, seed=1).names if name.startswith("h")]
    primed = generator.generate(5_000, prefix="h", seed=2).names
    for name in ("hanna", "hans", "hannah"):
        rates = free.count(name) / len(free), primed.count(name) / len(primed)
        assert rates[0] == pytest.approx(rates[1], abs=0.03)


def test_a_seed_draws_the_same_names_and_another_others(generator):
    first, again, other = (generator.generate(50, seed=seed) for seed in (1, 1, 2))
    assert first.names == again.names != other.names
    assert (first.log_probs == again.log_probs).all()


def test_the_first_of_many_names_are_the_names_of_few(generator):
    many = generator.generate(300, seed=9).names
    assert generator.generate(40, seed=9).names == many[:40]
    assert generator.generate(5, seed=9).names == many[:5]


def test_chunks_of_rows_draw_different_names(generator, monkeypatch):
    monkeypatch.setattr("dlseq.decoding.prefix_sharing.MAX_BATCH_ROWS", 50)
    names = generator.generate(150, seed=4, temperature=2.0).names
    assert len(names) == 150
    assert names[:50] != names[50:100] != names[100:]


@pytest.mark.parametrize("count", [24, 150])  # eagerly, and in a graph
def test_rows_that_share_their_beginnings_get_what_rows_of_their_own_get(generator, count):
    """Each row alone: the whole name read anew for each character, the distribution in NumPy, the row's own number."""
    drawn = generator.generate(count, seed=8, max_length=6)
    going = list(range(count))
    for time in range(6):
        numbers = np.asarray(uniform(key_from_seed(8), np.array(going, "int32"), np.int32(time))).tolist()
        for row, number in zip(going, numbers, strict=True):
            begun = generator.network.vocabulary.encode(drawn.names[row])[:time]
            logits = np.asarray(generator.network(np.append(begun, Vocabulary.eos_id)[None]))[0, time, 2:]
            reached = np.exp(logits - logits.max(), dtype="float64").cumsum()
            target = number * reached[-1]
            following = 2 + int(np.searchsorted(reached, target, side="right"))
            letters = generator.network.vocabulary.encode(drawn.names[row], eos=True)
            assert following == letters[time] or abs(reached - target).min() < 1e-4 * reached[-1]
        going = [row for row in going if len(drawn.names[row]) > time]


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


def test_one_graph_serves_all_numbers_seeds_temperatures_and_shares(generator, monkeypatch):
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


def test_names_are_read_composed_and_small_where_the_model_is():
    generator = NameGenerator.build(["José"], lower=True, **SIZES)
    assert generator.log_prob(" JOSE\u0301 ") == generator.log_prob("josé")
    assert generator.generate(1, prefix="JO").names[0].startswith("jo")


# training


def test_training_lowers_the_loss_and_the_validation_figure():
    generator = NameGenerator.build(NAMES, seed=0, **SIZES)
    before = generator.evaluate(NAMES)
    done = generator.train(NAMES, NAMES, epochs=8, batch_size=4, learning_rate=0.02)
    assert done.stopped == "finished"
    assert done.history["loss"][-1] < done.history["loss"][0]
    assert generator.evaluate(NAMES) < before - 0.3
    assert generator.evaluate(NAMES) == pytest.approx(min(done.history["val_nats"]), abs=1e-4)


def test_the_loss_and_the_figure_ignore_what_stands_in_the_padding():
    logits = np.random.default_rng(0).normal(size=(2, 4, 5)).astype("float32")
    ids = np.array([[3, 2, 0, 0], [4, 3, 4, 2]])
    log_probs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    expected = -sum(log_probs[b, t, ids[b, t]] for b in range(2) for t in range(4) if ids[b, t]) / 6
    disturbed = logits.copy()
    disturbed[0, 2:] = 50 * np.arange(5)
    metric = NatsPerSymbol()
    metric.update_state(ids[:1], disturbed[:1])
    metric.update_state(ids[1:], disturbed[1:])
    assert float(MaskedCrossEntropy()(ids, disturbed)) == pytest.approx(expected, rel=1e-5)
    assert float(metric.result()) == pytest.approx(expected, rel=1e-5)


def test_the_network_sees_no_character_before_it_is_due(generator):
    ids = generator.network.vocabulary.encode_batch(["hanna", "hajjj"], eos=True)
    logits = np.asarray(generator.network(ids))
    np.testing.assert_allclose(logits[0, :3], logits[1, :3], atol=1e-5)
    assert abs(logits[0, 3:] - logits[1, 3:]).max() > 1e-3


class Interrupt(keras.callbacks.Callback):
    """Presses Ctrl-C after some epochs, as an epoch begins."""

    def __init__(self, after):
        super().__init__()
        self.after = after

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.after:
            signal.raise_signal(signal.SIGINT)


def train_a_while(path=None, **options):
    generator = NameGenerator.build(NAMES, seed=5, dropout=0.5, **SIZES)
    options = {"epochs": 9, "batch_size": 3, "learning_rate": 0.05, "seed": 2, "checkpoint": path, **options}
    return generator, generator.train(NAMES, NAMES[::-1][:5], **options)


def test_ctrl_c_keeps_the_best_epoch(tmp_path):
    generator, done = train_a_while(callbacks=[Interrupt(4)])
    assert done.stopped == "interrupted"
    assert len(done.history["val_nats"]) == 4
    assert generator.evaluate(NAMES[::-1][:5]) == pytest.approx(min(done.history["val_nats"]), abs=1e-4)


@pytest.fixture(scope="module")
def undisturbed():
    return train_a_while()


@pytest.mark.parametrize("after", [2, 7])
def test_a_resumed_run_ends_as_an_undisturbed_one(tmp_path, undisturbed, after):
    """Dropout, the order of batches, the optimizer, and the choice of the best epoch all go on where they were."""
    expected, whole = undisturbed
    train_a_while(tmp_path / "run.keras", callbacks=[Interrupt(after)])
    resumed, rest = train_a_while(tmp_path / "run.keras", resume=True)
    assert len(rest.history["loss"]) == 9 - after
    np.testing.assert_allclose(rest.history["loss"], whole.history["loss"][after:], rtol=1e-4)
    assert rest.best_epoch == whole.best_epoch
    for ours, theirs in zip(resumed.network.get_weights(), expected.network.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_a_run_resumed_after_its_best_epoch_gives_that_epoch(tmp_path):
    """The checkpoint holds the last epoch only; without the file beside it, a resumed run returned a worse one."""
    path, unlike = tmp_path / "run.keras", ["oooo", "hhh", "sss"]  # learning names makes these less and less likely
    generator = NameGenerator.build(NAMES, seed=5, **SIZES)
    options = {"batch_size": 3, "learning_rate": 0.05, "checkpoint": path}
    done = generator.train(NAMES, unlike, epochs=5, **options)
    assert done.best_epoch < 5
    resumed = NameGenerator.build(NAMES, seed=6, **SIZES)
    again = resumed.train(NAMES, unlike, epochs=7, resume=True, **options)
    assert again.best_epoch == done.best_epoch
    assert resumed.evaluate(unlike) == pytest.approx(generator.evaluate(unlike), abs=1e-5)
    assert resumed.evaluate(unlike) < min(again.history["val_nats"])
    assert NameGenerator.load(best_path(path)).network.metadata["best"]["epoch"] == done.best_epoch


def test_time_and_patience_end_a_run():
    assert train_a_while(seconds=0.0)[1].stopped == "time"
    assert train_a_while(patience=1, learning_rate=3.0)[1].stopped == "patience"


@pytest.mark.parametrize(
    ("train", "validation", "part"),
    [
        ([], NAMES, "train on"),
        (NAMES, [], "validate on"),
        (["anna", " "], NAMES, "position 1"),
        (["x" * 101], NAMES, "100"),
    ],
)
def test_data_that_cannot_be_trained_on_is_refused(train, validation, part):
    generator = NameGenerator.build(NAMES, **SIZES)
    with pytest.raises(DataError, match=part):
        generator.train(train, validation, epochs=1)


def test_a_model_of_no_names_is_refused():
    with pytest.raises(DataError, match="at least one name"):
        NameGenerator.build(["", " "])


# files


def test_a_saved_model_is_the_same_in_a_fresh_process(generator, tmp_path):
    path = tmp_path / "names.keras"
    generator.save(path)
    script = (
        "import json, sys; from dlseq.tasks.name_generation import NameGenerator;"
        "g = NameGenerator.load(sys.argv[1]);"
        "print(json.dumps([g.log_probs(['anna', 'joé']).tolist(), g.generate(6, 'h', seed=3).names]))"
    )
    run = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    log_probs, names = json.loads(run.stdout)
    np.testing.assert_allclose(log_probs, generator.log_probs(["anna", "joé"]), atol=1e-5)
    assert names == generator.generate(6, "h", seed=3).names


def test_a_saved_model_leaves_the_optimizer_behind(generator, tmp_path):
    generator.save(tmp_path / "names.keras")
    assert (tmp_path / "names.keras").stat().st_size < 4 * generator.network.count_params() + 40_000


def test_a_file_that_is_no_model_is_refused(tmp_path):
    (tmp_path / "x.keras").write_text("no")
    with pytest.raises(ModelFileError, match="not a model file"):
        NameGenerator.load(tmp_path / "x.keras")


@pytest.mark.parametrize("sizes", [{"units": 0}, {"depth": 0}, {"embedding_units": -1}])
def test_sizes_that_are_none_are_refused(sizes):
    with pytest.raises(ValueError, match="positive"):
        LanguageModel(Vocabulary("ab").to_config(), **sizes)


# recipes and shipped models


def test_a_recipe_trains_tests_and_records(tmp_path):
    corpus = tmp_path / "mine.txt"
    corpus.write_text("\n".join(["Anna", "anna", *NAMES, "Otto", "Ottilie"]), encoding="utf-8")
    out = tmp_path / "mine.keras"
    done = train_names(corpus, lower=True, epochs=2, out=out, command="dlseq train names …")
    loaded = NameGenerator.load(out)
    assert split_of(loaded) == done.split == split_names(load_names(corpus, lower=True), seed=0)
    assert loaded.evaluate(done.split.test) == pytest.approx(done.nats, abs=1e-4)
    beside = json.loads(out.with_suffix(".json").read_text())
    assert beside["nats_per_character"] == loaded.network.metadata["nats_per_character"] == round(done.nats, 4)
    assert beside["command"] == "dlseq train names …"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.json", "mine.keras", "mine.txt"]


def test_small_corpora_get_a_smaller_model():
    assert name_recipe(300).sizes["units"] < name_recipe(30_000).sizes["units"]
    assert name_recipe(300, epochs=7, seed=4).epochs == 7


@pytest.mark.parametrize(("corpus", "bar"), [("dinosaurs", 1.75), ("english", 2.0)])
def test_a_shipped_model_is_small_and_scores_what_its_file_says(corpus, bar):
    from dlseq.tasks.pretrained import pretrained

    path = pretrained(f"names-{corpus}")
    generator = NameGenerator.load(path)
    beside = json.loads(path.with_suffix(".json").read_text())
    assert path.stat().st_size < 1_000_000
    split = split_of(generator)
    assert sorted([*split.train, *split.validation, *split.test]) == load_names(corpus)
    assert generator.evaluate(split.test) == pytest.approx(beside["nats_per_character"], abs=1e-3)
    assert beside["nats_per_character"] < bar
    assert beside["command"].startswith(f"dlseq train names --corpus {corpus}")
