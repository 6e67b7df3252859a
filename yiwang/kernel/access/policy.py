"""Who may do what: one decision for one subject, and the same rule as a filter for lists.

- Work on a task (claim, complete, send_back) needs its post: same kind of post, the task's area inside the
  post's, the task's unit in the post's unit tree (or no unit given).
- Everything else needs a grant of a held post, from the pack's post kinds, that reaches the matter.
- An area lies inside another when its code begins with the other's. What has no area yet lies in the
  district as a whole: only posts whose area is a whole district reach it.
- People, licences and halls are no matters: a grant reaches them only when its kinds name `person`, `licence` or
  `hall`; "*" does not.
- A resident acts on the own matter only, another system only brings matters in, Yiwang itself may do all.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language, gettext_noop, pgettext
from django.utils.translation import gettext as _

from yiwang.kernel.access.actors import Actor, HeldPost, Reach
from yiwang.kernel.errors import Denied, NotSignedIn, Problem
from yiwang.kernel.packs import rulebook

TASK_ACTIONS = frozenset({"claim", "complete", "send_back"})
GRANTED_ACTIONS = frozenset(
    {"see", "open", "reassign", "hold", "resume", "extend", "remind", "merge", "split", "withdraw", "void"}
    | {"close", "reopen", "relocate", "appeal", "review_appeal", "reveal", "export", "evaluate"}
    | {"chase", "reply", "ask", "hang_up", "pay"}
    | {"record", "import", "prove", "erase"}
    | {"issue", "revoke"}
    | {"propose", "approve"}
    | {"screen", "help"}
    | {"ticket", "call"}
)
PERSON = "person"  # the kind of a subject that is a resident, with household and facts
LICENCE = "licence"  # the kind of a subject that is an e-licence
HALL = "hall"  # the kind of a subject that is a hall with its tickets
NAMED = frozenset({PERSON, LICENCE, HALL})  # reached only by grants that name them
RESIDENT_ACTIONS = frozenset({"rate", "withdraw", "reopen"})
ACTIONS = TASK_ACTIONS | GRANTED_ACTIONS | RESIDENT_ACTIONS
DISTRICT_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about: a matter, or one task of it when `post` is given (then area and unit are the task's)."""

    kind: str
    area: str | None
    unit: str | None
    post: str | None = None
    assignee: int | None = None
    matter_id: uuid.UUID | None = None
    district: str | None = None  # needed only while there is no area

    @classmethod
    def of_matter(cls, matter) -> Subject:
        return cls(
            kind=matter.kind,
            area=matter.area_id,
            unit=matter.unit_id,
            matter_id=matter.pk,
            district=matter.district,
        )

    @classmethod
    def of_person(cls, person) -> Subject:
        """A person or a household of the registers."""
        return cls(kind=PERSON, area=person.area_id, unit=None, district=person.district)

    @classmethod
    def of_licence(cls, licence) -> Subject:
        return cls(kind=LICENCE, area=licence.area or None, unit=None, district=licence.district)

    @classmethod
    def of_task(cls, task) -> Subject:
        return cls(task.kind, task.area_id, task.unit_id, task.post, task.assignee_id, task.matter_id)


@dataclass(frozen=True, slots=True)
class Decision:
    """`reason` is a word for code: granted, or why not (see `WHY_NOT`)."""

    allowed: bool
    reason: str = "granted"

    def __bool__(self) -> bool:
        return self.allowed


GRANTED = Decision(True)
WHY_NOT = {
    "signed_out": gettext_noop("Sign in first."),
    "no_post": gettext_noop("You hold no post today. The district's administrator gives posts."),
    "not_granted": gettext_noop("Your posts do not allow this."),
    "other_kind": gettext_noop("Your posts do not allow this for matters of this kind."),
    "elsewhere": gettext_noop("Your posts do not reach this area or unit."),
    "not_the_post": gettext_noop("This task belongs to another post, area or unit."),
    "not_own": gettext_noop("Only the reporter can do this, with the number and the secret."),
    "not_for_keys": gettext_noop("A key of another system can only send reports."),
}
_REFUSED = {reason: Decision(False, reason) for reason in WHY_NOT}


def inside(area: str | None, whole: str) -> bool:
    """Whether `area` lies in the area `whole`; no area yet lies in a whole district only."""
    return area.startswith(whole) if area else len(whole) == DISTRICT_DIGITS


def works(post: HeldPost, task: Subject) -> bool:
    """Whether a task is one that this post works."""
    return (
        task.post == post.kind
        and inside(task.area, post.area)
        and (task.unit is None or task.unit in post.unit_tree)
    )


def decide(actor: Actor, action: str, subject: Subject) -> Decision:
    """Whether `actor` may do `action` on `subject`. Pure; asks no database.

    That a colleague has already claimed a task is no matter of permission: the action says so (Conflict).
    """
    if actor.kind == "user":
        return (_decide_task if action in TASK_ACTIONS else _decide_grant)(actor, action, subject)
    if actor.kind == "system":
        return GRANTED
    if actor.kind == "key":
        return GRANTED if action == "open" else _REFUSED["not_for_keys"]
    if action == "open":  # everybody may report
        return GRANTED
    if action in RESIDENT_ACTIONS:
        own = actor.matter_id is not None and actor.matter_id == subject.matter_id
        return GRANTED if own else _REFUSED["not_own"]
    return _REFUSED["signed_out"]


def _decide_task(actor: Actor, action: str, subject: Subject) -> Decision:
    for post in actor.posts:
        if works(post, subject):
            return GRANTED
    return _REFUSED["not_the_post" if actor.posts else "no_post"]


def _decide_grant(actor: Actor, action: str, subject: Subject) -> Decision:
    reaches = actor.reach.get(action)
    if reaches is None:
        return _REFUSED["not_granted" if actor.posts else "no_post"]
    of_kind = False
    for reach in reaches:
        if covers(reach.kinds, subject.kind):
            of_kind = True
            if _reaches(reach, subject):
                return GRANTED
    return _REFUSED["elsewhere" if of_kind else "other_kind"]


def covers(kinds: frozenset[str] | None, kind: str) -> bool:
    """Whether a grant for `kinds` (None: all kinds of matters) is one for `kind`. People and licences must be named."""
    return kind in kinds if kinds is not None else kind not in NAMED


def _reaches(reach: Reach, subject: Subject) -> bool:
    if reach.area is not None and not inside(subject.area or subject.district, reach.area):
        return False
    return reach.units is None or subject.unit in reach.units


def require(actor: Actor, action: str, subject: Subject) -> None:
    """Raises Denied (or NotSignedIn) with the sentence that says why not and who may."""
    decision = decide(actor, action, subject)
    if decision.allowed:
        return
    error = NotSignedIn if decision.reason == "signed_out" else Denied
    sentence = _(WHY_NOT[decision.reason])
    who = _who_may(action, subject) if actor.kind == "user" else ""
    raise error(f"{sentence} {who}".strip(), reason=decision.reason, action=action)


def _who_may(action: str, subject: Subject) -> str:
    """A sentence that names the kinds of post that may, or '' when none may or no pack is loaded."""
    try:
        post_kinds = rulebook.current().post_kinds
    except Problem:
        return ""
    names = who_may(action, subject, post_kinds, english=(get_language() or "").startswith("en"))
    if not names:
        return ""
    return _("This may be done by: %(posts)s.") % {
        "posts": pgettext("between names in a list", ", ").join(names)
    }


def who_may(action: str, subject: Subject, post_kinds: Mapping, *, english: bool) -> list[str]:
    """The names of the kinds of post that may do `action` on such a subject, somewhere."""
    if action in TASK_ACTIONS:
        found = [post_kinds[subject.post]] if subject.post in post_kinds else []
    else:
        found = [
            kind
            for kind in post_kinds.values()
            if any(action in g.actions and covers(g.kinds, subject.kind) for g in kind.grants)
        ]
    return [(kind.name_en if english else kind.name) or kind.name for kind in found]


NOTHING = Q(pk__in=[])


def matters_filter(actor: Actor, action: str = "see", of: str = "") -> Q:
    """The matters on which `decide(actor, action, …)` says yes, as a filter over Matter.

    `of` "matter__": the same over rows that have a matter.
    """
    if action in TASK_ACTIONS:
        raise ValueError(f"{action} is work on a task: use tasks_filter")
    if actor.kind == "system":
        return Q()
    if actor.kind == "resident" and action in RESIDENT_ACTIONS and actor.matter_id is not None:
        return Q(**{f"{of}pk": actor.matter_id})
    found = None
    for reach in actor.reach.get(action, ()) if actor.kind == "user" else ():
        q = _reach_q(reach, of)
        found = q if found is None else found | q
    return NOTHING if found is None else found


def tasks_filter(actor: Actor) -> Q:
    """The tasks that the actor may claim, as a filter over Task; their state is not looked at."""
    if actor.kind == "system":
        return Q()
    found = None
    for post in dict.fromkeys(actor.posts):
        found = _task_q(post) if found is None else found | _task_q(post)
    return NOTHING if found is None else found


def people_filter(actor: Actor, action: str = "see") -> Q:
    """The people and households on whom `decide(actor, action, …)` says yes, as a filter over either table."""
    return _named_filter(actor, action, PERSON)


def licences_filter(actor: Actor, action: str = "see") -> Q:
    """The licences on which `decide(actor, action, …)` says yes, as a filter."""
    return _named_filter(actor, action, LICENCE)


def _named_filter(actor: Actor, action: str, kind: str) -> Q:
    """What is no matter belongs to no unit: a grant that stops at units reaches none of it."""
    if actor.kind == "system":
        return Q()
    found = None
    for reach in actor.reach.get(action, ()) if actor.kind == "user" else ():
        if not covers(reach.kinds, kind) or reach.units is not None:
            continue
        whole = reach.area
        q = Q() if whole is None else Q(district=whole) if len(whole) == DISTRICT_DIGITS else _area_q(whole)
        found = q if found is None else found | q
    return NOTHING if found is None else found


def _reach_q(reach: Reach, of: str) -> Q:
    q = Q()
    if reach.kinds is not None:
        q &= Q(**{f"{of}kind__in": sorted(reach.kinds)})
    if reach.area is not None:
        # A matter's area always lies in its district, and the district is known before the area.
        whole = len(reach.area) == DISTRICT_DIGITS
        q &= Q(**{f"{of}district": reach.area}) if whole else _area_q(reach.area, of)
    if reach.units is not None:
        q &= Q(**{f"{of}unit__in": sorted(reach.units)})
    return q


def _task_q(post: HeldPost) -> Q:
    area = _area_q(post.area)
    if inside(None, post.area):
        area |= Q(area=None)
    return Q(post=post.kind) & area & (Q(unit=None) | Q(unit__in=sorted(post.unit_tree)))


def _area_q(whole: str, of: str = "") -> Q:
    """Codes that begin with `whole`, as a range: a range uses the index, LIKE does not on every database."""
    if len(whole) == 12:
        return Q(**{f"{of}area": whole})
    return Q(**{f"{of}area__gte": whole, f"{of}area__lte": whole.ljust(12, "9")})
