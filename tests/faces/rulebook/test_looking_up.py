"""Anyone signed in looks up a rule: by words, in the catalogue, in the table of limits."""

from urllib.parse import quote

import pytest

from tests.faces.conftest import LAMP
from yiwang.faces.rulebook import finding
from yiwang.kernel.packs.rulebook import current

pytestmark = pytest.mark.django_db


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(visitor):
    for address in (
        "/rules",
        "/rules/catalogue",
        "/rules/versions",
        "/rules/processes/incident/drawing.bpmn",
    ):
        answer = visitor.get(address)
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in")


def test_the_first_page_says_which_pack_is_in_force_and_how_much_of_it_nobody_verified(look, dadong):
    page = look("/rules")
    assert dadong.digest[:8] in page.text and "national" in page.text
    counts = {row[0]: row[1:] for row in page.rows()}
    assert counts["Filing conditions and limits"][0] == str(len(dadong.conditions))
    assert "of 3," in page.text or "values are examples" in page.text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("路灯不亮了", "路灯异常"),
        ("路灯 闪烁", "单盏路灯不亮或闪烁"),
        ("01037", "路灯异常"),
        ("照明", "大东区城市照明管理所"),
        ("任务派遣", "任务派遣"),
        ("天气", "恶劣天气"),
    ],
)
def test_words_of_people_find_classes_conditions_steps_units_and_reasons(look, words, expected):
    page = look(f"/rules?q={quote(words)}", "zh-hans")
    found = page.tree.xpath("//ul[@class='yw-rules-found']//li")
    assert any(expected in one.text_content() for one in found), page.text


def test_a_word_that_is_nowhere_says_so_and_helps(look):
    assert "Try a shorter word" in look("/rules?q=" + quote("量子计算机")).text


def test_everything_that_the_pack_names_can_be_found_by_its_name(dadong):
    for one in list(dadong.classes.values())[::17]:
        entries = finding.find(dadong, one.name, "class", most=50)
        assert (one.standard, one.kind, one.code) in {entry.key for entry in entries}, one.name


def test_the_catalogue_has_all_components_and_matters_and_the_older_standard(look):
    text = look("/rules/catalogue").text
    assert "component 153" in text and "matter 250" in text
    older = look("/rules/catalogue?standard=" + quote("GB/T 30428.2-2013"))
    assert "an older standard" in older.text


def test_the_page_of_a_class_has_all_that_follows_from_it(look, at_step):
    at_step("handle")
    page = look(f"/rules/catalogue/matter/{LAMP[1]}", "zh-hans")
    conditions = page.rows(0)
    assert len(conditions) == len(current().conditions_of(*LAMP))
    assert any("2 个工作日" in row[1] and "示例值" in row[3] for row in conditions)
    assert "大东区城市照明管理所" in page.rows(1)[0][0] and "全区" in page.rows(1)[0][1]
    assert "路灯坏了" in page.text
    assert page.text.count("1 当前在办") == 1


def test_the_older_class_leads_to_the_newer_and_back(look):
    older = look("/rules/catalogue/component/0101?standard=" + quote("GB/T 30428.2-2013"))
    assert "/rules/catalogue/component/01001" in older.links()
    newer = look("/rules/catalogue/component/01001")
    assert any("0101?standard=" in link for link in newer.links())


def test_limits_are_filtered_by_group_unit_status_and_words(look):
    everything = current().conditions
    hours = look("/rules/limits?unit=eh")
    assert (
        f"{sum(one.limit.endswith('eh') for one in everything.values())} of {len(everything)}" in hours.text
    )
    assert all("emergency hour" in row[2] for row in hours.rows(0))
    assert look("/rules/limits?status=official").text.count("No filing condition fits") == 1
    assert all("01037" in row[0] for row in look("/rules/limits?q=" + quote("路灯不亮")).rows(0)[:2])


def test_a_long_list_goes_on_without_losing_a_row(look):
    seen = []
    for first in range(0, 500, 100):
        seen += [row[1] + row[0] for row in look(f"/rules/limits?from={first}").rows(0)]
    assert len(seen) == len(current().conditions)


def test_a_limit_is_explained_by_an_example_from_a_moment_that_can_be_chosen(look):
    slug = next(one.slug for one in current().conditions.values() if one.limit == "4wh")
    page = look(f"/rules/limits/{slug}?from=2026-09-24T16:30", "zh-hans")
    assert "2026年9月24日 16:30" in page.text and "4 个工作时" in page.text
    assert (
        "2026年9月28日 11:30" in page.text
    )  # an hour on Thursday, three on Monday after the Mid-Autumn holiday


def test_a_moment_that_is_none_or_outside_the_calendar_is_refused_in_words(look):
    slug = next(iter(current().conditions))
    for given, said in (
        ("yesterday", "is not a date and time"),
        ("1900-01-01T00:00", "The working calendar goes from"),
    ):
        page = look(f"/rules/limits/{slug}?from={given}")
        assert page.status == 422 and said in page.text


def test_what_is_not_in_the_pack_is_a_page_that_says_so(look):
    for address in ("/rules/catalogue/matter/99999", "/rules/limits/nothing", "/rules/processes/nothing",
                    "/rules/processes/incident/steps/nothing", "/rules/duties?class=99999", "/rules/versions/compare?old=999999"):  # fmt: skip
        assert look(address).status == 404, address


def test_the_values_that_nobody_verified_are_listed_with_their_source(look):
    page = look("/rules/examples?section=settings")
    assert {row[0] for row in page.rows()} == {"Settings"} and all(row[2] for row in page.rows())
    assert look("/rules/examples?from=99999999").status == 200


def test_pages_cost_few_queries(look, django_assert_max_num_queries):
    look("/rules")
    for address, most in (("/rules", 6), ("/rules?q=" + quote("路灯"), 6), ("/rules/catalogue", 5), ("/rules/limits", 5),
                          (f"/rules/catalogue/matter/{LAMP[1]}", 8), ("/rules/examples", 6)):  # fmt: skip
        with django_assert_max_num_queries(most):
            look(address)
