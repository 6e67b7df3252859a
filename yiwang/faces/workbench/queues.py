"""What there is to do, by due moment; and the matters that one may see."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.core.codes import CodeError, parse_matter_number
from yiwang.faces.workbench.door import staff_only
from yiwang.kernel.matters import queries
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.ui import clock, moments

ROWS = 50
STATES = ("open", "closed", "void", "merged", "withdrawn")


@require_safe
@staff_only
def work(request: HttpRequest) -> HttpResponse:
    """The open tasks of the signed-in person: all, of one post, own, paused, or what is overdue around them."""
    actor, asked = request.actor, request.GET
    post, view = asked.get("post", "")[:40], asked.get("show", "")
    if view == "overdue":
        page = queries.overdue(actor, now=clock.now(), after=asked.get("after", ""), limit=ROWS)
    else:
        page = queries.queue(
            actor,
            post=post,
            held=True if view == "held" else None,
            mine=view == "mine",
            after=asked.get("after", ""),
            limit=ROWS,
        )
    kept = {name: value for name, value in (("post", post), ("show", view)) if value}
    context = {"page": page, "tabs": _tabs(actor, post, view), "query": urlencode(kept), "posts": actor.posts}
    return render(request, "workbench/work.html", context)


def _tabs(actor, post: str, view: str) -> list[tuple[str, str, bool]]:
    """(address, name, whether it is this one)."""
    kinds = current().post_kinds
    english = not moments.chinese()
    tabs = [("/work", _("All my work"), not post and not view)]
    held = dict.fromkeys(one.kind for one in actor.posts)
    if len(held) > 1:
        for slug in held:
            kind = kinds.get(slug)
            name = ((english and kind.name_en) or kind.name) if kind else slug
            tabs.append(("/work?" + urlencode({"post": slug}), name, post == slug))
    for key, name in (("mine", _("Taken by me")), ("held", _("Clock paused")), ("overdue", _("Overdue"))):
        tabs.append((f"/work?show={key}", name, view == key))
    return tabs


def _number(text: str) -> str:
    """With its dashes, when it was typed without them; what is no number is looked for as it is."""
    try:
        return parse_matter_number(text).value
    except CodeError:
        return text


@require_safe
@staff_only
def matters(request: HttpRequest) -> HttpResponse:
    """The matters that the person may see, newest first; a number leads to its page at once."""
    asked = request.GET
    number = asked.get("number", "").strip().replace("/", "")[:20]
    if number:
        return redirect("matter", _number(number))
    state = asked.get("state", "")
    state = state if state in STATES else ""
    page = queries.matters(request.actor, filters={"state": state}, after=asked.get("after", ""), limit=ROWS)
    context = {
        "page": page,
        "state": state,
        "states": STATES,
        "query": urlencode({"state": state} if state else {}),
    }
    return render(request, "workbench/matters.html", context)
