"""What the steps read from an answer: text, days, amounts, choices. All raise Invalid with the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from yiwang.domains.assistance import money
from yiwang.domains.assistance.intake import one_of
from yiwang.kernel.errors import Invalid
from yiwang.kernel.matters import texts
from yiwang.kernel.matters.forms import Answer

ZONE = ZoneInfo("Asia/Shanghai")
LONGEST_REASON = 1000


def text(answer: Answer, name: str, most: int = LONGEST_REASON) -> str:
    value = answer.data.get(name, "")
    return texts.clean("" if value is None else value, name, most)


def needed(answer: Answer, name: str, sentence: str, most: int = LONGEST_REASON) -> str:
    """The text of a field that must be filled in; `sentence` asks for it."""
    found = text(answer, name, most)
    if len(found) < 2:
        raise Invalid(sentence, where=name)
    return found


def choice(answer: Answer, name: str, known: Mapping[str, Any], sentence: str = "") -> str:
    value = text(answer, name, 40)
    if not value and sentence:
        raise Invalid(sentence, where=name)
    return one_of(value, known, name)


def amount(answer: Answer, name: str = "amount") -> int:
    return money.fen(text(answer, name, 20), name)


def day(answer: Answer, name: str) -> date:
    try:
        return date.fromisoformat(text(answer, name, 10))
    except ValueError:
        raise Invalid(_("Give a day, such as 2026-09-30."), where=name) from None


def past_day(answer: Answer, name: str, now: datetime) -> date:
    found = day(answer, name)
    if found > today(now):
        raise Invalid(_("This day has not come yet."), where=name)
    return found


def today(now: datetime) -> date:
    return now.astimezone(ZONE).date()
