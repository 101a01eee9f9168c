"""Helpers of the exercise `name_generation`: a character-level RNN in NumPy, forward and backward, and small tools.

The batch size is 1; vectors are columns. A name is a list of indices; the input `None` is a zero vector.
`parameters` is a dict of `Wax (n_a, V)`, `Waa (n_a, n_a)`, `Wya (V, n_a)`, `b (n_a, 1)`, `by (V, 1)`.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

__all__ = [
    "get_initial_loss",
    "get_sample",
    "initialize_parameters",
    "rnn_backward",
    "rnn_forward",
    "rnn_step_backward",
    "rnn_step_forward",
    "smooth",
    "softmax",
    "update_parameters",
]

PARAMETER_NAMES = ("Wax", "Waa", "Wya", "b", "by")


def softmax(x: np.ndarray) -> np.ndarray:
    """Softmax over each column: logits to probabilities.

    Example:
        >>> softmax(np.array([[1000.0], [1000.0]])).tolist()
        [[0.5], [0.5]]
    """
    powers = np.exp(x - np.max(x, axis=0))
    return powers / powers.sum(axis=0)


def get_initial_loss(vocab_size: int, seq_length: int) -> float:
    """Cross-entropy of `seq_length` characters under a uniform distribution, in nats.

    Example:
        >>> round(get_initial_loss(27, 7), 3)
        23.071
    """
    return -math.log(1 / vocab_size) * seq_length


def smooth(loss: float, cur_loss: float) -> float:
    """Exponential moving average of the loss: 0.999 of the old value plus 0.001 of the new one.

    Example:
        >>> round(smooth(10.0, 20.0), 6)
        10.01
    """
    return loss * 0.999 + cur_loss * 0.001


def get_sample(sample_ix: Sequence[int], ix_to_char: Mapping[int, str]) -> str:
    """Decode indices into a capitalized string.

    Example:
        >>> get_sample([1, 2, 0], {0: "\\n", 1: "a", 2: "n"})
        'An\\n'
    """
    text = "".join(ix_to_char[index] for index in sample_ix)
    return text[:1].upper() + text[1:]


def initialize_parameters(n_a: int, n_x: int, n_y: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Initialize the parameters: small random weights, zero biases.

    Args:
        n_a: units of the hidden state.
        n_x: size of the input.
        n_y: size of the output.
        seed: seed of the weights.

    Returns:
        dict of Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), b (n_a, 1), by (n_y, 1).

    Example:
        >>> {name: value.shape for name, value in initialize_parameters(4, 3, 2).items()}
        {'Wax': (4, 3), 'Waa': (4, 4), 'Wya': (2, 4), 'b': (4, 1), 'by': (2, 1)}
    """
    draw = np.random.RandomState(seed).randn  # a stream that is frozen across releases of NumPy
    weights = {"Wax": draw(n_a, n_x) * 0.01, "Waa": draw(n_a, n_a) * 0.01, "Wya": draw(n_y, n_a) * 0.01}
    return {**weights, "b": np.zeros((n_a, 1)), "by": np.zeros((n_y, 1))}


def rnn_step_forward(parameters: dict, a_prev: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Forward pass of one time step.

    Args:
        parameters: dict of parameters.
        a_prev: previous hidden state, (n_a, 1).
        x: one-hot input, (V, 1).

    Returns:
        a_next: next hidden state, (n_a, 1).
        p_t: probabilities of the next character, (V, 1).
    """
    a_next = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a_prev + parameters["b"])
    return a_next, softmax(parameters["Wya"] @ a_next + parameters["by"])


def rnn_step_backward(
    dy: np.ndarray, gradients: dict, parameters: dict, x: np.ndarray, a: np.ndarray, a_prev: np.ndarray
) -> dict:
    """Backward pass of one time step; accumulates into `gradients` in place.

    Args:
        dy: gradient with respect to the logits, (V, 1).
        gradients: dict of the gradients accumulated over the later steps; "da_next" is the gradient with respect to
            the hidden state after this step that comes from the later steps.
        parameters: dict of parameters.
        x: one-hot input of the step, (V, 1).
        a: hidden state after the step, (n_a, 1).
        a_prev: hidden state before the step, (n_a, 1).

    Returns:
        `gradients`, with the "da_next" of the previous step.
    """
    gradients["dWya"] += dy @ a.T
    gradients["dby"] += dy
    draw = (1 - a**2) * (parameters["Wya"].T @ dy + gradients["da_next"])  # before the tanh
    gradients["db"] += draw
    gradients["dWax"] += draw @ x.T
    gradients["dWaa"] += draw @ a_prev.T
    gradients["da_next"] = parameters["Waa"].T @ draw
    return gradients


def rnn_forward(
    X: Sequence[int | None], Y: Sequence[int], a0: np.ndarray, parameters: dict, vocab_size: int | None = None
) -> tuple[float, tuple]:
    """Forward pass over a name, with its cross-entropy.

    Args:
        X: input indices; None is a zero vector.
        Y: target indices, of the same length.
        a0: initial hidden state, (n_a, 1).
        parameters: dict of parameters. V is the size of `by`.
        vocab_size: V. Defaults to the size of `by`, which counts in any case: the argument is one of older code.

    Returns:
        loss: sum of -log p(Y[t]) over the time steps, in nats.
        cache: (probabilities, hidden states, inputs) for `rnn_backward`, each a dict by time step.

    Example:
        >>> parameters = initialize_parameters(4, 3, 3)
        >>> loss, _ = rnn_forward([None, 1], [1, 0], np.zeros((4, 1)), parameters)
        >>> round(loss, 2) == round(get_initial_loss(3, 2), 2)
        True
    """
    vocab_size = parameters["by"].shape[0]
    x, a, y_hat, loss = {}, {-1: np.copy(a0)}, {}, 0.0
    for t, (index, target) in enumerate(zip(X, Y, strict=True)):
        x[t] = np.zeros((vocab_size, 1))
        if index is not None:
            x[t][index] = 1
        a[t], y_hat[t] = rnn_step_forward(parameters, a[t - 1], x[t])
        loss -= math.log(y_hat[t][target, 0])
    return loss, (y_hat, a, x)


def rnn_backward(X: Sequence[int | None], Y: Sequence[int], parameters: dict, cache: tuple) -> tuple[dict, dict]:
    """Backward pass over a name: gradients of the loss of `rnn_forward`.

    Args:
        X: input indices, as in `rnn_forward`.
        Y: target indices, as in `rnn_forward`.
        parameters: dict of parameters.
        cache: the cache of `rnn_forward`.

    Returns:
        gradients: dict of dWax, dWaa, dWya, db, dby, each with the shape of its parameter, and da_next (n_a, 1), the
            gradient with respect to the initial hidden state.
        a: dict from time step t to the hidden state after it, (n_a, 1); a[-1] is the initial one.
    """
    y_hat, a, x = cache
    gradients = {f"d{name}": np.zeros_like(parameters[name]) for name in PARAMETER_NAMES}
    gradients["da_next"] = np.zeros_like(a[-1])
    for t in reversed(range(len(X))):
        dy = np.copy(y_hat[t])
        dy[Y[t]] -= 1
        gradients = rnn_step_backward(dy, gradients, parameters, x[t], a[t], a[t - 1])
    return gradients, a


def update_parameters(parameters: dict, gradients: dict, lr: float) -> dict:
    """Gradient descent step, in place.

    Args:
        parameters: dict of parameters; they change.
        gradients: dict of dWax, dWaa, dWya, db, dby.
        lr: learning rate.

    Returns:
        `parameters`.
    """
    for name in PARAMETER_NAMES:
        parameters[name] -= lr * gradients[f"d{name}"]
    return parameters
