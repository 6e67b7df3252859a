"""Sliders, saved variants, comparison and Excel: what a change would do, for who may ask."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from tests import people
from tests.domains.assistance.conftest import lives
from tests.domains.assistance.test_discovery_pages import get
from tests.kernel.people.made import FUJIA, HUALU
from yiwang.domains.assistance.models import PreviewVariant


@pytest.fixture
def county(lake, signed_in):
    lives(30_000, order=12)
    lives(82_000, area=FUJIA, order=13, ill=True)
    lake()
    return signed_in("aid-county", name="周经办")


def test_the_page_shows_today_and_what_another_standard_would_do(county):
    today = get(county, "/assistance/preview")
    assert "Nothing is changed" in today and "6,000" in today  # 500 yuan a month
    tried = get(county, "/assistance/preview?v.line.urban=900")
    assert "Guarantee" in tried and "+2,160" in tried  # 12 × (100 + 80) yuan
    assert "example value" in tried


def test_the_effect_is_answered_alone_and_as_json(county):
    piece = get(county, "/assistance/preview/effect?set=line.urban=90000")
    assert "<html" not in piece and "data-effect" in piece
    found = county.get("/assistance/preview/effect?set=line.urban=90000&as=json").json()
    assert (found["total"]["gained"], found["total"]["change"]) == (0, 216_000)
    assert {one["key"]: one["gained"] for one in found["programmes"]} == {"guarantee": 1}


def test_a_value_that_cannot_be_is_said_at_its_place(county):
    answer = county.get("/assistance/preview?v.line.urban=much")
    assert answer.status_code == 422 and "Write a number" in answer.content.decode()
    assert county.get("/assistance/preview?set=lime=3").status_code == 422


def test_variants_are_kept_once_compared_and_removed(county):
    key = str(uuid4())
    for name, pairs, id in (("九百元", ["line.urban=90000"], key), ("不再补贴", ["care=0"], str(uuid4()))):
        sent = {"id": id, "name": name, "set": pairs}
        for _retry in range(2):
            assert county.post("/assistance/preview/save", sent).status_code == 302
    assert PreviewVariant.objects.count() == 2
    both = "&".join(f"v={row.pk}" for row in PreviewVariant.objects.all())
    shown = get(county, f"/assistance/preview/compare?{both}")
    assert "九百元" in shown and "+2,160" in shown and "-1,080" in shown and "as today" in shown
    county.post(f"/assistance/preview/{key}/remove")
    assert "九百元" not in get(county, "/assistance/preview/compare")


def test_only_who_saved_a_variant_or_who_leads_the_work_removes_it(county, signed_in):
    key = str(uuid4())
    county.post("/assistance/preview/save", {"id": key, "name": "九百元", "set": ["line.urban=90000"]})
    address, removal = f"/assistance/preview/compare?v={key}", f"/assistance/preview/{key}/remove"
    colleague, leader = signed_in("aid-county"), signed_in("aid-leader", name="郑局长")
    other = people.user("aid-county", username="wu", name="吴经办")
    colleague.force_login(other, backend="yiwang.kernel.access.signin.PostsBackend")
    assert removal not in get(colleague, address)
    refused = colleague.post(removal)
    assert refused.status_code == 403 and "周经办" in refused.content.decode()
    assert PreviewVariant.objects.get().removed_at is None
    assert removal in get(county, address) and removal in get(leader, address)
    assert leader.post(removal).status_code == 302
    assert PreviewVariant.objects.get().removed_at is not None


def test_a_variant_without_a_name_comes_back_with_the_reason(county):
    answer = county.post("/assistance/preview/save", {"id": str(uuid4()), "name": " ", "set": ["care=0"]})
    assert answer.status_code == 422 and "a name of at most" in answer.content.decode()


def test_the_excel_file_has_groups_and_sums_and_no_household(county):
    answer = county.get("/assistance/preview/export.xlsx?set=line.urban=90000")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == [
        "Variant",
        "Programmes",
        "Sub-districts",
        "Kinds of households",
        "Who is worst hit",
    ]
    rows = [[cell.value for cell in row] for row in book["Programmes"].iter_rows()]
    assert rows[1][:3] == ["Guarantee", 1, 1]


def test_only_those_who_evaluate_the_whole_district_preview(county, signed_in):
    for post in (f"worker-{HUALU}", "aid-street-210104002"):
        assert signed_in(post).get("/assistance/preview").status_code == 403
    assert signed_in("leader").get("/assistance/preview").status_code == 200


def test_an_empty_lake_says_what_to_do(lake, signed_in):
    assert "yiwang lake refresh" in get(signed_in("aid-county"), "/assistance/preview")
