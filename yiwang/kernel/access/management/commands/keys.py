"""`yiwang keys`: keys of other systems that send reports (Open311, hotline)."""

from __future__ import annotations

import json
import sys

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from yiwang.kernel.access import tokens
from yiwang.kernel.access.models import ApiKey


class Command(BaseCommand):
    help = "Adds, revokes and lists the keys of other systems that send reports."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="Add a key; its secret is printed once")
        add.add_argument("name", help="Whose key it is")
        add.add_argument(
            "--channel", required=True, help="The channel it reports through, for example open311"
        )
        add.add_argument(
            "--secret-stdin", action="store_true", help="Read a chosen secret from standard input"
        )
        actions.add_parser("revoke", help="End a key").add_argument("id", type=int)
        actions.add_parser("list", help="List the keys")
        for one in actions.choices.values():
            one.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args, action: str, **options) -> None:
        now = timezone.now()
        if action == "add":
            chosen = sys.stdin.readline().strip() if options["secret_stdin"] else None
            key, secret = tokens.add_key(
                name=options["name"], channel=options["channel"], now=now, secret=chosen
            )
            rows = [_row(key) | ({} if chosen else {"key": secret})]
        elif action == "revoke":
            rows = [_row(tokens.revoke_key(options["id"], now))]
        else:
            rows = [_row(key) for key in ApiKey.objects.order_by("pk")]
        if options["json"]:
            self.stdout.write(json.dumps(rows if action == "list" else rows[0], ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write("  ".join(f"{key}: {value}" for key, value in row.items() if value))


def _row(key: ApiKey) -> dict:
    return {
        "id": key.pk,
        "name": key.name,
        "channel": key.channel,
        "revoked": timezone.localtime(key.revoked_at).isoformat(timespec="seconds")
        if key.revoked_at
        else None,
    }
