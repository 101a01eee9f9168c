"""Helpers of the assignment on recurrent networks in NumPy: activation functions, and Adam on a dict of parameters."""

import numpy as np

from dlseq.course.given.name_generation import softmax

__all__ = ["initialize_adam", "np", "sigmoid", "softmax", "update_parameters_with_adam"]


def sigmoid(x):
    """Logistic function, element by element.

    Example:
        >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist()
        [0.0, 0.5, 1.0]
    """
    positive = np.asarray(x) >= 0
    power = np.exp(np.where(positive, -1, 1) * x)  # at most 1
    return np.where(positive, 1, power) / (1 + power)


def _layer_names(parameters):
    """Return the names of weights and biases, W1 and b1 to the last layer."""
    return [f"{kind}{layer}" for layer in range(1, len(parameters) // 2 + 1) for kind in ("W", "b")]


def initialize_adam(parameters):
    """Return the moving averages of gradients and squared gradients that Adam begins with, all zero.

    Args:
        parameters: dict of W1, b1, W2, b2, …

    Example:
        >>> initialize_adam({"W1": np.ones((1, 2)), "b1": np.ones((1, 1))})[0]["dW1"].tolist()
        [[0.0, 0.0]]
    """
    first, second = ({f"d{name}": np.zeros_like(parameters[name]) for name in _layer_names(parameters)} for _ in "ms")
    return first, second


def update_parameters_with_adam(parameters, grads, v, s, t, learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Take one step of Adam in place.

    Args:
        parameters: dict of W1, b1, W2, b2, …; changed.
        grads: dict of dW1, db1, …
        v: moving average of the gradients; changed.
        s: moving average of the squared gradients; changed.
        t: number of the step, from 1.
        learning_rate: step size.
        beta1: decay of v.
        beta2: decay of s.
        epsilon: least divisor.

    Returns:
        parameters, v and s.

    Example:
        >>> start = {"W1": np.array([[1.0]]), "b1": np.array([[0.0]])}
        >>> v, s = initialize_adam(start)
        >>> grads = {"dW1": np.array([[4.0]]), "db1": np.zeros((1, 1))}
        >>> after, _, _ = update_parameters_with_adam(start, grads, v, s, 1)
        >>> float(after["W1"].round(6)[0, 0])
        0.99
    """
    for name in _layer_names(parameters):
        gradient = grads[f"d{name}"]
        v[f"d{name}"] = beta1 * v[f"d{name}"] + (1 - beta1) * gradient
        s[f"d{name}"] = beta2 * s[f"d{name}"] + (1 - beta2) * gradient**2
        mean, square = v[f"d{name}"] / (1 - beta1**t), s[f"d{name}"] / (1 - beta2**t)
        parameters[name] = parameters[name] - learning_rate * mean / (np.sqrt(square) + epsilon)
    return parameters, v, s
