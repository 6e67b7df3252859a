"""From a screening to a community worker's visit: raised once, sent as far as there is room, decided by a person."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.domains.assistance.conftest import NOW, lives, residents, tell
from tests.kernel.people.made import FUJIA, HUALU
from tests.people import person
from yiwang.domains.assistance.discovery import keeping, sending
from yiwang.domains.assistance.discovery.screening import screen
from yiwang.domains.assistance.models import Award, Finding
from yiwang.domains.assistance.programmes import PROGRAMMES
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.errors import Denied, Invalid
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter

LATER = NOW + timedelta(days=1)


@pytest.fixture
def county(small_law):
    return person("aid-county")


def run(county, *houses, now=NOW, **more):
    return screen(actor=county, now=now, residents=residents(*houses), **more)


def award(house, programme="guarantee"):
    matter = actions.open(
        actor=SYSTEM,
        kind="assistance_finding",
        id=uuid4(),
        title="旧件",
        area=house.area_id,
        source="test",
        now=NOW,
    )
    actions.void(actor=SYSTEM, matter=matter.pk, now=NOW, note="测试")
    return Award.objects.create(
        id=uuid4(),
        district="210104",
        household=house.pk,
        programme=programme,
        area_id=house.area_id,
        since=date(2026, 1, 1),
        fen=10_000,
        members=1,
        state="running",
        name="测试甲",
        matter=matter,
        made_at=NOW,
    )


def visit(house, outcome, note="已入户", **data):
    """The community worker of the household says what came of it."""
    matter = Matter.objects.filter(findings__household=house.pk, state="open").distinct().get()
    task = matter.tasks.get(state="open", node="visit")
    worker = person(f"worker-{house.area_id}")
    return actions.complete(actor=worker, task=task.pk, outcome=outcome, note=note, data=data, now=LATER)


def states(house):
    return set(Finding.objects.filter(household=house.pk).values_list("cause", "says", "state"))


def test_a_household_that_qualifies_and_is_not_enrolled_is_found_with_what_it_would_get(county):
    house = lives(30_000)
    told = run(county, house)
    assert told.counts["guarantee"] == {"entitled": 1, "ending": 0, "soon": 0}
    found = Finding.objects.get()
    assert (found.cause, found.says, found.sort, found.fen, found.illustrative) == (
        "guarantee",
        "entitled",
        "b",
        50_000,
        True,
    )


def test_a_dry_run_tells_and_writes_nothing(county):
    told = run(county, lives(30_000), dry_run=True)
    assert (told.counts["guarantee"]["entitled"], Finding.objects.count()) == (1, 0)


def test_only_the_county_screens(small_law):
    with pytest.raises(Denied):
        run(person(f"worker-{HUALU}"), lives(30_000))


def test_screening_twice_raises_a_finding_once(county):
    house = lives(30_000)
    run(county, house)
    again = run(county, house, now=LATER)
    assert (again.raised, again.known, Finding.objects.count()) == (0, 1, 1)


def test_one_visit_holds_all_findings_of_a_household_and_goes_to_its_community_worker(county):
    house = lives(30_000, ill=True)
    run(county, house)
    assert sending.send(NOW) == 1
    matter = Matter.objects.get(findings__cause="care", state="open")
    assert matter.findings.count() == 2
    (task,) = matter.tasks.all()
    assert (task.post, task.area_id) == ("community_worker", HUALU)
    assert "测试" not in matter.title
    assert all("第" in found.explanation for found in matter.findings.all())


def test_what_was_looked_into_is_raised_again_only_for_a_new_fact(county):
    house = lives(30_000)
    run(county, house)
    sending.send(NOW)
    visit(house, "unfit")
    assert states(house) == {("guarantee", "entitled", "unfit")}
    assert run(county, house, now=LATER).raised == 0
    tell({"deposits": 500_000}, household=house.pk, now=LATER, on=date(2026, 9, 20))
    assert run(county, house, now=LATER).raised == 1
    assert states(house) == {("guarantee", "entitled", "unfit"), ("guarantee", "entitled", "waiting")}


def test_a_community_gets_no_more_visits_than_it_can_do_and_the_most_severe_first(county, monkeypatch):
    monkeypatch.setitem(county_settings(), "findings_open", 2)
    houses = [lives(wage, order=n) for n, wage in enumerate((60_000, 10_000, 40_000), start=12)]
    other = lives(70_000, area=FUJIA, order=20)
    run(county, *houses, other)
    assert sending.send(NOW) == 3
    checking = set(Finding.objects.filter(state="checking").values_list("household", flat=True))
    assert checking == {houses[1].pk, houses[2].pk, other.pk}
    assert sending.send(NOW) == 0
    visit(houses[1], "unfit")
    assert sending.send(LATER) == 1
    assert Finding.objects.get(household=houses[0].pk).state == "checking"


def county_settings() -> dict:
    """The settings of the pack in force, to be changed for one test."""
    from yiwang.kernel.packs import rulebook

    rules = rulebook.current()
    rules.settings = dict(rules.settings)
    return rules.settings


def test_who_is_enrolled_and_no_longer_qualifies_is_visited_and_a_review_is_left_to_the_sub_district(county):
    house = lives(200_000)
    award(house)
    run(county, house)
    assert states(house) == {("guarantee", "ending", "waiting")}
    sending.send(NOW)
    matter = visit(house, "unfit")
    assert Award.objects.get().state == "running"
    assert [one.node for one in matter.tasks.filter(state="open")] == ["follow"]
    follow = matter.tasks.get(node="follow")
    officer = person("aid-officer-210104002")
    with pytest.raises(Invalid):
        actions.complete(actor=officer, task=follow.pk, outcome="done", now=LATER)
    done = actions.complete(
        actor=officer, task=follow.pk, outcome="done", data={"result": "reviewed"}, now=LATER
    )
    assert done.state == "closed"


def test_help_that_an_enrolled_household_does_not_get_is_class_a(county):
    house = lives(30_000, ill=True)
    award(house)
    run(county, house)
    assert set(Finding.objects.values_list("cause", "sort")) == {("care", "a")}


def test_a_household_near_the_line_or_with_few_unknown_facts_is_likely_soon(county):
    near, unknown, far = lives(85_000, order=12), lives(None, order=13), lives(None, order=14, deposits=None)
    others = [lives(70_000, order=20 + n) for n in range(4)]
    run(county, near, unknown, far, *others)
    assert states(near) == {("guarantee", "soon", "waiting")}
    assert Finding.objects.get(household=unknown.pk).missing == ["wage"]
    assert Finding.objects.get(household=far.pk).missing == ["deposits", "wage"]


def test_nobody_enrolled_is_questioned_because_something_is_unknown(county):
    house = lives(None)
    award(house)
    assert run(county, house).raised == 0


def test_a_finding_that_is_no_longer_so_lapses_before_anybody_went(county):
    house = lives(30_000)
    run(county, house)
    tell({"deposits": 90_000_000}, household=house.pk, now=LATER, on=date(2026, 9, 20))
    assert run(county, house, now=LATER).lapsed == 1
    assert states(house) == {("guarantee", "entitled", "lapsed")}


def test_facts_that_changed_since_the_snapshot_are_looked_at_before_a_visit_is_opened(county):
    house = lives(30_000)
    run(county, house)
    tell({"deposits": 90_000_000}, household=house.pk, now=LATER, on=date(2026, 9, 20))
    assert sending.send(LATER) == 0
    assert states(house) == {("guarantee", "entitled", "lapsed")}


def test_a_visit_may_end_differently_for_each_finding(county):
    house = lives(30_000, ill=True)
    run(county, house)
    sending.send(NOW)
    care = Finding.objects.get(cause="care")
    matter = visit(house, "included", **{f"finding-{care.pk}": "referred"})
    assert states(house) == {("guarantee", "entitled", "included"), ("care", "entitled", "referred")}
    assert matter.state == "open"


def test_a_visit_that_is_not_finished_goes_on(county):
    house = lives(30_000)
    run(county, house)
    sending.send(NOW)
    matter = visit(house, "checking", note="家中无人，改日再访")
    assert [one.node for one in matter.tasks.filter(state="open")] == ["visit"]
    assert states(house) == {("guarantee", "entitled", "checking")}


def test_a_visit_needs_a_word_of_what_was_seen(county):
    house = lives(30_000)
    run(county, house)
    sending.send(NOW)
    with pytest.raises(Invalid):
        visit(house, "included", note="")


def test_findings_of_a_visit_that_was_voided_can_be_raised_again(county):
    house = lives(30_000)
    run(county, house)
    sending.send(NOW)
    actions.void(
        actor=SYSTEM, matter=Matter.objects.get(findings__household=house.pk).pk, now=NOW, note="派错"
    )
    assert sending.send(LATER) == 0
    assert states(house) == {("guarantee", "entitled", "lapsed")}
    assert run(county, house, now=LATER).raised == 1
    assert sending.send(LATER) == 1


def test_a_screening_that_was_cut_off_is_gone_on_with_and_nothing_is_there_twice(county, monkeypatch):
    houses = [lives(30_000, order=n) for n in range(12, 20)]
    monkeypatch.setattr(keeping, "CHUNK", 3)
    kept, calls = keeping.keep, []

    def dies(*given):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return kept(*given)

    monkeypatch.setattr(keeping, "keep", dies)
    with pytest.raises(KeyboardInterrupt):
        run(county, *houses)
    assert Finding.objects.count() == 6
    told = run(county, *houses)
    assert (told.raised, told.known, Finding.objects.count()) == (2, 6, 8)


def test_a_review_that_the_sub_district_starts_is_of_the_award_that_may_end(county, monkeypatch):
    from yiwang.domains.assistance import reviewing

    house, opened = lives(200_000), []
    running = award(house)
    monkeypatch.setattr(reviewing, "open_review", lambda **given: opened.append(given))
    monkeypatch.setitem(PROGRAMMES, "guarantee", PROGRAMMES["minimum_guarantee"])
    run(county, house)
    sending.send(NOW)
    matter = visit(house, "unfit")
    officer = person("aid-officer-210104002")
    done = {"outcome": "done", "data": {"result": "reviewed"}, "now": LATER}
    actions.complete(actor=officer, task=matter.tasks.get(node="follow").pk, **done)
    assert [(one["award"].pk, one["why"]) for one in opened] == [(running.pk, "alert")]


def test_help_that_was_paid_once_this_year_is_not_found_missing(county):
    house = lives(30_000)
    once = award(house)
    Award.objects.filter(pk=once.pk).update(rhythm="once", state="ended", since=date(2026, 3, 1))
    assert run(county, house).raised == 0
    Award.objects.filter(pk=once.pk).update(since=date(2024, 3, 1))
    assert run(county, house, now=LATER).raised == 1
