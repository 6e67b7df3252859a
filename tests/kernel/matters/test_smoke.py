from datetime import timedelta
from uuid_utils.compat import uuid7
from tests.conftest import at
from yiwang.core.geo import Point
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions, audit
from yiwang.kernel.matters.models import Matter, Task, Event


def test_a_matter_goes_through(dadong, django_assert_max_num_queries):
    now = at("2026-09-24T16:30")
    mid = uuid7()
    with django_assert_max_num_queries(10):
        actions.open(actor=SYSTEM, kind="incident", id=mid, title="井盖没了", now=now, source="portal",
                 standard=dadong.default_standard, class_code="01001", area=None, point=Point(123.47, 41.81, "WGS84"),
                 data={"limit": "5wd", "unit": None})
    task = Task.objects.get(matter=mid, state="open")
    assert task.node == "file"
    m = actions.void(actor=SYSTEM, matter=mid, now=now, note="x")
    assert m.state == "void"
    assert [f for _, fs in audit.verify() for f in fs] == []
