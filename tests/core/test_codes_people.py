"""Resident IDs, phone numbers, and what may be shown of them."""

import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.codes import (
    CodeError,
    mask_id,
    mask_name,
    mask_phone,
    parse_mobile,
    parse_phone,
    parse_resident_id,
)


def with_check(body: str) -> str:
    """The check character by ISO 7064 MOD 11-2 in its recursive form: another way than the weights of GB 11643."""
    remainder = 0
    for digit in body:
        remainder = (remainder + int(digit)) * 2 % 11
    return body + "0123456789X"[(12 - remainder) % 11]


bodies = st.builds(
    lambda area, born, n: f"{area}{born:%Y%m%d}{n:03d}",
    st.sampled_from(["210104", "110105", "820000", "931156"]),
    st.dates(date(1900, 1, 1), date(2026, 9, 24)),
    st.integers(0, 999),
)


@given(bodies)
def test_every_well_made_id_tells_birth_and_sex(body):
    found = parse_resident_id(with_check(body))
    assert found.birth.strftime("%Y%m%d") == body[6:14]
    assert (found.sex == "male") == (int(body[16]) % 2 == 1)
    assert found.area == body[:6]


@given(bodies, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body, place, shift):
    right = with_check(body)
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    with pytest.raises(CodeError):
        parse_resident_id(wrong)


@given(bodies, st.integers(0, 15))
def test_two_swapped_neighbours_are_always_noticed(body, place):
    right = with_check(body)
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    if wrong != right:
        with pytest.raises(CodeError):
            parse_resident_id(wrong)


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X\u200b",
    ],
)
def test_the_published_example_is_read_however_it_is_typed(typed):
    found = parse_resident_id(typed)
    assert (found.value, found.birth, found.sex) == ("11010519491231002X", date(1949, 12, 31), "female")
    assert found.masked == "110***********002X"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("210104", "length"),
        ("210104800101001", "old_format"),
        ("11010519491231002Y", "characters"),
        ("99010519491231002X", "area"),
        ("110105194913310026", "birth_date"),
        ("110105199002300013", "birth_date"),
        ("110105194912310021", "checksum"),
        (110105194912310021, "not_text"),
        (None, "not_text"),
        ("1" * 10_000_000, "length"),
    ],
)
def test_a_wrong_id_is_refused_with_its_cause(typed, code):
    with pytest.raises(CodeError) as caught:
        parse_resident_id(typed)
    assert caught.value.code == code
    assert caught.value.kind == "resident_id"


def test_nobody_is_born_after_today():
    unborn = with_check("21010420270101123")
    assert parse_resident_id(unborn).birth == date(2027, 1, 1)
    with pytest.raises(CodeError, match="has not come yet"):
        parse_resident_id(unborn, today=date(2026, 9, 24))


@given(bodies)
def test_no_error_repeats_a_whole_id(body):
    wrong = body + "?"
    with pytest.raises(CodeError) as caught:
        parse_resident_id(wrong)
    assert body[6:14] not in str(caught.value)
    assert body not in repr(vars(caught.value))


def test_an_error_survives_the_way_between_processes():
    with pytest.raises(CodeError) as caught:
        parse_resident_id("99010519491231002X")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.params) == (str(caught.value), caught.value.params)


@given(st.text(max_size=100))
def test_any_text_at_all_gives_a_code_or_a_code_error(text):
    for parse in (parse_resident_id, parse_mobile, parse_phone):
        try:
            parse(text)
        except CodeError as error:
            assert error.reason % error.params
            assert error.advice % error.params


@pytest.mark.parametrize(
    "typed",
    ["13800138000", "+86 138 0013 8000", "008613800138000", "138-0013-8000", "１３８００１３８０００"],
)
def test_a_mobile_number_is_read_however_it_is_typed(typed):
    assert parse_mobile(typed).value == "13800138000"
    assert parse_phone(typed).kind == "mobile"


@pytest.mark.parametrize(
    ("typed", "value", "kind"),
    [
        ("024-88123456", "024-88123456", "landline"),
        ("（024）88123456", "024-88123456", "landline"),
        ("+86 24 8812 3456", "024-88123456", "landline"),
        ("+86 10 6512 3456", "010-65123456", "landline"),
        ("0413 5512345", "0413-5512345", "landline"),
        ("024-88123456-801", "024-88123456-801", "landline"),
        ("02488123456转12", "024-88123456-12", "landline"),
        ("88123456", "024-88123456", "landline"),
        ("12345", "12345", "service"),
        ("400-800-1234", "4008001234", "service"),
    ],
)
def test_phones_of_the_hotline_are_read(typed, value, kind):
    found = parse_phone(typed, home="024")
    assert (found.value, found.kind) == (value, kind)


def test_a_local_number_needs_a_home():
    with pytest.raises(CodeError, match="024-88000000"):
        parse_phone("88123456")


@pytest.mark.parametrize(
    ("typed", "code"), [("12345678901", "prefix"), ("1380013800", "length"), ("1380013800a", "characters")]
)
def test_a_wrong_mobile_number_is_refused(typed, code):
    with pytest.raises(CodeError) as caught:
        parse_mobile(typed)
    assert caught.value.code == code


def test_masks_leave_only_what_helps_to_recognise():
    assert mask_id("11010519491231002X") == "110***********002X"
    assert mask_phone("13800138000") == "138****8000"
    assert mask_name("张三丰") == "张**"
    assert mask_name("") == mask_phone("") == ""


@given(st.text(min_size=2, max_size=30))
def test_a_mask_always_hides_something_and_keeps_the_length(text):
    for mask in (mask_id, mask_phone):
        assert len(mask(text)) == len(text)
        assert mask(text).count("*") >= 1
