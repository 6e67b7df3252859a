"""Programs ask what a change would do: the same answer as the page."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import people
from tests.domains.assistance.conftest import NOW, lives
from tests.kernel.people.made import HUALU
from yiwang.kernel.access import tokens


@pytest.fixture
def ask(lake, moment):
    lives(30_000)
    lake()

    def of(post: str, changes: dict):
        _token, secret = tokens.issue(user=people.user(post), name="测试", now=NOW, days=700)
        headers = {"authorization": f"Bearer {secret}"}
        return Client(headers=headers).post(
            "/api/v1/assistance/preview", {"changes": changes}, content_type="application/json"
        )

    return of


def test_the_effect_of_a_change_is_told_in_groups(ask):
    got = ask("aid-county", {"line.urban": 90_000}).json()
    assert got["total"]["change"] == 12 * 10_000
    assert [one["key"] for one in got["programmes"]] == ["guarantee"]


def test_an_unknown_parameter_and_a_wrong_value_are_refused_with_their_name(ask):
    for changes, where in (({"lime": 1}, "lime"), ({"line.urban": -1}, "line"), ({"care": "much"}, "care")):
        answer = ask("aid-county", changes)
        assert (answer.status_code, answer.json()["where"]) == (422, where)


def test_a_community_worker_does_not_preview(ask):
    assert ask(f"worker-{HUALU}", {}).status_code == 403
