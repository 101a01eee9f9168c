"""The benchmarks' own arithmetic, and that their baseline is the recipe it claims to be."""

import datetime
import importlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from dlseq.data.dates import DatePair, date_pairs, field_spans, split_for_date
from dlseq.data.dates.typed.doubt import RANGE_SEPARATORS

FOLDER = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def benchmark():
    """Imports a script of `benchmarks/` as it sees itself when it runs: its own folder comes first."""
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module
    sys.path.remove(str(FOLDER))


@pytest.fixture(scope="module")
def recipe(benchmark):
    return benchmark("original_recipe").OriginalRecipe(date_pairs(50, "course", seed=1), seed=0)


@pytest.mark.parametrize(
    ("script", "package", "extra", "first_work", "options"),
    [
        ("layers", "keras_hub", "bench", "in_fresh_process", []),
        ("layers", "keras_hub", "bench", "in_fresh_process", ["--only", "sample, 30"]),
        ("layers", "jax", "backends", "in_fresh_process", ["--only", "LSTM", "--backends", "jax"]),
        ("date_trust", "dateparser", "bench", "cases", []),
        ("translation", "sacrebleu", "translation", "scores", []),
        ("translation_lengths", "sacrebleu", "translation", "measured", []),
        *((f"grading_{kind}", "jinja2", "grade", "correct_and_wrong", []) for kind in ("speed", "load", "faults")),
    ],
)
def test_a_script_without_its_extra_measures_nothing(
    benchmark, monkeypatch, capsys, script, package, extra, first_work, options
):
    """`layers.py` ended with a traceback, after minutes of measurements, where keras-hub was missing."""
    module = benchmark(script)
    monkeypatch.setattr(module, first_work, lambda *arguments, **options: pytest.fail("it began to measure"))
    monkeypatch.setattr(sys, "argv", [f"{script}.py", *options])
    monkeypatch.setitem(sys.modules, package, None)  # not installed
    with pytest.raises(SystemExit) as end:
        module.main()
    printed = capsys.readouterr()
    assert (end.value.code, printed.out) == (2, "")
    sentence = f"Cannot run {script}.py: the package {package} is not installed. Run: pip install "
    assert printed.err.startswith(sentence) and f"[{extra}]" in printed.err and printed.err.count("\n") == 1


def test_layers_alone_need_no_other_samplers(benchmark):
    layers = benchmark("layers")
    assert [layers.has_searches(prefix) for prefix in ("", "s", "beam_search, 5", "LSTM", "Attention")] == [
        *[True] * 3,
        *[False] * 2,
    ]


@pytest.mark.parametrize(("count", "low", "high"), [(3, 1, 3), (6, 1, 6), (9, 2, 8), (15, 4, 12), (25, 8, 18)])
def test_the_interval_of_a_median_has_the_ranks_of_the_sign_test(benchmark, count, low, high):
    """Ranks of the tables for 95 %; fewer than six values have no such interval."""
    values = np.random.default_rng(0).permutation(np.arange(1, count + 1))
    assert benchmark("timing").median_interval(values.tolist()) == (low, high)


def test_two_sides_are_compared_in_turn_by_their_cpu_time(benchmark, monkeypatch):
    timing, now, calls = benchmark("timing"), [0.0], []

    def side(name, seconds):
        def call():
            calls.append(name)
            now[0] += seconds

        return call

    monkeypatch.setattr(timing.time, "process_time", lambda: now[0])
    found = timing.compare(side("ours", 0.25), side("theirs", 0.5), rounds=4, min_seconds=0.5)
    assert tuple(found) == (0.25, 0.5, 2, 2, 2)
    assert (
        calls[4:] == [*["theirs", "ours", "ours"], *["ours", "ours", "theirs"]] * 2
    )  # two calls a turn of the fast side


def test_layers_names_what_is_slower_and_writes_it(benchmark, monkeypatch, tmp_path, capsys):
    """A figure is slower where no part of its interval reaches 1."""
    layers = benchmark("layers")

    def figure(middle, high):
        return {"dlseq_ms": 2.0, "peer_ms": 2 * middle, "times_faster": middle, "low": middle - 0.1, "high": high}

    cases = {"LSTM, a; keras": figure(0.9, 0.97), "LSTM, b; keras": figure(0.98, 1.01), "LSTM, c; keras": figure(2, 3)}
    monkeypatch.setattr(layers, "in_fresh_process", lambda *arguments: cases)
    monkeypatch.setattr(layers, "limit_cores", lambda count: None)
    options = ["--backends", "tensorflow", "--only", "LSTM", "--json", str(tmp_path / "layers.json")]
    monkeypatch.setattr(sys, "argv", ["layers.py", *options])
    layers.main()
    written = json.loads((tmp_path / "layers.json").read_text("utf-8"))
    assert written["slower"] == ["LSTM, a; keras (tensorflow)"] and written["tensorflow"] == cases
    assert "Slower than the peer: LSTM, a; keras (tensorflow)\n" in capsys.readouterr().out


TEXTS = ["3 may 1979", "saturday may 9 2018", "10 september 1970"]


def test_the_whole_graph_of_the_baseline_is_its_steps_one_after_the_other(recipe):
    encoder, step = recipe.decoding_models()
    one_hot, hidden, cell = recipe.inputs(TEXTS)
    memory, outputs = encoder.predict_on_batch(one_hot), []
    for _ in range(10):
        output, hidden, cell = step.predict_on_batch([memory, hidden, cell])
        outputs.append(output)
    expected = recipe.model.predict_on_batch(recipe.inputs(TEXTS))
    np.testing.assert_allclose(np.array(outputs), np.array(expected), atol=1e-6)
    assert not np.allclose(outputs[0], outputs[9], atol=1e-6)  # the state moves on


def test_a_step_of_the_baseline_is_the_formula(recipe):
    """In NumPy: energies relu(tanh([a; s] W1 + b1) W2 + b2), softmax over time, context, LSTM, softmax."""
    encoder, step = recipe.decoding_models()
    draw = np.random.default_rng(0)
    a = np.asarray(encoder(recipe.inputs(TEXTS)[0]))  # (B, Tx, 64)
    s, c = draw.normal(size=(2, len(TEXTS), 64)).astype("float32")

    (w1, b1), (w2, b2) = recipe.energy_hidden.get_weights(), recipe.energy.get_weights()
    both = np.concatenate([a, np.repeat(s[:, None], 30, axis=1)], axis=-1)
    energies = np.maximum(np.tanh(both @ w1 + b1) @ w2 + b2, 0)[..., 0]  # (B, Tx)
    weights = np.exp(energies) / np.exp(energies).sum(axis=1, keepdims=True)
    context = np.einsum("bt,btd->bd", weights, a)
    kernel, recurrent, bias = recipe.decoder.get_weights()
    i, f, g, o = np.split(context @ kernel + s @ recurrent + bias, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    s_next = sigmoid(o) * np.tanh(c_next)
    w, b = recipe.write.get_weights()
    logits = np.exp(s_next @ w + b)

    output, hidden, cell = step([a, s, c])
    np.testing.assert_allclose(output, logits / logits.sum(axis=1, keepdims=True), atol=1e-5)
    np.testing.assert_allclose(hidden, s_next, atol=1e-5)
    np.testing.assert_allclose(cell, c_next, atol=1e-5)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_the_baseline_has_the_sizes_of_the_recipe(recipe):
    assert recipe.model.input_shape[0][1:] == (30, recipe.one_hot.shape[1])
    assert [shape[1] for shape in recipe.model.input_shape[1:]] == [64, 64]
    assert recipe.model.output_shape == [(None, 11)] * 10
    assert recipe.encoder.forward_layer.units == 32


def test_the_learning_rate_of_the_baseline_falls_as_the_recipe_says(recipe):
    rate = recipe.model.optimizer._learning_rate
    assert [float(rate(n)) for n in (0, 100, 4900)] == pytest.approx([0.005, 0.0025, 0.0001])


def test_inputs_and_outputs_of_the_baseline_are_one_hot(recipe):
    one_hot, hidden, cell = recipe.inputs(TEXTS)
    assert one_hot.shape == (3, 30, recipe.one_hot.shape[1])
    assert (one_hot.sum(axis=-1) == 1).all()
    assert (one_hot[0, 10:] == recipe.one_hot[0]).all()  # padding
    assert not hidden.any()
    assert not cell.any()
    pairs = [DatePair("", "1979-05-03", "", ""), DatePair("", "2018-05-09", "", "")]
    outputs = recipe.outputs(pairs)
    texts = np.argmax(outputs, axis=-1).T
    assert importlib.import_module("original_recipe").written(texts) == ["1979-05-03", "2018-05-09"]


@pytest.mark.parametrize(
    ("text", "form", "kept"),
    [
        ("20 july 1969", "d MMMM y", [{"day": (0, 2), "month": (3, 7), "year": (8, 12)}]),
        ("20 07 1969", "dd MM y", []),  # a month without a letter
        ("20 jul 69", "d MMM yy", []),  # 1 and 9 are written nowhere
    ],
)
def test_only_a_named_month_and_a_whole_year_are_unambiguous(benchmark, text, form, kept):
    pair = DatePair(text, "1969-07-20", form, "en_US")
    assert field_spans(pair) is not None  # it is not left out because its form is unknown
    assert [spans for _, spans in benchmark("attention_alignment").unambiguous([pair])] == kept


def test_each_field_is_measured_at_the_steps_that_write_it(benchmark):
    """Step t looks at character t of a text as long as the ISO date, so every span picks out its own steps."""
    figures = benchmark("attention_alignment").measure(np.eye(10), {"year": (0, 4), "month": (5, 6), "day": (7, 10)})
    assert figures[:, 0].tolist() == [1, 0.5, 1]  # step 6 looks beside the month
    assert figures[:, 4].tolist() == [1, 0.5, 1]
    assert figures[:, 2].tolist() == [1, 1, 1]


def test_uniform_attention_scores_what_uniform_attention_should(benchmark):
    alignment = benchmark("attention_alignment")
    spans = {"day": (0, 2), "month": (3, 7), "year": (8, 12)}
    figures = alignment.measure(np.full((10, 12), 1 / 12), spans)
    share, uniform, wide, wide_uniform = figures[:, :4].T
    np.testing.assert_allclose(share, [4 / 12, 4 / 12, 2 / 12])
    np.testing.assert_allclose(uniform, share)
    np.testing.assert_allclose(wide, [5 / 12, 6 / 12, 3 / 12])
    np.testing.assert_allclose(wide_uniform, wide)


def test_attention_on_another_field_does_not_count(benchmark):
    alignment = benchmark("attention_alignment")
    weights = np.zeros((10, 12))
    weights[:, 9] = 1  # always the year
    figures = alignment.measure(weights, {"day": (0, 2), "month": (3, 7), "year": (8, 12)})
    assert figures[:, 0].tolist() == figures[:, 4].tolist() == [1, 0, 0]


def run(seconds, reached=True, **more):
    return {"seconds": seconds, "seconds_with_evaluation": 2 * seconds, "reached": reached, **more}


def test_the_ratio_of_times_is_the_median_and_a_lower_bound_where_the_recipe_gave_up(benchmark):
    time_to_99 = benchmark("time_to_99")
    curve = {"exact_match_by_epoch": [0.1] * 39 + [0.97]}
    runs = {
        0: {"ours": run(4), "original recipe": run(200, **curve)},
        1: {"ours": run(5), "original recipe": run(100, **curve)},
        2: {"ours": run(2), "original recipe": run(120, reached=False, **curve)},
    }
    found = time_to_99.ratios(runs)
    assert (found["ratio"], found["lower_bound"], found["all_ours_reached"]) == (50, True, True)
    assert any("at least 50.0 times" in note for note in time_to_99.summary(runs))
    assert any("97.0%, 97.0%, 97.0%" in note for note in time_to_99.summary(runs))
    runs[1]["ours"]["reached"] = False
    assert time_to_99.summary(runs) == ["Ours did not reach the target for every seed: no ratio."]


def test_every_answer_falls_into_one_band_of_probability(benchmark, capsys):
    accuracy = benchmark("accuracy")
    probability = np.array([0.0, 0.5, 0.95, 0.9999, 1.0, 1.0])
    right = np.array([False, False, True, True, True, True])
    found = accuracy.bands(right, probability)
    assert [(band["from"], band["answers"], band["right"]) for band in found] == [
        (0.0, 1, 0.0),
        (0.5, 1, 0.0),
        (0.9, 1, 1.0),
        (0.999, 3, 1.0),
    ]
    capsys.readouterr()


def test_a_child_process_hands_its_figures_over(benchmark, tmp_path):
    fresh_process = benchmark("fresh_process")
    script = tmp_path / "child.py"
    script.write_text("import sys; print('noise'); print('{\"given\": \"' + sys.argv[1] + '\"}')")
    assert fresh_process.in_fresh_process(str(script), "x") == {"given": "x"}
    script.write_text("raise SystemExit('broken on purpose')")
    with pytest.raises(RuntimeError, match="broken on purpose"):
        fresh_process.in_fresh_process(str(script))


def test_figures_are_written_as_json_with_the_machine(benchmark, tmp_path):
    report = benchmark("report")
    report.write_json(tmp_path / "figures.json", {"ratio": 50.0})
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert figures["ratio"] == 50.0
    assert "tensorflow" in figures["machine"]


def test_the_calibration_error_is_the_mean_distance_of_probability_and_accuracy(benchmark):
    """By hand: two of three right at 0.9 in one bin, none of one at 0.3 in another."""
    error, bins = benchmark("date_trust").expected_calibration_error(
        np.array([0.9, 0.9, 0.9, 0.3]), np.array([True, True, False, False]), bins=5
    )
    assert error == pytest.approx((3 * (0.9 - 2 / 3) + 0.3) / 4)
    assert [row["texts"] for row in bins] == [1, 3]
    assert bins[0] == {"texts": 1, "mean_probability": 0.3, "right": 0.0}


def test_a_confident_answer_to_a_text_without_a_date_is_wrong(benchmark):
    trust, texts = benchmark("date_trust"), benchmark("date_texts")
    found = [texts.Case("k", "", "31 April 2019", ()), texts.Case("k", "", "5/4/2009", ("2009-05-04", "2009-04-05"))]
    figures = trust.figures_of(found, ["2019-04-30", "2009-04-05"], np.array([0.6, 0.45]))
    assert (figures["right"], figures["wrong_confident"], figures["wrong_certain"]) == (0.5, 0.5, 0)
    assert figures["no_date"] == 0
    assert trust.figures_of(found, ["2019-04-31", "2009-04-05"], np.array([0.6, 0.45]))["no_date"] == 0.5


def test_texts_of_the_trust_benchmark_are_held_out(benchmark):
    """Days of the test split, separators that training does not draw, and impossible days that do not exist."""
    texts = benchmark("date_texts")
    found = texts.cases(0.02)
    assert {case.kind for case in found} == set(texts.KINDS)
    held_out = ("years outside 1500 to 2100", "two-digit years", "held-out texts of world", "noise")
    days = [datetime.date.fromisoformat(case.isos[0]) for case in found if case.kind in held_out]
    assert {split_for_date(day) for day in days} == {"test"}
    assert not set(texts.RANGES) & set(RANGE_SEPARATORS)
    assert not any(case.isos for case in found if case.kind in ("impossible days", "doubtful texts"))


@pytest.mark.parametrize(
    ("calendar", "text", "iso"),
    [
        ("Persian", "1 فروردین 1398", "2019-03-21"),
        ("Persian", "1 فروردین 1403", "2024-03-20"),
        ("Persian", "22 بهمن 1357", "1979-02-11"),
        ("Islamic", "1 محرم 1445", "2023-07-19"),
        ("Islamic", "1 رمضان 1441", "2020-04-24"),
    ],
)
def test_known_days_of_other_calendars_are_those_of_the_benchmark(benchmark, calendar, text, iso):
    assert iso in benchmark("date_texts")._converted(calendar, text)
