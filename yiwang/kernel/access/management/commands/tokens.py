"""`yiwang tokens`: bearer tokens of users for the API."""

from __future__ import annotations

import json
import uuid

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from yiwang.kernel.access import tokens, users
from yiwang.kernel.access.models import Token


class Command(BaseCommand):
    help = "Issues, revokes and lists the API tokens of users."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        issue = actions.add_parser("issue", help="Issue a token; its secret is printed once")
        issue.add_argument("username")
        issue.add_argument("--name", default="", help="What the token is for")
        issue.add_argument("--days", type=int, default=tokens.DEFAULT_DAYS, help="How many days it holds")
        actions.add_parser("revoke", help="End a token").add_argument("id", type=uuid.UUID)
        actions.add_parser("list", help="List a user's tokens").add_argument("username")
        for one in actions.choices.values():
            one.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args, action: str, **options) -> None:
        now = timezone.now()
        if action == "issue":
            user = users.find_user(options["username"])
            token, secret = tokens.issue(user, now=now, name=options["name"], days=options["days"])
            rows = [_row(token) | {"token": secret}]
        elif action == "revoke":
            rows = [_row(tokens.revoke(options["id"], now))]
        else:
            user = users.find_user(options["username"])
            rows = [_row(token) for token in Token.objects.filter(user=user).order_by("created_at")]
        if options["json"]:
            self.stdout.write(json.dumps(rows if action == "list" else rows[0], ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write("  ".join(f"{key}: {value}" for key, value in row.items() if value))


def _row(token: Token) -> dict:
    return {
        "id": str(token.pk),
        "name": token.name,
        "expires": timezone.localtime(token.expires_at).isoformat(timespec="seconds"),
        "revoked": timezone.localtime(token.revoked_at).isoformat(timespec="seconds")
        if token.revoked_at
        else None,
    }
