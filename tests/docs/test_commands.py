"""docs/commands.md names every command, every action of it and every option, and nothing else."""

from __future__ import annotations

import argparse
import re

import pytest
from django.core.management import get_commands, load_command_class

from tests.docs.pages import first_cells, page, sections

# What Django gives every command; said once at the head of the page.
COMMON = {"--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback"}
COMMON |= {"--no-color", "--force-color", "--skip-checks"}
OURS = sorted(name for name, app in get_commands().items() if str(app).startswith("yiwang."))
# Django's own commands that an operator of Yiwang needs.
BORROWED = {"migrate"}


def parser_of(name: str) -> argparse.ArgumentParser:
    return load_command_class(get_commands()[name], name).create_parser("yiwang", name)


def actions_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The actions (`load` of `pack load`) with their parsers."""
    return {
        name: sub
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name, sub in action.choices.items()
    }


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    names = {name for action in parser._actions for name in action.option_strings if name.startswith("--")}
    return names - COMMON


def test_every_command_has_its_heading_and_every_heading_its_command():
    documented = {
        name.removeprefix("yiwang ")
        for name in sections(page("commands.md"), 2)
        if name.startswith("yiwang ")
    }
    assert documented == set(OURS) | BORROWED


@pytest.mark.parametrize("name", OURS)
def test_every_action_and_option_of_a_command_is_named_under_its_heading(name):
    own = sections(page("commands.md"), 2)[f"yiwang {name}"]
    parser = parser_of(name)
    actions = actions_of(parser)
    parts = sections(own, 3)
    assert {part for part in parts if part.startswith("yiwang ")} == {
        f"yiwang {name} {action}" for action in actions
    }
    for action, sub in actions.items():
        text = parts[f"yiwang {name} {action}"]
        missing = {option for option in options_of(sub) if f"`{option}" not in text}
        assert not missing, f"yiwang {name} {action}"
    missing = {option for option in options_of(parser) if f"`{option}" not in own}
    assert not missing, f"yiwang {name}"


@pytest.mark.parametrize("name", OURS)
def test_no_option_is_named_that_a_command_does_not_have(name):
    own = sections(page("commands.md"), 2)[f"yiwang {name}"]
    parser = parser_of(name)
    known = options_of(parser).union(*map(options_of, actions_of(parser).values())) | COMMON
    assert set(re.findall(r"`(--[a-z][a-z-]*)", own)) <= known


@pytest.mark.parametrize("name", OURS)
def test_every_argument_of_a_command_is_named(name):
    """Arguments without dashes, by their name or by the words that may stand there."""
    own = sections(page("commands.md"), 2)[f"yiwang {name}"]
    for parser in (parser_of(name), *actions_of(parser_of(name)).values()):
        for action in parser._actions:
            if action.option_strings or isinstance(action, argparse._SubParsersAction):
                continue
            words = [str(word) for word in action.choices or [action.metavar or action.dest]]
            shown = own.upper() if not action.choices else own
            assert all((word if action.choices else word.upper()) in shown for word in words), (name, words)


def test_every_benchmark_is_in_the_table():
    from yiwang.project.management.commands.bench import names

    table = sections(page("commands.md"), 2)["yiwang bench"]
    assert set(names()) <= set(first_cells(table))
