"""`yiwang users`: who may sign in, and which posts they hold."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import sys

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from yiwang.kernel.access import users
from yiwang.kernel.errors import Invalid


class Command(BaseCommand):
    help = "Adds users, sets passwords, gives and ends posts, lists who may sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="Add a user")
        add.add_argument("username")
        add.add_argument("--name", default="", help="The person's name")
        add.add_argument("--email", default="")
        add.add_argument(
            "--post", action="append", default=[], metavar="CODE", help="A post to hold, repeatable"
        )
        password = actions.add_parser(
            "password", help="Set a new password; ends the user's sessions and tokens"
        )
        password.add_argument("username")
        for one in (add, password):
            one.add_argument(
                "--password-stdin", action="store_true", help="Read the password from standard input"
            )
            one.add_argument("--generate", action="store_true", help="Make a password and print it once")
        post = actions.add_parser("post", help="Give a post, or end it with --end")
        post.add_argument("username")
        post.add_argument("post", metavar="CODE")
        post.add_argument("--since", type=_day, metavar="DATE", help="The first day; today when not given")
        post.add_argument("--until", type=_day, metavar="DATE", help="The last day")
        post.add_argument("--end", action="store_true", help="The user no longer holds it from today")
        for action, text in (("block", "Let a user in no more, at once"), ("unblock", "Let a user in again")):
            actions.add_parser(action, help=text).add_argument("username")
        actions.add_parser("list", help="List the users with the posts they hold today")
        for one in actions.choices.values():
            one.add_argument("--json", action="store_true", help="Print the result as JSON")

    def handle(self, *args, action: str, **options) -> None:
        result = getattr(self, f"do_{action}")(timezone.now(), options)
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        elif action == "list":
            for user in result:
                posts = ", ".join(f"{post['code']} {post['name']}" for post in user["posts"]) or "-"
                blocked = "" if user["active"] else " (blocked)"
                self.stdout.write(f"{user['username']}\t{user['name']}{blocked}\t{posts}")
        else:
            self.stdout.write("  ".join(f"{key}: {value}" for key, value in result.items()))

    def do_add(self, now: dt.datetime, options: dict) -> dict:
        password = _password(options)
        user = users.add_user(
            username=options["username"],
            name=options["name"],
            email=options["email"],
            password=password,
            posts=options["post"],
            on=timezone.localdate(now),
        )
        return {"username": user.username, "posts": options["post"]} | _shown(options, password)

    def do_password(self, now: dt.datetime, options: dict) -> dict:
        user = users.find_user(options["username"])
        password = _password(options)
        users.set_password(user, password, now)
        return {"username": user.username} | _shown(options, password)

    def do_post(self, now: dt.datetime, options: dict) -> dict:
        user, today = users.find_user(options["username"]), timezone.localdate(now)
        if options["end"]:
            users.end_post(user, options["post"], today)
            return {"username": user.username, "post": options["post"], "ended": today.isoformat()}
        holding = users.give_post(
            user, options["post"], since=options["since"] or today, until=options["until"]
        )
        until = holding.until.isoformat() if holding.until else None
        return {
            "username": user.username,
            "post": options["post"],
            "since": str(holding.since),
            "until": until,
        }

    def do_block(self, now: dt.datetime, options: dict) -> dict:
        return self._set_active(False, now, options)

    def do_unblock(self, now: dt.datetime, options: dict) -> dict:
        return self._set_active(True, now, options)

    def _set_active(self, active: bool, now: dt.datetime, options: dict) -> dict:
        user = users.find_user(options["username"])
        users.set_active(user, active, now)
        return {"username": user.username, "active": active}

    def do_list(self, now: dt.datetime, options: dict) -> list[dict]:
        return users.list_users(timezone.localdate(now))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _password(options: dict) -> str:
    """From standard input, made here, or asked for twice: never from the arguments, which every process can read."""
    if options["generate"]:
        return users.new_password()
    if options["password_stdin"]:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Invalid("Give the password with --password-stdin, or let one be made with --generate.")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise Invalid("The two passwords differ; nothing was changed.")
    return first


def _shown(options: dict, password: str) -> dict:
    return {"password": password} if options["generate"] else {}
