"""A class of projects as one process: what the simulator plays to say what would bring 52 days to 40.

Each permit is a task of its department with its promised limit, in the order that the pack gives: those of a stage side by
side, after what they wait for and after the stage before. It is a picture of the rules, not a process that matters run
through; what an applicant takes between two stages is not in it.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext as _

from yiwang.core.process import lay_out
from yiwang.domains.approvals import stages
from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs.approvals import Permit
from yiwang.kernel.packs.rulebook import Rulebook

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:yiwang="urn:yiwang:bpmn:1" '
    'id="definitions" targetNamespace="urn:yiwang:processes">\n'
)


def bpmn(rules: Rulebook, project_class: str, without: frozenset[str] = frozenset()) -> bytes:
    """The BPMN file of a class. `without`: permits that a regional assessment takes away. Raises NotFound."""
    chosen = rules.approvals.classes.get(project_class)
    if chosen is None:
        raise NotFound(
            _("There is no class of projects %(slug)s; there are: %(known)s.")
            % {"slug": project_class[:40], "known": ", ".join(rules.approvals.classes)}
        )
    permits = {
        one.slug: one
        for stage in chosen.stages
        for one in rules.approvals.of_stage(stage, project_class)
        if one.slug not in without
    }
    name = quoteattr(chosen.name)
    english = quoteattr(chosen.name_en)
    lines = [
        HEAD,
        f'<bpmn:process id="{_id(project_class)}" name={name} yiwang:name_en={english} isExecutable="true">\n',
        *_elements(permits, needs(rules, project_class, permits)),
        "</bpmn:process>\n</bpmn:definitions>\n",
    ]
    return lay_out("".join(lines).encode())


def needs(rules: Rulebook, project_class: str, permits: dict[str, Permit]) -> dict[str, list[str]]:
    """Permit -> the permits directly before it; what follows from others is left out."""
    order = rules.approvals.classes[project_class].stages
    ahead: dict[str, set[str]] = {}
    for slug, permit in permits.items():
        found = {one for one in stages.before(rules, permit, project_class) if one in permits}
        place = order.index(permit.stage)
        if place:
            found |= {
                one.slug for one in permits.values() if one.stage == order[place - 1] and not one.before
            }
        ahead[slug] = found

    def every(slug: str) -> set[str]:
        """All that come before, directly or not."""
        return ahead[slug].union(*(every(one) for one in ahead[slug]))

    return {
        slug: sorted(one for one in found if not any(one in every(other) for other in found))
        for slug, found in ahead.items()
    }


def _elements(permits: dict[str, Permit], before: dict[str, list[str]]) -> list[str]:
    """Tasks, with a parallel gateway where several ways meet or part."""
    after: dict[str, list[str]] = {slug: [] for slug in permits}
    for slug, ahead in before.items():
        for one in ahead:
            after[one].append(slug)
    first = [slug for slug in permits if not before[slug]]
    last = [slug for slug in permits if not after[slug]]
    nodes = ['<bpmn:startEvent id="begin"/>\n', '<bpmn:endEvent id="finished"/>\n']
    ways: list[tuple[str, str]] = []

    def gateway(own: str) -> str:
        nodes.append(f'<bpmn:parallelGateway id="{own}"/>\n')
        return own

    def entry(slug: str) -> str:
        return f"join_{_id(slug)}" if len(before[slug]) > 1 else _id(slug)

    for slug, permit in permits.items():
        own = _id(slug)
        nodes.append(
            f'<bpmn:userTask id="{own}" name={quoteattr(permit.name)} yiwang:name_en={quoteattr(permit.name_en)} '
            f'yiwang:post="{permit.unit}" yiwang:outcomes="done:办结" yiwang:limit="{permit.promised}"/>\n'
        )
        if len(before[slug]) > 1:
            ways.append((gateway(f"join_{own}"), own))
        out = own
        if len(after[slug]) > 1:
            out = gateway(f"fork_{own}")
            ways.append((own, out))
        ways += [(out, entry(one)) for one in after[slug]]
    start = gateway("fork_begin") if len(first) > 1 else "begin"
    end = gateway("join_finished") if len(last) > 1 else "finished"
    ways += [("begin", start)] if start != "begin" else []
    ways += [(end, "finished")] if end != "finished" else []
    ways += [(start, _id(slug)) for slug in first]
    ways += [(_id(slug), end) for slug in last]
    flows = [
        f'<bpmn:sequenceFlow id="way_{number}" sourceRef="{source}" targetRef="{target}"/>\n'
        for number, (source, target) in enumerate(ways, 1)
    ]
    return [*nodes, *flows]


def _id(slug: str) -> str:
    return slug.replace("-", "_")
