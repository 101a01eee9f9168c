"""One line that tells kind, shape and values, and keeps to itself what a hidden test drew."""

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


def said(compare, *arguments, **keywords):
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
def test_a_visible_test_shows_what_came_back(arguments, visible, _):
    assert said(close, *arguments)[0].startswith(visible)


@pytest.mark.parametrize("arguments, _, unseen", CASES)
def test_a_hidden_test_shows_no_number(hidden, arguments, _, unseen):
    message = said(close, *arguments, axes="(m, n)")[0]
    assert message.startswith(unseen)
    assert not any(letter.isdigit() for letter in message.replace("0 / 0", "").replace("of 0", ""))


def test_what_is_right_up_to_rounding_passes():
    close(Y + 1e-9, Y, "y")
    close(1, np.float64(1), "y")
    close(Y.astype("float32"), Y, "y")


def test_a_nan_equals_not_even_a_nan():
    said(close, np.full(2, np.nan), np.full(2, np.nan), "y")


def test_the_hint_of_the_first_known_mistake_that_explains_it_is_drawn():
    known = [("never", lambda: Y + 5), ("transposed", lambda: Y.T), ("too late", Y.T)]
    assert said(close, Y.T, Y, "y", known=known, hint="default")[1] == "transposed"
    assert said(close, Y * 3, Y, "y", known=known, hint="default")[1] == "default"


def test_known_mistakes_are_worked_out_for_right_answers_only_while_recording():
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


def test_lists_and_tuples_are_equal_and_numbers_keep_their_kind():
    equal((1, [2]), [1, (2,)], "ids")
    equal(np.array([1, 2]), [1, 2], "ids")
    assert said(equal, [1, 2], [1, 3], "ids", known=[("end", (1, 2))]) == ("ids is [1, 2], expected [1, 3]", "end")
    assert said(equal, "1", 1, "n")[0] == "n is '1', expected 1"
    said(equal, True, 1, "n")


def test_a_hidden_list_is_not_shown(hidden):
    assert said(equal, [1, 2], [1, 3], "ids")[0] == "ids is not what it should be"


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
def test_where_it_is_long_the_first_difference_is_shown(value, expected, message):
    assert said(equal, value, expected, "ids")[0] == message


@pytest.mark.parametrize("value, expected, _", DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_hidden_test_does_not_tell_where_it_differs(hidden, value, expected, _):
    assert said(equal, value, expected, "ids")[0] == "ids is not what it should be"


def test_a_name_of_several_words_stands_behind_the_index():
    message = said(equal, {**WORDS, "word 7": 8}, WORDS, "the vocabulary")[0]
    assert message == "entry ['word 7'] of the vocabulary is 8, expected 7"


def test_an_array_among_numbers_is_another_value_and_no_accident():
    """`[array] == [number]` used to raise the ValueError of NumPy in the process that judges."""
    known = [("never", [1, 3]), ("drawn", [np.zeros(2), 2])]
    message, hint = said(equal, [np.zeros(2), 2], [1, 2], "ids", known=known)
    assert (message, hint) == ("ids is [array([0., 0.]), 2], expected [1, 2]", "drawn")
    equal([np.array(1), 2], [1, 2], "ids")


@pytest.mark.parametrize(
    "after, before",
    [(np.ones(2), np.zeros(2)), ({"a": 1}, {"a": 2}), ([1], [1, 2]), (np.ones(2), np.ones(2, "float32")), ((1,), [1])],
)
def test_a_change_is_seen(after, before):
    assert said(unchanged, after, before, "x")[0] == "x was changed in place"


def test_what_was_left_alone_passes():
    unchanged({"a": [np.array([np.nan, 1.0])]}, {"a": [np.array([np.nan, 1.0])]}, "x")


def test_counts_of_values_are_told():
    assert said(unpack, None, "a", "y", of="f")[0] == "f returned nothing (None), expected 2: a, y"
    assert said(unpack, Y, "a", "y", of="f")[0] == "f returned one value, expected 2: a, y"
    assert unpack([1, 2], "a", "y") == (1, 2)


def test_a_number_counts_as_an_array_without_axes():
    assert shaped(3.0, (), "loss").shape == ()
    said(shaped, 3.0, (1,), "loss")
    check(True, "never")
    assert said(check, False, "words", "hint") == ("words", "hint")


def test_a_hidden_test_does_not_say_how_many_values_came():
    """Ten thousand and seven values could say that the input was a seven."""
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
