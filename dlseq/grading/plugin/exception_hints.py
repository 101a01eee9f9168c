"""Hints for exceptions of submissions, by the kind of exception and its message."""

import re

__all__ = ["explain_exception"]

GENERAL = "The function ended with this exception before it returned anything: look at the line that raised it."
SHAPES = r"(\([\d, ]*\))"
SHAPE_KINDS = ("ValueError", "IndexError", "InvalidArgumentError")
# (exception classes, pattern of the message, hint with the groups of the pattern); the first row that fits
KERAS_HINTS = [
    (
        "ValueError",
        r"`?Concatenate`? layer requires inputs with matching shapes.*input_shape=\[(.*)\]",
        "Concatenate joins along one axis, and all others have to agree; the shapes here are {}. Which layer "
        "brings the smaller one to the shape of the other?",
    ),
    (
        "ValueError",
        r"layer '?([\w]+)'? is incompatible with the layer: expected axis -1 of input shape to have value (\d+), but "
        r"received input with shape (\([\w, ]*\))",
        "The layer {} was first called on inputs whose last axis has {} numbers, and keeps that size; now its input "
        "has the shape {}. Does each call of this layer get the same kind of input?",
    ),
    (
        "ValueError",
        r"layer '?([\w]+)'? is incompatible with the layer: expected (?:min_)?ndim=(\d), found ndim=(\d)",
        "The layer {} takes an input of {} axes, and gets one of {}: an LSTM takes (batch, steps, width), a Dense any "
        "shape. Is return_sequences missing, or an axis of length one?",
    ),
    (
        "ValueError",
        r"expects (\d+) input\(s\), but it received (\d+)",
        "The layer takes {} inputs and gets {}: several inputs are one list.",
    ),
    (
        "ValueError InvalidArgumentError",
        r"Dimensions must be equal, but are (\d+) and (\d+)",
        "Two axes have to be equal here and are {} and {}. Write the shape of each factor beside the line.",
    ),
    (
        "InvalidArgumentError",
        r"Incompatible shapes: (\[[\d,]*\]) vs\. (\[[\d,]*\])",
        "The shapes {} and {} do not fit element by element. Write the shape of each beside the line.",
    ),
    (
        "InvalidArgumentError",
        r"In\[0\]: (\[[\d,]*\]), In\[1\]: (\[[\d,]*\])",
        "A matrix product needs shapes (n, k) and (k, m), and these are {} and {}.",
    ),
    (
        "ValueError TypeError",
        r"A KerasTensor (?:cannot be used|is symbolic)|symbolic (?:KerasTensor|tf\.Tensor)|Cannot convert a symbolic",
        "A model is built from tensors without numbers, which only layers and keras.ops can compute with: use those in "
        "the place of NumPy functions, `if` and float().",
    ),
    (
        "ValueError",
        r"Argument\(s\) not recognized: (.*)",
        "This release of Keras does not know these arguments: {}. Look at the name in the signature.",
    ),
    (
        "ValueError",
        r"Unrecognized keyword arguments passed to (\w+): (.*)",
        "{} does not take these arguments: {}. Look at the name in the signature.",
    ),
]
CALL_HINTS = [
    (
        "TypeError",
        r"missing a required argument: '(\w+)'",
        "The layer gets no {}: pass its input as the first argument, without a name.",
    ),
    (
        "TypeError",
        r"unexpected keyword argument '(\w+)'",
        "The call passes {}, which the function does not take: compare number, names and order of the arguments with "
        "the docstring.",
    ),
    (
        "TypeError",
        r"missing \d+ required (?:positional|keyword-only) arguments?: (.*)",
        "The call leaves out {}: compare number, names and order of the arguments with the docstring.",
    ),
    (
        "TypeError",
        r"takes (.*) positional arguments? but (\d+) (?:was|were) given",
        "The function takes {} arguments and gets {}: compare number, names and order of the arguments with the "
        "docstring.",
    ),
    (
        "TypeError",
        r"multiple values for argument '(\w+)'",
        "The call passes {} twice, by place and by name.",
    ),
    (
        "TypeError",
        r"cannot unpack non-iterable NoneType",
        "A value is None where several are unpacked: a function without `return` gives None, and so does a placeholder "
        "`x = None` that is still there.",
    ),
    (
        "TypeError",
        r"cannot unpack non-iterable (\w+)",
        "A single value of type {} is unpacked into several names: look at what the function returns.",
    ),
    (
        "ValueError",
        r"too many values to unpack \(expected (\d+)\)",
        "{} names stand left of `=`, and more values right of it: is it the right object, one entry of a list and not "
        "the list with all of them? A docstring lists what a function returns.",
    ),
    (
        "ValueError",
        r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)\)",
        "{} names stand left of `=`, and {} values right of it. A docstring lists what a function returns.",
    ),
    (
        "ModuleNotFoundError ImportError",
        r"No module named '([\w.]+)'",
        "{} is not installed where files are graded: paste the functions that you need from it into the file.",
    ),
    (
        "ImportError",
        r"cannot import name '(\w+)' from '([\w.]+)'",
        "There is no {} in {} of this release: look at the spelling, and at where the name is now.",
    ),
    (
        "FileNotFoundError",
        r"No such file or directory: '([^']*)'",
        "There is no file {} where the function is graded: use what the arguments hold in the place of a file.",
    ),
    ("EOFError", r"", "input() has nobody to answer it: take the value from the arguments."),
    ("PermissionError OSError", r"", "Files and the network are closed to a graded function: use the arguments."),
    ("URLError ConnectionError HTTPError gaierror", r"", "There is no network where the function is graded."),
    ("SystemExit", r"", "exit() ends the program: end the function by `return`."),
    ("AssertionError", r"", "An `assert` of the file itself failed: what does its line expect?"),
    ("MemoryError ResourceExhaustedError", r"", "An array is too large: which sizes are multiplied here?"),
    (
        "AttributeError",
        r"module '([\w.]+)' has no attribute '(\w+)'",
        "{} has no {}: look at its spelling. It may have another name since a newer release.",
    ),
]
PYTHON_HINTS = [
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
        r"need at least one array",
        "The list of arrays is empty: is something appended to it in each round of the loop?",
    ),
    (
        "ValueError",
        r"setting an array element with a sequence",
        "One entry of an array is given several values: look at the indices left of `=`, or at a list within a list.",
    ),
    (
        "TypeError",
        r"list indices must be integers or slices, not (\w+)",
        "A list is indexed by a {}: its indices are whole numbers. Is a dict meant, or np.array?",
    ),
    (
        "TypeError",
        r"unhashable type: '(\w+)'",
        "A {} cannot be the key of a dict: take one entry of it.",
    ),
    (
        "ValueError",
        r"cannot mix tensors and non-tensors",
        "A Keras model takes either arrays or tensors, no mixture: ops.convert_to_tensor makes a tensor of an array.",
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
        r"name '(\w+)' is not defined",
        "The name is unknown: look at its spelling, and run the cells that import or define it, top to bottom. Is it "
        "an entry of a dict, such as parameters['{}']? Take it out of there first.",
    ),
    (
        "UnboundLocalError",
        r"variable '(\w+)'",
        "The variable {} is read before it has a value: give it one before the loop or in each branch.",
    ),
    (
        "TypeError",
        r"0-dimensional arrays can be converted|scalar index",
        "A single number is needed, and there is an array. An index that is None or a list adds an axis: write [i] and "
        "not [[i]].",
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


def explain_exception(kind: str, message: str, own_hint: str = "") -> str:
    """Return a hint about an exception of a submission.

    Args:
        kind: name of the exception's class.
        message: its message, of a visible test.
        own_hint: of the test, about arrays whose shapes do not fit. It has precedence for exceptions of that kind.

    Returns:
        Cause and remedy in a sentence or two.

    Example:
        >>> explain_exception("ValueError", "operands could not be broadcast together with shapes (5,4) (5,5) ")[:61]
        'The shapes (5,4) and (5,5) do not fit element by element. Wri'
    """
    if own_hint and kind in SHAPE_KINDS and "to unpack" not in message:
        return own_hint
    for kinds, pattern, hint in (*KERAS_HINTS, *CALL_HINTS, *PYTHON_HINTS):
        found = re.search(pattern, message)
        if kind in kinds.split() and found:
            return hint.format(*found.groups()) if found.groups() else hint
    return GENERAL
