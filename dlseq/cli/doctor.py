"""`dlseq doctor`: the state of an installation."""

import dataclasses
import json

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dlseq.cli.app import app
from dlseq.cli.completion import complete_part
from dlseq.cli.status import counted

SYMBOLS = {True: ("✓", "green"), False: ("·", "yellow")}


@app.command()
def doctor(
    required: list[str] = typer.Option(
        None,
        "--require",
        metavar="PART",
        help="Exit with 1 if this part does not work, such as sandbox; repeatable.",
        autocompletion=complete_part,
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object: ok, failed and findings."),
) -> None:
    """Show what works in this installation, and how to install what is missing.

    Exit status 1 if a part does not work that every command needs: the version of Python, the packages, the backend of
    Keras, the fonts. Other parts are for some commands only.
    """
    from dlseq.checking.doctor import PARTS, diagnose, failed_parts
    from dlseq.checking.messages import command_translator

    failed_parts([], required or [])  # an unknown name is an error at once
    findings = list(counted(diagnose(), command_translator()("Examining"), len(PARTS)))
    failed = failed_parts(findings, required or [])
    if as_json:
        fields = {"ok": not failed, "failed": failed, "findings": [dataclasses.asdict(finding) for finding in findings]}
        print(json.dumps(fields, indent=1))
    else:
        print_findings(findings, failed)
    raise typer.Exit(1 if failed else 0)


def print_findings(findings, failed: list[str]) -> None:
    """Print a table of findings, with the advice below each part that does not work."""
    from dlseq.checking.messages import command_translator

    console, translate = Console(highlight=False), command_translator()
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for style in ("", "bold", "", "dim"):
        table.add_column(style=style, overflow="fold")
    for finding in findings:
        symbol, style = ("✗", "red") if finding.part in failed else SYMBOLS[finding.works]
        found = Text(", ".join(map(translate, finding.found.split(", "))))
        if finding.advice:
            found.append(f"\n{translate(finding.advice)}", "cyan")
        table.add_row(Text(symbol, style), finding.part, found, translate(finding.purpose))
    console.print(table)
    if failed:
        console.print(Text(translate(f"does not work: {', '.join(failed)}"), "bold red"))
    else:
        works, dot = "Everything needed works.", "A dot marks a part that only some commands need."
        console.print(f"[bold green]{translate(works)}[/] {translate(dot)}")
