"""Hints for exceptions of submissions, by the kind of exception and its message."""

import re

__all__ = ["explain_exception"]

GENERAL = "The function ended with this exception before it returned anything: look at the line that raised it."
SHAPES = r"(\([\d, ]*\))"
HINTS = [  # (exception classes, pattern of the message, hint with the groups of the pattern); the first that fits
    (
        "ValueError",
        r"matmul: |not aligned|Matrix size-incompatible",
        "A matrix product needs shapes (n, k) and (k, m). Write the shapes of both factors beside the line: is a "
        "product element by element meant (`*`, not `@` or np.dot), or is a factor transposed? Take every size from "
        "the shapes of the arguments.",
    ),
    (
        "ValueError",
        rf"broadcast together with shapes {SHAPES} {SHAPES}",
        "The shapes {} and {} do not fit element by element. Write the shape of each factor beside the line: often one "
        "comes from `@` or np.dot where `*` is meant, from a transpose, or from a wrong axis.",
    ),
    (
        "ValueError",
        rf"could not broadcast input array from shape {SHAPES} into shape {SHAPES}",
        "A value of shape {} is stored where there is room for {}. Allocate the array with the sizes of what it will "
        "hold.",
    ),
    (
        "ValueError",
        r"except for the concatenation axis must match",
        "np.concatenate joins along one axis, and the sizes of all others must agree: look at the argument axis. "
        "axis=0 puts the rows of one array below those of the other.",
    ),
    (
        "ValueError",
        r"same number of dimensions|inputs with matching shapes|input arrays must have the same shape|inhomogeneous",
        "The arrays that are joined differ in shape. Write the shape of each beside the line.",
    ),
    (
        "ValueError",
        r"must have same size|'p' must be 1-dimensional",
        "np.random.choice needs one probability for each entry. If there are more, look at the shapes before: a vector "
        "(n,), or a square (n, n), plus a bias (n, 1) is a square. A column of zeros has the shape (n, 1).",
    ),
    (
        "ValueError",
        r"[Pp]robabilities (do not sum|contain NaN|are not non-neg)",
        "These are no probabilities: softmax makes numbers of 0 or more that sum to one. Look at the axis of the sum.",
    ),
    ("ValueError", r"cannot reshape", "A reshape keeps the number of values. Compare the products of the sizes."),
    (
        "ValueError",
        r"truth value of an array",
        "`if`, `and` and `or` need one truth value, and an array has one for each entry: use .any(), .all(), np.where.",
    ),
    (
        "ValueError",
        r"values to unpack",
        "The number of names left of `=` is not the number of values right of it. A docstring lists what a function "
        "returns.",
    ),
    (
        "IndexError",
        r"index (\S+) is out of bounds for axis (\d+) with size (\d+)",
        "The index {} does not exist on axis {}, which has the size {}; indices begin at 0. Which variable should run "
        "along this axis? Take the index from an argument and the size from a shape.",
    ),
    (
        "IndexError",
        r"too many indices",
        "The array has fewer axes than indices: write its shape beside the line.",
    ),
    ("IndexError", r"", "An index is beyond the end: indices begin at 0, and the last one is the length minus one."),
    (
        "AttributeError",
        r"'(list|tuple)' object has no attribute",
        "A {} is no array and has neither .T nor .shape: join its arrays by np.concatenate first.",
    ),
    (
        "AttributeError TypeError",
        r"'?NoneType'?",
        "A value is None: a function without `return` gives None, and so does a change in place such as list.append.",
    ),
    ("AttributeError", r"", "There is no attribute of this name: look at its spelling, and at the type of the object."),
    (
        "KeyError",
        r"(.*)",
        "The dict has no key {}: compare the spelling with the docstring, and print the keys. If one may be missing, "
        "use .get.",
    ),
    (
        "NameError",
        r"",
        "The name is unknown: look at its spelling, and run the cells that import or define it, top to bottom.",
    ),
    (
        "UnboundLocalError",
        r"",
        "The variable is read before it has a value: give it one before the loop or in each branch.",
    ),
    (
        "TypeError",
        r"0-dimensional arrays can be converted|scalar index",
        "A single number is needed, and there is an array. An index that is None adds an axis: look at indices too.",
    ),
    (
        "TypeError",
        r"positional argument|unexpected keyword|required (positional|keyword)",
        "The call does not fit the signature: compare number, names and order of the arguments with the docstring.",
    ),
    (
        "TypeError",
        r"not callable",
        "Something that is no function is called: round brackets call, square ones index. Is a name used twice?",
    ),
    ("TypeError", r"", "The types of the values on this line do not fit: print them with type(…)."),
    ("AxisError", r"", "The array has no such axis: the first axis is 0, and the last -1."),
    ("RecursionError", r"", "The function calls itself without an end."),
    ("ZeroDivisionError", r"", "A divisor is 0: which size or sum can be 0 here?"),
]


def explain_exception(kind: str, message: str) -> str:
    """Return a hint about an exception of a submission.

    Args:
        kind: name of the exception's class.
        message: its message, of a visible test.

    Returns:
        Cause and remedy in a sentence or two.

    Example:
        >>> explain_exception("ValueError", "operands could not be broadcast together with shapes (5,4) (5,5) ")[:61]
        'The shapes (5,4) and (5,5) do not fit element by element. Wri'
    """
    for kinds, pattern, hint in HINTS:
        found = re.search(pattern, message)
        if kind in kinds.split() and found:
            return hint.format(*found.groups()) if found.groups() else hint
    return GENERAL
