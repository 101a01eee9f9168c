"""`dlseq doctor`: exit status, table and JSON."""

import json

import pytest

from dlseq.checking import doctor
from dlseq.checking.doctor import Finding

WORKING = [Finding(part, True, "version 1", "everything") for part in doctor.PARTS]


@pytest.fixture
def examined(monkeypatch, dlseq_command):
    """Run `dlseq doctor` where some parts do not work."""

    def run(*arguments, without=()):
        findings = [
            Finding(part.part, False, "not there", "everything", f"install [{part.part}]")
            if part.part in without
            else part
            for part in WORKING
        ]
        monkeypatch.setattr(doctor, "diagnose", lambda: iter(findings))
        return dlseq_command("doctor", *arguments)

    return run


def test_a_missing_part_fails_where_everyone_needs_it_or_it_is_required(examined):
    assert examined()[0] == 0
    for part in doctor.PARTS:
        needed = part in ("python", "packages", "backend", "fonts")
        status, out, _ = examined(without=[part])
        assert status == int(needed) and f"install [{part}]" in out
        assert (f"does not work: {part}" in out) == needed
        assert examined("--require", part, without=[part])[0] == 1
        assert examined("--require", part)[0] == 0


def test_json_has_every_finding(examined):
    status, out, _ = examined("--json", "--require", "sandbox", without=["sandbox", "browser"])
    told = json.loads(out)
    assert (status, told["ok"], told["failed"]) == (1, False, ["sandbox"])
    assert [finding["part"] for finding in told["findings"]] == list(doctor.PARTS)
    assert [finding["part"] for finding in told["findings"] if not finding["works"]] == ["sandbox", "browser"]
    assert set(told["findings"][0]) == {"part", "works", "found", "purpose", "advice"}


def test_an_unknown_part_is_a_users_error(examined):
    status, out, error = examined("--require", "sandpit")
    assert (status, out) == (2, "") and "Expected one of: python, packages" in error and "Received: sandpit" in error
