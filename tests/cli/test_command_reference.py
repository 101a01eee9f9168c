"""The page of all commands is that of the application. The fixture `dlseq_command` compares the fields of JSON."""

from pathlib import Path

import typer.main

from dlseq.cli import app
from dlseq.cli.command_reference import EXIT_STATUSES, JSON_FIELDS, command_reference

PAGE = Path(__file__).parents[2] / "docs/commands.md"
COMMANDS = typer.main.get_command(app).commands


def test_the_page_is_in_step_with_the_application():
    advice = "A command, option or preset has changed: run python -m dlseq.cli.command_reference > docs/commands.md"
    assert PAGE.read_text("utf-8") == command_reference(), advice


def test_every_option_of_every_command_is_on_the_page():
    page = PAGE.read_text("utf-8")
    for name, command in COMMANDS.items():
        section = page.split(f"## dlseq {name}\n")[1].split("\n## ")[0]
        for parameter in command.params:
            for option in [*parameter.opts, *parameter.secondary_opts]:
                assert parameter.param_type_name == "argument" or option in section, (name, option)


def test_every_command_with_json_has_its_fields():
    with_json = {name for name, command in COMMANDS.items() if any("--json" in each.opts for each in command.params)}
    advice = "Give each command with --json a row in JSON_FIELDS of dlseq/cli/command_reference.py, then make the page."
    assert with_json == set(JSON_FIELDS), advice
    assert set(EXIT_STATUSES) <= set(COMMANDS)


def test_options_are_code_once_and_presets_a_list():
    page = command_reference()
    assert "``" not in page and "given to `dlseq train activities --data`." in page
    assert "\n- world: 54 locales" in page and "Default: `attention.png`." in page
