"""Codes of organisations, areas, components, matter classes, grids, and the number on a receipt."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yiwang.core.codes import (
    CodeError,
    component_code,
    matter_number,
    parse_area_code,
    parse_component_code,
    parse_grid_code,
    parse_matter_class,
    parse_matter_number,
    parse_org_code,
    parse_uscc,
)

USCC = "91350100M000100Y43"
days = st.dates(date(1949, 10, 1), date(2999, 12, 31))


def test_a_credit_code_tells_its_parts():
    found = parse_uscc("91350100 m000100y43")
    assert (found.value, found.registrar, found.category, found.area) == (USCC, "9", "1", "350100")
    assert found.organisation.dashed == "M000100Y-4"
    assert parse_org_code("M000100Y-4") == found.organisation


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_of_a_credit_code_is_always_noticed(place, character):
    assume(USCC[place] != character)
    with pytest.raises(CodeError):
        parse_uscc(USCC[:place] + character + USCC[place + 1 :])


def test_a_letter_o_for_a_zero_is_named_with_its_place():
    with pytest.raises(CodeError, match="character 5 is O") as caught:
        parse_uscc("9135O100M000100Y43")
    assert caught.value.params == {"place": 5, "character": "O"}


def test_an_area_code_knows_its_level_and_what_it_contains():
    district = parse_area_code("210104")
    assert [
        parse_area_code(c).level for c in ("210000", "210100", "210104000000", "210104002", "210104002009")
    ] == [
        "province",
        "city",
        "county",
        "subdistrict",
        "community",
    ]
    assert district.contains(parse_area_code("210104002009"))
    assert not district.contains(parse_area_code("210103002"))
    assert parse_area_code("210104002").contains(parse_area_code("210104002009"))
    assert district.full == "210104000000"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2101", "length"),
        ("21010A", "characters"),
        ("990104", "area"),
        ("210104000009", "gap"),
        ("210004", "gap"),
    ],
)
def test_a_wrong_area_code_is_refused(typed, code):
    with pytest.raises(CodeError) as caught:
        parse_area_code(typed)
    assert caught.value.code == code


@given(st.sampled_from(["01037", "0137"]), st.integers(1, 999_999))
def test_component_codes_of_both_standards_come_back(class_code, n):
    found = parse_component_code(component_code("210104", class_code, n))
    assert (found.area, found.class_code, found.sequence) == ("210104", class_code, n)
    assert found.standard == ("GB/T 47678.5-2026" if len(class_code) == 5 else "GB/T 30428.2-2013")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("210104010370000012", "length"),
        ("99010401037000001", "area"),
        ("21010000137000001", "area"),
        ("21010400037000001", "class"),
        ("21010401000000001", "class"),
        ("2101040103700000X", "characters"),
    ],
)
def test_a_wrong_component_code_is_refused(typed, code):
    with pytest.raises(CodeError) as caught:
        parse_component_code(typed)
    assert caught.value.code == code


def test_a_matter_class_tells_its_standard_and_whether_it_mirrors_a_component():
    broken_lamp, litter, legacy = (parse_matter_class(c) for c in ("01037", "21010406010", "0110"))
    assert broken_lamp.mirrors_component and not litter.mirrors_component and not legacy.mirrors_component
    assert (litter.area, litter.class_code, litter.major, litter.minor) == ("210104", "06010", "06", "010")
    assert (legacy.standard, legacy.class_code) == ("GB/T 30428.2-2013", "0110")


def test_a_grid_code_tells_its_community():
    found = parse_grid_code("210104002009017")
    assert (found.area, found.community, found.sequence) == ("210104", "210104002009", 17)


@given(days, st.integers(1, 999_999))
def test_a_matter_number_comes_back(day, n):
    found = parse_matter_number(matter_number(day, n))
    assert (found.day, found.sequence) == (day, n)


@given(days, st.integers(1, 999_999), st.integers(0, 14), st.integers(1, 9))
def test_a_misheard_digit_of_a_matter_number_is_always_noticed(day, n, place, shift):
    digits = matter_number(day, n).replace("-", "")
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(CodeError):
        parse_matter_number(wrong)


@given(days, st.integers(1, 999_999), st.integers(0, 13))
def test_two_swapped_digits_of_a_matter_number_are_always_noticed(day, n, place):
    digits = matter_number(day, n).replace("-", "")
    assume(digits[place] != digits[place + 1])
    with pytest.raises(CodeError):
        parse_matter_number(digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :])


@pytest.mark.parametrize(
    "typed",
    [
        "20260924-000123-7",
        "202609240001237",
        " 2026 0924 000123 7 ",
        "２０２６０９２４－０００１２３－７",
        "20260924—000123—7",
        "20260924-123-7",
        "20260924 123 7",
    ],
)
def test_a_matter_number_is_read_however_it_is_typed(typed):
    assert matter_number(date(2026, 9, 24), 123) == "20260924-000123-7"
    assert parse_matter_number(typed).value == "20260924-000123-7"


@pytest.mark.parametrize("n", [0, -1, 1_000_000])
def test_a_day_has_no_more_than_a_million_numbers(n):
    with pytest.raises(CodeError, match="1 to 999999"):
        matter_number(date(2026, 9, 24), n)


@given(st.text(max_size=60))
def test_any_text_at_all_gives_a_code_or_a_code_error(text):
    parsers = (
        parse_uscc,
        parse_org_code,
        parse_area_code,
        parse_component_code,
        parse_matter_class,
        parse_grid_code,
        parse_matter_number,
    )
    for parse in parsers:
        try:
            parse(text)
        except CodeError as error:
            assert len(error.value_masked) <= 80
            assert error.reason % error.params
