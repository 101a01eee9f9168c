"""Assertions: messages of one line on type, shape and values, without values in a hidden test."""

import numpy as np
import pytest

from dlseq.testing.assertions import (
    DISCLOSE_VALUES,
    EVALUATE_KNOWN,
    Mismatch,
    check,
    close,
    equal,
    shaped,
    unchanged,
    unpack,
)

Y = np.array([[0.25, 0.75], [0.5, 0.5]])


@pytest.fixture
def hidden():
    token = DISCLOSE_VALUES.set(False)
    yield
    DISCLOSE_VALUES.reset(token)


def mismatch_of(compare, *arguments, **keywords):
    with pytest.raises(Mismatch) as caught:
        compare(*arguments, **keywords)
    assert "\n" not in str(caught.value)
    return str(caught.value), caught.value.hint


WRONG = np.array([[0.25, 0.75], [0.5, 0.625]])
CASES = [
    ((None, Y, "y"), "y is nothing (None), expected an array", "y is nothing (None), expected an array (m, n)"),
    (([1.0], Y, "y"), "y is a list, expected an array", "y is a list, expected an array (m, n)"),
    ((Y[:1], Y, "y"), "y has shape (1, 2), expected (2, 2)", "y has the wrong shape, expected (m, n)"),
    ((Y * np.nan, Y, "y"), "y contains NaN, which is", "y contains NaN, which is"),
    (
        (WRONG, Y, "y"),
        "y is wrong in 1 of 4 values: y[1, 1] is 0.625, expec",
        "y is wrong in some of its values",
    ),
    ((Y + 1, Y, "y"), "y is wrong in all of its values: y[0, 0] is 1.25, exp", "y is wrong in all of its values"),
    ((0.5, 0.75, "y"), "y is 0.5, expected 0.75", "y is not what it should be"),
    ((np.inf, 0.75, "y"), "y is inf, expected 0.75", "y is not what it should be"),
]


@pytest.mark.parametrize("arguments, visible, _", CASES)
def test_a_visible_test_shows_the_first_wrong_value(arguments, visible, _):
    assert mismatch_of(close, *arguments)[0].startswith(visible)


@pytest.mark.parametrize("arguments, _, unseen", CASES)
def test_a_hidden_test_shows_no_number(hidden, arguments, _, unseen):
    message = mismatch_of(close, *arguments, axes="(m, n)")[0]
    assert message.startswith(unseen)
    assert not any(letter.isdigit() for letter in message.replace("0 / 0", "").replace("of 0", ""))


def test_values_equal_up_to_rounding_pass():
    close(Y + 1e-9, Y, "y")
    close(1, np.float64(1), "y")
    close(Y.astype("float32"), Y, "y")


@pytest.mark.parametrize("dtypes", [("float32", "float32"), ("float32", "float64"), ("float64", "float32")])
def test_float32_values_are_compared_as_float32(dtypes):
    """A product in another order of summation lost points: the default tolerance was that of float64."""
    value, expected = (np.full(3, -0.0382, dtype) for dtype in dtypes)
    value[1] = -0.0382 * (1 + 2e-5)
    close(value, expected, "keys")
    value[1] = -0.0382 * (1 + 1e-3)
    assert mismatch_of(close, value, expected, "keys")[0].startswith("keys is wrong in 1 of 3 values")


def test_coarse_types_are_compared_as_float32():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    for dtype in ("float16", ml_dtypes.bfloat16):
        close(np.full(2, 0.5, dtype), np.full(2, 0.50002), "y")
        mismatch_of(close, np.full(2, 0.5, dtype), np.full(2, 0.501), "y")


def test_float64_values_are_compared_as_float64():
    mismatch_of(close, Y * (1 + 2e-5), Y, "y")
    mismatch_of(close, Y.astype("float32") * np.float32(1 + 2e-5), Y, "y", rtol=1e-6)


def test_nan_equals_nothing():
    mismatch_of(close, np.full(2, np.nan), np.full(2, np.nan), "y")


def test_the_first_matching_known_mistake_gives_the_hint():
    known = [("never", lambda: Y + 5), ("transposed", lambda: Y.T), ("too late", Y.T)]
    assert mismatch_of(close, Y.T, Y, "y", known=known, hint="default")[1] == "transposed"
    assert mismatch_of(close, Y * 3, Y, "y", known=known, hint="default")[1] == "default"


def test_known_mistakes_of_correct_values_are_computed_on_request():
    made = []
    known = [("one", lambda: made.append(1))]
    close(Y, Y, "y", known=known)
    equal(1, 1, "n", known=known)
    assert made == []
    token = EVALUATE_KNOWN.set(True)
    close(Y, Y, "y", known=known)
    equal(1, 1, "n", known=known)
    EVALUATE_KNOWN.reset(token)
    assert made == [1, 1]


def test_lists_equal_tuples_and_types_of_numbers_differ():
    equal((1, [2]), [1, (2,)], "ids")
    equal(np.array([1, 2]), [1, 2], "ids")
    assert mismatch_of(equal, [1, 2], [1, 3], "ids", known=[("end", (1, 2))]) == (
        "ids is [1, 2], expected [1, 3]",
        "end",
    )
    assert mismatch_of(equal, "1", 1, "n")[0] == "n is '1', expected 1"
    mismatch_of(equal, True, 1, "n")


def test_a_hidden_list_is_not_shown(hidden):
    assert mismatch_of(equal, [1, 2], [1, 3], "ids")[0] == "ids is not what it should be"


LONG = [*range(50)]
WORDS = {f"word {n}": n for n in range(20)}
SENTENCE = "the apple and pear salad that the old cook of the harbour made on every second Sunday"
DIFFERENCES = {
    "the first of two differences": ([0, 1, 7, 8, *LONG[4:]], LONG, "ids[2] is 7, expected 2"),
    "one too many": ([*LONG, 50], LONG, "ids has 51 entries, expected 50"),
    "one too few": (LONG[:-1], LONG, "ids has 49 entries, expected 50"),
    "none": ([], LONG, "ids has 0 entries, expected 50"),
    "one": ([0], LONG, "ids has 1 entry, expected 50"),
    "one left out": ([*LONG[:3], *LONG[4:]], LONG, "ids has 49 entries, expected 50: ids[3] is 4, expected 3"),
    "a list in a list": ([LONG, LONG[:-1]], [LONG, LONG], "ids[1] has 49 entries, expected 50"),
    "far inside": ([LONG, [[*LONG[:-1], 0]]], [LONG, [LONG]], "ids[1][0][49] is 0, expected 49"),
    "a short list in a long one": ([*LONG, [1, 2]], [*LONG, [1, 3]], "ids[50] is [1, 2], expected [1, 3]"),
    "a list for a number": ([*LONG[:-1], [49]], LONG, "ids[49] is [49], expected 49"),
    "an array for a number": ([np.zeros(2), *LONG[1:]], LONG, "ids[0] is array([0., 0.]), expected 0"),
    "text for numbers": ("x" * 99, LONG, f"ids is '{'x' * 56}…, expected {str(LONG)[:57]}…"),
    "a value in a dict": ({**WORDS, "word 7": 8}, WORDS, "ids['word 7'] is 8, expected 7"),
    "a key too many": (
        {**WORDS, "x" * 99: 0},
        WORDS,
        f"ids has 21 entries, expected 20: ids has an entry '{'x' * 56}…, which is not expected",
    ),
    "another key": ({**WORDS, "x": 19}, {**WORDS, "y": 19}, "ids has no entry 'y'"),
    "a long text": (
        SENTENCE.replace("second", "other"),
        SENTENCE,
        "ids is …'rbour made on every other Sunday', expected …'rbour made on every second Sunday'",
    ),
    "a long text that goes on": (
        SENTENCE + "s",
        SENTENCE,
        "ids is …' every second Sundays', expected …' every second Sunday'",
    ),
    "a long text that begins wrongly": (
        SENTENCE.title(),
        SENTENCE,
        f"ids is '{SENTENCE.title()[:56]}…, expected '{SENTENCE[:56]}…",
    ),
}


@pytest.mark.parametrize("value, expected, message", DIFFERENCES.values(), ids=DIFFERENCES)
def test_of_long_values_the_first_difference_is_shown(value, expected, message):
    assert mismatch_of(equal, value, expected, "ids")[0] == message


@pytest.mark.parametrize("value, expected, _", DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_hidden_test_shows_no_place_of_a_difference(hidden, value, expected, _):
    assert mismatch_of(equal, value, expected, "ids")[0] == "ids is not what it should be"


def test_a_name_of_several_words_follows_the_index():
    message = mismatch_of(equal, {**WORDS, "word 7": 8}, WORDS, "the vocabulary")[0]
    assert message == "entry ['word 7'] of the vocabulary is 8, expected 7"


def test_an_array_in_a_list_differs_from_a_number():
    """`[array] == [number]` once raised NumPy's ValueError in the judge."""
    known = [("never", [1, 3]), ("drawn", [np.zeros(2), 2])]
    message, hint = mismatch_of(equal, [np.zeros(2), 2], [1, 2], "ids", known=known)
    assert (message, hint) == ("ids is [array([0., 0.]), 2], expected [1, 2]", "drawn")
    equal([np.array(1), 2], [1, 2], "ids")


@pytest.mark.parametrize(
    "after, before",
    [(np.ones(2), np.zeros(2)), ({"a": 1}, {"a": 2}), ([1], [1, 2]), (np.ones(2), np.ones(2, "float32")), ((1,), [1])],
)
def test_a_changed_argument_fails(after, before):
    assert mismatch_of(unchanged, after, before, "x")[0] == "x was changed in place"


def test_an_unchanged_argument_passes():
    unchanged({"a": [np.array([np.nan, 1.0])]}, {"a": [np.array([np.nan, 1.0])]}, "x")


def test_unpack_names_the_number_of_values():
    assert mismatch_of(unpack, None, "a", "y", of="f")[0] == "f returned nothing (None), expected 2: a, y"
    assert mismatch_of(unpack, Y, "a", "y", of="f")[0] == "f returned one value, expected 2: a, y"
    assert unpack([1, 2], "a", "y") == (1, 2)


def test_a_number_is_an_array_without_axes():
    assert shaped(3.0, (), "loss").shape == ()
    mismatch_of(shaped, 3.0, (1,), "loss")
    check(True, "never")
    assert mismatch_of(check, False, "words", "hint") == ("words", "hint")


def test_a_hidden_test_shows_no_number_of_values():
    """A submission could encode a drawn input in the number of values it returns."""
    token = DISCLOSE_VALUES.set(False)
    try:
        with pytest.raises(Mismatch) as caught:
            unpack([0] * 10_007, "a", "y", of="rnn_forward")
    finally:
        DISCLOSE_VALUES.reset(token)
    assert str(caught.value) == "rnn_forward returned another number of values, expected 2: a, y"


def test_an_array_of_millions_is_not_made_a_list_to_be_compared():
    with pytest.raises(Mismatch, match="expected"):
        equal(np.zeros(10**7, "int8"), [0], "indices")
    equal(np.arange(3), [0, 1, 2], "indices")
