"""Submissions in another coding style than the solution's get the points for what they compute."""

from pathlib import Path

from dlseq.course.exercises import get_exercise
from dlseq.course.layout import find_course
from dlseq.grading.judge.client import run_jobs
from dlseq.grading.judge.messages import GradingJob
from dlseq.grading.results import earned

HERE = find_course(Path(__file__).parent)

# Preallocated arrays, lists in place of tuples, and gates computed without concatenating state and input.
LOOPS = """
import numpy as np

def softmax(x):
    e = np.exp(x - x.max(axis=0))
    return e / e.sum(axis=0)

def sig(x):
    return 0.5 * (1 + np.tanh(x / 2))

def rnn_cell_forward(xt, a_prev, parameters):
    a_next = np.tanh(np.hstack([parameters["Waa"], parameters["Wax"]]) @ np.vstack([a_prev, xt]) + parameters["ba"])
    return [a_next, softmax(np.dot(parameters["Wya"], a_next) + parameters["by"]), [a_next, a_prev, xt, parameters]]

def rnn_forward(x, a0, parameters):
    a = np.zeros((a0.shape[0], x.shape[1], x.shape[2]))
    y = np.zeros((parameters["Wya"].shape[0], x.shape[1], x.shape[2]))
    kept, now = [], a0
    for t in range(x.shape[2]):
        now, y[:, :, t], cache = rnn_cell_forward(x[:, :, t], now, parameters)
        a[:, :, t] = now
        kept.append(cache)
    return a, y, [kept, x]

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n = a_prev.shape[0]
    p = parameters
    f, i, c, o = (p["W" + g][:, :n] @ a_prev + p["W" + g][:, n:] @ xt + p["b" + g] for g in "fico")
    f, i, c, o = sig(f), sig(i), np.tanh(c), sig(o)
    c_next = f * c_prev + i * c
    a_next = o * np.tanh(c_next)
    y = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, y, [a_next, c_next, a_prev, c_prev, f, i, c, o, xt, parameters]

def lstm_forward(x, a0, parameters):
    a, c = (np.zeros((a0.shape[0], x.shape[1], x.shape[2])) for _ in range(2))
    y = np.zeros((parameters["Wy"].shape[0], x.shape[1], x.shape[2]))
    kept, now, cell = [], a0, np.zeros(a0.shape)
    for t in range(x.shape[2]):
        now, cell, y[:, :, t], cache = lstm_cell_forward(x[:, :, t], now, cell, parameters)
        a[:, :, t], c[:, :, t] = now, cell
        kept.append(cache)
    return a, y, c, [kept, x]
"""

BACK = """
def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, p = cache
    d = da_next - a_next * a_next * da_next
    weights = dict(dWax=d @ xt.T, dWaa=d @ a_prev.T, dba=np.sum(d, 1, keepdims=True))
    return dict(dxt=p["Wax"].T @ d, da_prev=p["Waa"].T @ d, **weights)
"""


def points_of(text, file="submission"):
    candidate = GradingJob(file, "recurrent_network", (("submission.py", text),))
    ((_, results),) = run_jobs(HERE, get_exercise("recurrent_network"), [candidate])
    return {
        name: earned(r for r in results if r.function == name) for name in dict.fromkeys(r.function for r in results)
    }


def test_a_submission_in_another_style_gets_its_points():
    assert points_of(LOOPS + BACK) == {
        "rnn_cell_forward": 14,
        "rnn_forward": 14,
        "lstm_cell_forward": 20,
        "lstm_forward": 16,
        "rnn_cell_backward": 8,
        "rnn_backward": 0,
        "lstm_cell_backward": 0,
        "lstm_backward": 0,
    }


def test_shapes_alone_earn_little():
    shapes = LOOPS.replace("np.tanh", "np.zeros_like").replace("softmax(", "0 * softmax(").replace("sig(", "0 * sig(")
    assert sum(points_of(shapes.replace("def 0 * ", "def ")).values()) <= 12
