"""The page of a matter: everything about it, only what one may do, and forms that lose nothing."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.faces.conftest import COMMUNITY, LAMP, condition, photo
from yiwang.domains.operations.intake import File
from yiwang.domains.operations.models import Report
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.matters.models import Matter, Pause, Task
from yiwang.kernel.records.models import Attachment

ELSEWHERE = "210104003004"


def page(client, number: str, query: str = "") -> str:
    answer = client.get(f"/matters/{number}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def do(client, at, action: str, **sent):
    given = {"task": str(at.task.pk) if at.task else ""} | sent
    return client.post(f"/matters/{at.number}/do/{action}", given)


def done(client, at, action: str, **sent) -> Matter:
    answer = do(client, at, action, **sent)
    assert (answer.status_code, answer["Location"]) == (302, f"/matters/{at.number}"), answer.content.decode()
    at.matter.refresh_from_db()
    return at.matter


@pytest.mark.parametrize(
    ("post", "step"),
    [
        ("acceptor", "file"),
        ("dispatcher", "dispatch"),
        ("supervisor", "handle"),
        ("duty-leader", "close"),
        ("leader", "end"),
    ],
)
def test_the_page_takes_few_queries_whatever_one_may_do(
    signed_in, at_step, post, step, django_assert_max_num_queries
):
    at = at_step(step, contact_phone="13812345678", files=[File(photo(), "a.jpg")])
    client = signed_in(post)
    page(client, at.number)
    with django_assert_max_num_queries(20):
        page(client, at.number)


def test_looking_changes_nothing(signed_in, at_step):
    at = at_step("handle")
    client = signed_in("handler-lighting")
    before = Matter.objects.get(pk=at.matter.pk).seq
    page(client, at.number)
    client.head(f"/matters/{at.number}")
    assert client.get(f"/matters/{at.number}/do/claim").status_code == 405
    assert Matter.objects.get(pk=at.matter.pk).seq == before


def test_there_is_no_script_and_no_style_in_the_page_itself(signed_in, visitor, at_step):
    at = at_step("file")
    pages = [page(signed_in("acceptor"), at.number), visitor.get("/report").content.decode()]
    for text in pages:
        assert "<style" not in text and " style=" not in text and " onclick=" not in text
        tags = [tag.split(">")[0] for tag in text.split("<script")[1:]]
        # Data blocks are not run.
        assert all("src=" in tag or 'type="application/json"' in tag for tag in tags)


def test_who_may_not_see_a_matter_learns_nothing_of_it(signed_in, at_step):
    at = at_step("handle", files=[File(photo(), "a.jpg")])
    other = signed_in("handler-sanitation")
    file = Attachment.objects.get(matter=at.matter)
    for address in (f"/matters/{at.number}", f"/matters/{at.number}/process.bpmn", f"/files/{file.pk}"):
        assert other.get(address).status_code == 404, address
    assert do(other, at, "complete", outcome="done", note="x").status_code == 404
    assert Task.objects.get(pk=at.task.pk).state == "open"


def test_an_auditor_reads_and_is_offered_no_action(signed_in, at_step):
    text = page(signed_in("auditor"), at_step("handle").number)
    assert "/do/" not in text


def test_files_come_with_their_own_type_and_a_small_picture_when_asked(signed_in, at_step):
    at = at_step("handle", files=[File(photo((900, 600)), "a.jpg")])
    client, file = signed_in("handler-lighting"), Attachment.objects.get(matter=at.matter)
    whole, small = client.get(f"/files/{file.pk}"), client.get(f"/files/{file.pk}?thumb=1")
    for answer in (whole, small):
        assert answer["Content-Type"] == "image/jpeg" and answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert len(b"".join(small)) < len(b"".join(whole))
    assert client.get(f"/files/{file.pk}", headers={"If-None-Match": whole["ETag"]}).status_code == 304
    assert client.get("/files/00000000-0000-0000-0000-000000000000").status_code == 404


def test_the_process_is_served_as_a_bpmn_file(signed_in, at_step):
    answer = signed_in("dispatcher").get(f"/matters/{at_step('dispatch').number}/process.bpmn")
    assert answer["Content-Type"].startswith("application/xml")
    assert b"<bpmn:definitions" in answer.content


def test_the_class_is_chosen_by_links_and_a_search_without_any_script(signed_in, reported):
    got = reported(text="城管不管事，没人来", point=None)
    client = signed_in("acceptor")
    found = page(client, got.matter.number, "?find=" + "路灯")
    assert "01037" in found
    chosen = page(client, got.matter.number, f"?class={LAMP[0]}|{LAMP[1]}")
    assert condition() in chosen and "working day" in chosen


def test_what_was_typed_stays_when_a_form_is_refused(signed_in, reported):
    got = reported(point=None, text="路灯不亮")
    client, task = signed_in("acceptor"), Task.objects.get(matter=got.matter)
    sent = {
        "form": f"complete-file-{task.token}",
        "task": str(task.pk),
        "outcome": "file",
        "note": "已电话核实",
    }
    sent |= {"standard": LAMP[0], "class_code": LAMP[1], "condition": condition()}
    answer = client.post(f"/matters/{got.matter.number}/do/complete", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "choose the community" in text and "已电话核实" in text
    assert f'value="{condition()}" required checked' in text
    assert Task.objects.get(pk=task.pk).state == "open"


def test_the_second_of_two_is_told_who_did_it_and_when(signed_in, at_step):
    at = at_step("handle")
    first, second = signed_in("handler-lighting", name="李师傅"), signed_in("supervisor", "handler-lighting")
    done(first, at, "complete", outcome="done", note="换了灯泡")
    answer = do(second, at, "complete", outcome="done", note="我也换了", form="gone")
    assert answer.status_code == 409
    assert "李师傅 finished this task on 2026-09-24 16:30" in answer.content.decode()


def test_a_task_that_somebody_took_is_not_offered_to_others(signed_in, at_step):
    at = at_step("handle")
    done(signed_in("handler-lighting", name="李师傅"), at, "claim")
    other = signed_in("supervisor", "handler-lighting")
    assert "taken by 李师傅" in page(other, at.number)
    assert do(other, at, "complete", outcome="done", note="x").status_code == 409


def test_work_and_its_photos_are_kept_together_or_not_at_all(signed_in, at_step):
    at, client = at_step("handle"), signed_in("handler-lighting")
    broken = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff broken", "image/jpeg")
    answer = do(client, at, "complete", outcome="done", note="换了灯泡", photos=broken, form="x")
    assert answer.status_code in (415, 422)
    assert Task.objects.get(pk=at.task.pk).state == "open" and not Attachment.objects.exists()
    good = SimpleUploadedFile("b.jpg", photo(), "image/jpeg")
    done(client, at, "complete", outcome="done", photos=good)
    kept = Attachment.objects.get()
    assert (kept.matter_id, kept.stage) == (at.matter.pk, "after")
    assert f"/files/{kept.pk}?thumb=1" in page(client, at.number)


def test_the_contact_is_masked_and_opened_only_for_a_recorded_purpose(signed_in, at_step):
    at = at_step("handle", contact_name="张小明", contact_phone="13812345678")
    client = signed_in("reviewer-lighting")
    text = page(client, at.number)
    assert "138****5678" in text and "13812345678" not in text and "张小明" not in text
    address = f"/matters/{at.number}/contact"
    refused = client.post(address, {"report": str(at.report.pk), "purpose": "?"})
    assert refused.status_code == 422 and "13812345678" not in refused.content.decode()
    shown = client.post(address, {"report": str(at.report.pk), "purpose": "约上门时间"})
    assert "13812345678" in shown.content.decode() and shown["Cache-Control"] == "private, no-store"
    logged = PurposeLog.objects.order_by("field").values_list("subject_id", "field", "purpose")
    assert list(logged) == [
        (str(at.report.pk), field, "约上门时间") for field in ("contact_name", "contact_phone")
    ]
    handler = signed_in("handler-lighting")
    assert "Show the contact" not in page(handler, at.number)
    assert handler.post(address, {"report": str(at.report.pk), "purpose": "约上门时间"}).status_code == 403


def test_only_the_contacts_that_are_there_are_logged_as_seen(signed_in, at_step):
    at, client = at_step("handle", contact_phone="13812345678"), signed_in("reviewer-lighting")
    address = f"/matters/{at.number}/contact"
    client.post(address, {"report": str(at.report.pk), "purpose": "约上门时间"})
    assert [log.field for log in PurposeLog.objects.all()] == ["contact_phone"]
    without = at_step("handle")
    asked = {"report": str(without.report.pk), "purpose": "约上门时间"}
    assert client.post(f"/matters/{without.number}/contact", asked).status_code == 404
    assert PurposeLog.objects.count() == 1


def test_what_an_inspector_reported_is_named_as_such_on_the_page(signed_in, at_step):
    at = at_step("file")
    Report.objects.filter(pk=at.report.pk).update(channel="staff")
    assert "Reported by staff" in page(signed_in("acceptor"), at.number)


def test_a_dispatcher_pauses_and_resumes_the_clock_and_gives_a_task_to_another_unit(signed_in, at_step, time):
    at, client = at_step("handle"), signed_in("dispatcher")
    assert done(client, at, "hold", reason="material", note="等待灯具到货").held
    assert "clock paused" in page(client, at.number)
    time.set("2026-09-28T09:00")
    done(client, at, "resume")
    assert Pause.objects.get().end is not None
    assert done(client, at, "reassign", unit="municipal", note="灯杆归市政").unit_id == "municipal"


def test_a_supervisor_extends_reminds_and_corrects_the_place(signed_in, at_step):
    at, client = at_step("handle"), signed_in("supervisor")
    unit = at.task.limit.lstrip("0123456789")
    before = at.task.due_at
    assert do(client, at, "extend", amount="many", unit=unit, note="工程量大").status_code == 422
    assert done(client, at, "extend", amount="2", unit=unit, note="工程量大").extensions == 1
    assert Task.objects.get(pk=at.task.pk).due_at > before
    assert done(client, at, "remind", note="请尽快").priority == 1
    assert do(client, at, "relocate", area="999999").status_code == 422
    moved = done(client, at, "relocate", area=ELSEWHERE, address="万泉街 1 号")
    assert (moved.area_id, moved.address) == (ELSEWHERE, "万泉街 1 号")


def test_a_step_may_be_put_back_to_an_earlier_one(signed_in, at_step):
    at, client = at_step("dispatch"), signed_in("dispatcher")
    assert done(client, at, "send_back", to="file", note="类别不对").returns == 1
    assert Task.objects.get(matter=at.matter, state="open").node == "file"


def test_two_reports_of_one_problem_are_joined_from_a_list_of_suggestions(signed_in, at_step, time):
    first, second = at_step("file"), at_step("file")
    client = signed_in("acceptor")
    assert f'name="duplicates" value="{second.number}"' in page(client, first.number)
    done(client, first, "merge", duplicates=second.number)
    assert Matter.objects.get(pk=second.matter.pk).merged_into_id == first.matter.pk
    assert first.number in page(client, second.number)
    assert do(client, first, "merge", other="20260101-000001-1", form="merge").status_code == 404
    assert do(client, first, "merge", form="merge").status_code == 422


def test_a_second_problem_in_one_report_becomes_a_matter_of_its_own(signed_in, at_step):
    at, client = at_step("dispatch"), signed_in("duty-leader")
    done(client, at, "split", title="垃圾未清", description="路灯旁还有一堆垃圾")
    new = Matter.objects.get(title="垃圾未清")
    assert (new.area_id, new.link) == (COMMUNITY, "file")
    assert new.number in page(client, at.number)


def test_voiding_and_closing_by_hand_tell_the_reporter_and_a_closed_one_opens_again(signed_in, at_step):
    leader = signed_in("duty-leader")
    void = at_step("file")
    assert do(leader, void, "void", reason="", form="void").status_code == 422
    assert done(leader, void, "void", reason="repeat").state == "void"
    assert Report.objects.get(matter=void.matter).answer
    hand = at_step("dispatch")
    assert done(leader, hand, "close", answer="巡查人员已当场处理。", note="自行处置").state == "closed"
    assert Report.objects.get(matter=hand.matter).answer == "巡查人员已当场处理。"
    closed = at_step("end")
    assert done(leader, closed, "reopen", note="又灭了").state == "open"


def test_an_action_that_does_not_exist_is_not_found(signed_in, at_step):
    at = at_step("file")
    assert do(signed_in("acceptor"), at, "explode").status_code == 404
    assert do(signed_in("acceptor"), at, "claim", task="no id", form="x").status_code == 404


def test_ten_megabytes_of_note_are_refused_without_a_fault(signed_in, at_step):
    at = at_step("handle")
    answer = do(signed_in("handler-lighting"), at, "complete", outcome="done", note="长" * 4_500_000)
    assert answer.status_code in (400, 413)
    assert io.BytesIO(answer.content).read(1)
