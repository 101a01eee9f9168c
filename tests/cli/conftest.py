"""Fixture that runs the command line within this process."""

import json
import sys

import pytest

import dlseq.cli
from dlseq.cli.command_reference import JSON_FIELDS


def first_object(text):
    """Return the first of the JSON objects in a text."""
    return json.JSONDecoder().raw_decode(text)[0]


@pytest.fixture
def dlseq_command(monkeypatch, capsys):
    """Run `dlseq ARGUMENTS`; return exit status, standard output and standard error.

    Each JSON object that a test has printed has the fields that docs/commands.md lists.
    """

    def run(*arguments, stdin=None):
        import io

        monkeypatch.setattr(sys, "argv", ["dlseq", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        if stdin is not None:
            content = stdin if isinstance(stdin, bytes) else stdin.encode("utf-8")
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
        status = 0
        try:
            dlseq.cli.main()
        except SystemExit as leaving:
            status = leaving.code or 0
        out, err = capsys.readouterr()
        if "--json" in arguments and out:
            assert list(first_object(out)) == JSON_FIELDS[arguments[0]].split()
        return status, out, err

    return run
