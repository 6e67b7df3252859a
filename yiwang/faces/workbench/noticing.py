"""The inbox of the person who is signed in: what concerns them, reading it, and how they want to be told."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.kernel.access.models import User
from yiwang.kernel.errors import Invalid, Problem
from yiwang.kernel.notices import inbox, letters, topics
from yiwang.kernel.packs.rulebook import rulebook
from yiwang.kernel.ui import clock, notices
from yiwang.kernel.ui.door import staff_only


@require_safe
@staff_only
def inbox_page(request: HttpRequest) -> HttpResponse:
    """The notices of the last thirty days, the newest first."""
    topic = request.GET.get("topic", "")
    topic = topic if topic in topics.TOPICS else ""
    found = inbox.page(request.actor, clock.now(), after=request.GET.get("after", ""), topic=topic)
    for row in found.rows:
        rules = rulebook(row["pack"]) if row["pack"] else None
        step = letters.step_name(rules, row["kind"], row["data"].get("node", "")) if rules else ""
        row["text"] = topics.sentence(row["topic"], row["data"], step)
        row["icon"] = topics.icon(row["topic"])
        row["note"] = row["data"].get("note", "")
    context = {
        "page": found,
        "topic": topic,
        "topics": [(slug, name) for slug, (_icon, name) in topics.TOPICS.items()],
        "query": urlencode({"topic": topic}) if topic else "",
    }
    return render(request, "workbench/notices.html", context)


@require_POST
@staff_only
def read(request: HttpRequest) -> HttpResponse:
    """One notice is read, or all up to the newest that the page showed; leads back to the inbox, or to the matter."""
    one, all_to = request.POST.get("notice", ""), request.POST.get("all_to", "")
    if one:
        inbox.mark_read(request.actor, _whole(one, "notice"), clock.now())
    else:
        inbox.mark_all_read(request.actor, _whole(all_to, "all_to"))
        notices.say(request, _("Everything is read."))
    number = request.POST.get("matter", "")
    return redirect("matter", number) if number else redirect("notices")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def settings_page(request: HttpRequest) -> HttpResponse:
    """How this person wants to be told."""
    problem = None
    if request.method == "POST":
        try:
            inbox.choose(
                request.actor,
                mail=request.POST.get("mail", ""),
                digest=bool(request.POST.get("digest")),
                wanted=request.POST.getlist("wanted"),
            )
        except Problem as refused:
            problem = refused
        else:
            notices.say(request, _("Your choice is kept."))
            return redirect("notices-settings")
    own = inbox.reader(request.actor)
    context = {
        "problem": problem,
        "own": own,
        "email": User.objects.filter(pk=request.actor.id).values_list("email", flat=True).first() or "",
        "ways": [("none", _("No e-mail")), ("each", _("An e-mail for each notice"))],
        "topics": [
            (slug, name, slug not in own.muted, slug in topics.ALWAYS)
            for slug, (_icon, name) in topics.TOPICS.items()
        ],
    }
    return render(
        request, "workbench/notices_settings.html", context, status=problem.status if problem else 200
    )


def _whole(text: str, where: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid(_("There is no such notice."), where=where)
    return int(text)
