"""Helpers of the assignment on character-level language models: those of the exercise `name_generation`."""

import random

import numpy as np

from dlseq.course.given.assignment_modules.rnn_helpers import sigmoid
from dlseq.course.given.name_generation import (
    get_initial_loss,
    get_sample,
    initialize_parameters,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
    smooth,
    softmax,
    update_parameters,
)

__all__ = [
    "get_initial_loss",
    "get_sample",
    "initialize_parameters",
    "np",
    "print_sample",
    "random",
    "rnn_backward",
    "rnn_forward",
    "rnn_step_backward",
    "rnn_step_forward",
    "sigmoid",
    "smooth",
    "softmax",
    "update_parameters",
]


def print_sample(sample_ix, ix_to_char):
    """Print a name, given as indices, without the newline that ends it.

    Example:
        >>> print_sample([1, 2, 0], {0: "\\n", 1: "a", 2: "n"})
        An
    """
    print(get_sample(sample_ix, ix_to_char), end="")
