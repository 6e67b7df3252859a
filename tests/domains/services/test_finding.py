"""What residents type finds the service they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.domains.services.finding import Index, pieces_of
from yiwang.kernel.packs.body import body_of
from yiwang.kernel.packs.reader import read_pack
from yiwang.kernel.packs.services import services_of, topics_of

SECTIONS = body_of(read_pack("dadong"))["sections"]
SERVICES = services_of(SECTIONS)
INDEX = Index.build(SERVICES.values(), topics_of(SECTIONS))


def found(question: str) -> list[str]:
    return [one.slug for one in INDEX.find(question)]


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("我想开个小饭店", "food-business-licence"),
        ("怎么给孩子上户口", "birth-household"),
        ("新生儿落户需要什么材料", "birth-household"),
        ("身份证丢了怎么办", "identity-card"),
        ("办个营业执照", "individual-business"),
        ("注册公司", "company-registration"),
        ("领结婚证", "marriage-registration"),
        ("失业了怎么领失业金", "unemployment-benefit"),
        ("低保怎么申请", "minimum-guarantee"),
        ("门头牌匾", "signboard"),
        ("施工许可证", "construction-permit"),
        ("KTV", "entertainment-licence"),
        ("ktv许可", "entertainment-licence"),
        ("marriage", "marriage-registration"),
        ("公租房", "public-rental-housing"),
        ("外地住院医保报销", "medical-elsewhere"),
        ("电梯使用登记", "special-equipment"),
        ("４０５０补贴", "flexible-work-subsidy"),
    ],
)
def test_what_people_type_finds_what_they_mean_among_the_first_three(typed, meant):
    assert meant in found(typed)[:3]


@pytest.mark.parametrize("slug", SERVICES)
def test_every_service_is_the_first_to_be_found_by_its_full_name(slug):
    assert found(SERVICES[slug].name)[0] == slug


@pytest.mark.parametrize("slug", SERVICES)
def test_every_other_name_finds_its_service_among_the_first_three(slug):
    for alias in SERVICES[slug].aliases:
        assert slug in found(alias)[:3], alias


@pytest.mark.parametrize("typed", ["", "   ", "？！。", "量子纠缠", "xyzzy"])
def test_nothing_is_found_where_nothing_fits(typed):
    assert found(typed) == []


@given(st.data())
def test_any_part_of_a_name_of_two_characters_or_more_finds_the_service(data):
    one = data.draw(st.sampled_from(list(SERVICES.values())))
    name = "".join(letter for letter in one.name if letter.isalnum())
    start = data.draw(st.integers(0, len(name) - 2))
    part = name[start : data.draw(st.integers(start + 2, len(name)))]
    there = [piece for piece, _tokens in pieces_of(part) if len(piece) > 1]
    plain = "".join(letter if letter.isalnum() else " " for letter in one.name)
    if there and all(piece in plain for piece in there):
        hits = [service.slug for service in INDEX.find(part, most=len(SERVICES))]
        assert one.slug in hits


@given(st.text(max_size=80))
def test_no_question_breaks_the_search(text):
    assert len(INDEX.find(text)) <= 20
