"""What was done without a network: the phone's word about when, whatever its clock shows."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import at
from yiwang.kernel.matters.offline import AT_ONCE, BELIEVED, offline

NOW = at("2026-09-24T11:40")
spans = st.timedeltas(timedelta(0), timedelta(days=60))


@given(age=spans, wrong=st.timedeltas(timedelta(days=-3000), timedelta(days=3000)))
def test_a_clock_that_is_set_wrong_changes_nothing(age, wrong):
    found = offline(device_done=NOW + wrong - age, device_sent=NOW + wrong, now=NOW)
    if AT_ONCE <= age <= BELIEVED:
        assert found.done_at == (NOW - age).replace(microsecond=0)
        assert found.done_at <= NOW
    else:
        assert found is None


def test_what_is_sent_at_once_was_not_done_off_line():
    assert offline(device_done=NOW - timedelta(seconds=59), device_sent=NOW, now=NOW) is None


def test_what_is_done_after_it_is_sent_is_not_believed():
    assert offline(device_done=NOW + timedelta(hours=1), device_sent=NOW, now=NOW) is None


def test_an_hour_and_a_half_in_a_cellar_is_told():
    found = offline(device_done=at("2026-09-24T10:02"), device_sent=at("2026-09-24T11:40"), now=NOW)
    assert found.record() == {
        "done_at": "2026-09-24T02:02:00+00:00",
        "device_at": "2026-09-24T02:02:00+00:00",
    }
