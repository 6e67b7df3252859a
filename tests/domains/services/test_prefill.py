"""What registers and licences know of a person is filled in at her wish, on record, marked, and hers to correct."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.domains.services.family import CASE, FAMILY, MONDAY, office, part, sent, window
from tests.kernel.people.made import couple
from tests.people import person as official
from yiwang.domains.services import drafts, joint_follow, prefill
from yiwang.domains.services.models import Application, Filled, Joint
from yiwang.faces.people import telling
from yiwang.faces.portal import wanting
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs.forms import ORIGINS
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.records.licences import actions as licences
from yiwang.kernel.records.licences import chain
from yiwang.kernel.registers.people import held


@pytest.fixture
def form(world):
    return wanting.bundle(current(), "newborn", CASE, MONDAY).form


def fill(person, form, answers=None, sheet=None, **more):
    given = {"consent": True, "what": "新生儿出生一件事", "now": MONDAY} | more
    return prefill.fill(sheet=sheet or uuid4(), person=person, form=form, answers=answers or {}, **given)


def test_a_mother_gets_her_own_data_and_nothing_of_her_husband(form):
    house, father, mother = couple()
    got = fill(mother, form)
    assert got["mother_name"] == mother.name and got["mother_id"] == mother.id_number
    assert got["mother_phone"] == mother.phone and got["household_address"] == house.address
    assert not {"father_name", "father_id", "household_head"} & set(got)  # his, and he is the head
    his = fill(father, form)
    assert his["father_id"] == father.id_number and his["household_head"] == father.name
    assert not {"mother_name", "mother_phone"} & set(his)  # hers, and of him no telephone is known


def test_without_consent_nothing_is_filled_in_and_nothing_is_on_record(form):
    _house, _father, mother = couple()
    with pytest.raises(Invalid) as refused:
        fill(mother, form, consent=False)
    assert refused.value.where == "fill_consent"
    assert prefill.known(form, mother, MONDAY)  # names of questions are shown before
    assert not PurposeLog.objects.exists() and not Filled.objects.exists()


def test_it_is_on_record_where_she_reads_who_looked(form):
    _house, _father, mother = couple()
    fill(mother, form)
    looks = telling.looks(mother.pk)
    assert (
        len(looks) == 1
        and "新生儿出生一件事" in looks[0]["purpose"]
        and looks[0]["who"] in ("yourself", "您本人")
    )
    assert not telling.looks(_father.pk)


def test_what_was_typed_before_is_not_overwritten(form):
    _house, _father, mother = couple()
    got = fill(mother, form, {"mother_name": "李·别名", "child_name": "小满"})
    assert got["mother_name"] == "李·别名" and got["child_name"] == "小满" and got["mother_id"]
    with pytest.raises(Invalid):
        fill(mother, form, got)


def test_it_lies_sealed_and_the_application_keeps_where_it_came_from_and_no_value(form):
    from django.db import connection

    _house, _father, mother = couple()
    sheet = uuid4()
    got = fill(mother, form, FAMILY | {"mother_name": "", "mother_id": "", "mother_phone": ""}, sheet)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM services_filled")
        assert mother.id_number not in str(cursor.fetchone())
    marks = prefill.marks(sheet, got | {"mother_phone": "13900000000"})
    assert marks["mother_id"] == ("register", True) and marks["mother_phone"] == ("register", False)
    application = sent(id=sheet, answers=got | {"mother_phone": "13900000000"})
    row = Joint.objects.select_related("matter").get(pk=application.id)
    assert row.filled["mother_id"] == {"source": "register", "same": True}
    assert row.filled["mother_phone"] == {"source": "register", "same": False}
    assert mother.id_number not in str(row.filled) and not Filled.objects.exists()
    seen = joint_follow.progress(row, MONDAY).marks
    assert "register" in seen["mother_id"].casefold() or "登记" in seen["mother_id"]
    assert seen["mother_phone"] != seen["mother_id"]
    window(application)
    office(application, "birth-household")
    card = Application.objects.get(pk=part(application, "social-security-card").matter_id)
    assert "mother_id" in card.filled and "household_address" not in card.filled


def test_a_licence_of_her_own_fills_in_and_its_chain_says_so(world):
    _house, _father, mother = couple()
    form = current().forms["application"].form
    issued = licences.issue(
        actor=official("licence-officer"),
        type="residence-proof",
        holder=mother.name,
        holder_number=mother.id_number,
        fields={"address": "东顺城街 8 号"},
        now=MONDAY,
        address="http://127.0.0.1",
    )
    sheet = uuid4()
    got = fill(mother, form, sheet=sheet)
    assert got["applicant_address"] == "东顺城街 8 号"
    assert prefill.marks(sheet, got)["applicant_address"] == (f"licence:{issued.number}", True)
    issued.refresh_from_db()
    last = issued.events.order_by("-seq").first()
    assert (last.action, last.data["by"]) == ("use", "holder") and list(chain.faults(issued)) == []
    licences.revoke(actor=official("licence-officer"), licence=issued.pk, reason="住址已变更", now=MONDAY)
    again = fill(mother, form)
    assert again["applicant_address"] != "东顺城街 8 号"  # a revoked licence fills in nothing


def test_it_is_forgotten_with_the_form_and_given_out_and_erased_with_everything_else(form):
    _house, _father, mother = couple()
    sheet, alone = uuid4(), uuid4()
    fill(mother, form, sheet=sheet)
    fill(mother, form, sheet=alone)
    assert len(held.everything(mother, MONDAY)["service_forms"]["filled_in"]) == 2
    drafts.save(id=sheet, bundle="newborn", rules=current(), answers={}, now=MONDAY)
    drafts.forget_old(MONDAY + timedelta(days=2))
    assert [row.pk for row in Filled.objects.all()] == [sheet]
    drafts.forget_old(MONDAY + timedelta(days=61))
    assert not Filled.objects.exists()


def test_every_origin_that_a_pack_may_name_is_known_here(world):
    _house, father, mother = couple()
    assert {*prefill.origins_of(father), *prefill.origins_of(mother)} == ORIGINS


def test_somebody_who_moved_away_gets_no_address(form):
    _house, _father, mother = couple()
    mother.left = MONDAY.date()
    assert "household_address" not in fill(mother, form)
