"""An owner opens a restaurant on a phone, and commits to the fire rules instead of bringing the drawings; at the counter
a clerk takes it all from one ticket."""

from uuid import uuid4

import pytest

from tests.browser import PHONE
from tests.domains.services.restaurant import RESTAURANT
from tests.journeys.test_one_thing_once import fill, look_both, work
from tests.people import person
from yiwang.domains.services.hall import tickets
from yiwang.domains.services.models import Application, Joint
from yiwang.kernel.access import limits
from yiwang.kernel.ui import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRE = "fire-safety-check"


def test_by_commitment_the_drawings_are_put_away_and_the_window_does_not_ask_for_them(browse, official, time):
    limits.forget()
    time("2026-09-07T09:00")
    owner = browse(PHONE)
    owner.goto("/services/once/restaurant/apply?licence=yes&sign=no&gathering=yes&fumes=no")
    owner.locator("form[data-ready]").wait_for()
    drawings = owner.locator("[name=material_fire-drawings]")
    assert drawings.is_visible()
    owner.check(f"input[name=way_{FIRE}][value=commitment]")
    assert not drawings.is_visible()
    owner.check(f"input[name=way_{FIRE}][value=ordinary]")
    assert drawings.is_visible()
    owner.check(f"input[name=way_{FIRE}][value=commitment]")
    rows = {"staff.0.name": "王大厨", "staff.0.health_until": "2027-06-30", "floors": "一层"}
    fill(owner, {name: value for name, value in RESTAURANT.items() if name != "staff"} | rows)
    owner.check("[name=consent]")
    look_both(owner, "commitment-form")
    owner.click("button.yw-submit")
    owner.wait_for_url("**/done")
    own = Joint.objects.select_related("matter").get()
    assert own.materials["fire-drawings"] == "committed"
    owner.goto(f"/follow/{own.matter.number}")
    assert owner.get_by_text("告知承诺办理").count() == 1

    window = official("window-clerk", "周窗口")
    window.goto(f"/matters/{own.matter.number}")
    assert (
        window.locator("[name=material_fire-plan]").count()
        and not window.locator("[name=material_fire-drawings]").count()
    )
    look_both(window, "commitment-window")
    work(window, own.matter.number, "accept")
    look_both(window, "commitment-accepted")
    owner.reload()
    look_both(owner, "commitment-follow")
    assert Application.objects.get(service=FIRE).way == "commitment"


def test_a_clerk_takes_the_whole_bundle_from_a_ticket(official, time):
    time("2026-09-07T10:00")
    window = official("window-clerk", "周窗口")
    now, clerk = clock.now(), person("window-clerk")
    food = "food-business-licence"
    tickets.take(actor=person("hall-guide"), hall="service-centre", service=food, id=uuid4(), now=now)
    ticket = tickets.call_next(actor=clerk, hall="service-centre", desk="1", now=now)
    tickets.begin(actor=clerk, ticket=ticket.pk, now=now)
    window.goto("/hall/service-centre/desk/1")
    window.click("summary:has-text('一件事')")
    window.click("a:has-text('开办餐饮店一件事')")
    look_both(window, "counter-case")
    for question, answer in (("licence", "yes"), ("sign", "no"), ("gathering", "yes"), ("fumes", "no")):
        window.check(f'input[name="{question}"][value="{answer}"]')
    window.click("button:has-text('查看需要办什么')")
    window.locator("form[data-ready]").wait_for()
    rows = {"staff.0.name": "王大厨", "staff.0.health_until": "2027-06-30", "floors": "一层"}
    fill(window, {name: value for name, value in RESTAURANT.items() if name != "staff"} | rows)
    window.check("[name=consent]")
    look_both(window, "counter-form")
    window.click("button.yw-submit")
    window.wait_for_load_state()
    own = Joint.objects.select_related("matter").get()
    assert own.channel == "counter" and window.get_by_text(own.matter.number).count() >= 1
    look_both(window, "counter-slip")
