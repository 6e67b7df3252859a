"""Commitment-based approval of permits: signed, decided at once, checked afterwards, revoked where it is not kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import at
from tests.domains.approvals.building import ANSWERS, decided, item, registered, started, step
from tests.pages.approvals import act
from tests.people import person
from yiwang.domains.approvals import queries, stages
from yiwang.domains.approvals.models import Item, Pledge
from yiwang.kernel.access.actors import resident
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import audit, receipts, store
from yiwang.kernel.matters.models import Matter, Task
from yiwang.kernel.records.models import Licence

NOW = at("2026-09-07T10:00")
PERMIT = "construction-permit"
TEXT = "承诺质量、安全措施"


@pytest.fixture
def pack(dadong, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    store.numbers.forget()
    yield dadong
    store.numbers.forget()


def up_to_construction(now):
    """A simple project whose planning permits are granted."""
    project = registered(now=now, project_class="simple").project
    for stage in ("planning", "works"):
        started(project, stage, now)
        while True:
            rows = Item.objects.filter(project=project, outcome="").select_related("matter", "stage__matter")
            if not rows:
                break
            for one in rows:
                decided(one, now)
    return project


def apply(project, now=NOW, **more):
    given = {"pledges": [PERMIT], "signed_by": "王法人"}
    return started(project, "construction", now, **given | more)


def test_a_commitment_stands_for_its_materials_and_the_permit_is_decided_without_a_review(pack):
    project = up_to_construction(NOW)
    apply(project)
    one, pledge = item(project, PERMIT), Pledge.objects.get()
    assert one.materials["safety-measures"] == "committed"
    assert pledge.text.startswith(TEXT) and pledge.signed_by == "王法人"
    assert one.matter.data["pledge"] == pledge.sha256
    seen = {"material_planning-permit": "received", "material_contracts": "received"}
    step(one, "accept", "accept", NOW, **seen)
    task = Task.objects.get(matter=one.pk, state="open")
    assert (task.node, task.limit) == ("decide", "1wd")
    view = queries.view(project, NOW)
    shown = next(x for stage in view.stages for x in stage.items if x.permit.slug == PERMIT)
    assert shown.clock.promised == "1wd"


def granted(project, now=NOW):
    apply(project, now)
    one = item(project, PERMIT)
    seen = {"material_planning-permit": "received", "material_contracts": "received"}
    step(one, "accept", "accept", now, **seen)
    step(one, "decide", "grant", now)
    one.refresh_from_db()
    return one


def test_once_granted_it_is_checked_within_its_time_and_a_kept_commitment_stands(pack):
    one = granted(up_to_construction(NOW))
    check = Pledge.objects.get().check_matter
    task = Task.objects.get(matter=check.pk)
    assert (task.node, task.unit_id, task.limit) == ("check", "construction", "20wd")
    # twenty working days over Mid-Autumn and National Day, of which 20 September and 10 October are worked
    assert task.due_at == at("2026-10-10T17:00")
    act(check, "check", "kept", NOW + timedelta(days=3), person("service-reviewer-construction"))
    assert Pledge.objects.get().result == "kept"
    assert Licence.objects.get(pk=one.licence).status == "valid"


def test_a_broken_commitment_is_decided_upon_and_the_licence_is_revoked(pack):
    project = up_to_construction(NOW)
    one, later = granted(project), NOW + timedelta(days=3)
    check = Pledge.objects.get().check_matter
    reviewer, decider = person("service-reviewer-construction"), person("service-decider-construction")
    with pytest.raises(Invalid) as refused:
        act(check, "check", "broken", later, reviewer)
    assert refused.value.where == "reason"
    act(check, "check", "broken", later, reviewer, reason="现场没有安全防护")
    assert Licence.objects.get(pk=one.licence).status == "valid"  # nothing is revoked before it is decided
    with pytest.raises(Invalid):
        act(check, "revoke", "revoke", later, decider)
    act(check, "revoke", "revoke", later, decider, reason="依据行政许可法第六十九条")
    one.refresh_from_db()
    assert (one.outcome, Licence.objects.get(pk=one.licence).status) == ("revoked", "revoked")
    step(one, "deliver", "delivered", later, way="online")
    one.refresh_from_db()
    assert one.outcome == "revoked"  # a later step of the permit does not bring it back
    assert all(not faults for _n, faults in audit.verify(Matter.objects.filter(kind__startswith="approval")))
    # the stage is applied for again, for this permit alone
    run = started(project, "construction", later, answers=ANSWERS["construction"])
    assert [x.permit for x in run.items.all()] == [PERMIT] and run.attempt == 2


def test_a_revocation_may_be_refused_with_reasons(pack):
    one = granted(up_to_construction(NOW))
    check = Pledge.objects.get().check_matter
    act(check, "check", "broken", NOW, person("service-reviewer-construction"), reason="缺一项台账")
    act(check, "revoke", "keep", NOW, person("service-decider-construction"), reason="当场补齐")
    assert Pledge.objects.get().result == "not_revoked"
    one.refresh_from_db()
    assert (one.outcome, Licence.objects.get(pk=one.licence).status) == ("granted", "valid")


@pytest.mark.parametrize(
    "more, where",
    [
        ({"signed_by": " "}, "signed_by"),
        ({"pledges": ["works-planning-permit"]}, "pledge_works-planning-permit"),
    ],
)
def test_a_commitment_is_signed_and_only_where_the_pack_offers_it(pack, more, where):
    project = up_to_construction(NOW)
    with pytest.raises(Invalid) as refused:
        apply(project, **more)
    assert refused.value.where == where and not Pledge.objects.exists()


def test_without_a_commitment_it_goes_the_ordinary_way(pack):
    project = up_to_construction(NOW)
    started(project, "construction", NOW)
    one = item(project, PERMIT)
    assert one.matter.data["by_commitment"] is False and not Pledge.objects.exists()
    assert stages.asked([queries.current().approvals.permits[PERMIT]])[-1].material.slug == "safety-measures"


def test_the_form_of_the_stage_offers_it_and_the_pages_show_who_signed_masked(
    signed_in, visitor, world, time
):
    project = up_to_construction(time.now)
    client, address = signed_in("project-guide"), f"/projects/{project.code}/stages/construction"
    page = client.get(address).content.decode()
    assert TEXT in page and f"pledge_{PERMIT}" in page
    form = {
        **ANSWERS["construction"],
        "consent": "1",
        f"pledge_{PERMIT}": "1",
        "signed_by": "",
    }
    slip = client.post(address, form)
    assert slip.status_code == 422 and "checked" in slip.content.decode()
    assert client.post(address, form | {"signed_by": "王法人"}).status_code == 302
    one = item(project, PERMIT)
    step(one, "accept", "accept", time.now,
         **{"material_planning-permit": "received", "material_contracts": "received"})  # fmt: skip
    decider = signed_in("service-decider-construction")
    shown = decider.get(f"/matters/{one.matter.number}").content.decode()
    assert TEXT in shown and "王法人" not in shown and "王" in shown
    step(one, "decide", "grant", time.now)
    check = Pledge.objects.get().check_matter
    reviewer = signed_in("service-reviewer-construction")
    shown = reviewer.get(f"/matters/{check.number}").content.decode()
    assert TEXT in shown and one.matter.number in shown and 'name="reason"' in shown
    visitor.post("/follow", {"number": project.matter.number, "secret": receipts.secret_for(project.pk)})
    own = visitor.get(f"/follow/{project.matter.number}").content.decode()
    assert TEXT in own and "checked until" in own
    assert resident(project.pk).matter_id == project.pk
