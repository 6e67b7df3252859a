"""Finding the place by what people call it, with and without script."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faces.conftest import COMMUNITY
from yiwang.domains.operations import places
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.models import PlaceName, Road

KEY = "0199dddd-0000-7000-8000-000000000001"


def test_every_community_is_found_by_its_name_and_by_its_first_letters(world):
    for row in registers.areas().values():
        if row.level == "community":
            assert row.code in {one.area for one in places.search(row.name)}
            assert places.search(row.name[:2]), row.name


def test_every_road_is_found_with_the_communities_along_it(world):
    for road in Road.objects.filter(active=True):
        found = places.search(road.name)
        assert {one.area for one in found} & {part["area"] for part in road.stretches}, road.name


def test_a_house_number_names_one_community(world):
    road = next(
        r for r in Road.objects.filter(active=True) if any(s["first"] < s["last"] for s in r.stretches)
    )
    part = next(s for s in road.stretches if s["first"] < s["last"])
    found = places.search(f"{road.name}{part['first']}号")
    assert (found[0].kind, found[0].area) == ("address", part["area"])


def test_a_place_that_people_name_is_found(world):
    one = PlaceName.objects.filter(active=True).first()
    assert places.search(one.name)[0].area == one.area_id


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_whatever_is_typed_gives_at_most_six_places_in_known_areas(world, text):
    found = places.search(text)
    assert len(found) <= places.MOST and {one.area for one in found} <= set(registers.areas())


def test_without_script_a_place_is_looked_up_chosen_and_taken(visitor):
    name = registers.areas()[COMMUNITY].name
    page = visitor.post(
        "/report", {"id": KEY, "text": "路灯不亮", "address": name, "step": "places"}
    ).content.decode()
    value = f'name="place" value="{COMMUNITY}|{name}"'
    assert "Which place do you mean?" in page and value in page
    sent = {"id": KEY, "text": "路灯不亮", "address": name, "place": f"{COMMUNITY}|{name}"}
    assert visitor.post("/report", sent).status_code == 302
    assert Matter.objects.get().area_id == COMMUNITY


def test_the_script_gets_the_choice_as_a_piece_of_the_form(visitor):
    piece = visitor.post("/report/places", {"address": "路"}).content.decode()
    assert "<html" not in piece
    assert (
        "We know no place of this name"
        in visitor.post("/report/places", {"address": "紫禁城太和殿"}).content.decode()
    )


@pytest.mark.parametrize("place", ["210199|x", "|", "x", "210104002009"])
def test_a_place_that_does_not_exist_is_not_taken(visitor, place):
    visitor.post("/report", {"id": KEY, "text": "路灯不亮没人管", "place": place})
    assert Matter.objects.get().area_id is None
