"""The attack table of docs/security.md: grade all attacks and print what they earn.

python tests/attacks/table.py                           # print the table
python tests/attacks/table.py --write docs/security.md  # print it, and replace the table between the markers
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import running
from building import sentences

BEGIN, END = "<!-- attack table: begin -->", "<!-- attack table: end -->"
HEADER = (
    "| | attack | variants | wrong answer alone | with the attack | honest, before and after |",
    "|---|---|---|---|---|---|",
)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="FILE", help="Markdown file whose table is replaced")
    options = parser.parse_args(arguments)
    if options.write is not None:
        replace_table(options.write.read_text("utf-8"), [])  # fail before the run, not after it
    lines = table(running.grade_attacks(running.groups()))
    print("\n".join(lines))
    if options.write is not None:
        options.write.write_text(replace_table(options.write.read_text("utf-8"), lines), "utf-8")


def table(outcomes: dict) -> list[str]:
    """Format the outcomes as Markdown, a row for each number of the threat list.

    Args:
        outcomes: group -> `running.Outcome`.

    Returns:
        Lines: attack, number of variants, points of the wrong answer alone, of the attacks, of honest submissions.
    """
    lines = list(HEADER)
    for number, sentence in sentences().items():
        wrong, attacks, variants, honest = set(), [], 0, set()
        for outcome in outcomes.values():
            chosen = {name: attack for name, (other, attack) in outcome.attacks.items() if other == number}
            if chosen:
                wrong |= {earned(outcome, outcome.wrong_of(attack)) for attack in chosen.values()}
                attacks += [earned(outcome, name) for name in chosen]
                variants += count_variants(chosen.values())
                honest |= {earned(outcome, name) for name in outcome.honest()}
        lines.append(
            f"{row_start(number, sentence, variants)} {format_range(wrong)} | {format_range(attacks)} | "
            f"{format_range(honest)} |"
        )
    return lines


def row_start(number: int, sentence: str, variants: int) -> str:
    """Return the columns of a row that are known before a run."""
    return f"| {number} | {sentence.rstrip('.')} | {variants} |"


def count_variants(attacks) -> int:
    """Return the number of variants in some attacks; one submission tries up to three, separated by `;`."""
    return sum(len(attack.name.split("; ")) for attack in attacks)


def earned(outcome, name):
    return outcome.results[name]["earned"]


def format_range(numbers) -> str:
    """Format the smallest and the largest number, or the only one."""
    low, high = min(numbers), max(numbers)
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"


def replace_table(text: str, lines: list[str]) -> str:
    """Replace the lines between the markers of a Markdown text.

    Raises:
        ValueError: the markers do not stand in the text once each, in order.
    """
    before, begin, rest = text.partition(f"{BEGIN}\n")
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in after or END in before + after:
        raise ValueError(f"expected {BEGIN} and {END} once each, in this order, each on a line of its own")
    return "\n".join([before + BEGIN, *lines, END + after])


if __name__ == "__main__":
    main()
