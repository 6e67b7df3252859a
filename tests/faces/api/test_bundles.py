"""One thing once over the API: what a case needs, one application for all of it, and where it stands."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.domains.services.family import CASE, FAMILY, FOUR, MATERIALS, window
from tests.domains.services.restaurant import RESTAURANT
from yiwang.domains.services.models import Application, Joint
from yiwang.faces.api.told_bundles import ApplicationOut, ApplicationReceipt, BundleOut, Bundles
from yiwang.kernel.matters.models import Matter

FIRE = "fire-safety-check"


def pairs(case: dict) -> list[str]:
    return [f"{slug}:{value}" for slug, value in case.items()]


def sent(**more) -> dict:
    return {"case": CASE, "answers": FAMILY, "materials": MATERIALS, "consent": True} | more


def test_all_bundles_are_listed_with_their_services(anybody):
    got = anybody.get("/bundles")
    assert len(got["items"]) == 13
    assert next(one for one in got["items"] if one["slug"] == "newborn")["services"]
    Bundles.model_validate_json(got.content)


def test_answers_about_the_case_prune_services_and_materials(anybody):
    open_ = anybody.get("/bundles/newborn")
    assert not open_["complete"] and {one["state"] for one in open_["items"]} == {"needed", "maybe"}
    got = anybody.get("/bundles/newborn", {"case": pairs(CASE)})
    assert got["complete"] and [one["service"] for one in got["items"]] == FOUR
    assert {one["answer"] for one in got["questions"]} == {"yes", "no"}
    photo = next(one for one in got["materials"] if one["material"] == "photo")
    assert photo["offered"][0] == "brought"
    assert set(FAMILY) <= set(got["form"]["properties"])
    BundleOut.model_validate_json(got.content)
    BundleOut.model_validate_json(open_.content)


def test_a_family_applies_once_and_sees_every_service(anybody):
    key = str(uuid4())
    got = anybody.post("/bundles/newborn/applications", sent(id=key))
    assert got.status == 201 and got["id"] == key
    ApplicationReceipt.model_validate_json(got.content)
    again = anybody.post("/bundles/newborn/applications", sent(id=key))
    assert again.status == 200 and again["secret"] == got["secret"] and Joint.objects.count() == 1
    other = anybody.post(
        "/bundles/newborn/applications", sent(id=key, answers=FAMILY | {"child_name": "王大"})
    )
    assert other.status == 409
    row = Joint.objects.get()
    window(type("Got", (), {"id": row.pk, "row": row}), now=row.received_at)
    seen = anybody.get(f"/applications/{got['number']}", **{"X-Report-Secret": got["secret"]})
    assert [one["state"] for one in seen["parts"]] == ["running", "running", "waiting", "waiting"]
    assert seen["bundle"] == "newborn" and seen["due_at"] and seen["state"] == "open"
    assert FAMILY["mother_id"] not in seen.content.decode()
    ApplicationOut.model_validate_json(seen.content)


def test_who_does_not_have_the_secret_sees_nothing(anybody):
    got = anybody.post("/bundles/newborn/applications", sent())
    for secret in ("", "x" * 20):
        assert anybody.get(f"/applications/{got['number']}", **{"X-Report-Secret": secret}).status == 404


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"case": CASE | {"here": "perhaps"}}, "case.here"),
        ({"case": CASE | {"colour": "red"}}, "case"),
        ({"case": {"here": "yes"}}, "certificate"),
        ({"consent": False}, "consent"),
        ({"materials": {"photo": "later"}}, "material_photo"),
        ({"committed": ["birth-household"]}, "way_birth-household"),
        ({"answers": FAMILY | {"mother_id": "1"}}, "mother_id"),
    ],
)
def test_what_is_wrong_is_refused_at_its_place_and_nothing_is_written(anybody, more, where):
    got = anybody.post("/bundles/newborn/applications", sent(**more))
    assert got.status == 422, got.body
    assert where in (got.body.get("where"), *[one["where"] for one in got.body.get("errors", [])])
    assert not Matter.objects.exists()


def test_a_question_that_is_not_there_is_told(anybody):
    assert anybody.get("/bundles/newborn", {"case": ["here"]}).status == 422
    assert anybody.get("/bundles/newborn", {"case": ["colour:red"]}).status == 422
    assert anybody.get("/bundles/nothing").status == 404


def test_one_service_is_applied_for_by_commitment_and_seen(anybody):
    body = {"answers": RESTAURANT | {"floors": "一层"}, "consent": True, "committed": [FIRE]}
    got = anybody.post(f"/services/{FIRE}/applications", body)
    assert got.status == 201, got.body
    assert Application.objects.get().materials["fire-drawings"] == "committed"
    seen = anybody.get(f"/applications/{got['number']}", **{"X-Report-Secret": got["secret"]})
    assert seen["service"] == FIRE and seen["parts"] == []
    ApplicationOut.model_validate_json(seen.content)
    wrong = anybody.post("/services/signboard/applications", body)
    assert wrong.status == 422 and wrong["where"] == f"way_{FIRE}"
    assert anybody.post("/services/nothing/applications", {"answers": {}}).status == 404
