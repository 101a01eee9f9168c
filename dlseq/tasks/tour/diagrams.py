"""Diagrams of the types of recurrent networks: inputs below, states in the middle, outputs above."""

__all__ = ["CELLS", "type_diagram"]

CELLS = {
    "one to one": ((True, True),),
    "one to many": ((True, True), (False, True), (False, True), (False, True)),
    "many to one": ((True, False), (True, False), (True, False), (True, True)),
    "many to many, equal lengths": ((True, True), (True, True), (True, True), (True, True)),
    "many to many, different lengths": (
        (True, False), (True, False), (True, False), (False, True), (False, True), (False, True), (False, True)
    ),
}  # fmt: skip
"""For each type and step: whether it has an input, and whether it has an output."""
FED_BACK = ("one to many", "many to many, different lengths")
"""Types in which an output is the next input."""
STEP, BOX, ROWS = 34, 20, {"output": 4, "state": 42, "input": 80}
HEIGHT = ROWS["input"] + BOX + 4


def type_diagram(sequence_type: str) -> str:
    """Return an SVG element: a box for each input, state and output, and arrows between them.

    Args:
        sequence_type: one of `CELLS`.

    Example:
        >>> type_diagram("many to one").count('class="input"')
        4
    """
    cells = CELLS[sequence_type]
    parts = []
    for step, (has_input, has_output) in enumerate(cells):
        left = 4 + STEP * step
        middle = left + BOX / 2
        parts.append(_box(left, "state"))
        if has_input:
            parts += [_box(left, "input"), _arrow(middle, ROWS["input"], middle, ROWS["state"] + BOX)]
        if has_output:
            parts += [_box(left, "output"), _arrow(middle, ROWS["state"], middle, ROWS["output"] + BOX)]
        if step + 1 < len(cells):
            parts.append(_arrow(left + BOX, ROWS["state"] + BOX / 2, left + STEP, ROWS["state"] + BOX / 2))
            if has_output and sequence_type in FED_BACK:
                parts.append(_arrow(left + BOX, ROWS["output"] + BOX / 2, left + STEP + 2, ROWS["state"], "fed-back"))
    width = 8 + STEP * (len(cells) - 1) + BOX
    return (
        f'<svg class="cells" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" role="img" '
        f'aria-label="{sequence_type}">{"".join(parts)}</svg>'
    )


def _box(left, row):
    return f'<rect class="{row}" x="{left}" y="{ROWS[row]}" width="{BOX}" height="{BOX}" rx="4"/>'


def _arrow(x, y, to_x, to_y, kind="arrow"):
    return f'<line class="{kind}" x1="{x:g}" y1="{y:g}" x2="{to_x:g}" y2="{to_y:g}"/>'
