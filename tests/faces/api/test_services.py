"""The service catalogue over the API."""

from __future__ import annotations

from yiwang.faces.api.told_services import ServiceOut, Services


def test_services_are_found_by_what_people_type(anybody):
    got = anybody.get("/services", {"q": "给孩子上户口"})
    assert got["items"][0]["slug"] == "birth-household"
    everything = anybody.get("/services")
    assert len(everything["items"]) >= 40
    assert {one["slug"] for one in everything["topics"]} >= {"birth", "starting"}
    Services.model_validate({name: everything[name] for name in ("pack", "topics", "items")})


def test_services_are_chosen_by_topic_unit_and_audience(anybody):
    assert all("birth" in one["topics"] for one in anybody.get("/services", {"topic": "birth"})["items"])
    assert {one["unit"] for one in anybody.get("/services", {"unit": "police"})["items"]} == {"police"}
    people = anybody.get("/services", {"audience": "person"})["items"]
    assert people and all("person" in one["audience"] for one in people)
    assert anybody.get("/services", {"audience": "ghost"}).status == 422


def test_one_service_is_told_with_everything_its_guide_says(anybody):
    got = anybody.get("/services/food-business-licence")
    assert got["promised"] == "5wd" and got["statutory"] == "10wd"
    licence = next(one for one in got["materials"] if one["material"] == "business-licence")
    assert licence["shared"] and licence["licence"] == "business-licence"
    ServiceOut.model_validate_json(got.content)
    assert anybody.get("/services/nothing").status == 404
