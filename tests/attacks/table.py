"""Runs all attacks and prints what they earned as a table for the README: `python tests/attacks/table.py`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import running
from building import sentences


def main():
    print("\n".join(table(running.grade_attacks(running.groups()))))


def table(outcomes: dict) -> list[str]:
    """A row for each number: what was tried, how many ways, what the wrong answer earns and the attacks did."""
    lines = [
        "| | attack | ways | the wrong answer | with the attack | honest, before and after |",
        "|---|---|---|---|---|---|",
    ]
    for number, sentence in sentences().items():
        wrong, attacks, ways, honest = set(), [], 0, set()
        for outcome in outcomes.values():
            mine = {name: attack for name, (other, attack) in outcome.attacks.items() if other == number}
            if mine:
                wrong |= {earned(outcome, outcome.wrong_of(attack)) for attack in mine.values()}
                attacks += [earned(outcome, name) for name in mine]
                ways += sum(len(attack.name.split("; ")) for attack in mine.values())
                honest |= {earned(outcome, name) for name in outcome.honest()}
        lines.append(
            f"| {number} | {sentence.rstrip('.')} | {ways} | {shown(wrong)} | {shown(attacks)} | {shown(honest)} |"
        )
    return lines


def earned(outcome, name):
    return outcome.results[name]["earned"]


def shown(numbers):
    """The least and the most of some numbers."""
    low, high = min(numbers), max(numbers)
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"


if __name__ == "__main__":
    main()
