"""What the visit of a finding asks on a phone, result by result; the page asks the same (`templates/assistance/visit`)."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.core.codes.masks import mask_name
from yiwang.domains.assistance import names
from yiwang.domains.assistance.discovery import forms, on_behalf
from yiwang.domains.assistance.intake import MATERIALS
from yiwang.domains.assistance.models import Finding
from yiwang.domains.assistance.programmes import PROGRAMMES
from yiwang.domains.assistance.steps.at_home import Asked, Home


def asked(outcome: str, findings: Sequence[Finding], home: Home | None) -> list[Asked]:
    """The fields of one result. The note that every result needs is not among them."""
    fields: list[Asked] = []
    open_ones = [one for one in findings if one.state == "checking"]
    if outcome != "checking" and len(open_ones) > 1:
        words = dict(outcomes())
        options = (
            ("", _("as above")),
            *((slug, words[slug]) for slug in forms.OUTCOMES if slug != "checking"),
        )
        fields += [
            Asked(
                f"{forms.OF_FINDING}{one.pk}",
                names.cause(one.cause),
                "choice",
                options=options,
                group=_("Not the same for all"),
            )
            for one in open_ones
        ]
    if outcome == "included" and home is not None:
        fields += _on_behalf(findings, home)
    return [*fields, Asked("photos", _("Photos"), "photos")]


def _on_behalf(findings: Sequence[Finding], home: Home) -> list[Asked]:
    title = _("The household wants to apply: apply on its behalf now")
    due = {one.cause for one in findings if one.says != "ending"}
    offered = sorted(on_behalf.OFFERED, key=lambda slug: slug not in due)
    members = tuple(
        (str(one.pk), f"{mask_name(one.name)} · {names.relation(one.relation)}") for one in home.members
    )
    ways = tuple((slug, str(text)) for slug, text in on_behalf.WAYS.items())
    return [
        Asked("apply", _("Apply now, in the name of the household"), "tick", group=title),
        Asked("line-for", _("What the household applies for"), "line", group=title),
        *(
            Asked(
                f"{on_behalf.FOR}{slug}",
                str(PROGRAMMES[slug]),
                "tick",
                "1" if slug in due else "",
                group=title,
            )
            for slug in offered
        ),
        Asked("applicant", _("Who applies"), "choice", options=(("", _("Choose")), *members), group=title),
        Asked("way", _("How the household agreed"), "radio", options=ways, group=title),
        Asked(
            "witness",
            _("Witness, or legal guardian"),
            hint=_("By name; not needed where the applicant signed."),
            group=title,
            most=40,
        ),
        Asked("line-papers", _("Papers that are there"), "line", group=title),
        *(
            Asked(f"{on_behalf.PAPER}{slug}", str(MATERIALS[slug]), "tick", group=title)
            for slug in on_behalf.PAPERS
        ),
    ]


def outcomes() -> list[tuple[str, str]]:
    """The results of a visit in words."""
    return [
        ("included", _("Fits: to be included")),
        ("unfit", _("Does not qualify")),
        ("referred", _("Referred to another office")),
        ("checking", _("Not finished: to be looked into further")),
    ]


def why(one: Finding) -> str:
    """In a line why somebody should look, with what is to be asked; never the value of a fact."""
    told = orjson.loads(one.explanation) if one.explanation else {}
    line = f"{names.says(one.says)} · {names.cause(one.cause)}"
    missing = told.get("missing") or one.missing
    if not missing:
        return line
    comma = pgettext("between names in a list", ", ")
    return f"{line} · {_('To be asked on the visit:')} {comma.join(names.variable(name) for name in missing)}"
