"""Cost of attention: time and memory of a decoder's forward pass for `Tx = Ty` from 10 to 640, with and without.

The energies are `Tx Ty` numbers a row, so their time and memory grow with the square of the length; all else grows in
proportion to it. Both sides are the same compiled layers with random weights: an LSTM over the target and the logits;
the first also attends to a memory in between. The time is CPU time, in turn, best of several rounds. The memory is
counted from the shapes of all tensors of the forward graph, weights included, not measured, so it does not depend on
the machine. With one sentence the additive score is never computed in blocks (see docs/backends.md), whose inner
tensors would not be counted.

    python benchmarks/attention_cost.py --plot docs/attention_cost.png
"""

import functools
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from report import Table, argument_parser, write_json
from timing import best_in_turn

from dlseq.layers import LSTM, AttentionLayer

LENGTHS = (10, 20, 40, 80, 160, 320, 640)
UNITS, VOCABULARY = 128, 1000
SIDES = ("without", "general", "additive")
COLORS = {"without": "#687083", "general": "#0b6aa2", "additive": "#b4453c"}


def main() -> None:
    """Measure all lengths and print the costs."""
    parser = argument_parser("Time and memory of a decoder by length, with attention and without.")
    parser.add_argument("--rows", type=int, default=1, help="sentences of a batch (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plot", type=Path, help="draw time and memory against length")
    arguments = parser.parse_args()

    figures = []
    for length in LENGTHS:
        calls = [decoder(side, arguments.rows, length) for side in SIDES]
        seconds = [cpu for _, cpu in best_in_turn(calls, arguments.rounds, 0.02)]
        for side, call, cpu in zip(SIDES, calls, seconds, strict=True):
            numbers = graph_numbers(call.graph)
            figures.append({"length": length, "side": side, "cpu_seconds": cpu, "megabytes": numbers * 4 / 2**20})
    columns = ["words", *(f"{side}, {unit}" for unit in ("ms", "MiB") for side in SIDES)]
    table = Table(f"Forward pass, rows: {arguments.rows}", columns)
    for length in LENGTHS:
        row = {figure["side"]: figure for figure in figures if figure["length"] == length}
        times = [f"{1000 * row[side]['cpu_seconds']:.1f}" for side in SIDES]
        table.add(length, *times, *(f"{row[side]['megabytes']:.1f}" for side in SIDES))
    table.print(f"{UNITS} units, {VOCABULARY} words, CPU time, best of {arguments.rounds} rounds in turn")
    write_json(arguments.json, {"figures": figures})
    if arguments.plot:
        draw(figures, arguments.plot)


def decoder(side, rows, length):
    """Return the compiled forward pass of a decoder as a function without arguments; its `graph` is the graph."""
    random = np.random.default_rng(0)
    embedded, memory = (tf.constant(random.normal(size=(rows, length, UNITS)), tf.float32) for _ in range(2))
    lstm, logits = LSTM(UNITS, return_sequences=True), keras.layers.Dense(VOCABULARY)
    attention = None if side == "without" else AttentionLayer(UNITS, score=side)

    def forward(embedded, memory):
        states = lstm(embedded)
        if attention is not None:
            states = keras.ops.concatenate([states, attention([states, memory])], axis=-1)
        return logits(states)

    forward(embedded, memory)  # makes the weights
    compiled = tf.function(forward).get_concrete_function(embedded, memory)
    call = functools.partial(compiled, embedded, memory)
    call.graph = compiled.graph
    return call


def graph_numbers(graph) -> int:
    """Return the count of numbers in all tensors that the operations of a graph make."""
    outputs = [tensor for operation in graph.get_operations() for tensor in operation.outputs]
    return sum(tensor.shape.num_elements() or 0 for tensor in outputs if tensor.dtype.is_floating)


def draw(figures, path) -> None:
    """Draw time and memory against length, both on logarithmic axes."""
    from dlseq.plots.style import (
        GRID_COLOR,
        MUTED_COLOR,
        draw_text,
        figure_style,
        fit_figure,
        new_figure,
        remove_frame,
        save_figure,
    )

    with figure_style():
        figure, first = new_figure(3.1, 2.6)
        panels = (("CPU time, ms", "cpu_seconds", 1000), ("memory, MiB", "megabytes", 1))
        for number, (title, name, factor) in enumerate(panels):
            axes = first if not number else figure.add_axes((1.45, 0, 1, 1))
            remove_frame(axes)
            axes.set_xscale("log", base=2)
            axes.set_yscale("log")
            for side in SIDES:
                values = [factor * figure[name] for figure in figures if figure["side"] == side]
                axes.plot(LENGTHS, values, color=COLORS[side], linewidth=2, marker="o", markersize=3)
            axes.set_xticks(LENGTHS, list(map(str, LENGTHS)))
            axes.grid(axis="y", color=GRID_COLOR, linewidth=0.6)
            axes.tick_params(labelsize=9, labelcolor=MUTED_COLOR, labelfontfamily=["Dlseq Latin"], length=0)
            axes.minorticks_off()
            draw_text(axes, title, (0, 1), size=12, offset=(0, 10), xycoords="axes fraction")
            place = {"xycoords": "axes fraction", "ha": "right"}
            draw_text(
                axes, "words of source and of target", (1, 0), size=9, offset=(0, -28), color=MUTED_COLOR, **place
            )
        for row, side in enumerate(SIDES):
            label = "without attention" if side == "without" else f"with attention, score {side}"
            offset = (0, -46 - 14 * row)
            draw_text(first, f"—  {label}", (0, 0), size=9, offset=offset, color=COLORS[side], xycoords="axes fraction")
        fit_figure(figure)
    save_figure(figure, path)


if __name__ == "__main__":
    main()
