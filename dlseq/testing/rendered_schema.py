"""Validation of rendered figures: the reply of `dlseq.grading.worker.figures.render_figure` is untrusted."""

import numpy as np

__all__ = ["are_places", "is_panel", "is_text"]

MAX_TEXT_LENGTH = 120
MAX_NUMBER = 1e6  # pixels, points
MAX_LEVELS = 1024  # of a colormap


def is_panel(value) -> bool:
    """Validate the form of a panel, except for its texts and the places of its cells."""
    keys = {"maps", "xticks", "yticks", "xlabel", "ylabel"}
    valid = type(value) is dict and set(value) == keys and type(value["maps"]) is list
    return valid and all(map(_is_map, value["maps"]))


def _is_map(value):
    valid = type(value) is dict and set(value) == {"columns", "rows", "colors", "colorbar"}
    return valid and _are_colors(value["colors"]) and _is_colorbar(value["colorbar"])


def _are_colors(value):
    if value is None:
        return True
    valid = type(value) is dict and set(value) == {"name", "levels", "limits"} and type(value["name"]) is str
    valid = valid and type(value["levels"]) is int and 1 <= value["levels"] <= MAX_LEVELS
    return valid and _are_limits(value["limits"])


def _is_colorbar(value):
    if value is None:
        return True
    valid = type(value) is dict and set(value) == {"strip", "upright", "limits", "places", "texts"}
    return valid and _is_box(value["strip"]) and type(value["upright"]) is bool and _are_limits(value["limits"])


def _are_limits(value):
    valid = type(value) is tuple and len(value) == 2 and all(map(_is_float, value))
    return valid and value[0] <= value[1]


def are_places(value, count: int) -> bool:
    """Validate an array of finite places."""
    valid = type(value) is np.ndarray and value.dtype == np.float64 and value.shape == (count,)
    return bool(valid and np.isfinite(value).all())


def is_text(value) -> bool:
    """Validate the form of a text that the worker reports."""
    valid = type(value) is dict and set(value) == {"text", "position", "box", "font", "size", "rotation"}
    valid = valid and type(value["text"]) is str and len(value["text"]) <= MAX_TEXT_LENGTH
    valid = valid and type(value["font"]) is str
    return valid and _is_box(value["box"]) and all(_is_float(value[name]) for name in ("size", "rotation"))


def _is_box(value) -> bool:
    """Validate a box (left, top, right, bottom) of a positive size."""
    valid = type(value) is tuple and len(value) == 4 and all(map(_is_float, value))
    return valid and value[0] < value[2] and value[1] < value[3]


def _is_float(value) -> bool:
    """Validate a float in the range of pixels and points."""
    return type(value) is float and abs(value) < MAX_NUMBER
