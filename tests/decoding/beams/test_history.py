"""Tests of reading paths back, against histories that are reordered at each step."""

import numpy as np
from keras import ops

from dlseq.decoding.beams.history import Endings, History, read_paths, write, write_output

ROWS, WIDTH, STEPS, MAX_LENGTH = 3, 4, 5, 7


def test_paths_read_backwards_equal_those_that_each_step_reorders():
    """The outputs of a step belong to the paths before it; sequences end at any step, or are missing."""
    random = np.random.default_rng(4)
    history = History.empty(np.zeros((ROWS, WIDTH), "int32"), (np.zeros((ROWS * WIDTH, 2), "float32"),), MAX_LENGTH)
    last_outputs = []  # of the paths before each step, at that step
    ids, outputs = [[[()] * WIDTH] * ROWS], [[[()] * WIDTH] * ROWS]  # of the paths before each step
    for step in range(STEPS):
        beams, tokens = (random.integers(0, high, size=(ROWS, WIDTH)).astype("int32") for high in (WIDTH, 50))
        made = random.normal(size=(ROWS * WIDTH, 2)).astype("float32")
        history = History(
            write(history.beams, beams, step),
            write(history.tokens, tokens, step),
            (write_output(history.outputs[0], made, step),),
        )
        made = made.reshape(ROWS, WIDTH, 2)
        last_outputs.append(made)
        ids.append(
            [
                [(*ids[-1][b][k], t) for k, t in zip(*pair, strict=True)]
                for b, pair in enumerate(zip(beams, tokens, strict=True))
            ]
        )
        outputs.append([[(*outputs[-1][b][k], tuple(made[b, k])) for k in beams[b]] for b in range(ROWS)])

    lengths = np.array([[5, 1], [3, 0], [2, 5]], "int32")
    last_beams, last_tokens = (random.integers(0, high, size=(ROWS, 2)).astype("int32") for high in (WIDTH, 50))
    found, (read,) = read_paths(history, Endings(lengths, last_beams, last_tokens), ops.convert_to_tensor(STEPS), -1)
    assert tuple(found.shape) == (ROWS, 2, MAX_LENGTH) and tuple(read.shape) == (ROWS, MAX_LENGTH, 2)
    for row in range(ROWS):
        for rank, length in enumerate(lengths[row]):
            beam = last_beams[row, rank]
            expected = (*ids[length - 1][row][beam], last_tokens[row, rank]) if length else ()
            assert np.asarray(found)[row, rank].tolist() == [*expected, *[-1] * (MAX_LENGTH - length)]
        length, beam = lengths[row, 0], last_beams[row, 0]
        before = np.array(outputs[length - 1][row][beam]).reshape(-1, 2)  # of the steps before the last
        np.testing.assert_array_equal(np.asarray(read)[row, : length - 1], before)
        last = last_outputs[length - 1][row, beam]
        np.testing.assert_array_equal(np.asarray(read)[row, length - 1], last)
        assert not np.asarray(read)[row, length:].any()
