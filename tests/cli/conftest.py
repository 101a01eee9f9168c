"""Fixture that runs the command line within this process."""

import sys

import pytest

import dlseq.cli


@pytest.fixture
def dlseq_command(monkeypatch, capsys):
    """Run `dlseq ARGUMENTS`; return exit status, standard output and standard error."""

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
        return status, out, err

    return run
