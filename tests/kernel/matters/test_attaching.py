"""A file added to a matter is part of its story."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from uuid_utils.compat import uuid7

from tests.conftest import at
from tests.people import person
from yiwang.kernel.access.actors import SYSTEM, Actor, resident
from yiwang.kernel.errors import Conflict, Denied, NotSignedIn
from yiwang.kernel.matters import actions, audit, queries
from yiwang.kernel.matters.attaching import attach
from yiwang.kernel.matters.models import Event
from yiwang.kernel.records import attachments
from yiwang.kernel.records.models import Attachment

NOW = at("2026-09-28T09:00")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def picture(colour: tuple = (200, 30, 30)) -> attachments.Checked:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return attachments.check(out.getvalue(), "photo.jpg")


def add(way, actor: Actor = SYSTEM, key=None, file=None, stage: str = "after") -> Attachment:
    return attach(
        actor=actor, matter=way.id, checked=file or picture(), stage=stage, now=NOW, id=key or uuid7()
    )


def test_who_works_a_task_adds_a_file_and_the_story_says_so(way):
    handler = person(f"handler-{way.to_handle().unit_id}", name="王维修")
    row = add(way, handler)
    assert (row.matter_id, row.stage, row.added_at) == (way.id, "after", NOW)
    event = Event.objects.filter(matter=way.id).last()
    assert (event.action, event.actor_name) == ("attach", "王维修")
    assert event.data["record"] == {
        "attachment": str(row.id),
        "stage": "after",
        "sha256": row.sha256,
        "media_type": "image/jpeg",
    }
    assert [fault for _number, faults in audit.verify() for fault in faults] == []


def test_a_file_sent_again_is_there_once_and_told_once(way):
    way.to_handle()
    key = uuid7()
    first, events = add(way, key=key), Event.objects.count()
    assert add(way, key=key) == first
    assert Event.objects.count() == events
    with pytest.raises(Conflict):
        add(way, key=key, file=picture((9, 9, 9)))
    assert Event.objects.count() == events and Attachment.objects.count() == 1


def test_who_opens_matters_there_adds_files_too(way, acceptor):
    way.to_handle()
    assert add(way, acceptor).added_by == acceptor.label


def test_those_who_only_look_a_reporter_and_a_stranger_add_nothing(way):
    way.to_handle()
    auditor = person("auditor")
    assert queries.see(auditor, way.matter().number)
    for nobody, error in (
        (auditor, Denied),
        (person("handler-greening"), Denied),
        (resident(way.id), NotSignedIn),
        (Actor("key", id=1, channel="hotline"), Denied),
    ):
        with pytest.raises(error):
            add(way, nobody)
    assert not Attachment.objects.exists()


def test_a_matter_that_ended_takes_no_more_files(way):
    way.open()
    actions.close(actor=SYSTEM, matter=way.id, note="好", now=NOW)
    with pytest.raises(Conflict) as refusal:
        add(way)
    assert refusal.value.code == "not_open"
    assert not Attachment.objects.exists()
