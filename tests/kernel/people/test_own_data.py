"""What is held about a person: read by herself after proving who she is, given out, erased; and who looked."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import translation

from tests import people
from tests.kernel.people.made import HUALU, NOW, couple, household, resident, worker
from tests.people import person
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.errors import Conflict, Denied, Invalid, NotFound
from yiwang.kernel.registers.models import AccessCode, Change, Household, Person
from yiwang.kernel.registers.people import actions, held, opening, proving, queries

DABEI = "210104002"


@pytest.fixture(autouse=True)
def english(dadong, settings, tmp_path):
    settings.HOME = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def steward():
    return person("people-steward")


def known(one, **values):
    actions.set_facts(
        actor=SYSTEM, person=one.pk, values=values, source="医保", as_of=date(2026, 9, 1), now=NOW
    )


def test_a_code_from_the_counter_and_the_id_number_prove_who_somebody_is():
    _house, head, _spouse = couple()
    issued = proving.issue(actor=person(f"aid-window-{DABEI}"), person=head.pk, now=NOW)
    assert proving.by_code(head.id_number, issued.code, NOW).pk == head.pk
    assert proving.by_code(head.id_number.lower(), issued.code.lower().replace("-", " "), NOW).pk == head.pk


def test_another_number_another_code_or_one_that_has_ended_prove_nothing_and_all_say_the_same():
    _house, head, spouse = couple()
    counter = person(f"aid-window-{DABEI}")
    first = proving.issue(actor=counter, person=head.pk, now=NOW)
    second = proving.issue(actor=counter, person=head.pk, now=NOW)
    said = set()
    for number, code, now in (
        (spouse.id_number, second.code, NOW),
        (head.id_number, first.code, NOW),  # a newer one was given
        (head.id_number, "2222-2222-2222", NOW),
        (head.id_number, "", NOW),
        ("123", second.code, NOW),
        ("", second.code, NOW),
        (head.id_number, second.code, NOW + timedelta(days=31)),
    ):
        with pytest.raises(NotFound) as refused:
            proving.by_code(number, code, now)
        said.add(refused.value.detail)
    assert len(said) == 1
    proving.revoke(actor=counter, person=head.pk, now=NOW)
    with pytest.raises(NotFound):
        proving.by_code(head.id_number, second.code, NOW)


def test_a_code_is_not_in_the_database_and_only_the_counter_gives_one():
    _house, head, _spouse = couple()
    issued = proving.issue(actor=person("aid-county"), person=head.pk, now=NOW)
    row = AccessCode.objects.get()
    assert issued.code.replace("-", "") not in str(vars(row))
    for code in (f"worker-{HUALU}", f"aid-officer-{DABEI}"):
        with pytest.raises(Denied):
            proving.issue(actor=person(code), person=head.pk, now=NOW)
    with pytest.raises(NotFound):
        proving.issue(actor=person("aid-window-210104003"), person=head.pk, now=NOW)


def test_an_application_that_was_sent_on_line_proves_nothing(steward):
    from yiwang.domains.assistance import held as assistance
    from yiwang.domains.assistance.models import Application

    for channel, agent, proven in (("counter", "", True), ("online", "", False), ("counter", "{}", False)):
        row = Application(channel=channel, agent=agent, person=household().pk)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(assistance.applying, "applicant", lambda _number, _secret, row=row: row)
            assert (assistance.prove("1", "2") is not None) is proven


def test_what_is_given_out_is_everything_and_is_on_record(steward):
    _house, head, _spouse = couple()
    known(head, medical_own_paid=12345)
    told = held.give(actor=steward, person=head.pk, purpose="本人书面申请查阅", now=NOW)
    assert told["register"]["name"] == head.name
    assert told["register"]["facts"]["medical_own_paid"]["value"] == 12345
    assert told["register"]["household"]["members"] == 2
    assert "assistance" in told
    archive = zipfile.ZipFile(io.BytesIO(held.as_zip(told)))
    assert set(archive.namelist()) == {
        "about.json",
        *(f"{n}.json" for n, v in told.items() if isinstance(v, dict)),
    }
    assert json.loads(archive.read("register.json"))["id_number"] == head.id_number
    assert PurposeLog.objects.get(subject_id=str(head.pk), field="export").purpose == "本人书面申请查阅"


def test_only_the_steward_gives_out_and_erases():
    _house, head, _spouse = couple()
    for code in ("aid-county", "aid-leader", f"worker-{HUALU}"):
        with pytest.raises(Denied):
            held.give(actor=person(code), person=head.pk, purpose="本人书面申请", now=NOW)
        with pytest.raises(Denied):
            held.erase(actor=person(code), person=head.pk, reason="本人书面申请", now=NOW)


def test_after_erasure_nothing_personal_is_left_and_what_is_kept_is_named(steward):
    house, head, spouse = couple()
    known(head, medical_own_paid=12345, employed=True)
    opening.open_person(actor=worker(), person=head.pk, purpose="核对申请", now=NOW)
    done = held.erase(actor=steward, person=head.pk, reason="本人书面申请删除", now=NOW)
    row = Person.objects.get(pk=head.pk)
    assert (row.name, row.id_number, row.id_hash, row.phone, row.facts, row.household_id) == (
        "",
        "",
        None,
        "",
        "",
        None,
    )
    assert not Change.objects.filter(person=head.pk).exclude(was="", became="").exists()
    assert done.erased["person"] == 1 and done.erased["facts"] == 4
    assert {one.what for one in done.kept} == {"purpose_log"}
    assert "art. 56" in done.kept[0].why
    assert PurposeLog.objects.filter(subject_id=str(head.pk)).count() == 2
    with pytest.raises(NotFound):
        queries.find(steward, id_number=head.id_number)
    assert [one.pk for one in queries.members(house.pk)] == [spouse.pk]
    with pytest.raises(NotFound):
        held.erase(actor=steward, person=head.pk, reason="本人书面申请删除", now=NOW)


def test_with_the_last_member_the_household_is_erased_too(steward):
    house = household()
    one = resident(house)
    held.erase(actor=steward, person=one.pk, reason="本人书面申请删除", now=NOW)
    row = Household.objects.get(pk=house.pk)
    assert (row.address, row.head_id) == ("", None)
    assert row.left is not None


def test_what_still_runs_is_named_and_nothing_is_erased(steward, monkeypatch):
    part = held.Part("test", give=lambda _row: None, hinder=lambda _row: ["a benefit is being paid."])
    monkeypatch.setitem(held._parts, "test", part)
    _house, head, _spouse = couple()
    with pytest.raises(Conflict, match="a benefit is being paid"):
        held.erase(actor=steward, person=head.pk, reason="本人书面申请删除", now=NOW)
    assert Person.objects.get(pk=head.pk).name == head.name


def test_nothing_is_given_out_or_erased_without_saying_why(steward):
    _house, head, _spouse = couple()
    with pytest.raises(Invalid):
        held.give(actor=steward, person=head.pk, purpose="", now=NOW)
    with pytest.raises(Invalid):
        held.erase(actor=steward, person=head.pk, reason="  ", now=NOW)


def test_the_command_works_in_the_name_of_an_official_and_takes_the_number_from_nobodys_history(
    tmp_path, monkeypatch
):
    _house, head, _spouse = couple()
    people.user("people-steward", username="steward")
    out = io.StringIO()
    monkeypatch.setattr("builtins.input", lambda _prompt: head.id_number)
    call_command("people", "find", "--by", "steward", stdout=out)
    assert out.getvalue().strip() == str(head.pk)
    file = tmp_path / "out.zip"
    call_command(
        "people", "export", str(head.pk), str(file), "--why", "本人书面申请", "--by", "steward", stdout=out
    )
    assert zipfile.ZipFile(file).namelist()
    assert file.stat().st_mode & 0o777 == 0o600
    out = io.StringIO()
    call_command(
        "people", "erase", str(head.pk), "--why", "本人书面申请", "--by", "steward", "--json", stdout=out
    )
    assert json.loads(out.getvalue())["erased"]["person"] == 1


def test_when_the_head_is_erased_the_household_has_another_head(steward):
    house, head, spouse = couple()
    held.erase(actor=steward, person=head.pk, reason="本人书面申请删除", now=NOW)
    assert Household.objects.get(pk=house.pk).head_id == spouse.pk
    assert Person.objects.get(pk=spouse.pk).relation == "head"


def test_what_is_given_out_says_who_looked(steward):
    _house, head, _spouse = couple()
    clerk = worker()
    opening.open_person(actor=clerk, person=head.pk, purpose="核对申请", now=NOW)
    (look,) = held.everything(head, NOW)["register"]["looked"]
    assert look["purpose"] == "核对申请" and look["fields"] == ("everything",)
    assert look["who"]


def test_the_person_sees_which_counter_gave_out_a_code(steward):
    from yiwang.faces.people import telling

    _house, head, _spouse = couple()
    proving.issue(actor=person(f"aid-window-{DABEI}"), person=head.pk, now=NOW)
    (told,) = telling.looks(head.pk)
    assert told["who"]
