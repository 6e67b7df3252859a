"""Address texts and messages resolved to communities."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from yiwang.core.geo import AddressIndex, Area, AreaTree, NamedRoad, Stretch, road_stretches

AREAS = [
    Area("D", "大东区", "district"),
    Area("B", "大北街道", "subdistrict", "D"),
    Area("W", "万泉街道", "subdistrict", "D"),
    Area("Q", "前进街道", "subdistrict", "D"),
    Area("B1", "华炉社区", "community", "B"),
    Area("B2", "付家社区", "community", "B"),
    Area("B3", "幸福社区", "community", "B"),
    Area("W1", "万泉社区", "community", "W"),
    Area("W2", "金星社区", "community", "W"),
    Area("Q1", "望花村村民委员会", "community", "Q"),
    Area("Q2", "前詹屯村民委员会", "community", "Q"),
    Area("Q3", "幸福村村民委员会", "community", "Q"),
]
ROADS = [
    NamedRoad(
        "北海街", (Stretch("B1", 0.5, 1, 100), Stretch("B2", 0.3, 101, 160), Stretch("W1", 0.2, 161, 200))
    ),
    NamedRoad("大北关街", (Stretch("W2", 1.0, 1, 80),)),
    NamedRoad("长安路", (Stretch("W1", 0.6, 1, 60), Stretch("W2", 0.4, 61, 100))),
]
INDEX = AddressIndex(AREAS, ROADS, {"万泉公园": "W", "老钟楼": "B2"})


def best(text: str) -> str | None:
    found = INDEX.find(text)
    return found[0].area_code if found else None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("辽宁省沈阳市大东区华炉社区3号楼井盖丢失", "B1"),
        ("大东区 大北街道 付家社区居委会", "B2"),
        ("大北街道付家", "B2"),
        ("金星小区路灯不亮", "W2"),
        ("望花村", "Q1"),
        ("望花村委会门前", "Q1"),
        ("前詹屯村", "Q2"),
        ("北海街56号门前积存垃圾", "B1"),
        ("北海街１２０号", "B2"),
        ("北海街 188 号", "W1"),
        ("北海街161-3号院内", "W1"),
        ("大北关街井盖松动", "W2"),  # not 大北, which begins the same
        ("北海街与长安路交叉口信号灯", "W1"),  # the only community that both touch
        ("老钟楼旁边", "B2"),
        ("万泉公园长椅", "W"),
        ("大北街道", "B"),
    ],
)
def test_an_address_leads_to_its_community(text, code):
    assert best(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "街",
        "沈河区青年大街1号",
        "幸福路上有人乱停车",  # a road that nobody registered, not the community of that name
        "希望政府加强管理,让我们老百姓过上幸福的生活,这件事已经反映过很多次,一直没有人来处理,请尽快解决",
    ],
)
def test_a_text_that_names_no_place_leads_nowhere(text):
    assert INDEX.find(text) == []


def test_a_name_that_two_places_share_gives_both():
    assert {match.area_code for match in INDEX.find("幸福")} == {"B3", "Q3"}
    assert {match.area_code for match in INDEX.find("万泉")} == {"W", "W1"}
    assert best("前进街道幸福") == "Q3"


def test_a_road_without_number_gives_all_its_communities_longest_first():
    found = INDEX.find("北海街路灯全部不亮")
    assert [match.area_code for match in found] == ["B1", "B2", "W1"]
    assert all(match.confidence < 0.5 for match in found)


@pytest.mark.parametrize("text", ["北海街3号楼", "北海街3号线", "北海街9999号", "北海街3个井盖"])
def test_a_number_that_is_no_house_number_of_the_road_settles_nothing(text):
    assert len(INDEX.find(text)) == 3


def test_a_house_number_is_surer_than_a_road_and_a_named_community_surer_still():
    (house, *_), (road, *_), (named, *_) = (
        INDEX.find(t) for t in ("北海街56号", "北海街", "华炉社区北海街56号")
    )
    assert named.confidence > house.confidence > road.confidence


def test_the_sub_district_settles_which_and_speaks_against_the_others():
    alone = {m.area_code: m.confidence for m in INDEX.find("北海街")}
    within = {m.area_code: m.confidence for m in INDEX.find("万泉街道北海街")}
    assert within["W1"] > alone["W1"]
    assert within["B1"] < alone["B1"]
    assert max(within, key=within.get) == "W1"


def test_each_answer_says_which_words_led_to_it():
    (match, *_) = INDEX.find("大北街道北海街56号")
    assert {(clue.kind, clue.text) for clue in match.why} == {
        ("house", "北海街56号"),
        ("subdistrict", "大北街道"),
    }


words = st.sampled_from(
    ["大东区", "大北街道", "华炉社区", "付家", "北海街", "56号", "长安路", "幸福", "路", "3号楼", "x", " "]
)


@given(st.lists(words, max_size=12).map("".join) | st.text(max_size=60))
def test_answers_are_ranked_known_and_repeatable(text):
    found = INDEX.find(text)
    assert found == INDEX.find(text)
    assert [m.confidence for m in found] == sorted((m.confidence for m in found), reverse=True)
    assert all(0 < m.confidence <= 1 and m.why for m in found)
    assert {m.area_code for m in found} <= {a.code for a in AREAS}


def test_a_very_long_text_is_read_at_its_beginning():
    assert best("华炉社区" + "好" * 1_000_000) == "B1"


def test_house_numbers_are_shared_out_along_the_road():
    areas = [AREAS[0], AREAS[1], AREAS[4], AREAS[5]]
    west, east = box(123.40, 41.80, 123.41, 41.81), box(123.41, 41.80, 123.43, 41.81)
    whole = box(123.40, 41.80, 123.43, 41.81)
    tree = AreaTree(areas, [whole, whole, west, east])
    stretches = road_stretches(tree, shapely.LineString([(123.40, 41.805), (123.44, 41.805)]), 1, 400)
    assert [s.area for s in stretches] == ["B1", "B2"]
    assert stretches[0].first == 1
    assert stretches[0].last + 1 == stretches[1].first == pytest.approx(101, abs=2)
    assert stretches[1].last == pytest.approx(300, abs=2)
    assert [s.share for s in stretches] == pytest.approx([0.25, 0.5], abs=0.01)
