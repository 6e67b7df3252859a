"""docs/run.md names the accounts that the start prints, their password and the key."""

from __future__ import annotations

from tests.docs.pages import code, first_cells, page, sections
from yiwang.project.demo import accounts


def test_the_accounts_of_the_page_are_those_that_the_start_prints():
    table = sections(page("run.md"), 3)["Accounts"]
    assert first_cells(table) == [name for name, _chinese, _english in accounts.SHOWN]


def test_the_page_gives_the_password_and_the_key_of_the_demonstration():
    assert {accounts.PASSWORD, accounts.KEY} <= code(page("run.md"))
