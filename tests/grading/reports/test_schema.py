"""The JSON schema of result files."""

import copy
import dataclasses
import json

import jsonschema
import pytest

from dlseq.errors import DataError
from dlseq.grading.results import (
    STATUSES,
    ExerciseResult,
    SubmissionResult,
    TestResult,
    read_result,
    result_schema,
    write_result,
)

SCHEMA = result_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def strict(text):
    """Parse JSON, and refuse NaN and infinities."""
    return json.loads(text, parse_constant=pytest.fail)


def fields_of(kind):
    return {field.name for field in dataclasses.fields(kind)}


def test_the_schema_is_one_and_describes_every_field():
    VALIDATOR.check_schema(SCHEMA)

    def look(node, path):
        if isinstance(node, dict) and ("type" in node or "enum" in node or "const" in node):
            assert len(node.get("description", "")) > 5, path
        for name, child in node.items() if isinstance(node, dict) else ():
            look(child, f"{path}/{name}")

    look(SCHEMA, "")


def test_the_schema_has_the_fields_and_statuses_of_the_code():
    parts = SCHEMA["$defs"]
    assert set(SCHEMA["properties"]) == fields_of(SubmissionResult) | {"schema", "earned", "possible"}
    assert set(parts["exercise"]["properties"]) == fields_of(ExerciseResult) | {"earned"}
    assert set(parts["record"]["properties"]) == fields_of(TestResult) | {"earned"}
    assert tuple(parts["record"]["properties"]["status"]["enum"]) == STATUSES


def test_results_fit_the_schema_and_come_back_as_they_were(forty, tmp_path):
    path = tmp_path / "result.json"
    for result in forty[:5]:
        write_result(result, path)
        VALIDATOR.validate(strict(path.read_text("utf-8")))
        assert read_result(path) == result


def test_hostile_results_fit_the_schema(made_up, hostile, tmp_path):
    path = tmp_path / "result.json"
    result = made_up.hostile_result(hostile)
    result.exercises[0].exhibit["submission"][2] = [0.0, 1.0, 0.0]
    write_result(result, path)
    VALIDATOR.validate(strict(path.read_bytes().decode("utf-8")))
    back = read_result(path)
    assert back.student == hostile and back.exercises[0].tests == result.exercises[0].tests
    assert back.exercises[0].exhibit["submission"][0] == [None, 7.0, -1.0]


def broken(whole):
    """Return copies with one error each."""
    for path in [(), ("exercises", 0), ("exercises", 0, "tests", 0)]:
        for key in list(at(whole, path)):
            changed = copy.deepcopy(whole)
            del at(changed, path)[key]
            yield f"without {key}", changed
        for key, value in [("unknown", 1), ("earned", "1"), ("earned", -1), ("exercises", 3), ("student", None)]:
            changed = copy.deepcopy(whole)
            at(changed, path)[key] = value
            yield f"{path} with {key}={value!r}", changed
    for path, key, value in [
        (("exercises", 0, "tests", 0), "status", "skipped"),
        (("exercises", 0), "seed", 1.5),
        (("exercises", 0), "exhibit", {"title": "a"}),
        ((), "schema", "dlseq-result/1"),
        ((), "isolation", "none"),
        ((), "files", {"language_model": "abc"}),
    ]:
        changed = copy.deepcopy(whole)
        at(changed, path)[key] = value
        yield f"{key}={value!r}", changed


def at(whole, path):
    for step in path:
        whole = whole[step]
    return whole


def test_invalid_results_do_not_validate(forty):
    whole = json.loads(json.dumps(forty[0].to_dict()))
    assert VALIDATOR.is_valid(whole)
    kinds = list(broken(whole))
    assert len(kinds) > 40 and [name for name, changed in kinds if VALIDATOR.is_valid(changed)] == []


@pytest.mark.parametrize("text", ["", "[]", "3", '{"schema": "other"}', '{"schema": "dlseq-result/2"}', "[" * 100_000])
def test_a_file_that_is_no_result_raises(text, tmp_path):
    path = tmp_path / "result.json"
    path.write_text(text)
    with pytest.raises(DataError, match=r"(Cannot read|Invalid) result file"):
        read_result(path)
