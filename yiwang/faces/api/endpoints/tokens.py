"""Signing in: a name and a password for a bearer token, and its end."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from yiwang.faces.api import rows, told
from yiwang.faces.api.callers import OFFICIALS, Bearer
from yiwang.faces.api.given import SignIn
from yiwang.faces.api.replies import local, nothing, reply
from yiwang.kernel.access import signin, tokens
from yiwang.kernel.access.actors import Actor, actor_for
from yiwang.kernel.access.middleware import bearer_secret
from yiwang.kernel.access.models import Token, User
from yiwang.kernel.errors import NotFound
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers.models import Post
from yiwang.kernel.ui import clock

router = Router(by_alias=True, tags=["sign-in"])


@router.post("/tokens", response={201: told.TokenOut}, operation_id="sign_in", summary="Sign in")
def sign_in(request: HttpRequest, given: SignIn) -> HttpResponse:
    """A bearer token for a user name and a password. After five failures signing in is locked for a while (429)."""
    user = signin.check_password(request, given.username, given.password)
    now = clock.now()
    # The token's life is real time, whatever moment the office's clock is set to.
    token, secret = tokens.issue(user, now=timezone.now(), name=given.name, days=given.days)
    actor = actor_for(user, timezone.localdate(now))
    body = {"token": secret, "expires_at": local(token.expires_at), "user": whoami(actor, user)}
    return reply(body, 201, {"Cache-Control": "no-store"})


@router.delete(
    "/tokens/current", auth=[Bearer()], response={204: None}, operation_id="sign_out", summary="Sign out"
)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the token that the request came with, at once."""
    digest = tokens.digest_of(bearer_secret(request) or "")
    token = Token.objects.filter(digest=digest).first()
    if token is None:
        raise NotFound(_("There is no such token."))
    tokens.revoke(token.pk, timezone.now())
    return nothing()


@router.get("/me", auth=OFFICIALS, response={200: told.Me}, operation_id="me", summary="Who I am")
def me(request: HttpRequest) -> HttpResponse:
    """The caller's posts of today, and what they grant."""
    actor: Actor = request.auth
    return reply(whoami(actor, User.objects.get(pk=actor.id)))


def whoami(actor: Actor, user: User) -> dict:
    kinds = current().post_kinds
    titles = {
        code: (rows.english() and name_en) or name
        for code, name, name_en in Post.objects.filter(pk__in=[p.code for p in actor.posts]).values_list(
            "code", "name", "name_en"
        )
    }
    return {
        "id": user.pk,
        "username": user.username,
        "name": user.name,
        "posts": [
            {
                "code": post.code,
                "kind": post.kind,
                "name": titles.get(post.code) or (kinds[post.kind].name if post.kind in kinds else post.kind),
                "unit": rows.unit(post.unit),
                "area": rows.area(post.area),
            }
            for post in actor.posts
        ],
        "actions": sorted(actor.reach),
    }
