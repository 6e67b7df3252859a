"""Formulas of assistance rest on what was in force on their day."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tests.core.policy.sample import rules

# When each document came into force or was issued; those that programmes cite and no others.
DOCUMENTS = {
    "社会救助暂行办法": date(2014, 5, 1),
    "社会救助法": date(2026, 7, 1),
    "民发〔2021〕57号": date(2021, 7, 1),
    "民发〔2021〕43号": date(2021, 7, 1),
    "刚性支出困难家庭认定办法": date(2025, 1, 1),
    "民政部等通知（2022-10-20）": date(2022, 10, 20),
    "国发〔2014〕47号": date(2014, 10, 3),
    "国发〔2015〕52号": date(2016, 1, 1),
    "民发〔2018〕23号": date(2018, 1, 23),
    "国办发〔2021〕42号": date(2021, 10, 28),
    "国办发〔2023〕39号": date(2023, 10, 19),
}
NUMBERED = re.compile(r"[一-鿿]+〔\d{4}〕\d+号")


def formulas():
    """(where, version, the first day on which it counts, the last)."""
    known = rules()
    found = [(slug, one, date.min, date.max) for slug, one in known.figures.items()]
    for programme in known.programmes.values():
        own = [*programme.conditions, *([programme.amount] if programme.amount else [])]
        found += [(f"{programme.slug}.{one.slug}", one, programme.since, programme.until) for one in own]
    for where, one, since, until in found:
        for version, after in zip(one.versions, [*one.versions[1:], None], strict=True):
            ends = after.since if after else until
            if version.function is not None and ends > since:
                yield where, version, max(version.since, since), ends - timedelta(days=1)


def test_a_formula_cites_no_document_before_there_was_one():
    too_early = []
    for where, version, first, _last in formulas():
        named = [name for name in DOCUMENTS if name in version.cite]
        assert set(NUMBERED.findall(version.cite)) <= set(DOCUMENTS), where
        if first > date.min:  # a figure counts whenever a programme asks for it
            too_early += [(where, name, first) for name in named if DOCUMENTS[name] > first]
    assert not too_early


def test_since_the_act_is_in_force_nothing_rests_on_the_interim_measures_alone():
    alone = []
    for where, version, _first, last in formulas():
        named = [name for name in DOCUMENTS if name in version.cite]
        if last >= DOCUMENTS["社会救助法"] and named == ["社会救助暂行办法"]:
            alone.append(where)
    assert not alone
