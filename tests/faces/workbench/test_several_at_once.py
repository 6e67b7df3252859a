"""Several matters at once, duplicates side by side, one matter beside the list, and lists as Excel files."""

import io
import re
from datetime import datetime

import pytest
from openpyxl import load_workbook

from tests.conftest import at
from tests.faces.conftest import LAMP, condition, photo
from yiwang.core.geo import Point
from yiwang.domains.operations.intake import File
from yiwang.faces.workbench import export
from yiwang.faces.workbench.models import Exported
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters import actions as matters
from yiwang.kernel.matters.models import Event, Matter, Task


def several(client, wish: str, *ats, address="/work/bulk", **more):
    return client.post(address, {"wish": wish, "task": [str(one.task.pk) for one in ats]} | more)


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_preview_says_for_each_what_will_happen_and_changes_nothing(signed_in, at_step):
    ready, early = at_step("dispatch"), at_step("file")
    before = Event.objects.count()
    page = text_of(several(signed_in("dispatcher"), "dispatch", ready, early))
    assert "Dispatch 1 matter" in page
    assert ready.number in page and "belongs to another post" in page
    task = Task.objects.get(pk=ready.task.pk)
    assert task.state == "open" and Event.objects.count() == before


def test_the_due_moment_of_the_preview_is_the_one_that_follows(signed_in, at_step):
    one = at_step("dispatch")
    dispatcher = signed_in("dispatcher")
    page = text_of(several(dispatcher, "dispatch", one))
    done = several(
        dispatcher, "dispatch", one, address="/work/bulk/do", **{f"unit-{one.task.pk}": "lighting"}
    )
    assert "1 done, 0 refused" in text_of(done)
    task = Task.objects.get(matter=one.matter, state="open")
    assert task.unit_id == "lighting"
    shown = re.search(r'<td><time datetime="([^"]+)"', page)[1]
    assert datetime.fromisoformat(shown) == task.due_at


def test_what_is_refused_stays_and_the_others_are_done(signed_in, at_step, time):
    first, second = at_step("dispatch"), at_step("dispatch")
    matters.complete(actor=SYSTEM, task=first.task.pk, outcome="dispatch", now=time.now)
    units = {f"unit-{one.task.pk}": "lighting" for one in (first, second)}
    page = text_of(
        several(signed_in("dispatcher"), "dispatch", first, second, address="/work/bulk/do", **units)
    )
    assert "1 done, 1 refused" in page and "finished this task" in page
    assert Task.objects.filter(link="handle", state="open").count() == 2


def test_somebody_elses_post_can_do_nothing_at_once(signed_in, at_step):
    one = at_step("dispatch")
    acceptor = signed_in("acceptor")
    assert "None of these can be done" in text_of(several(acceptor, "dispatch", one))
    several(acceptor, "dispatch", one, address="/work/bulk/do", **{f"unit-{one.task.pk}": "lighting"})
    assert Task.objects.get(pk=one.task.pk).state == "open"


def test_several_tasks_are_taken(signed_in, at_step):
    ones = [at_step("dispatch"), at_step("dispatch")]
    dispatcher = signed_in("dispatcher")
    assert "Take 2 tasks" in text_of(several(dispatcher, "claim", *ones))
    assert "2 done" in text_of(several(dispatcher, "claim", *ones, address="/work/bulk/do"))
    assert Task.objects.filter(assignee__username="dispatcher").count() == 2
    assert "You have taken it already" in text_of(several(dispatcher, "claim", *ones))


def test_several_are_joined_with_the_oldest_or_the_chosen_one(signed_in, at_step):
    old = at_step("dispatch", now=at("2026-09-24T10:00"))
    new = at_step("dispatch", now=at("2026-09-24T11:00"))
    dispatcher = signed_in("dispatcher")
    page = text_of(several(dispatcher, "merge", new, old))
    assert page.index(old.number) < page.index(new.number) and "takes the others in" in page
    page = text_of(several(dispatcher, "merge", new, old, address="/work/bulk/do", primary=old.number))
    assert "1 done, 0 refused" in page
    new.matter.refresh_from_db()
    assert (new.matter.state, new.matter.merged_into_id) == ("merged", old.matter.pk)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"wish": "dispatch"}, "at least one"),
        ({"wish": "destroy", "task": []}, "no action"),
        ({"wish": "claim", "task": ["x"]}, "no such task"),
        ({"wish": "claim", "task": ["0198f3a2-7c11-7aaa-8000-1234567890ab"] * 201}, "at most 200"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(signed_in, given, said):
    answer = signed_in("dispatcher").post("/work/bulk", given)
    assert answer.status_code == 422 and said in answer.content.decode()


def test_one_matter_at_once_cannot_be_joined(signed_in, at_step):
    assert several(signed_in("dispatcher"), "merge", at_step("dispatch")).status_code == 422


# Side by side


def test_two_matters_stand_side_by_side_with_photos_distance_and_time(signed_in, at_step, inside):
    one = at_step("dispatch", now=at("2026-09-24T10:00"), files=[File(photo(), "a.jpg")])
    other = at_step(
        "file", now=at("2026-09-24T12:00"), point=Point(inside.lon, inside.lat + 0.0009, inside.system)
    )
    page = text_of(
        signed_in("dispatcher").get(f"/duplicates?a={one.number}&b={other.number.replace('-', '')}")
    )
    assert "100 m from the first" in page and "2 hours after the first" in page
    assert page.count("?thumb=1") == 1 and "Join them" in page


def test_they_are_joined_and_the_chosen_one_goes_on(signed_in, at_step):
    one, other = at_step("dispatch"), at_step("dispatch")
    given = {"a": one.number, "b": other.number, "primary": other.number, "note": "同一盏灯"}
    answer = signed_in("dispatcher").post("/duplicates", given)
    assert answer["Location"] == f"/matters/{other.number}"
    assert Matter.objects.get(pk=one.matter.pk).merged_into_id == other.matter.pk


def test_a_number_that_one_may_not_see_is_not_shown(signed_in, at_step):
    one, other = at_step("handle"), at_step("handle")
    answer = signed_in("handler-sanitation").get(f"/duplicates?a={one.number}&b={other.number}")
    assert answer.status_code == 404 and "Join them" not in answer.content.decode()


def test_without_numbers_it_asks_for_them(signed_in):
    assert 'name="a"' in text_of(signed_in("dispatcher").get("/duplicates"))


# Beside the list


def test_the_panel_has_the_forms_and_says_what_was_done(signed_in, at_step):
    one = at_step("dispatch")
    dispatcher = signed_in("dispatcher")
    page = text_of(dispatcher.get(f"/matters/{one.number}/panel"))
    assert "<html" not in page and f'data-mine="{one.task.pk}"' in page
    answer = dispatcher.post(
        f"/matters/{one.number}/panel/complete",
        {"task": str(one.task.pk), "outcome": "dispatch", "unit": "lighting", "form": "x"},
    )
    page = text_of(answer)
    assert "data-said=" in page and 'data-mine=""' in page
    assert Task.objects.get(matter=one.matter, state="open").link == "handle"


def test_what_the_panel_refuses_keeps_what_was_typed(signed_in, at_step):
    one = at_step("dispatch")
    answer = signed_in("dispatcher").post(
        f"/matters/{one.number}/panel/complete",
        {
            "task": str(one.task.pk),
            "outcome": "dispatch",
            "unit": "another",
            "another": "fire-rescue",
            "form": f"complete-dispatch-{one.task.token}",
        },
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "data-refused=" in page and 'value="fire-rescue" selected' in page


def test_what_one_can_no_longer_see_after_an_action_is_said_so(signed_in, at_step):
    one = at_step("verify")
    answer = signed_in("inspector-210104002").post(
        f"/matters/{one.number}/panel/complete", {"task": str(one.task.pk), "outcome": "pass"}
    )
    assert 'data-said="' in text_of(answer)


# Excel


def sheets(answer):
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def test_a_list_is_taken_away_as_it_is_filtered_and_that_is_logged(signed_in, at_step, time):
    lamp = at_step("handle", contact_phone="13812345678", contact_name="张三")
    at_step("handle", text="井盖丢失了")
    supervisor = signed_in("supervisor")
    book = sheets(supervisor.get("/work/export.xlsx?whose=seen&q=路灯"))
    rows = list(book.worksheets[0].values)
    assert [row[0] for row in rows] == ["Number", lamp.number]
    due = rows[1][rows[0].index("Due")]
    assert isinstance(due, datetime)
    about = dict(book.worksheets[1].values)
    assert about["Words"] == "“路灯”" and about["Rows"] == 1 and about["Exported by"] == "supervisor"
    log = Exported.objects.get()
    assert (log.what, log.rows, log.filters["q"]) == ("work", 1, "路灯")
    everything = str([list(sheet.values) for sheet in book.worksheets])
    assert "13812345678" not in everything and "张三" not in everything


def test_all_matters_are_taken_away_too(signed_in, at_step):
    made = {at_step("end").number, at_step("file").number}
    book = sheets(signed_in("auditor").get("/matters/export.xlsx"))
    assert {row[0] for row in book.worksheets[0].values} == {"Number"} | made
    book = sheets(signed_in("auditor").get("/matters/export.xlsx?state=closed"))
    assert len(list(book.worksheets[0].values)) == 2


def test_a_text_never_becomes_a_formula_and_a_phone_in_a_title_is_masked(signed_in, reported):
    reported(text="=HYPERLINK(0)")
    reported(text="@路灯不亮，电话13812345678")
    book = sheets(signed_in("leader").get("/matters/export.xlsx"))
    cells = [row[1] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    assert "138****5678" in str([cell.value for cell in cells])


def test_who_may_not_export_is_refused_and_sees_no_button(signed_in, at_step):
    at_step("dispatch")
    dispatcher = signed_in("dispatcher")
    assert dispatcher.get("/work/export.xlsx").status_code == 403
    assert "export.xlsx" not in dispatcher.get("/work").content.decode()
    assert not Exported.objects.exists()


def test_a_long_list_is_cut_and_says_so(signed_in, reported, monkeypatch):
    monkeypatch.setattr(export, "MOST", 2)
    for _n in range(3):
        reported()
    book = sheets(signed_in("leader").get("/matters/export.xlsx"))
    rows = list(book.worksheets[0].values)
    assert len(rows) == 4 and "first 2 rows" in rows[-1][0]
    assert "first 2 rows" in dict(book.worksheets[1].values)["Note"]


def test_class_and_condition_are_named(signed_in, at_step):
    assert condition(LAMP[1])
    at_step("handle")
    book = sheets(signed_in("leader").get("/matters/export.xlsx"))
    head, row = list(book.worksheets[0].values)
    assert row[head.index("Class")] and row[head.index("Unit")]
