"""The people of the demonstration district: one for each post that works, one password for all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from yiwang.kernel.access.actors import Actor, actor_for, key_actor
from yiwang.kernel.access.models import ApiKey, Holding, User
from yiwang.kernel.access.tokens import add_key, digest_of
from yiwang.kernel.errors import Denied
from yiwang.kernel.registers.models import Post
from yiwang.kernel.registers.queries import units

PASSWORD = "yiwang-demo"  # noqa: S105 - of a demonstration that production refuses
KEY = "demo"
# Kinds of posts that work matters; each such post of the pack gets one person.
WORKING = ("acceptor", "dispatcher", "duty_leader", "handler", "unit_reviewer", "inspector")
LOOKING = ("supervisor", "leader", "auditor", "road_chief_1", "road_chief_2", "road_chief_3")
# They come after the others, with names of their own, so that the others stay who they are.
ASSISTING = ("aid_window", "aid_officer", "aid_street_leader", "aid_county", "aid_leader", "aid_finance")
APPROVING = ("window_clerk", "service_reviewer", "service_decider", "stage_lead", "project_guide")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁宋谢唐许韩冯邓曹彭曾肖田董潘袁于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志玉兰文斌海燕红梅春生晓东雪峰丹宇航思远佳琪浩然子轩雨桐"
# Printed at the start: the account, and what one sees with it.
SHOWN: tuple[tuple[str, str, str], ...] = (
    ("acceptor", "受理员：受理、立案、并案", "files reports, merges duplicates"),
    ("dispatcher", "派遣员：派遣、改派、挂起", "dispatches, reassigns, holds"),
    ("duty-leader", "值班长：结案、作废、重开", "closes, voids, reopens"),
    ("handler-law-enforcement", "处置人员（综合执法）", "handler, law enforcement"),
    ("handler-lighting", "处置人员（照明所）", "handler, street lighting"),
    ("reviewer-law-enforcement", "部门审核人（综合执法）", "reviewer of the unit"),
    ("inspector-district", "机动监督员：核实、核查", "inspector: checks on site"),
    ("inspector-210104009", "东站街道监督员", "inspector of one sub-district"),
    ("supervisor", "指挥长：督办、延期、改派", "reminds, extends, reassigns"),
    ("leader", "区领导：只看，看大屏", "district leader, looks only, sees the wall"),
    ("chief2-210104009", "东站街道二级路长：看本街道大屏", "road chief, sees the wall of one sub-district"),
    (
        "aid-window-210104009",
        "东站街道社会救助窗口：登记、受理",
        "assistance window: takes and accepts applications",
    ),
    (
        "aid-officer-210104009",
        "东站街道社会救助经办人：调查、公示",
        "assistance officer: surveys, opinion, publicity",
    ),
    ("aid-county", "区民政局救助经办人：核对、审核", "county clerk: data check, opinion"),
    ("aid-leader", "区民政局分管局长：审核确认", "county leader: decides on assistance"),
    ("aid-finance", "区民政局财务：发放名单、银行文件", "finance: payment lists"),
    ("project-guide", "项目管家：项目入库、阶段申请、拿地即开工", "guide of construction projects"),
    ("window-clerk", "政务服务综合窗口：受理、送达", "services window: accepts, delivers"),
    (
        "service-decider-natural-resources",
        "自然资源分局：许可决定、暂停计时",
        "decides planning permits, holds",
    ),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """The actors by post code, and the key of the Open311 channel."""

    by_post: Mapping[str, Actor]
    open311: Actor

    def post(self, code: str) -> Actor:
        return self.by_post[code]

    def handler(self, unit: str) -> Actor:
        return self.by_post[f"handler-{unit}"]

    def reviewer(self, unit: str) -> Actor:
        """A contractor's work is looked at by the unit above it."""
        while f"reviewer-{unit}" not in self.by_post:
            above = units()[unit].parent
            if above is None:
                return self.by_post["supervisor"]
            unit = above
        return self.by_post[f"reviewer-{unit}"]

    def inspector(self, area: str | None, at_hand: float) -> Actor:
        """The sub-district's, or, when there is none or now and then, the district's."""
        own = self.by_post.get(f"inspector-{(area or '')[:9]}")
        return own if own and at_hand < 0.85 else self.by_post["inspector-district"]


def refuse_production() -> None:
    """Raises Denied where the password of everybody would be known to everybody."""
    if settings.PRODUCTION:
        raise Denied(
            _(
                "YIWANG_ENV is production: the demonstration and its accounts are not created here. "
                "Set YIWANG_ENV=demo on a machine of its own."
            )
        )


def create_accounts(today: dt.date, rng: Random) -> int:
    """A user for every working post of the pack, named after the post, and the key `demo`. Gives how many users.

    What is there already stays as it is.
    """
    refuse_production()
    rows = Post.objects.filter(active=True)
    posts = list(rows.filter(kind__in=WORKING + LOOKING).order_by("code"))
    posts += rows.filter(kind__in=ASSISTING).order_by("code")
    posts += rows.filter(kind__in=APPROVING).order_by("code")
    there = set(User.objects.values_list("username", flat=True))
    secret = make_password(PASSWORD)  # one hash for all: each costs a tenth of a second
    began = dt.datetime.combine(today - dt.timedelta(days=200), dt.time(0), tzinfo=dt.UTC)
    new = []
    for post in posts:
        name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))
        if post.code not in there:
            new.append(User(username=post.code, name=name, password=secret, created_at=began))
    User.objects.bulk_create(new)
    ids = dict(User.objects.values_list("username", "pk"))
    Holding.objects.bulk_create(
        Holding(user_id=ids[user.username], post_id=user.username, since=began.date()) for user in new
    )
    if not ApiKey.objects.filter(digest=digest_of(KEY)).exists():
        add_key(name="Open311 demo", channel="open311", now=began, secret=KEY)
    return len(new)


def staff(today: dt.date) -> Staff:
    """The actors of the demonstration's accounts."""
    kinds = WORKING + LOOKING + ASSISTING + APPROVING
    codes = Post.objects.filter(active=True, kind__in=kinds).values_list("code", flat=True)
    users = User.objects.filter(username__in=list(codes))
    return Staff(
        {user.username: actor_for(user, today) for user in users},
        key_actor(ApiKey.objects.get(digest=digest_of(KEY))),
    )
