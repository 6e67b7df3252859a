"""An enterprise applies on the portal, without a script: form, rows, draft, receipt, following; then the window works."""

from __future__ import annotations

import re

from tests.domains.services.restaurant import RESTAURANT
from yiwang.domains.services.models import Application, Draft
from yiwang.kernel.access.models import PurposeLog
from yiwang.kernel.matters.models import Matter, Task

ADDRESS = "/services/food-business-licence/apply"
ID = "0198f3a2-7c11-7aaa-8000-00000000f00d"


def sent(**more) -> dict:
    """The form as a browser sends it."""
    data = {name: value for name, value in RESTAURANT.items() if name != "staff"}
    data |= {"staff.0._": "1", "staff.0.name": "王大厨", "staff.0.health_until": "2027-06-30"}
    return data | {"id": ID, "consent": "1", "material_business-licence": "lookup"} | more


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_an_enterprise_applies_follows_and_the_window_opens_its_answers_for_a_purpose(
    visitor, signed_in, time
):
    assert "Apply" in text(visitor.get("/services/food-business-licence"))
    wrong = visitor.post(ADDRESS, sent(operator_phone="123"))
    assert wrong.status_code == 422 and "Telephone: " in text(wrong)
    assert 'value="大东区老味道饭店"' in text(wrong)
    done = visitor.post(ADDRESS, sent())
    assert done.status_code == 302
    assert visitor.post(ADDRESS, sent()).headers["Location"] == done.headers["Location"]  # a second tap
    receipt = text(visitor.get(done.headers["Location"]))
    number = Matter.objects.get(kind="service").number
    assert number in receipt and Application.objects.count() == 1
    page = text(visitor.get(f"/follow/{number}"))
    assert "The window looks at your application." in page and "13840000001" not in page
    clerk = signed_in("window-clerk")
    page = text(clerk.get(f"/matters/{number}"))
    assert "大东区老味道饭店" in page and "11010519491231002X" not in page
    refused = clerk.post(f"/matters/{number}/answers", {"purpose": ""})
    assert refused.status_code == 422
    opened = text(clerk.post(f"/matters/{number}/answers", {"purpose": "核对身份"}))
    assert "11010519491231002X" in opened and PurposeLog.objects.count() == 1
    assert "核对身份" in text(visitor.get(f"/follow/{number}"))
    task = Task.objects.get(matter__number=number)
    states = {
        f"material_{slug}": "received"
        for slug in ("application-form", "floor-plan", "food-safety-rules", "health-certificates")
    }
    form = {
        "form": "complete-accept-0",
        "task": str(task.pk),
        "outcome": "accept",
        "material_business-licence": "lookup",
    }
    assert clerk.post(f"/matters/{number}/do/complete", form | states).status_code == 302, task
    assert "The office reviews your application." in text(visitor.get(f"/follow/{number}"))
    assert visitor.post(f"/services/applications/{number}/withdraw").status_code in (403, 409)


def test_a_draft_goes_to_another_device(visitor, client, world):
    more = visitor.post(ADDRESS, sent(_add="staff"))
    assert text(more).count("staff.1._") == 1
    kept = text(visitor.post(ADDRESS, sent(_save="1", operator_phone="half typ")))
    number = Draft.objects.get().number
    secret = re.search(r"<dt>Secret</dt><dd>(\w+)</dd>", kept)[1]
    client.cookies["yiwang_language"] = "en"
    assert client.post("/services/drafts", {"number": number, "secret": "wrong"}).status_code == 404
    page = text(client.post("/services/drafts", {"number": number, "secret": secret}))
    assert 'value="half typ"' in page and 'value="王大厨"' in page
    assert client.post(ADDRESS, sent()).status_code == 302
    assert not Draft.objects.exists()
