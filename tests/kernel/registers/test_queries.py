"""Where a point or an address lies, and whose a problem there is."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.packs.sample import STANDARD, TOWN, write, write_packs
from yiwang.core.geo import Point
from yiwang.kernel.errors import Invalid, NotFound, Problem
from yiwang.kernel.packs.loader import load
from yiwang.kernel.registers import queries
from yiwang.kernel.registers.queries import DutyRow, DutyTable

NOW = dt.datetime(2026, 9, 24, 8, 30, tzinfo=dt.UTC)
IN_NORTH = Point(123.405, 41.815)


@pytest.fixture
def town(tmp_path, db, packs_folder):
    folder = write_packs(tmp_path)
    load(folder, NOW)
    return folder


def test_a_point_lies_in_its_community_and_all_above(town):
    found = queries.locate(IN_NORTH)
    assert [area.name for area in found.chain] == ["镇区", "西街道", "西北社区"]


def test_a_point_in_another_coordinate_system_is_located_alike(town):
    assert queries.locate(IN_NORTH.to("GCJ02")).area.name == "西北社区"


def test_a_point_outside_the_district_is_refused_with_the_distance(town):
    assert queries.locate(Point(123.5, 41.81)) is None
    with pytest.raises(Invalid, match=r"5\.\d km") as refused:
        queries.require(Point(123.5, 41.81))
    assert refused.value.code == "outside_district"
    assert 4900 < refused.value.as_dict()["distance_m"] < 5100


def test_a_point_a_little_outside_belongs_to_the_district_where_the_pack_is_tolerant(town):
    write(town, {"settings.yaml": "settings:\n  outside_tolerance_m: {value: 50}\n"})
    load(town, NOW)
    assert queries.require(Point(123.4403, 41.81)).area.code == "210104"
    with pytest.raises(Invalid):
        queries.require(Point(123.4410, 41.81))


@pytest.mark.parametrize(
    "address, area",
    [
        ("西北社区3号楼", "210104002002"),
        ("长安路12号门前", "210104002001"),
        ("长安路80号", "210104002002"),
        ("万柳公园南门", "210104003"),
        ("东街道", "210104003"),
    ],
)
def test_an_address_is_resolved_by_community_house_number_or_known_place(town, address, area):
    assert queries.resolve_address(address)[0].area_code == area


def test_an_address_that_names_nothing_here_is_resolved_to_nothing(town):
    assert queries.resolve_address("上海市南京东路") == []


@pytest.mark.parametrize(
    "code, area, unit",
    [
        ("01037", "210104002001", "lamps"),  # the longer class prefix wins over the whole major
        ("01001", "210104002001", "bureau"),
        ("06010", "210104002001", "west-office"),  # the deeper area wins
        ("06010", "210104003001", "bureau"),
        ("06010", None, "bureau"),  # not located yet: the district's own duty
    ],
)
def test_a_problem_belongs_to_the_unit_that_the_duty_table_names(town, code, area, unit):
    assert queries.responsible_unit(STANDARD, code, area).unit == unit


def test_a_problem_that_no_duty_covers_is_nobodys(town):
    assert queries.responsible_unit(STANDARD, "09001", "210104002001") is None
    assert queries.responsible_unit("other", "01037", "210104002001") is None
    assert queries.responsible_unit(STANDARD, "01037", "210105001001") is None


def test_look_ups_need_no_query_while_they_are_fresh(town, django_assert_num_queries):
    def look():
        queries.locate(IN_NORTH)
        queries.responsible_unit(STANDARD, "01037", "210104002001")
        queries.resolve_address("长安路12号")
        queries.nearest_component(IN_NORTH)
        queries.nearest_road(IN_NORTH)
        return queries.unit_name("lamps"), queries.area_name("210104002")

    look()
    with django_assert_num_queries(0):
        assert look() == ("路灯所", "西街道")


def test_a_newly_loaded_duty_table_counts_at_once(town):
    assert queries.responsible_unit(STANDARD, "06010", "210104002001").unit == "west-office"
    write(town, {"duties.yaml": TOWN["duties.yaml"].replace("unit: west-office", "unit: lamps")})
    load(town, NOW)
    assert queries.responsible_unit(STANDARD, "06010", "210104002001").unit == "lamps"


def test_another_process_sees_a_new_table_once_its_look_is_two_seconds_old(town, monkeypatch):
    from yiwang.kernel.packs import loader, rulebook
    from yiwang.kernel.registers import fresh

    clock = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    queries.reset_caches()
    assert queries.responsible_unit(STANDARD, "06010", "210104002001").unit == "west-office"
    write(town, {"duties.yaml": TOWN["duties.yaml"].replace("unit: west-office", "unit: lamps")})
    with monkeypatch.context() as other:  # this process is not told of the load
        other.setattr(rulebook, "reset_caches", lambda: None)
        other.setattr(fresh, "reset_all", lambda: None)
        loader.load(town, NOW)
    clock[0] += 1.9
    assert queries.responsible_unit(STANDARD, "06010", "210104002001").unit == "west-office"
    clock[0] += 4.2
    assert queries.responsible_unit(STANDARD, "06010", "210104002001").unit == "lamps"


def test_the_nearest_lamp_and_road_are_found_within_their_distance(town):
    near = Point(123.4102, 41.8030)
    assert queries.nearest_component(near).key == "21010401037000001"
    assert queries.nearest_component(near, class_code="01001") is None
    assert queries.nearest_component(IN_NORTH) is None
    assert queries.nearest_road(near).key == "210104R0001"
    assert queries.nearest_road(Point(123.43, 41.81)) is None


def test_a_unit_holds_the_units_below_it(town):
    assert queries.unit_tree("bureau") == {"bureau", "lamps"}
    assert queries.unit_tree("lamps") == {"lamps"}


def test_names_fall_back_to_the_code_of_what_is_no_longer_in_force(town):
    assert queries.unit_name("gone") == "gone"
    assert queries.area_name(None) == ""


def test_a_component_is_looked_up_by_its_code(town):
    assert queries.component("21010401037000002").state == "破损"
    with pytest.raises(NotFound):
        queries.component("21010401037999999")


@pytest.mark.django_db
def test_a_district_without_outlines_is_told_what_to_add(tmp_path, packs_folder):
    folder = write_packs(tmp_path)
    for name in ("areas.geojson", "components.csv", "roads.geojson"):
        (folder / "places" / name).unlink()
    (folder / "chiefs.yaml").unlink()
    load(folder, NOW)
    with pytest.raises(Problem, match=r"areas\.geojson"):
        queries.area_tree()
    assert queries.nearest_road(IN_NORTH) is None


_areas = st.sampled_from(["210104", "210104002", "210104003", "210104002001", "210104002002", "210104003001"])
_prefixes = st.sampled_from(["", "0", "01", "010", "01037", "06", "06010"])
_duties = st.lists(
    st.builds(
        lambda n, prefix, area: DutyRow(f"d{n}", STANDARD, prefix, area, f"u{n}", "", "illustrative"),
        st.integers(0, 99),
        _prefixes,
        _areas,
    ),
    max_size=12,
    unique_by=(lambda duty: (duty.class_prefix, duty.area), lambda duty: duty.code),
)


@given(_duties, st.sampled_from(["01037", "01001", "06010"]), _areas)
def test_the_duty_table_answers_as_reading_it_line_by_line_would(duties, code, area):
    fitting = [d for d in duties if code.startswith(d.class_prefix) and area.startswith(d.area)]
    best = max(fitting, key=lambda d: (len(d.class_prefix), len(d.area)), default=None)
    assert DutyTable(duties, "210104").find(STANDARD, code, area) == best
