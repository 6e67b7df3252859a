"""A licence for the pages: issued, corrected, its use authorised for a matter."""

from __future__ import annotations

from datetime import datetime, timedelta

from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.matters.models import Matter
from yiwang.kernel.records.licences import actions
from yiwang.kernel.records.models import Licence

COMPANY = "91350100M000100Y43"


def make(now: datetime, number: str) -> Licence:
    fields = {
        "premises": "小河沿路12号",
        "representative": "张三",
        "form": "餐饮服务经营者",
        "items": "热食类食品制售",
    }
    given = {"fields": fields, "now": now, "address": "https://city.example"}
    found = actions.issue(
        actor=SYSTEM, type="food-licence", holder="沈阳市大东区小河沿饺子馆", holder_number=COMPANY, **given
    )
    actions.authorise(
        actor=SYSTEM, licence=found.pk, holder_number=COMPANY, matter=Matter.objects.get(number=number).pk,
        purpose="办理户外招牌设置许可", until=now + timedelta(days=30), now=now,
    )  # fmt: skip
    return actions.correct(
        actor=SYSTEM, licence=found.pk, holder="沈阳市大东区小河沿饺子馆", reason="负责人姓名有误", **given
    )
