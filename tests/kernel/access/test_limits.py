"""Somebody unknown is slowed down by address; nobody else is."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from yiwang.kernel.access.limits import MOST_KEPT, Limit
from yiwang.kernel.errors import NotSignedIn, TooMany


def request(address="203.0.113.7", signed_in=False, **headers):
    found = RequestFactory().get("/", REMOTE_ADDR=address, **headers)
    found.actor = SimpleNamespace(signed_in=signed_in)
    return found


def test_whoever_waits_as_long_as_was_said_may_ask_again():
    limit = Limit(burst=2, seconds=60)
    assert [limit.wait_for("a", 0.0) for _time in range(3)] == [0, 0, 31]
    assert limit.wait_for("b", 0.0) == 0
    assert limit.wait_for("a", 31.0) == 0
    assert limit.wait_for("a", 31.0) > 0


def test_nobody_saves_up_more_than_the_burst():
    limit = Limit(burst=2, seconds=60)
    limit.wait_for("a", 0.0)
    assert [limit.wait_for("a", 9000.0) for _time in range(3)] == [0, 0, 31]


def test_the_refusal_says_how_long_to_wait():
    limit = Limit(burst=1, seconds=600)
    limit.take(request())
    with pytest.raises(TooMany) as refused:
        limit.take(request())
    assert 0 < refused.value.extra["retry_after"] <= 601
    assert str(refused.value.extra["retry_after"]) in refused.value.detail


def test_officials_are_not_counted():
    limit = Limit(burst=1, seconds=600)
    for _time in range(5):
        limit.take(request(signed_in=True))


def test_a_token_that_does_not_hold_counts_as_nobody():
    class Bad:
        @property
        def signed_in(self):
            raise NotSignedIn("")

    limit, bad = Limit(burst=1, seconds=600), request()
    bad.actor = Bad()
    limit.take(bad)
    with pytest.raises(TooMany):
        limit.take(bad)


def test_a_house_with_ipv6_is_one_address():
    limit = Limit(burst=1, seconds=600)
    limit.take(request("2001:db8:1:2::1"))
    with pytest.raises(TooMany):
        limit.take(request("2001:db8:1:2:ffff::9"))
    limit.take(request("2001:db8:1:3::1"))


def test_behind_a_proxy_each_client_has_its_own_bucket(settings):
    settings.TRUSTED_PROXIES = 1
    limit = Limit(burst=1, seconds=600)
    limit.take(request(HTTP_X_FORWARDED_FOR="198.51.100.1"))
    limit.take(request(HTTP_X_FORWARDED_FOR="198.51.100.2"))
    with pytest.raises(TooMany):  # what the client wrote itself does not help
        limit.take(request(HTTP_X_FORWARDED_FOR="192.0.2.5, 198.51.100.2"))


def test_a_flood_of_addresses_fills_no_memory():
    limit = Limit(burst=1, seconds=600)
    for number in range(MOST_KEPT + 10):
        limit.wait_for(str(number), 0.0)
    assert len(limit._left) == MOST_KEPT
