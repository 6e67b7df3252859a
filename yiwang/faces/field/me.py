"""Who is signed in, and what the phone needs to know before it works alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe

from yiwang.domains.streets import queries as streets
from yiwang.faces.field.door import fresh, staff_json
from yiwang.kernel.access.actors import Actor
from yiwang.kernel.access.sealed import keyed_hash
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers import queries as registers
from yiwang.kernel.registers.models import Post
from yiwang.kernel.ui import clock, moments


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """{user, seal, posts, may, most, csrf, now}; `user` is null for somebody who is not signed in: no error, since
    the app starts for everybody.

    `seal`: the key with which this person's data lies on the phone; it is the same for the person always, and is
    given to nobody else.
    """
    actor = request.actor
    # Nobody signed in, no token unless a form of the page asks for it: it would come with a cookie, and an answer
    # that is late would take the place of the cookie of the sign-in form.
    token = get_token(request) if actor.signed_in or "token" in request.GET else ""
    body: dict = {"user": None, "csrf": token, "now": clock.now().isoformat()}
    if actor.signed_in:
        settings = current().settings
        body |= {
            "user": {"id": actor.id, "name": actor.name},
            "seal": keyed_hash(f"field app of user {actor.id}"),
            "posts": _posts(actor),
            "may": {"report": "open" in actor.reach, "patrol": bool(actor.posts)},
            "most": {"photos": settings["max_files"], "text": settings["max_text_chars"], "note": 500},
        }
    return fresh(body)


def _posts(actor: Actor) -> list[dict]:
    """{code, name} of the posts that are held, as the person reads them."""
    english = not moments.chinese()
    rows = {row.pk: row for row in Post.objects.filter(pk__in=[held.code for held in actor.posts])}
    return [
        {"code": code, "name": (english and row.name_en) or row.name} for code, row in sorted(rows.items())
    ]


@require_safe
@staff_json
def patrols(request: HttpRequest) -> dict:
    """The person's own latest patrols."""
    rows = streets.own(request.actor)
    english = not moments.chinese()
    posts = {
        row.pk: (english and row.name_en) or row.name
        for row in Post.objects.filter(pk__in={row["post_id"] for row in rows})
    }
    return {
        "patrols": [
            {
                "id": str(row["id"]),
                "post": posts.get(row["post_id"], ""),
                "began_at": row["began_at"].isoformat(),
                "ended_at": row["ended_at"].isoformat() if row["ended_at"] else None,
                "length_m": row["length_m"],
            }
            for row in rows
        ]
    }


def area_of(code: str | None) -> str:
    """A community with its sub-district before it."""
    known, english = registers.areas(), not moments.chinese()
    row = known.get(code) if code else None
    if row is None:
        return ""
    above = known.get(row.parent or "")
    name = registers.area_name(code, english)
    if row.level == "community" and above is not None:
        return f"{registers.area_name(above.code, english)} {name}"
    return name
