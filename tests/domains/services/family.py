"""What a family answers in the one form of the newborn bundle, and which posts then work on it."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

from tests.conftest import at
from tests.people import person
from yiwang.domains.services import joint
from yiwang.domains.services.models import JointPart
from yiwang.kernel.access.actors import resident
from yiwang.kernel.matters import actions
from yiwang.kernel.matters.models import Matter, Task

MONDAY = at("2026-09-07T09:00")
CASE = {"certificate": "yes", "here": "yes", "insured": "no"}
FAMILY = {
    "child_name": "王小满",
    "child_sex": "female",
    "child_birth": "2026-08-30",
    "birth_hospital": "沈阳市妇婴医院",
    "birth_certificate_number": "Z210000001",
    "mother_name": "李梅",
    "mother_id": "11010519491231002X",
    "mother_phone": "13840000001",
    "household_with": "mother",
    "household_address": "长安路 12 号",
    "household_head": "李梅",
    "insured_from": "birth",
    "card_bank": "中国银行",
}
MATERIALS = {"application-form": "brought", "photo": "brought", "marriage-certificate": "missing"}
FOUR = ["vaccination-certificate", "birth-household", "newborn-medical-insurance", "social-security-card"]


def sent(**more) -> SimpleNamespace:
    """The family sends its one application."""
    given = {
        "actor": resident(),
        "id": uuid4(),
        "bundle": "newborn",
        "said": CASE,
        "answers": FAMILY,
        "materials": MATERIALS,
        "consent": True,
        "now": MONDAY,
    } | more
    got = joint.apply(**given)
    return SimpleNamespace(
        row=got.joint, matter=got.matter, number=got.matter.number, secret=got.secret, id=got.matter.pk
    )


def seen(got, **more) -> dict:
    """What the window finds of the materials: everything is there."""
    states = {"brought": "received"}
    return {f"material_{slug}": states.get(state, state) for slug, state in got.row.materials.items()} | more


def window(got, outcome: str = "accept", now=MONDAY, node: str = "accept", **data):
    task = Task.objects.get(matter=got.id, node=node, state="open")
    given = data or (seen(got) if outcome == "accept" else {})
    return actions.complete(actor=person("window-clerk"), task=task.pk, outcome=outcome, data=given, now=now)


def part(got, service: str) -> JointPart:
    return JointPart.objects.select_related("matter").get(joint=got.id, service=service)


def state(got) -> dict[str, str]:
    return dict(JointPart.objects.filter(joint=got.id).values_list("service", "state"))


def office(got, service: str, outcome: str = "grant", now=MONDAY, deliver: bool = True) -> Matter:
    """Review, decision and delivery of one service by the people of its office."""
    matter = part(got, service).matter
    unit = matter.unit_id
    step(matter, "review", f"service-reviewer-{unit}", "done", now, opinion="agree")
    step(matter, "decide", f"service-decider-{unit}", outcome, now, reason="不符合条件，依据第七条")
    if deliver:
        node = "deliver" if outcome == "grant" else "tell_no"
        step(matter, node, "window-clerk", "delivered", now, way="online")
    return Matter.objects.get(pk=matter.pk)


def step(matter: Matter, node: str, post: str, outcome: str, now=MONDAY, **data) -> None:
    task = Task.objects.get(matter=matter, node=node, state="open")
    actions.complete(actor=person(post), task=task.pk, outcome=outcome, data=data, now=now)
