"""The benefits that go through a procedure here: which kind of matter, how often they are paid and looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.kernel.errors import Invalid

MONTHLY, ONCE, NEVER = "monthly", "once", "never"  # `never`: a recognition without money of its own


@dataclass(frozen=True, slots=True)
class Programme:
    """`slug` is that of the pack's programme. `review_months`: 0 where nothing is looked at again."""

    slug: str
    kind: str
    name: str
    name_en: str
    rhythm: str = MONTHLY
    review_months: int = 12
    total: str = "30wd"  # from acceptance to the decision, 民发〔2021〕57号 art. 22
    special_total: str = "45wd"
    online: bool = True
    with_: tuple[str, ...] = ()  # programmes that are paid on top of it, in the same amount
    alone: bool = False  # given to the applicant alone, not to the household

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name


LIVING, HARDSHIP = "assistance_application", "assistance_hardship"
RELIEF, EMERGENCY, REVIEW = "assistance_relief", "assistance_emergency", "assistance_review"
KINDS = (LIVING, HARDSHIP, RELIEF, EMERGENCY, REVIEW)

_ALL = (
    Programme(
        "minimum_guarantee",
        LIVING,
        "最低生活保障",
        "Minimum living guarantee",
        with_=("guarantee_topup",),
    ),
    Programme("single_guarantee", LIVING, "单人保", "Guarantee for a single person", alone=True),
    Programme(
        "religious_guarantee",
        LIVING,
        "宗教教职人员单独低保",
        "Guarantee of religious staff alone",
        online=False,  # what one's own property is has to be asked at the counter
        alone=True,
    ),
    Programme("low_income_edge", LIVING, "低保边缘家庭认定", "Low-income edge household", NEVER),
    Programme("rigid_hardship", LIVING, "刚性支出困难家庭认定", "Rigid-expenditure hardship", NEVER),
    Programme(
        "extreme_hardship",
        HARDSHIP,
        "特困人员救助供养",
        "Support in extreme hardship",
        total="37wd",
        alone=True,
    ),
    Programme("relief_expenditure", RELIEF, "支出型临时救助", "Temporary relief, expenditure", ONCE, 0),
    Programme("relief_emergency", EMERGENCY, "急难型临时救助", "Emergency relief", ONCE, 0, "24h", "24h"),
)
PROGRAMMES: Mapping[str, Programme] = {one.slug: one for one in _ALL}


def programme(slug: str) -> Programme:
    """Raises Invalid for a benefit that nobody can apply for here."""
    found = PROGRAMMES.get(slug)
    if found is None:
        raise Invalid(
            _("There is no programme %(slug)s to apply for. Possible: %(known)s.")
            % {"slug": repr(slug), "known": ", ".join(PROGRAMMES)},
            where="programme",
        )
    return found


def name(slug: str) -> str:
    """The name in the reader's language; the slug itself for a programme that left."""
    return str(PROGRAMMES.get(slug, slug))
