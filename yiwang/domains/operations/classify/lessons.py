"""From confirmed classes to a model: what `yiwang reports train` and the worker do."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max

from yiwang.domains.operations.classify import shelf
from yiwang.domains.operations.classify.training import FEWEST_LESSONS, TooFewLessons, train
from yiwang.domains.operations.models import Lesson, Report
from yiwang.kernel.packs.rulebook import Rulebook, current

MOST_LESSONS = 50_000  # the newest; older ones say less about how people speak now
MOST_TEXTS = 20_000
LONGEST_TEXT = 600
DUE_SHARE = 0.1  # the worker trains again when a tenth more lessons have come in


def retrain(now: datetime, rules: Rulebook | None = None) -> dict[str, dict]:
    """Learns a model for each standard that has lessons enough, and puts them in force; gives what was learnt."""
    rules = rules or current()
    others = [
        text[:LONGEST_TEXT]
        for text in Report.objects.order_by("-received_at", "-id").values_list("text", flat=True)[:MOST_TEXTS]
    ]
    trained = {}
    for standard in Lesson.objects.order_by().values_list("standard", flat=True).distinct():
        rows = list(
            Lesson.objects.filter(standard=standard)
            .order_by("-pk")
            .values_list("pk", "text", "class_code")[:MOST_LESSONS]
        )
        rows = [row for row in rows if rules.class_def(standard, row[2])]
        try:
            model = train(
                [text for _pk, text, _code in rows],
                [(standard, code) for _pk, _text, code in rows],
                other_texts=others,
                hints=_hints(rules, standard),
            )
        except TooFewLessons:
            continue
        trained[standard] = (model, max(pk for pk, _text, _code in rows))
    return shelf.put(trained, now) if trained else {}


def retrain_if_due(now: datetime) -> bool:
    """Trains again when enough new lessons have come in since the last training; for the worker."""
    known = shelf.entries()
    rows = Lesson.objects.order_by().values("standard").annotate(count=Count("pk"), last=Max("pk"))
    for row in rows.values_list("standard", "count", "last"):
        if _is_due(*row, known.get(row[0])):
            return bool(retrain(now))
    return False


def _is_due(standard: str, count: int, last: int, entry: dict | None) -> bool:
    if count < FEWEST_LESSONS:
        return False
    if entry is None:
        classes = Lesson.objects.filter(standard=standard).values("class_code").distinct()[:2]
        return len(classes) == 2
    if last <= entry.get("last_lesson", 0):
        return False
    new = Lesson.objects.filter(standard=standard, pk__gt=entry["last_lesson"]).count()
    return new >= max(FEWEST_LESSONS, DUE_SHARE * entry.get("lessons", 0))


def _hints(rules: Rulebook, standard: str) -> list[tuple[str, tuple[str, str]]]:
    return [
        (term, (standard, one.code))
        for (name, _kind, _code), one in rules.classes.items()
        if name == standard
        for term in (one.name, *one.aliases, *one.keywords)
    ]
